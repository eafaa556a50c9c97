// A person's way through the product, in a real VS Code with the packed extension: start, watch, look inside, go back, tidy up.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Editor } from "../support/vscode/editor";
import { killTraining, stepsInOneWindow } from "../support/vscode/steps";
import { until } from "../support/vscode/until";

const samples = join(import.meta.dirname, "..", "..", "samples");
/** Small enough for many steps a second on one core, and for checkpoints every second or so. */
const sampleArguments = "--size 32 --ngf 4 --ndf 4 --max_steps 1000000 --save_freq 60 --scalar_freq 1 --summary_freq 100000 --display_freq 0";

let editor: Editor;
let runDir: string;

beforeAll(async () => {
  editor = await Editor.open({ workspace: samples });
  runDir = join(editor.workspace, "runs", "pix2pix-1");
});

afterAll(async () => {
  await killTraining(runDir);
  await editor.close();
});

stepsInOneWindow(() => editor, "failed");

test("an empty folder says how to begin", async () => {
  await editor.showRuns();
  await editor.page.locator(".sidebar").getByText("No run in this folder yet").waitFor();
  await pictures("1-empty");
});

test("New Run… starts the sample that comes with the extension", async () => {
  await editor.command("Trainscope: New Run…");
  await editor.pick("pix2pix (digits)");
  await editor.type("New Run (2/3)", sampleArguments);
  await editor.pick(/^wasm/);
  await until("the run's record", () => existsSync(join(runDir, "run.json")) && readRecord().state === "running");
  expect(readRecord()).toMatchObject({ backend: { name: "wasm" }, args: expect.arrayContaining(["--size", "32"]) });
});

test("its curves open by themselves and move", async () => {
  const curves = await editor.panel(".card canvas");
  const before = await drawnPoints(curves);
  await until("more points", async () => (await drawnPoints(curves)) > before + 5, { state: () => curves.locator("body").innerText() });
  await editor.page.locator(".notifications-toasts").waitFor({ state: "hidden" });
  await pictures("2-curves");
});

test("the run explorer and the status bar count along", async () => {
  const row = editor.runRow("pix2pix-1");
  await until("step and loss in the row", async () => /step [\d,]+ · loss [\d.]+/.test(await row.innerText()), { state: () => row.innerText() });
  await until("step in the status bar", async () => /pix2pix-1 [\d,]+\/1,000,000/.test(await editor.statusBar()), { state: () => editor.statusBar() });
});

test("the graph opens, and a click opens a scope", async () => {
  await editor.command("Trainscope: Open Graph");
  const graph = await editor.panel("[data-name='generator']");
  await pictures("3-graph");
  await graph.locator("[data-name='generator'] .chevron").first().click();
  await graph.locator("[data-name^='generator/encoder_1']").first().waitFor();
  await pictures("4-graph-scope");
});

test("a click and a confirmation restore a checkpoint, and the step goes back", async () => {
  await until("three checkpoints", () => readdirSync(runDir).filter((name) => name.endsWith(".index")).length >= 3, { seconds: 120 });
  await editor.command("Trainscope: Open Checkpoints");
  const page = await editor.panel("tr[data-prefix]");
  await pictures("5-checkpoints");
  // Not the oldest: the Saver may delete that one at any moment.
  const prefix = (await page.locator("tr[data-prefix]").nth(1).getAttribute("data-prefix")) ?? "";
  const row = page.locator(`tr[data-prefix="${prefix}"]`);
  const step = Number(/\d+$/.exec(prefix)?.[0]);
  // Rows move with every save; one that is selected keeps its buttons wherever it goes.
  await row.click();
  await row.locator("[data-action='restore']").click();
  const confirm = page.locator("[data-action='confirmRestore']:not([disabled])");
  await confirm.waitFor();
  await pictures("6-restore");
  const before = await shownStep();
  await confirm.click();
  expect(await editor.notification(/goes on from step/)).toContain(`goes on from step ${step.toLocaleString("en")}`);
  await until("a step before the restore", async () => (await shownStep()) < before);
  await until("training on from there", async () => (await shownStep()) > step);
});

test("a restore of some scopes by keys sets only their variables, and Undo goes back to the step before it", async () => {
  const page = await editor.panel("tr[data-prefix]");
  const prefix = (await page.locator("tr[data-prefix]").nth(1).getAttribute("data-prefix")) ?? "";
  await page.locator(`tr[data-prefix="${prefix}"]`).click();
  await page.locator(`tr[data-prefix="${prefix}"]`).press("r");
  const scope = page.getByRole("checkbox", { name: "discriminator", exact: true });
  await scope.press("Space");
  await page.locator(".effect").getByText(/keep their present value/).waitFor();
  await editor.screenshot("6-restore-scopes-dark");
  await page.locator("[data-action='confirmRestore']:not([disabled])").press("Enter");
  await page.locator("[data-action='undoRestore']").first().press("Enter");
  await page.getByText(/is back at step [\d,]+, byte for byte/).waitFor();
});

test("a reloaded window finds the same process, still counting, and its panels", async () => {
  const { pid } = readRecord();
  const before = await shownStep();
  await editor.reload();
  await editor.panel("tr[data-prefix]");
  await editor.showRuns();
  await until("more steps", async () => (await shownStep()) > before);
  expect(readRecord()).toMatchObject({ pid, state: "running" });
  expect(alive(pid)).toBe(true);
  await pictures("7-reloaded");
});

test("Stop Run ends it after its step", async () => {
  const { pid } = readRecord();
  await editor.command("Trainscope: Stop Run");
  await until("the end", () => readRecord().state === "stopped" && !alive(pid));
  await until("no running run in the status bar", async () => !(await editor.statusBar()).includes("pix2pix-1"));
  await pictures("8-stopped");
});

test("prune moves checkpoints to trash, and Undo brings them back", async () => {
  const page = await editor.panel("tr[data-prefix]");
  // The oldest is the state before the restore, held for its undo: it cannot go.
  const rows = page.locator("tr[data-prefix]");
  const row = rows.nth((await rows.count()) - 2);
  const prefix = (await row.getAttribute("data-prefix")) ?? "";
  await row.click();
  await row.press("Delete");
  const confirm = page.locator("[data-action='confirmPrune']:not([disabled])");
  await confirm.waitFor();
  await pictures("9-prune");
  await confirm.click();
  await until("the files to be gone", () => !existsSync(join(runDir, `${prefix}.index`)));
  await page.locator("[data-action='undo']").first().click();
  await until("the files to be back", () => existsSync(join(runDir, `${prefix}.index`)));
});

/** The window as it is, dark and light. */
async function pictures(name: string): Promise<void> {
  await editor.screenshot(`${name}-dark`);
  await editor.theme("light");
  await editor.screenshot(`${name}-light`);
  await editor.theme("dark");
}

/** Points that the first card says it draws. */
async function drawnPoints(curves: Frame): Promise<number> {
  const text = await curves.locator(".card").first().innerText();
  const count = /([\d,]+) points? drawn/.exec(text)?.[1] ?? "0";
  return Number(count.replaceAll(",", ""));
}

async function shownStep(): Promise<number> {
  const text = /pix2pix-1 ([\d,]+)\//.exec(await editor.statusBar())?.[1];
  return text === undefined ? Number.NaN : Number(text.replaceAll(",", ""));
}

function readRecord(): { readonly pid: number; readonly state: string } {
  return JSON.parse(readFileSync(join(runDir, "run.json"), "utf8")) as { pid: number; state: string };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
