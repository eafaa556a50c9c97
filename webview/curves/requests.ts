// What must be asked of the host so that every chart on screen shows what it should: the axis, the cuts, and the numbers of the table.
import type { AxisKind, CurveRequest, SliceRequest, Smoothing, TagInfo } from "#model/scalars";
import type { CurvesRun } from "#protocol/curvesApi";
import type { InRun } from "#protocol/readerApi";
import { linearAxis, logAxis, stepAxis, timeAxis, fixedAxis, type Axis } from "./axes";
import { chartsOf, groupsOf, linesOf, passing, rawHiddenFrom, scalarTags, type ChartPlan, type LinePlan, type RunGroup } from "./charts";
import { valueRange } from "./lines";
import { scopeOfChart, scopeSettings } from "./sections";
import type { ChartSettings, Scale } from "./settings";
import { runIn, type CurvesState, type Drawn } from "./state";

/** Everything that is derived from the state before anything is drawn or asked; made once per change. */
export interface View {
  readonly state: CurvesState;
  readonly groups: readonly RunGroup[];
  /** The run whose ticks and marks are shown and whose band is the strong one. */
  readonly focused: CurvesRun | undefined;
  readonly charts: readonly ChartView[];
  readonly x: Axis;
  /** The x axis shows only part of what there is. */
  readonly zoomed: boolean;
  /** First and last place of all curves. */
  readonly extent: readonly [number, number] | undefined;
}

/** A chart with all that its settings come to. */
export interface ChartView {
  readonly plan: ChartPlan;
  readonly lines: readonly LinePlan[];
  readonly smoothing: Smoothing;
  /** The weight is the chart's or its scope's own. */
  readonly ownWeight: boolean;
  readonly yScale: Scale;
  readonly y: Axis;
  /** Points may lie beyond the value axis: its ends are set, outliers are left out, or it is logarithmic and values are not positive. */
  readonly limited: boolean;
  /** Outliers are left out. */
  readonly clipped: boolean;
  readonly settings: ChartSettings;
}

/** Derives the view. `width` is the page's, which decides how many labels fit. */
export function viewOf(state: CurvesState, labels: number): View {
  const { snapshot, settings, page, drawn } = state;
  const passes = passing(page.filter);
  const all = chartsOf(chosenTags(state), settings);
  const runs = snapshot?.runs ?? [];
  const groups = groupsOf(page.filter === "" ? runs : runs.filter((run) => all.some((plan) => passes(plan, run))), settings.grouped);
  const plans = all.map((plan) => ({ plan, lines: linesOf(plan, groups, passes) })).filter(({ lines }) => lines.length > 0);
  const extent = extentOf(state, plans.flatMap(({ lines }) => lines), groups);
  const x = axisOf(state, extent, labels);
  return {
    state, groups, focused: focusedIn(groups, state.focusedRun), x, extent, zoomed: page.range !== undefined,
    charts: plans.map((one) => chartView(one, { state, x, drawn, rawShown: groups.length < rawHiddenFrom })),
  };
}

/** The run that was chosen, where the filter lets it through, else the first that passes: nothing is told of a run that is not there. */
function focusedIn(groups: readonly RunGroup[], chosen: string | undefined): CurvesRun | undefined {
  const runs = groups.flatMap((group) => group.runs);
  return runs.find(({ run }) => run.dir === chosen) ?? runs[0];
}

/** Scalars that are drawn: those of the scope chosen in the graph where it has any, else all. */
export function chosenTags({ snapshot, scope }: CurvesState): readonly TagInfo[] {
  const tags = scalarTags(snapshot);
  const chosen = tags.filter(({ tag }) => scope?.tags.includes(tag));
  return chosen.length > 0 ? chosen : tags;
}

function chartView({ plan, lines }: Pick<ChartView, "plan" | "lines">, { state, x, drawn, rawShown }: {
  readonly state: CurvesState; readonly x: Axis; readonly drawn: ReadonlyMap<string, Drawn>; readonly rawShown: boolean;
}): ChartView {
  const { settings } = state;
  const own = { ...scopeSettings(settings.scopes, scopeOfChart(plan, scalarTags(state.snapshot))), ...settings.charts[plan.id] };
  const yScale = own.y ?? settings.y;
  const log = yScale === "log";
  const { low, high, lowest, clipped } = valueRange(lines.flatMap(({ key }) => drawn.get(key) ?? []), { positive: log, x, clip: clips(state, own) });
  const y = own.limits ? fixedAxis(own.limits, { log, count: 4 }) : log ? logAxis(low, high) : linearAxis(low, high, 4);
  const weight = own.weight ?? settings.smoothing.weight;
  return {
    plan, lines, yScale, y, settings: own, smoothing: { ...settings.smoothing, weight }, ownWeight: weight !== settings.smoothing.weight,
    limited: own.limits !== undefined || clipped || (log && lowest < y.min && (rawShown || !(high > 0))), clipped,
  };
}

/** Whether a chart's value axis leaves outliers out. */
function clips({ settings }: CurvesState, { limits }: ChartSettings): boolean {
  return settings.clip && !limits;
}

/** Where curves begin and end: on the axis of steps as soon as the tags are known, on others when the first cuts are there. */
function extentOf({ settings, drawn }: CurvesState, lines: readonly LinePlan[], groups: readonly RunGroup[]): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  const reach = (from: number, to: number): void => {
    low = Math.min(low, from);
    high = Math.max(high, to);
  };
  const axis = axisName(settings.x);
  for (const { key } of lines) {
    const known = drawn.get(key);
    const extent = known?.slice?.extent ?? known?.group?.extent;
    if (extent && known?.key.startsWith(axis)) reach(extent[0], extent[1]);
  }
  if (settings.x.kind === "step") {
    const wanted = new Set(lines.map(({ tag }) => tag));
    for (const { tags } of groups.flatMap(({ runs }) => runs)) {
      for (const { tag, first, last } of tags) if (first && last && wanted.has(tag)) reach(Math.min(first.step, last.step), Math.max(first.step, last.step));
    }
  }
  return high >= low ? [low, high] : undefined;
}

function axisOf({ settings, page }: CurvesState, extent: readonly [number, number] | undefined, count: number): Axis {
  const [first, last] = page.range ? [page.range.from, page.range.to] : (extent ?? [0, 1]);
  const log = settings.xScale === "log" && last > 0;
  if (log) {
    const from = first > 0 ? first : Math.min(1, last / 1000);
    const inside = logAxis(from, last).ticks.filter((tick) => tick >= from && tick <= last);
    return { min: from, max: last > from ? last : from * 10, ticks: inside };
  }
  switch (settings.x.kind) {
    case "step":
    case "index": return stepAxis(first, last, { zoomed: page.range !== undefined, count: Math.max(2, Math.floor(count * Math.min(1, usualDigits / digits(last)))) });
    case "tag": return page.range ? fixedAxis([first, last], { log: false, count }) : linearAxis(first, last, count);
    case "wall": return timeAxis(first, last, { count, offset: new Date(first * 1000).getTimezoneOffset() * 60 });
    default: return timeAxis(page.range ? first : 0, last, { count });
  }
}

/** Steps of so many digits fit into a label of usual width. */
const usualDigits = 7;

function digits(step: number): number {
  return Math.max(1, Math.ceil(Math.log10(Math.abs(step) + 1)));
}

/** One ask for cuts: requests for lines of single runs and of groups, each with the line it is for. */
export interface Wanted {
  readonly single: readonly { readonly line: string; readonly key: string; readonly revision: number; readonly request: InRun<SliceRequest> }[];
  readonly grouped: readonly { readonly line: string; readonly key: string; readonly revision: number; readonly request: SliceRequest & { readonly dirs: readonly string[] } }[];
}

/** Curves asked for at once: what is lacking beyond them is asked for next, so that a thousand runs appear bit by bit and what a newer zoom overtakes is not asked for. */
export const mostAtOnce = 200;

/** What the charts on screen lack, the first of it. */
export function wantedCuts(view: View): Wanted {
  const { state, charts } = view;
  const single: Wanted["single"][number][] = [];
  const grouped: Wanted["grouped"][number][] = [];
  if (state.phase !== "open") return { single, grouped };
  for (const chart of charts) {
    const pixels = state.visible.get(chart.plan.id);
    if (!pixels) continue;
    for (const line of chart.lines) {
      if (single.length + grouped.length >= mostAtOnce) return { single, grouped };
      const request = requestFor(view, chart, { line, pixels });
      const key = keyOf(request);
      const revision = revisionOf(state, line.dirs);
      const known = state.drawn.get(line.key);
      if (known && known.revision >= revision && (known.key === key || (state.moving && suffices(known, state)))) continue;
      const [dir = ""] = line.dirs;
      if (line.group) grouped.push({ line: line.key, key, revision, request: { ...request, dirs: line.dirs } });
      else single.push({ line: line.key, key, revision, request: { ...request, dir } });
    }
  }
  return { single, grouped };
}

/** Whether every point of a curve is there, so that a moving axis needs no other cut: only what is counted of the visible part is asked for once it rests. */
function suffices({ slice, chosen }: Drawn, { settings }: CurvesState): boolean {
  return slice !== undefined && !slice.thinned && slice.inRange === slice.total && chosen.settings === settings;
}

/** Whether a line is drawn as the person wants it now, and not as before the last zoom or setting: only points that came since may lack. */
export function isCurrent(view: View, chart: ChartView, line: LinePlan): boolean {
  const { visible, drawn, settings, page } = view.state;
  const pixels = visible.get(chart.plan.id);
  const known = drawn.get(line.key);
  // Keys that come before a chart is known to be in sight wait for its first cut.
  if (pixels === undefined || !known) return false;
  return (known.chosen.settings === settings && known.chosen.range === page.range) || known.key === keyOf(requestFor(view, chart, { line, pixels }));
}

/** Pixel columns to cut a line for. While the axis moves, half of them will do. */
export function columnsAsked(pixels: number, moving: boolean): number {
  return Math.max(1, Math.round(moving ? pixels / 2 : pixels));
}

function requestFor({ state, x, extent, groups }: View, chart: ChartView, { line, pixels }: { readonly line: LinePlan; readonly pixels: number }): SliceRequest {
  const { settings, moving, pointedRun } = state;
  const raw = !line.group && (groups.length < rawHiddenFrom || (pointedRun !== undefined && line.dirs.includes(pointedRun)));
  return {
    ...curveOf(state, chart, line),
    ...(extent && { from: x.min, to: x.max }),
    log: settings.xScale === "log",
    pixels: columnsAsked(pixels, moving),
    raw,
    clip: clips(state, chart.settings),
    ...(chart.limited && { limits: [chart.y.min, chart.y.max] as const }),
  };
}

/** Which curve a line shows. */
export function curveOf({ settings, snapshot }: CurvesState, { smoothing, settings: { corrected } }: Pick<ChartView, "smoothing" | "settings">, { tag, dirs }: LinePlan): CurveRequest {
  const decay = corrected ? runIn(snapshot, dirs[0])?.averages.find((one) => one.tag === tag)?.decay : undefined;
  return { tag, axis: settings.x, smoothing, ...(decay !== undefined && { decay }) };
}

function keyOf({ tag: _, axis, ...rest }: SliceRequest): string {
  return `${axisName(axis)}${JSON.stringify(rest)}`;
}

/** Begins the key of every cut on an axis. */
function axisName(axis: AxisKind): string {
  return `${axis.kind === "tag" ? `tag ${axis.tag}` : axis.kind}\n`;
}

/** Grows with every change of any of the runs. */
function revisionOf({ revisions }: CurvesState, dirs: readonly string[]): number {
  return dirs.reduce((sum, dir) => sum + (revisions.get(dir) ?? 0), 0);
}

/** An ask for a curve's numbers: the curve's key in the table, and by what the answer is known again. */
export interface WantedSummary {
  readonly curve: string;
  readonly key: string;
  readonly request: InRun<CurveRequest & { readonly at?: number }>;
}

/** What the table lacks, the first of it. */
export function wantedSummaries({ state, charts }: View, at: number | undefined): readonly WantedSummary[] {
  const wanted: WantedSummary[] = [];
  if (state.phase !== "open" || !state.tableVisible) return wanted;
  for (const chart of charts) {
    for (const line of chart.lines) {
      for (const dir of line.dirs) {
        if (wanted.length >= mostAtOnce) return wanted;
        const curve = summaryKey(dir, line.tag);
        const { axis: _, ...rest } = curveOf(state, chart, { ...line, dirs: [dir] });
        const key = JSON.stringify([rest, at, revisionOf(state, [dir])]);
        if (state.summaries.get(curve)?.key === key) continue;
        wanted.push({ curve, key, request: { ...rest, axis: { kind: "step" }, dir, ...(at !== undefined && { at }) } });
      }
    }
  }
  return wanted;
}

/** Under which a curve's summary is kept. */
export function summaryKey(dir: string, tag: string): string {
  return `${dir}\0${tag}`;
}

/** The step whose values the table compares; undefined where each run stands at its own last one. */
export function comparedStep(view: View): number | undefined {
  return view.state.settings.compareAt === "last" ? undefined : lastCommonStep(view);
}

/** The last step that all runs of the view have reached: where runs of unequal length can be compared. */
export function lastCommonStep({ groups }: Pick<View, "groups">): number | undefined {
  const lasts = groups.flatMap(({ runs }) => runs).flatMap(({ tags }) => {
    const steps = tags.flatMap(({ last, kind }) => (last && kind === "scalar" ? [last.step] : []));
    return steps.length > 0 ? [Math.max(...steps)] : [];
  });
  return lasts.length > 1 ? Math.min(...lasts) : undefined;
}
