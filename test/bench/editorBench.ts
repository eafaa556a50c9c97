// The window as a person has it, with much to show: 20 curves of a million points, then a thousand runs; how long the extension host's loop stands still, and how evenly the page draws.
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { encodeEvent } from "#formats/events/encodeEvent";
import { encodeRecord } from "#formats/records/encodeRecord";
import { Random } from "../support/random";
import { Editor } from "../support/vscode/editor";
import { until } from "../support/vscode/until";
import { quantile } from "./measured";

const monitor = `
const { appendFileSync } = require("node:fs");
const { monitorEventLoopDelay } = require("node:perf_hooks");
if (process.argv.includes("--type=extensionHost")) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  setInterval(() => {
    appendFileSync(process.env.TRAINSCOPE_DELAYS, JSON.stringify({ at: Date.now(), longest: delay.max / 1e6 }) + "\\n");
    delay.reset();
  }, 500).unref();
}
`;
const firstSeconds = 1_790_000_000;
const [what = "all", pointsText = "1000000", runsText = "1000"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "trainscope-editor-"));
const delays = join(folder, "delays.jsonl");

try {
  writeFileSync(join(folder, "monitor.cjs"), monitor);
  if (what !== "many") await millions(Number(pointsText));
  if (what !== "millions") await manyRuns(Number(runsText));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One run with 20 tags. */
async function millions(points: number): Promise<void> {
  const workspace = join(folder, "millions");
  writeRun(join(workspace, "run"), { points, tags: 20, seed: 1 });
  console.log(`20 curves of ${points.toLocaleString("en")} points`);
  await inEditor(workspace, async (editor) => {
    const reading = await timed(async () => {
      await editor.command("Trainscope: Open Curves");
      const page = await editor.panel(".card canvas");
      await until("all of it", async () => !(await page.locator("body").innerText()).includes("Reading "), { seconds: 150 });
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
      await editor.runRow("run-").click();
      await editor.panel(".card canvas");
    });
    say("open the first one's curves", one.seconds, one.stall);
    const page = await editor.panel(".card canvas");
    await page.locator("[data-action='more']").press("Enter");
    await page.getByRole("menuitem", { name: "Choose Runs…" }).press("Enter");
    await editor.page.locator(".quick-input-widget .quick-input-check-all, .quick-input-widget .quick-input-header input[type='checkbox']").first().click();
    const all = await timed(async () => {
      await editor.page.locator(".quick-input-widget input.input").press("Enter");
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
    await work(editor);
  } finally {
    await editor.close();
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly seconds: number; readonly stall: number }> {
  const began = Date.now();
  const answer = await work();
  const ended = Date.now();
  // The monitor writes twice a second.
  await new Promise((resolve) => setTimeout(resolve, 600));
  const lines = readFileSync(delays, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as { readonly at: number; readonly longest: number });
  return { answer, seconds: (ended - began) / 1000, stall: Math.max(...lines.filter(({ at }) => at >= began && at <= ended + 500).map(({ longest }) => longest)) };
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
