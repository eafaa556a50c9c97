// A chart.js chart whose datasets are drawn by a controller of our own: lines come as columns of numbers, not as an object per point.
import { Chart, DatasetController, LinearScale, LogarithmicScale, PointElement, type ChartConfiguration, type Plugin, type Scale } from "chart.js";
import type { Theme } from "#kit/theme";
import { drawPlot } from "./ink";
import type { LabelledAxis, PlotModel } from "./plotModel";

declare module "chart.js" {
  interface ChartTypeRegistry {
    curves: ChartTypeRegistry["line"];
  }
}

/** What a chart shows; chart.js makes the controller, so it looks it up. */
const shown = new WeakMap<object, { readonly model: PlotModel; readonly theme: Theme }>();

/** All lines of a chart are one dataset, so that bands lie below every line. */
class CurvesController extends DatasetController {
  static id = "curves";
  // chart.js wants an element for points, although none is made.
  static defaults = { datasetElementType: false, dataElementType: "point" };

  // Nothing is parsed and no element is made: there are no points as chart.js knows them.
  override parse(): void {}
  override update(): void {}

  override draw(): void {
    const now = shown.get(this.chart);
    if (now) drawPlot(this.chart.ctx, now.model, { area: this.chart.chartArea, theme: now.theme, shapes: true });
  }
}

Chart.register(CurvesController, PointElement, LinearScale, LogarithmicScale);

export type CurvesChart = Chart<"curves", never[]>;

/** Heights of the lanes inside a plot: notes above, ticks between axis and step labels. */
export const lanes = { notes: 24, ticks: 16, steps: 24 };
/** Room beside the plot's area. */
export const margins = { left: 44, right: 12, narrowLeft: 34, narrowRight: 10, narrowTop: 8 };

/** Makes a chart on a canvas and draws it. */
export function openChart(canvas: HTMLCanvasElement, model: PlotModel, theme: Theme): CurvesChart {
  // The chart draws itself when it is made: what it shows must be known by then.
  const plugin: Plugin<"curves"> = { id: "curves", beforeInit: (chart) => void shown.set(chart, { model, theme }) };
  return new Chart(canvas, { type: "curves", data: { datasets: [{ data: [], clip: false }] }, options: optionsOf(model, theme), plugins: [plugin] });
}

/** Draws another model on a chart. Axes are laid out anew only when they differ. */
export function redraw(chart: CurvesChart, model: PlotModel, theme: Theme): void {
  const before = shown.get(chart);
  shown.set(chart, { model, theme });
  if (before && before.theme === theme && before.model.narrow === model.narrow && sameAxis(before.model.x, model.x) && sameAxis(before.model.y, model.y)) {
    chart.draw();
    return;
  }
  chart.options = optionsOf(model, theme) ?? {};
  chart.update("none");
}

function sameAxis(one: LabelledAxis, other: LabelledAxis): boolean {
  return one.min === other.min && one.max === other.max && one.scale === other.scale && one.labels.join("\n") === other.labels.join("\n") && one.ticks.join() === other.ticks.join();
}

/** Only a label at the very end would reach out of the picture; any other stands below its place. */
function endsAtTick({ ticks, min, max, scale }: LabelledAxis): boolean {
  const at = scale === "log" ? Math.log : (place: number) => place;
  return at(max) - at(ticks.at(-1) ?? min) < (at(max) - at(min)) * 0.04;
}

function optionsOf({ x, y, narrow }: PlotModel, theme: Theme): ChartConfiguration<"curves", never[]>["options"] {
  const font = { family: theme.font, size: 11 };
  const placed = (axis: LabelledAxis) => ({
    min: axis.min,
    max: axis.max,
    afterBuildTicks: (drawn: Scale) => {
      drawn.ticks = axis.ticks.map((value, index) => ({ value, label: axis.labels[index] ?? "" }));
    },
  });
  const label = (axis: LabelledAxis) => (_: unknown, index: number): string => axis.labels[index] ?? "";
  return {
    animation: false, parsing: false, normalized: true, responsive: true, maintainAspectRatio: false, events: [],
    layout: { padding: { top: narrow ? margins.narrowTop : lanes.notes, right: narrow ? margins.narrowRight : margins.right, left: 0, bottom: 0 }, autoPadding: false },
    scales: {
      x: {
        type: x.scale === "log" ? "logarithmic" : "linear", ...placed(x),
        border: { color: theme.axis }, grid: { display: false },
        ticks: { color: theme.secondary, font, padding: lanes.ticks + 4, maxRotation: 0, autoSkip: true, autoSkipPadding: 8, callback: label(x), align: endsAtTick(x) ? "inner" : "center" },
        afterFit: (axis) => {
          axis.height = lanes.ticks + lanes.steps;
        },
      },
      y: {
        type: y.scale === "log" ? "logarithmic" : "linear", ...placed(y),
        border: { display: false }, grid: { color: theme.grid, drawTicks: false },
        ticks: { color: theme.secondary, font, padding: 8, autoSkip: false, callback: label(y) },
        afterFit: (axis) => {
          axis.width = narrow ? margins.narrowLeft : margins.left;
        },
      },
    },
  };
}
