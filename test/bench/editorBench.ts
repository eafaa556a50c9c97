// The window as a person has it: how long a point takes to the screen; 20 curves of a million points, then a thousand runs: how long the extension host's loop stands still, and how evenly the page draws.
import { spawnSync } from "node:child_process";
import { appendFileSync, closeSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { encodeEvent } from "#formats/events/encodeEvent";
import { encodeRecord } from "#formats/records/encodeRecord";
import { Random } from "../support/random";
import { Editor } from "../support/vscode/editor";
import { until } from "../support/vscode/until";
import { quantile } from "./measured";

/** The monitor writes this often how long the loop stood still since it last wrote. */
const lookEveryMs = 100;
const monitor = `
const { openSync, writeSync } = require("node:fs");
const { monitorEventLoopDelay } = require("node:perf_hooks");
if (process.argv.includes("--type=extensionHost")) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  // Held open: what is written once the file is gone leaves nothing behind.
  const file = openSync(process.env.TRAINSCOPE_DELAYS, "a");
  setInterval(() => {
    writeSync(file, JSON.stringify({ at: Date.now(), longest: delay.max / 1e6 }) + "\\n");
    delay.reset();
  }, ${lookEveryMs}).unref();
}
`;
/** So many looks without a pause are a rest. */
const rests = 30;
const firstSeconds = 1_790_000_000;
const [what = "all", pointsText = "1000000", runsText = "1000"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "trainscope-editor-"));
const delays = join(folder, "delays.jsonl");

try {
  writeFileSync(join(folder, "monitor.cjs"), monitor);
  if (what === "all" || what === "latency") await latency();
  if (what === "all" || what === "millions") await millions(Number(pointsText));
  if (what === "all" || what === "many") await manyRuns(Number(runsText));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** From the writing of a point to the page that says it is drawn: of a file that another program writes, and of a training of ours. */
async function latency(): Promise<void> {
  const workspace = join(folder, "latency");
  writeRun(join(workspace, "elsewhere"), { points: 100, tags: 1, seed: 1 });
  copyFileSync(join(import.meta.dirname, "../../../test/fixtures/scripts/descend.ts"), join(workspace, "train.ts"));
  console.log("from a point's writing to the screen");
  await inEditor(workspace, async (editor) => {
    await editor.command("Trainscope: Open Curves");
    const page = await editor.panel(".card canvas");
    const foreign: number[] = [];
    for (let points = 100; points < 112; points++) {
      await page.getByText(`all ${points} points drawn`).waitFor();
      const began = Date.now();
      appendPoint(join(editor.workspace, "elsewhere"), points);
      await page.getByText(`all ${points + 1} points drawn`).waitFor();
      foreign.push((Date.now() - began) / 1000);
    }
    sayLatency("of another program's file", foreign);
    await editor.command("Trainscope: New Run…");
    await editor.pick("train.ts");
    await editor.type("New Run (2/3)", "--max_steps 200 --pause_ms 100 --save_every 1000");
    await editor.pick(/^cpu/);
    await editor.confirm("Run");
    const own = await editor.panel(".card[data-chart='rate'] .card-foot");
    sayLatency("of a training of ours", lags(await arrivals(own, 150), join(editor.workspace, "runs", "train-1")));
    await editor.command("Trainscope: Stop Run");
    await own.locator(".legend-run", { hasText: /stopped|finished/ }).waitFor();
  });
}

/** When each number of points stood below the chart at first, in seconds since the epoch, until there are so many. */
async function arrivals(page: Frame, most: number): Promise<readonly (readonly [number, number])[]> {
  return page.evaluate(async (until) => {
    const came: [number, number][] = [];
    for (;;) {
      const text = document.querySelector(".card[data-chart='loss'] .card-foot")?.textContent ?? "";
      const points = Number((/([\d,]+) points drawn/.exec(text)?.[1] ?? "0").replaceAll(",", ""));
      if (points > (came.at(-1)?.[0] ?? 0)) came.push([points, Date.now() / 1000]);
      if (points >= until) return came;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }, most);
}

/** How long each point was under way, by the time that its event carries; those of before the page was there do not count. */
function lags(came: readonly (readonly [number, number])[], run: string): readonly number[] {
  const { stdout } = spawnSync(process.execPath, [join(import.meta.dirname, "../../../dist/cli.mjs"), "scalars", run, "--tag", "loss", "--format", "csv"], { encoding: "utf8" });
  const [heading = "", ...lines] = stdout.trimEnd().split("\n");
  const column = heading.split(",").indexOf("wall_time");
  const written = lines.map((line) => Number(line.split(",")[column]));
  const [[first] = [0]] = came;
  return written.slice(first).flatMap((seconds, at) => {
    const seen = came.find(([points]) => points > first + at);
    return seen ? [seen[1] - seconds] : [];
  });
}

function sayLatency(title: string, seconds: readonly number[]): void {
  console.log(`    ${title.padEnd(34)} median ${quantile(seconds, 0.5).toFixed(2)} s, 95 % ${quantile(seconds, 0.95).toFixed(2)} s, longest ${Math.max(...seconds).toFixed(2)} s of ${seconds.length}`);
}

function appendPoint(dir: string, step: number): void {
  const event = encodeEvent({ wallTimeSeconds: Date.now() / 1000, step, what: { kind: "summary", values: [{ tag: "loss_0", value: { kind: "simple", value: 1 } }] } });
  appendFileSync(join(dir, `events.out.tfevents.${firstSeconds + 1}.bench`), encodeRecord(event));
}

/** One run with 20 tags. */
async function millions(points: number): Promise<void> {
  const workspace = join(folder, "millions");
  writeRun(join(workspace, "run"), { points, tags: 20, seed: 1 });
  console.log(`20 curves of ${points.toLocaleString("en")} points`);
  await inEditor(workspace, async (editor) => {
    const reading = await timed(async () => {
      await editor.command("Trainscope: Open Curves");
      await until("all of it", async () => !(await (await editor.panel(".card canvas")).locator("#root").innerText()).includes("Reading "), { seconds: 150 });
    });
    say("open and read", reading.seconds, reading.stall);
    const page = await editor.panel(".card canvas");
    await zoomAndPan(page);
  });
}

/** Many runs of few points, all of them drawn. */
async function manyRuns(runs: number): Promise<void> {
  const workspace = join(folder, "many");
  for (let at = 0; at < runs; at++) writeRun(join(workspace, `run-${String(at).padStart(4, "0")}`), { points: 100, tags: 5, seed: at });
  console.log(`${runs.toLocaleString("en")} runs of 5 curves of 100 points`);
  await inEditor(workspace, async (editor) => {
    const found = await timed(async () => {
      await editor.showRuns();
      await editor.runRow("run-").waitFor();
    });
    say("find them and fill the explorer", found.seconds, found.stall);
    const one = await timed(async () => {
      // Rows are painted anew while runs are found: a click in that moment is lost.
      await until("the first one's tab", async () => {
        await editor.runRow("run-").click();
        return editor.page.locator(".tab", { hasText: "Curves" }).waitFor({ timeout: 3000 }).then(() => true, () => false);
      });
      await editor.panel(".card canvas");
    });
    say("open the first one's curves", one.seconds, one.stall);
    const page = await editor.panel(".card canvas");
    await page.locator("[data-action='more']").press("Enter");
    await page.getByRole("menuitem", { name: "Choose Runs…" }).press("Enter");
    await editor.page.locator(".quick-input-header [role='checkbox']").first().click();
    const all = await timed(async () => {
      await editor.takeTicked();
      await until("all of them", async () => (await page.locator(".legend-run").count()) >= runs, { seconds: 120 });
      await page.locator("#root[data-ready='true']").waitFor({ timeout: 120_000 });
    });
    say("draw all of them", all.seconds, all.stall);
    await zoomAndPan(page);
  });
}

/** 24 steps, a wheel's notch or a shift each, one every 50 ms at most; the time from frame to frame meanwhile. */
async function zoomAndPan(page: Frame): Promise<void> {
  const moved = await timed(() => page.evaluate(async () => {
    const plot = document.querySelector(".plot");
    const box = plot?.getBoundingClientRect();
    if (!plot || !box) throw new Error("no plot");
    const gaps: number[] = [];
    let last = performance.now();
    let going = true;
    const frame = (): void => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
      if (going) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    for (let step = 0; step < 24; step++) {
      const where = { clientX: box.left + box.width / 3, clientY: box.top + 60, bubbles: true, cancelable: true };
      plot.dispatchEvent(new WheelEvent("wheel", step < 12 ? { ...where, deltaY: -120, ctrlKey: true } : { ...where, deltaX: 40 }));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    going = false;
    return gaps;
  }));
  const gaps = moved.answer;
  say("zoom and pan in 24 steps", moved.seconds, moved.stall);
  console.log(`    from frame to frame: median ${quantile(gaps, 0.5).toFixed(0)} ms, 95 % ${quantile(gaps, 0.95).toFixed(0)} ms, longest ${Math.max(...gaps).toFixed(0)} ms`);
}

async function inEditor(workspace: string, work: (editor: Editor) => Promise<void>): Promise<void> {
  const editor = await Editor.open({ workspace, env: { TRAINSCOPE_DELAYS: delays, NODE_OPTIONS: `--require=${join(folder, "monitor.cjs")}` } });
  try {
    // What VS Code and its own extensions do at their start is not ours.
    await until("a rest after the start", () => looks().slice(-rests).every(({ longest }) => longest < 50) && looks().length >= rests);
    await work(editor);
  } finally {
    rmSync(delays, { force: true });
    await editor.close();
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly seconds: number; readonly stall: number }> {
  const began = Date.now();
  const answer = await work();
  const ended = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 2 * lookEveryMs));
  // The first look within the work tells of the time before it too.
  const stalls = looks().filter(({ at }) => at >= began + lookEveryMs && at <= ended + lookEveryMs).map(({ longest }) => longest);
  return { answer, seconds: (ended - began) / 1000, stall: Math.max(0, ...stalls) };
}

/** What the monitor has written so far; the end of its last line may be on its way. */
function looks(): readonly { readonly at: number; readonly longest: number }[] {
  if (!existsSync(delays)) return [];
  return readFileSync(delays, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line) as { readonly at: number; readonly longest: number });
}

function say(title: string, seconds: number, stall: number): void {
  console.log(`    ${title.padEnd(34)} ${seconds.toFixed(1)} s, the host's loop stood still for ${stall.toFixed(0)} ms at most`);
}

function writeRun(dir: string, { points, tags, seed }: { readonly points: number; readonly tags: number; readonly seed: number }): void {
  mkdirSync(dir, { recursive: true });
  const random = new Random(seed);
  const file = openSync(join(dir, `events.out.tfevents.${firstSeconds + seed}.bench`), "w");
  writeSync(file, encodeRecord(encodeEvent({ wallTimeSeconds: firstSeconds, step: 0, what: { kind: "fileVersion", version: "brain.Event:2" } })));
  const batch: Uint8Array[] = [];
  for (let step = 0; step < points; step++) {
    for (let at = 0; at < tags; at++) {
      const value = 0.2 * at + 2 * Math.exp((-5 * step) / points) + 0.3 * random.unit();
      batch.push(encodeRecord(encodeEvent({ wallTimeSeconds: firstSeconds + step, step, what: { kind: "summary", values: [{ tag: `loss_${at}`, value: { kind: "simple", value } }] } })));
    }
    if (batch.length < 20_000 && step < points - 1) continue;
    writeSync(file, Buffer.concat(batch));
    batch.length = 0;
  }
  closeSync(file);
}
