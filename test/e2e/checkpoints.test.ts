// The checkpoint browser by keyboard alone, in a real VS Code: protect, compare, branch from a run that has ended, prune and undo, export.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errors, type Frame, type Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Editor } from "../support/vscode/editor";
import { killTraining, stepsInOneWindow } from "../support/vscode/steps";
import { until } from "../support/vscode/until";

const samples = join(import.meta.dirname, "..", "..", "samples");
const short = "--size 32 --ngf 4 --ndf 4 --max_steps 24 --save_freq 6 --scalar_freq 1 --summary_freq 100000 --display_freq 0";

let editor: Editor;
let runs: string;
let page: Frame;

beforeAll(async () => {
  editor = await Editor.open({ workspace: samples });
  runs = join(editor.workspace, "runs");
});

afterAll(async () => {
  for (const name of ["pix2pix-1", "branch"]) await killTraining(join(runs, name));
  await editor.close();
});

stepsInOneWindow(() => editor, "failed-checkpoints");

test("a run of a few steps ends and leaves its checkpoints", async () => {
  await editor.command("Trainscope: New Run…");
  await editor.pick("pix2pix (digits)");
  await editor.type("New Run (2/3)", short);
  await editor.pick(/^wasm/);
  await until("the end", () => readRecord("pix2pix-1")?.state === "finished", { seconds: 150 });
  await editor.command("Trainscope: Open Checkpoints");
  page = await editor.panel("tr[data-prefix]");
  await until("four rows", async () => (await page.locator("tr[data-prefix]").count()) >= 4, { state: () => page.locator("body").innerText() });
});

test("P protects the checkpoint under the focus, with a note", async () => {
  await select("model-12");
  await press("p", editor.page.locator(".quick-input-titlebar").filter({ hasText: "Protect step 12" }));
  await editor.type("Protect step 12", "before the edit");
  await rowOf("model-12").getByText("Protected by you: “before the edit”").waitFor();
  expect(readRecord("pix2pix-1")?.protected).toEqual([expect.objectContaining({ prefix: "model-12", note: "before the edit" })]);
});

test("C compares with the checkpoint that was selected before", async () => {
  await select("model-18");
  await press("c", editor.page.locator(".tab.active").filter({ hasText: "Comparison" }));
  const compared = await editor.panel(".heat tbody td");
  await compared.locator(".changed-table .overlay").first().waitFor();
  await editor.screenshot("15-compare-dark");
  await editor.command("View: Close Editor");
  page = await editor.panel("tr[data-prefix]");
});

test("R opens the restore, and a branch starts as a new run that knows where it comes from", async () => {
  await select("model-12");
  await press("r", page.locator("[data-action='branch']"));
  await page.locator("[data-action='branch']").press("Space");
  await page.locator("[data-action='branchName'] input").fill("branch");
  await page.locator(".effect").getByText("A new run branch starts from step 12").waitFor();
  await editor.screenshot("16-branch-dark");
  await page.locator("[data-action='confirmRestore']:not([disabled])").press("Enter");
  await until("the branch's record", () => readRecord("branch")?.parent !== undefined, { seconds: 90 });
  expect(readRecord("branch")?.parent).toMatch(/pix2pix-1@model-12$/);
  expect(readRecord("pix2pix-1")?.state).toBe("finished");
  // The sheet stays until the new run has answered, and the row has the focus again.
  await page.locator("tr[data-prefix='model-12']:focus").waitFor();
});

test("Delete and Enter move a checkpoint to trash, and after a reload of the window it can be brought back, byte for byte", async () => {
  const before = filesOf("model-18");
  await select("model-18");
  const confirm = page.locator("[data-action='confirmPrune']:not([disabled])");
  await press("Delete", confirm);
  await confirm.press("Enter");
  await until("the files to be gone", () => filesOf("model-18").size === 0);
  await editor.reload();
  page = await editor.panel("[data-action='undoPrune']");
  await editor.screenshot("17-in-trash-dark");
  await page.locator("[data-action='undoPrune']").press("Enter");
  await rowOf("model-18").waitFor();
  expect(filesOf("model-18")).toEqual(before);
});

test("Export… writes all variables of the selected checkpoint to one file", async () => {
  await select("model-12");
  await page.locator("[data-action='exportSelected']").press("Enter");
  await editor.pick("All variables");
  const file = await editor.saveAsOffered("model-12.safetensors");
  expect(await editor.notification("model-12.safetensors is written")).toMatch(/\d+ variables/);
  const written = readFileSync(file);
  const header = JSON.parse(written.subarray(8, 8 + Number(written.readBigUInt64LE())).toString()) as Readonly<{ [name: string]: unknown }>;
  expect(Object.keys(header)).toContain("global_step");
});

function rowOf(prefix: string): Locator {
  return page.locator(`tr[data-prefix='${prefix}']`);
}

/** Walks with the arrow keys from the selected row to another. */
async function select(prefix: string): Promise<void> {
  const prefixes = await page.locator("tr[data-prefix]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-prefix") ?? ""));
  const to = prefixes.indexOf(prefix);
  let at = prefixes.indexOf((await page.locator("tr.selected").getAttribute("data-prefix")) ?? "");
  while (at !== to) {
    const next = at + Math.sign(to - at);
    await rowOf(prefixes[at] ?? "").press(next > at ? "ArrowDown" : "ArrowUp");
    await page.locator(`tr.selected[data-prefix='${prefixes[next] ?? ""}']`).waitFor();
    at = next;
  }
}

/** Presses a key on the selected row until what it opens is there: VS Code learns a moment after the page which row has the focus. */
async function press(key: string, opens: Locator): Promise<void> {
  await until(`what ${key} opens`, async () => {
    await page.locator("tr.selected").press(key);
    return opens.waitFor({ timeout: 3000 }).then(() => true, ifLate);
  });
}

function ifLate(error: unknown): false {
  if (error instanceof errors.TimeoutError) return false;
  throw error;
}

/** The digests of its files in the run's folder, by name. */
function filesOf(prefix: string): ReadonlyMap<string, string> {
  const dir = join(runs, "pix2pix-1");
  const digest = (name: string): string => createHash("sha256").update(readFileSync(join(dir, name))).digest("hex");
  return new Map(readdirSync(dir).filter((name) => name.startsWith(`${prefix}.`)).map((name) => [name, digest(name)]));
}

interface Record {
  readonly pid?: number;
  readonly state: string;
  readonly parent?: string;
  readonly protected?: readonly { readonly prefix: string; readonly note?: string }[];
}

function readRecord(name: string): Record | undefined {
  const file = join(runs, name, "run.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record) : undefined;
}
