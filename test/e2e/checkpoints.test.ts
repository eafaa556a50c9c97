// The checkpoint browser by keyboard alone, in a real VS Code: protect, compare, branch from a run that has ended, prune and undo, export.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
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
  const row = page.locator("tr[data-prefix='model-12']");
  await row.click();
  await row.press("p");
  await editor.type("Protect step 12", "before the edit");
  await row.getByText("Protected by you: “before the edit”").waitFor();
  expect(readRecord("pix2pix-1")?.protected).toEqual([expect.objectContaining({ prefix: "model-12", note: "before the edit" })]);
});

test("C compares with the checkpoint that was selected before", async () => {
  await page.locator("tr[data-prefix='model-12']").press("ArrowUp");
  await page.locator("tr.selected").press("c");
  const compared = await editor.panel(".heat tbody td");
  await compared.locator(".changed-table .overlay").first().waitFor();
  await editor.screenshot("15-compare-dark");
  await editor.command("View: Close Editor");
  page = await editor.panel("tr[data-prefix]");
});

test("R opens the restore, and a branch starts as a new run that knows where it comes from", async () => {
  const row = page.locator("tr[data-prefix='model-12']");
  await row.click();
  await row.press("r");
  await page.locator("[data-action='branch']").press("Space");
  await page.locator("[data-action='branchName'] input").fill("branch");
  await page.locator(".effect").getByText("A new run branch starts from step 12").waitFor();
  await editor.screenshot("16-branch-dark");
  await page.locator("[data-action='confirmRestore']:not([disabled])").press("Enter");
  await until("the branch's record", () => readRecord("branch")?.parent !== undefined, { seconds: 90 });
  expect(readRecord("branch")?.parent).toMatch(/pix2pix-1@model-12$/);
  expect(readRecord("pix2pix-1")?.state).toBe("finished");
});

test("Delete and Enter move a checkpoint to trash, and after a reload of the window it can be brought back, byte for byte", async () => {
  page = await editor.panel("tr[data-prefix='model-12']");
  const before = filesOf("model-18");
  const row = page.locator("tr[data-prefix='model-18']");
  await row.click();
  await row.press("Delete");
  await page.locator("[data-action='confirmPrune']:not([disabled])").press("Enter");
  await until("the files to be gone", () => filesOf("model-18").size === 0);
  await editor.reload();
  page = await editor.panel("[data-action='undoPrune']");
  await editor.screenshot("17-in-trash-dark");
  await page.locator("[data-action='undoPrune']").press("Enter");
  await page.locator("tr[data-prefix='model-18']").waitFor();
  expect(filesOf("model-18")).toEqual(before);
});

test("Export… writes all variables of the selected checkpoint to one file", async () => {
  await page.locator("tr[data-prefix='model-12']").click();
  await page.locator("[data-action='exportSelected']").press("Enter");
  await editor.pick("All variables");
  const file = await editor.saveAsOffered("model-12.safetensors");
  expect(await editor.notification("model-12.safetensors is written")).toMatch(/\d+ variables/);
  const written = readFileSync(file);
  const header = JSON.parse(written.subarray(8, 8 + Number(written.readBigUInt64LE())).toString()) as Readonly<{ [name: string]: unknown }>;
  expect(Object.keys(header)).toContain("global_step");
});

/** Its files in the run's folder, by name. */
function filesOf(prefix: string): ReadonlyMap<string, Buffer> {
  const dir = join(runs, "pix2pix-1");
  return new Map(readdirSync(dir).filter((name) => name.startsWith(`${prefix}.`)).map((name) => [name, readFileSync(join(dir, name))]));
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
