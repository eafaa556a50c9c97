// A chart.js chart whose axes and lines are drawn by our own hand: lines come as columns of numbers, not as an object per point, and a zoom lays nothing out.
import { Chart, DatasetController, PointElement, type ChartConfiguration, type Plugin } from "chart.js";
import type { Theme } from "#kit/theme";
import { drawAxes, type AxisLook } from "./axisDraw";
import { drawPlot } from "./ink";
import type { PlotModel } from "./plotModel";

declare module "chart.js" {
  interface ChartTypeRegistry {
    curves: ChartTypeRegistry["line"];
  }
}

/** What a chart shows; chart.js makes the controller, so it looks it up. */
const shown = new WeakMap<object, { readonly model: PlotModel; readonly theme: Theme }>();

/** Heights of the lanes inside a plot: notes above, ticks between axis and step labels. */
const lanes = { notes: 24, ticks: 16, steps: 24 };
/** Room beside the plot's area. */
const margins = { left: 44, right: 12, narrowLeft: 34, narrowRight: 10, narrowTop: 8 };

/** How the axes of a chart on the screen look. */
export function screenLook({ font }: Pick<Theme, "font">): AxisLook {
  return { font: `11px ${font}`, labelsBelow: lanes.ticks + 15, mark: 0 };
}

/** All of a chart is one dataset, so that bands lie below every line; it has no scales, for they would be laid out anew at each zoom. */
class CurvesController extends DatasetController {
  static id = "curves";
  // chart.js wants an element for points, although none is made.
  static defaults = { datasetElementType: false, dataElementType: "point" };

  // Nothing is parsed and no element is made: there are no points as chart.js knows them.
  override parse(): void {}
  override update(): void {}

  override draw(): void {
    const { ctx, chartArea: area } = this.chart;
    const now = shown.get(this.chart);
    if (!now) return;
    drawAxes(ctx, now.model, { theme: now.theme, area, look: screenLook(now.theme) });
    drawPlot(ctx, now.model, { area, theme: now.theme, shapes: true });
  }
}

Chart.register(CurvesController, PointElement);

export type CurvesChart = Chart<"curves", never[]>;

/** Makes a chart on a canvas and draws it. */
export function openChart(canvas: HTMLCanvasElement, model: PlotModel, theme: Theme): CurvesChart {
  // The chart draws itself when it is made: what it shows must be known by then.
  const plugin: Plugin<"curves"> = { id: "curves", beforeInit: (chart) => void shown.set(chart, { model, theme }) };
  return new Chart(canvas, { type: "curves", data: { datasets: [{ data: [], clip: false }] }, options: optionsOf(model), plugins: [plugin] });
}

/** Draws another model on a chart, which is laid out anew only when its margins differ. */
export function redraw(chart: CurvesChart, model: PlotModel, theme: Theme): void {
  const before = shown.get(chart);
  shown.set(chart, { model, theme });
  if (before?.model.narrow === model.narrow) return chart.draw();
  chart.options = optionsOf(model) ?? {};
  chart.update("none");
}

function optionsOf({ narrow }: PlotModel): ChartConfiguration<"curves", never[]>["options"] {
  const padding = {
    left: narrow ? margins.narrowLeft : margins.left, right: narrow ? margins.narrowRight : margins.right,
    top: narrow ? margins.narrowTop : lanes.notes, bottom: lanes.ticks + lanes.steps,
  };
  return { animation: false, parsing: false, normalized: true, responsive: true, maintainAspectRatio: false, events: [], layout: { padding, autoPadding: false } };
}
