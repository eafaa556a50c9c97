// What a plot shows, decided in full before anything is drawn: axes, labels, lines, and where marks stand.
import type { Band, GroupSlice, PlacedValue, Polyline, Slice } from "#model/scalars";
import type { Numbers } from "#kit/numbers";
import { axisLabels, logLabels, type Axis } from "./axes";
import { inSight } from "./lines";
import { placeLabels } from "./places";
import { rawHiddenFrom } from "./charts";
import type { ChartView, View } from "./requests";
import type { Scale } from "./settings";
import { runIn } from "./state";
import { staleFor } from "./words";

/** Below this width of a card everything is drawn for a narrow column. */
export const narrowBelow = 330;

export interface LabelledAxis extends Axis {
  readonly labels: readonly string[];
  readonly scale: Scale;
}

/** A line as it is drawn. Where it is the mean of a group there is nothing else. */
export interface PlotLine {
  readonly key: string;
  /** Place among the pairs of colour and dashes. */
  readonly style: number;
  /** Of the focused run: its band is the strong one. */
  readonly strong: boolean;
  /** Another run is pointed at. */
  readonly dim: boolean;
  /** Number of pixel columns that it was cut for. */
  readonly columns?: number | undefined;
  readonly smoothed: Polyline;
  readonly superseded: Polyline | undefined;
  /** Raw points when all of them are drawn, else the exact least and greatest per pixel column. */
  readonly raw: Polyline | undefined;
  readonly band: Band | undefined;
  readonly group: GroupSlice | undefined;
  readonly end: { readonly x: number; readonly y: number; readonly live: boolean } | undefined;
  /** Places of points that are not finite, and of columns that reach beyond the value axis. */
  readonly nonFinite: readonly number[];
  readonly above: readonly number[];
  readonly below: readonly number[];
}

export interface PlotModel {
  readonly x: LabelledAxis;
  readonly y: LabelledAxis;
  readonly narrow: boolean;
  readonly lines: readonly PlotLine[];
  /** Of the focused run. */
  readonly restarts: readonly PlacedValue[];
  readonly spikes: readonly PlacedValue[];
  /** Places behind which a record could not be read. */
  readonly damaged: readonly number[];
}

export interface PlotWishes {
  readonly narrow: boolean;
  readonly numbers: Numbers;
  readonly locale: string;
}

/** Decides what a chart looks like. Without cuts there are axes only. */
export function plotModel(view: View, chart: ChartView, { narrow, numbers, locale }: PlotWishes): PlotModel {
  const { state, x } = view;
  const focused = view.focused?.run.dir ?? "";
  const lines = chart.lines.flatMap((line) => {
    const drawn = state.drawn.get(line.key);
    return drawn?.slice || drawn?.group ? [plotLine(view, chart, { line, slice: drawn.slice, group: drawn.group, focused })] : [];
  });
  const slice = chart.lines.flatMap(({ key, dirs }) => (dirs.includes(focused) ? (state.drawn.get(key)?.slice ?? []) : []))[0];
  const inside = ({ x: place }: PlacedValue): boolean => place >= x.min && place <= x.max;
  return {
    x: { ...x, scale: state.settings.xScale, labels: placeLabels(x, state.settings.x, { numbers, locale, short: narrow }) },
    y: { ...chart.y, scale: chart.yScale, labels: lines.length === 0 ? chart.y.ticks.map(() => "") : chart.yScale === "log" ? logLabels(chart.y, locale) : axisLabels(chart.y, locale) },
    narrow, lines,
    restarts: slice?.restarts.filter(inside) ?? [],
    spikes: slice?.spikes ?? [],
    damaged: damagedPlaces(view).filter((place) => place >= x.min && place <= x.max),
  };
}

/** On the axis of steps, the only one on which a lost record of the focused run has a place: behind the last step before it. */
export function damagedPlaces({ state, focused }: View): readonly number[] {
  if (state.settings.x.kind !== "step") return [];
  return [...new Set(focused?.damage.flatMap(({ afterStep }) => afterStep ?? []))];
}

interface LineParts {
  readonly line: ChartView["lines"][number];
  readonly slice: Slice | undefined;
  readonly group: GroupSlice | undefined;
  readonly focused: string;
}

const emptyLine: Polyline = { x: new Float64Array(0), y: new Float64Array(0), breaks: new Uint32Array(0) };

function plotLine({ state, x, groups }: View, chart: ChartView, { line, slice, group, focused }: LineParts): PlotLine {
  const pointed = state.pointedRun;
  const mine = pointed !== undefined && line.dirs.includes(pointed);
  const rawShown = groups.length < rawHiddenFrom || mine;
  const last = slice?.last;
  const run = runIn(state.snapshot, line.dirs[0])?.run;
  const inside = last && last.x >= x.min && last.x <= x.max;
  return {
    key: line.key, style: line.style, strong: line.dirs.includes(focused), dim: pointed !== undefined && !mine,
    columns: slice?.columns,
    smoothed: slice ? inSight(slice.smoothed, x) : emptyLine,
    superseded: state.settings.superseded && slice ? inSight(slice.superseded, x) : undefined,
    raw: rawShown && slice && slice.raw.x.length > 0 ? inSight(slice.raw, x) : undefined,
    band: rawShown ? slice?.band : undefined,
    group,
    // Only a line that may still grow has an end to point at; a line that is a single point would not be seen without.
    end: inside && run?.state === "running" ? { x: last.x, y: last.smoothed, live: staleFor(run, state.nowSeconds) === undefined }
      : inside && slice.smoothed.x.length === 1 ? { x: last.x, y: last.smoothed, live: true } : undefined,
    nonFinite: slice?.nonFinite.map((one) => one.x) ?? [],
    ...beyond(slice, chart),
  };
}

/** Pixel columns whose raw values reach beyond the ends of the value axis. */
function beyond(slice: Slice | undefined, { y, limited }: ChartView): Pick<PlotLine, "above" | "below"> {
  if (!slice || !limited || slice.above + slice.below === 0) return { above: [], below: [] };
  const line = slice.raw.x.length > 0 ? slice.raw : slice.smoothed;
  const { x, high, low } = slice.band ?? { x: line.x, high: line.y, low: line.y };
  const above: number[] = [];
  const below: number[] = [];
  x.forEach((place, at) => {
    if ((high[at] ?? NaN) > y.max) above.push(place);
    if ((low[at] ?? NaN) < y.min) below.push(place);
  });
  return { above, below };
}
