// Our chart as the curves page draws it, with the reader's own cutting, all on one thread: pyramid, aligned M4, columns of numbers.
import { RunColumns, ScalarSeries } from "#analysis/series/scalarSeries";
import { viewSeries, type SeriesView } from "#analysis/series/seriesView";
import { sliceSeries } from "#analysis/series/slice";
import type { Theme } from "#kit/theme";
import { openChart, redraw } from "../../../webview/curves/chart";
import type { PlotModel } from "../../../webview/curves/plotModel";
import { columnsAsked } from "../../../webview/curves/requests";
import { valueRange, type ChartData } from "./chartData";
import { area, colorOf, type Ends, type MeasuredChart } from "./chartVariant";

const clear = "rgba(0, 0, 0, 0)";
const smoothing = { weight: 0, timed: false, bridge: false };

/** The series as a reader holds those of one run, whose summaries tell of all lines; made before the clock starts, as the others' columns are. */
export function seriesOf({ steps, lines }: ChartData): readonly ScalarSeries[] {
  const columns = new RunColumns();
  const all = lines.map(() => new ScalarSeries(columns));
  for (const series of all) series.expect(steps.length);
  steps.forEach((step, index) => {
    all.forEach((series, line) => series.append({ step, value: lines[line]?.[index] ?? 0, wallTimeSeconds: step }));
  });
  return all;
}

/** From columns to a drawn chart. */
export function openOurChart(canvas: HTMLCanvasElement, series: readonly ScalarSeries[], ends: Ends): MeasuredChart {
  const views = series.map((one) => viewSeries(one, one.steps, { smoothing }));
  const theme: Theme = {
    highContrast: false, reduceMotion: true, background: "white", foreground: "black", secondary: clear, axis: clear, grid: clear, error: "red", warning: "orange", font: "sans-serif",
    series: views.map((_, line) => ({ color: colorOf(line), dash: [] })),
  };
  const chart = openChart(canvas, plotOf(views, ends, false), theme);
  return { canvas, show: (wanted) => redraw(chart, plotOf(views, wanted, true), theme) };
}

/** `moving`: a step of zoom or pan, for which the page asks for as much as here. */
function plotOf(views: readonly SeriesView[], [from, to]: Ends, moving: boolean): PlotModel {
  const request = { tag: "loss", axis: { kind: "step" }, smoothing, from, to, log: false, pixels: columnsAsked(area.right - area.left, moving), raw: true, clip: false } as const;
  const none = { superseded: undefined, raw: undefined, band: undefined, group: undefined, end: undefined, nonFinite: [], above: [], below: [] };
  return {
    x: { min: from, max: to, ticks: [], labels: [], scale: "linear" }, y: { ...valueRange, ticks: [], labels: [], scale: "linear" }, narrow: false, restarts: [], spikes: [], damaged: [],
    lines: views.map((view, style) => ({
      key: String(style), style, strong: false, dim: false, ...none, columns: request.pixels, smoothed: sliceSeries(view, request, { revision: 0, spikes: [], oneStep: false }).smoothed,
    })),
  };
}
