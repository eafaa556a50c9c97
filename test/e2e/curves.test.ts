// The curves page in a real VS Code: a folder of other programs' event files, a run of ours that trains, and all of it by key.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeEvent } from "#formats/events/encodeEvent";
import { encodeRecord } from "#formats/records/encodeRecord";
import { ensureBuilt } from "../../scripts/ensureBuilt.mjs";
import { Editor } from "../support/vscode/editor";
import { killTraining, stepsInOneWindow } from "../support/vscode/steps";
import { until } from "../support/vscode/until";

const root = join(import.meta.dirname, "..", "..");
const points = 500;
const startSeconds = 1_790_000_000;

let folder: string;
let editor: Editor;
let page: Frame;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trainscope-curves-"));
  for (const [at, name] of ["first", "second", "third"].entries()) writeRun(join(folder, name), at);
  await copyFile(join(root, "test", "fixtures", "scripts", "descend.ts"), join(folder, "train.ts"));
  await ensureBuilt();
  editor = await Editor.open({ workspace: folder });
});

afterAll(async () => {
  if (!editor) return;
  await killTraining(join(editor.workspace, "runs", "train-1"));
  await editor.close();
  await rm(folder, { recursive: true, force: true });
});

stepsInOneWindow(() => editor, "failed-curves");

test("event files that another program wrote are curves: every point, what is no number named", async () => {
  await editor.command("Trainscope: Open Curves");
  await editor.pick("first");
  page = await editor.panel(".card canvas");
  await card("loss").getByText(`all ${points} points drawn`).waitFor();
  await card("loss").getByText("NaN at 120").waitFor();
});

test("a file that grows is drawn on", async () => {
  appendPoints(join(editor.workspace, "first"), points, 20);
  await card("loss").getByText(`all ${points + 20} points drawn`).waitFor();
  await page.locator(".legend-run", { hasText: "written elsewhere · step 519" }).waitFor();
});

test("other runs are drawn into the same charts", async () => {
  await page.locator("[data-action='more']").press("Enter");
  await page.getByRole("menuitem", { name: "Choose Runs…" }).press("Enter");
  await editor.pick("second");
  await editor.pick("third");
  await editor.takeTicked();
  await page.locator(".legend-run").nth(2).waitFor();
  await card("loss").getByText("raw hidden at 3 or more runs").waitFor();
  // Their rows in the explorer carry the dashes of their curves.
  await editor.showRuns();
  for (const dashes of [0, 1, 2]) await editor.page.locator(`.codicon-trainscope-run-foreign-${dashes}`).waitFor();
  await editor.screenshot("12-curves-three-runs-dark");
});

test("keys smooth, zoom, pan, fit and walk", async () => {
  await page.locator("[data-action='weight'] input").fill("0.6");
  await page.locator("[data-action='weight'] input").press("Enter");
  await page.locator(".half-life", { hasText: /half-life 1 step/ }).waitFor();
  const range = page.locator(".legend-range");
  await card("loss").press("+");
  await range.waitFor();
  const zoomed = await range.innerText();
  await card("loss").press("]");
  await until("another range", async () => (await range.innerText()) !== zoomed);
  await card("loss").press("0");
  await range.waitFor({ state: "detached" });
  await card("loss").press("Home");
  await card("loss").press("ArrowRight");
  await card("loss").locator(".card-point", { hasText: /^first, step 1 of 519\. Smoothed [\d.]+, raw [\d.]+\./ }).waitFor();
  await card("loss").press("t");
  await card("loss").locator(".card-table td", { hasText: "519" }).first().waitFor();
  await card("loss").press("t");
});

test("two tags that are chosen share a chart, and go apart again", async () => {
  await menu(card("rate"), "Draw With…");
  await editor.pick("loss");
  await editor.takeTicked();
  await page.locator(".card h3", { hasText: "loss + rate" }).waitFor();
  await menu(page.locator(".card").first(), "Take Apart");
  await card("rate").waitFor();
});

test("an export holds every point, with the numbers that the command line gives", async () => {
  await menu(card("loss"), "Export All Points as CSV…");
  const path = await editor.saveAsOffered("3 runs scalars.csv");
  await until("the export", () => existsSync(path));
  const [heading, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(heading).toBe("run,tag,step,wall_time,value,smoothed,superseded");
  const first = lines.filter((line) => line.startsWith("first,"));
  const { stdout } = spawnSync(process.execPath, [join(root, "dist", "cli.mjs"), "scalars", join(editor.workspace, "first"), "--tag", "loss", "--smoothing", "0.6", "--restarts", "keep", "--format", "csv"], { encoding: "utf8" });
  expect(first.map((line) => line.slice("first,".length))).toEqual(stdout.trimEnd().split("\n").slice(1));
  expect(lines).toHaveLength(3 * points + 20);
});

test("what was chosen is there after a switch of tabs and after a reload of the window: zoom, runs and smoothing", async () => {
  await card("loss").press("+");
  const zoomed = (await page.locator(".legend-range").innerText()).replace(/\s*Fit$/, "");
  await editor.command("Preferences: Open User Settings (JSON)");
  await editor.page.locator(".tab.active", { hasText: "settings.json" }).waitFor();
  await editor.page.locator(".tab", { hasText: "first — Curves" }).click();
  page = await editor.panel(".card canvas");
  await page.locator(".legend-range", { hasText: zoomed }).waitFor();
  await editor.reload();
  page = await editor.panel(".card canvas");
  await page.locator(".legend-range", { hasText: zoomed }).waitFor();
  await until("the smoothing", async () => (await page.locator("[data-action='weight'] input").inputValue()) === "0.60");
  await page.locator(".legend-run").nth(2).waitFor();
});

test("a run that is deleted while its curves are open leaves the others drawn, and the page says so", async () => {
  await rm(join(editor.workspace, "first"), { recursive: true });
  await page.locator(".notice-text", { hasText: "first is not there any more" }).waitFor();
  await until("the other two", async () => (await page.locator(".legend-run").count()) === 2);
});

test("a run of ours is drawn while it trains, and its checkpoints stand below its curves", async () => {
  await editor.command("Trainscope: New Run…");
  await editor.pick("train.ts");
  await editor.type("New Run (2/3)", "--max_steps 100000 --pause_ms 20 --save_every 30");
  await editor.pick(/^cpu/);
  await editor.confirm("Run");
  page = await editor.panel(".card .tick");
  await page.locator(".legend-run", { hasText: /train-1.*live · step/ }).waitFor();
  const before = await total();
  await until("more points", async () => (await total()) > before, { state: () => page.locator("body").innerText() });
  await editor.screenshot("13-curves-live-dark");
  await editor.command("Trainscope: Stop Run");
  await until("the end", () => record()?.state === "stopped");
  await page.locator(".legend-run", { hasText: /train-1.*stopped/ }).waitFor();
});

const card = (tag: string): Locator => page.locator(`.card[data-chart='${tag}']`);

/** An item of a card's menu, by keys. */
async function menu(of: Locator, item: string): Promise<void> {
  await of.press("Shift+F10");
  await page.getByRole("menuitem", { name: item }).press("Enter");
}

/** Points of the last chart, drawn or not. */
async function total(): Promise<number> {
  const text = await card("loss").locator(".card-foot").innerText();
  return Number((/([\d,]+) points drawn/.exec(text)?.[1] ?? "0").replaceAll(",", ""));
}

function record(): { readonly pid: number; readonly state: string } | undefined {
  const path = join(editor.workspace, "runs", "train-1", "run.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { pid: number; state: string }) : undefined;
}

/** What a program that is not ours leaves behind: an event file and nothing else. */
function writeRun(dir: string, seed: number): void {
  mkdirSync(dir);
  writeFileSync(eventFile(dir), encodeRecord(encodeEvent({ wallTimeSeconds: startSeconds, step: 0, what: { kind: "fileVersion", version: "brain.Event:2" } })));
  appendPoints(dir, 0, points, seed);
}

function appendPoints(dir: string, from: number, count: number, seed = 0): void {
  const records = Array.from({ length: count }, (_, at) => {
    const step = from + at;
    const loss = step === 120 && seed === 0 ? NaN : 2 * Math.exp(-step / 150) + 0.1 * seed + 0.2 * Math.abs(Math.sin(step * 12.9898));
    const values = [["loss", loss], ["rate", 0.1 / (1 + step / 100)]] as const;
    return encodeRecord(encodeEvent({ wallTimeSeconds: startSeconds + step, step, what: { kind: "summary", values: values.map(([tag, value]) => ({ tag, value: { kind: "simple", value } })) } }));
  });
  appendFileSync(eventFile(dir), Buffer.concat(records));
}

function eventFile(dir: string): string {
  return join(dir, `events.out.tfevents.${startSeconds}.elsewhere`);
}
