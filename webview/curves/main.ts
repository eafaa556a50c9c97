// Main program of the curves view: wires the host's channel, the store and the page together.
import { messageOf } from "#base/errors";
import type { CurvePoint } from "#model/scalars";
import { openChannel } from "#protocol/channel";
import type { CurvesAsks, CurvesPart, CurvesTells, SavedImage } from "#protocol/curvesApi";
import { unpack } from "#protocol/packed";
import type { HostSide, ViewSide } from "#protocol/viewsApi";
import { hostPipe, hostWindow } from "#kit/pipe";
import { createStore, paced, withNextFrame } from "#kit/store";
import { watchTheme } from "#kit/theme";
import { registerControls } from "#kit/ui";
import { sharedBy, type ChartPlan } from "./charts";
import { CurvesPage } from "./page";
import { chartPng, chartSvg, type Paper } from "./paper";
import { comparedStep, curveOf, mostAtOnce, wantedCuts, wantedSummaries, type ChartView } from "./requests";
import { printSettings } from "./settings";
import { initialState, joined, reduce, type Drawn, type Happening, type KnownSummary } from "./state";

/** Points are asked for and drawn at most this often. */
const drawEveryMs = 100;
/** The table's numbers are asked for at most this often. */
const summariesEveryMs = 400;
/** State, tags and ticks are asked for at most this often. */
const openEveryMs = 500;
/** After this long without a movement the axis rests, and cuts are as fine as the screen. */
const restMs = 150;
const rememberMs = 300;
/** A sentence about what was done stays this long. */
const saidMs = 6000;

const now = (): number => Date.now() / 1000;
const host = hostWindow();
registerControls();

const tells: CurvesTells = {
  seriesChanged: ({ changes }) => store.dispatch({ kind: "seriesChanged", changes }),
  runChanged: () => openSoon(),
  scopeChosen: (scope) => store.dispatch({ kind: "scopeChosen", scope }),
};
const channel = openChannel<ViewSide<CurvesTells>, HostSide<CurvesAsks>>(hostPipe(host), { asks: {}, tells });
const { ask } = channel;
const store = createStore(initialState(host.getState(), now()), reduce, changed);
const root = document.getElementById("root") ?? document.body;
const page = new CurvesPage(root, {
  dispatch: (happening) => store.dispatch(happening),
  command: (id, dir) => void saying(dir === undefined ? ask.command({ id }) : ask.commandOn({ id, dir })),
  restore: (dir, prefix) => void planRestore(dir, prefix, false),
  branch: (dir, prefix) => void planRestore(dir, prefix, true),
  pointsAt,
  halt: (dir, resume) => void saying(ask.halt({ dir, resume })),
  showBytes: (dir, file, offset) => void saying(ask.showBytes({ dir, file, offset })),
  copy: (text) => void saying(ask.copy({ text }).then(() => "Copied")),
  image: (chart, kind, paper) => void saying(saveImage(chart, kind, paper)),
  exportCurves: (format, charts) => void saying(exportCurves(format, charts)),
  setStyle: (dir, style) => void saying(ask.setStyle({ dir, style })),
  showInGraph: (dir, tag) => void saying(ask.showInGraph({ dir, tag })),
  pickTags: (plan) => void saying(pickTags(plan)),
  pickRuns: () => void saying(ask.pickRuns({})),
  dropRun: (dir) => void saying(ask.dropRun({ dir })),
  openRun: (dir, id) => void saying(ask.commandOn({ id, dir })),
});
const drawNext = withNextFrame(draw);
const drawSoon = paced(drawNext, () => Math.max(drawEveryMs, 2 * drawingMs));
const askSoon = paced(() => void askCuts(), drawEveryMs);
const askNext = paced(() => void askCuts(), 0);
const summarizeSoon = paced(() => void askSummaries(), summariesEveryMs);
const openSoon = paced(() => void open(), openEveryMs);
/** How long the last picture took, its painting included: what nobody waits for takes no more than half of the time. */
let drawingMs = 0;
/** Cuts came that are not drawn. */
let undrawn = false;
let summarizing = false;
let opening = false;
let openAgain = false;
let restTimer: number | undefined;
let rememberTimer: number | undefined;
let saidTimer: number | undefined;

/** What the host says is drawn at a pace; what the person does, with the next frame. */
const byHost: ReadonlySet<Happening["kind"]> = new Set(["seriesChanged", "drawnCame", "summariesCame", "opened", "shown", "hidden", "tableShown", "clock"]);
/** What changes none of what must be asked. */
const askless: ReadonlySet<Happening["kind"]> = new Set(["tickOpened", "tickClosed", "said", "clock", "focused"]);

function draw(): void {
  const beganMs = performance.now();
  undrawn = false;
  page.draw(store.state);
  requestAnimationFrame(() => (drawingMs = performance.now() - beganMs));
}

function changed(_: unknown, { kind }: Happening): void {
  if (kind === "asked") return;
  if (kind === "zoomed" || kind === "filtered") host.setState(store.state.page);
  if (kind === "zoomed") rest();
  if (kind === "set" || kind === "setChart" || kind === "setScope") remember();
  if (kind === "said") forgetSaid();
  if (kind === "drawnCame") undrawn = true;
  // Asks before drawing: the answers are made while the page draws.
  if (!askless.has(kind)) {
    if (byHost.has(kind) && kind !== "drawnCame") askSoon();
    else askNext();
    summarizeSoon();
  }
  if (byHost.has(kind)) drawSoon();
  else drawNext();
}

function rest(): void {
  window.clearTimeout(restTimer);
  if (store.state.moving) restTimer = window.setTimeout(() => store.dispatch({ kind: "rested" }), restMs);
}

function remember(): void {
  window.clearTimeout(rememberTimer);
  rememberTimer = window.setTimeout(() => void saying(ask.remember({ settings: printSettings(store.state.settings) })), rememberMs);
}

function forgetSaid(): void {
  window.clearTimeout(saidTimer);
  if (store.state.said !== undefined) saidTimer = window.setTimeout(() => store.dispatch({ kind: "said", text: undefined }), saidMs);
}

/** One ask at a time: what is wanted meanwhile is in the next. */
async function askCuts(): Promise<void> {
  if (store.state.asking) return;
  const { single, grouped } = wantedCuts(page.viewOf(store.state));
  if (single.length + grouped.length === 0) {
    // The last of them: until then a picture now and then says enough.
    if (undrawn) drawNext();
    return;
  }
  store.dispatch({ kind: "asked" });
  const { settings, page: { range } } = store.state;
  const chosen = { settings, range };
  const drawn = new Map<string, Drawn>();
  try {
    const [slices, groups] = await Promise.all([
      single.length > 0 ? ask.slices({ requests: single.map(({ request }) => request) }).then(unpack) : [],
      grouped.length > 0 ? ask.groupSlices({ requests: grouped.map(({ request }) => request) }).then(unpack) : [],
    ]);
    single.forEach(({ line, key, revision }, at) => {
      const came = slices[at];
      if (came) drawn.set(line, "answer" in came ? { key, revision, chosen, slice: came.answer } : { key, revision, chosen, refused: came.refused });
    });
    grouped.forEach(({ line, key, revision }, at) => {
      const came = groups[at];
      if (came) drawn.set(line, "answer" in came ? { key, revision, chosen, group: came.answer } : { key, revision, chosen, refused: came.refused });
    });
  } catch (error) {
    for (const { line, key, revision } of [...single, ...grouped]) drawn.set(line, { key, revision, chosen, refused: messageOf(error) });
  }
  store.dispatch({ kind: "drawnCame", drawn });
}

/** One ask at a time; while there is more than goes into one, the next follows at once. */
async function askSummaries(): Promise<void> {
  if (summarizing) return;
  const view = page.viewOf(store.state);
  const wanted = wantedSummaries(view, comparedStep(view));
  if (wanted.length === 0) return;
  summarizing = true;
  const summaries = new Map<string, KnownSummary>();
  try {
    const answers = unpack(await ask.summaries({ requests: wanted.map(({ request }) => request) }));
    wanted.forEach(({ curve, key }, at) => {
      const came = answers[at];
      summaries.set(curve, { key, ...(came && "answer" in came && { summary: came.answer }) });
    });
  } catch (error) {
    store.dispatch({ kind: "said", text: messageOf(error) });
  }
  summarizing = false;
  if (summaries.size === 0) return;
  store.dispatch({ kind: "summariesCame", summaries });
  if (wanted.length === mostAtOnce) void askSummaries();
}

/** The exact points of a chart's lines of single runs; a line without an answer has none. */
async function pointsAt(chart: ChartView, place: number): Promise<ReadonlyMap<string, CurvePoint>> {
  const lines = chart.lines.filter(({ group }) => !group);
  const points = new Map<string, CurvePoint>();
  try {
    const answers = unpack(await ask.pointsNear({ requests: lines.map((line) => ({ ...curveOf(store.state, chart, line), dir: line.dirs[0] ?? "", x: place })) }));
    lines.forEach(({ key }, at) => {
      const came = answers[at];
      if (came && "answer" in came && came.answer) points.set(key, came.answer);
    });
  } catch (error) {
    store.dispatch({ kind: "said", text: messageOf(error) });
  }
  return points;
}

async function exportCurves(format: "csv" | "json", charts: readonly ChartView[]): Promise<string> {
  const curves = charts.flatMap((chart) => chart.lines.flatMap((line) => line.dirs.map((dir) => {
    const { tag, smoothing, decay } = curveOf(store.state, chart, { ...line, dirs: [dir] });
    return { tag, smoothing, dir, ...(decay !== undefined && { decay }) };
  })));
  const { text } = await ask.exportCurves({ format, superseded: store.state.settings.superseded, curves });
  return text;
}

async function pickTags(plan: ChartPlan): Promise<void> {
  const tags = page.viewOf(store.state).charts.flatMap((chart) => chart.plan.tags);
  const { chosen } = await ask.pickTags({ title: `In One Chart With ${plan.tags[0] ?? ""}`, tags, chosen: plan.tags });
  if (chosen) store.dispatch({ kind: "set", change: { merged: sharedBy(store.state.settings.merged, plan, chosen) } });
}

async function saveImage(chart: ChartView, kind: SavedImage["kind"], paper: Paper): Promise<string> {
  const view = page.viewOf(store.state);
  const image: SavedImage = kind === "svg" ? { kind, text: chartSvg(view, chart, paper) } : { kind, bytes: await chartPng(view, chart, paper) };
  const { text } = await ask.saveImage({ name: chart.plan.tags.join(" "), image });
  return text;
}

/** One at a time, part by part: what changes meanwhile is asked for once more. */
async function open(): Promise<void> {
  openAgain = opening;
  if (opening) return;
  opening = true;
  try {
    for (let from: number | undefined = 0; from !== undefined;) {
      const { snapshot } = store.state;
      const part: CurvesPart = await ask.open({ whole: snapshot === undefined, from });
      store.dispatch({ kind: "opened", snapshot: joined(store.state.snapshot, part) });
      from = part.next;
    }
  } catch (error) {
    store.dispatch({ kind: "openFailed", why: messageOf(error) });
  }
  opening = false;
  if (openAgain) openSoon();
}

/** The checkpoint browser asks the rest. */
async function planRestore(dir: string, prefix: string, branch: boolean): Promise<void> {
  store.dispatch({ kind: "tickClosed" });
  await saying(ask.planRestore({ dir, prefix, branch }));
}

/** Says what came of something, also where it failed. */
async function saying(work: Promise<string | void>): Promise<void> {
  try {
    const text = await work;
    if (text) store.dispatch({ kind: "said", text });
  } catch (error) {
    store.dispatch({ kind: "said", text: messageOf(error) });
  }
}

watchTheme((theme) => page.themeChanged(theme));
window.setInterval(() => store.dispatch({ kind: "clock", nowSeconds: now() }), 30_000);
page.draw(store.state);
void open();
