// Ink: hands a plot's model to chart.js. No decision about data is made here.
import {
  Chart, Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement,
  type ChartConfiguration, type ChartDataset, type Plugin, type Scale,
} from "chart.js";
import type { SeriesStyle, Theme } from "#kit/theme";
import type { Point } from "./lines";
import type { LabelledAxis, PlotModel } from "./plotModel";

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Filler);

/** How the one run of this plot is drawn, and whether its line still grows. */
export interface Look {
  readonly theme: Theme;
  readonly style: SeriesStyle;
  readonly live: boolean;
}

export type LineChart = Chart<"line", Point[]>;

/** Heights of the lanes inside a plot: notes above, ticks between axis and step labels. */
export const lanes = { notes: 24, ticks: 16, steps: 24 };

/** Makes a chart on a canvas and draws it. */
export function openChart(canvas: HTMLCanvasElement, model: PlotModel, look: Look): LineChart {
  const config: ChartConfiguration<"line", Point[]> = {
    type: "line",
    data: { datasets: datasetsOf(model, look) },
    options: optionsOf(model, look),
    plugins: [markPlugin],
  };
  const chart = new Chart(canvas, config);
  shown.set(chart, { model, look });
  chart.update("none");
  return chart;
}

/** Draws another model on a chart. */
export function redraw(chart: LineChart, model: PlotModel, look: Look): void {
  chart.data.datasets = datasetsOf(model, look);
  chart.options = optionsOf(model, look) ?? {};
  shown.set(chart, { model, look });
  chart.update("none");
}

function datasetsOf(model: PlotModel, { theme, style }: Look): ChartDataset<"line", Point[]>[] {
  const line = (points: readonly Point[], extra: Partial<ChartDataset<"line", Point[]>>): ChartDataset<"line", Point[]> => ({
    data: points as Point[], pointRadius: 0, pointHitRadius: 0, borderJoinStyle: "round", fill: false, tension: 0, spanGaps: false, ...extra,
  });
  const strong = { borderColor: style.color, borderDash: [...style.dash], order: 0, borderWidth: theme.highContrast ? 3 : 1.75 };
  const edge = theme.highContrast
    ? { borderColor: style.color, borderWidth: 1, borderDash: [1, 2] }
    : { borderColor: "transparent", borderWidth: 0 };
  const tail = theme.highContrast ? { borderWidth: 1, borderDash: [1, 3] } : { borderWidth: 1.25, borderDash: [...style.dash] };
  return [
    line(model.low, { ...edge, order: 5 }),
    line(model.high, { ...edge, order: 5, fill: theme.highContrast ? false : "-1", backgroundColor: style.band }),
    line(model.raw, { borderColor: style.faint, borderWidth: 1, borderDash: theme.highContrast ? [1, 2] : [], order: 4 }),
    line(model.superseded, { borderColor: style.superseded, ...tail, order: 3 }),
    line(theme.highContrast ? model.smoothed : [], { borderColor: theme.background, borderWidth: 5, order: 2 }),
    line(model.smoothed, strong),
  ];
}

function optionsOf(model: PlotModel, { theme }: Look): ChartConfiguration<"line", Point[]>["options"] {
  const { x, y, scale, narrow } = model;
  const font = { family: theme.font, size: 11 };
  const shown = (axis: LabelledAxis) => ({
    min: axis.min,
    max: axis.max,
    afterBuildTicks: (drawn: Scale) => {
      drawn.ticks = axis.ticks.map((value, index) => ({ value, label: axis.labels[index] ?? "" }));
    },
  });
  const label = (axis: LabelledAxis) => (_: unknown, index: number): string => axis.labels[index] ?? "";
  return {
    animation: false, parsing: false, normalized: true, responsive: true, maintainAspectRatio: false, events: [],
    layout: { padding: { top: narrow ? 8 : lanes.notes, right: narrow ? 10 : 12, left: 0, bottom: 0 }, autoPadding: false },
    scales: {
      x: {
        type: "linear", ...shown(x),
        border: { color: theme.axis }, grid: { display: false },
        ticks: { color: theme.secondary, font, padding: lanes.ticks + 4, maxRotation: 0, autoSkip: true, autoSkipPadding: 8, callback: label(x), align: "inner" },
        afterFit: (axis) => {
          axis.height = lanes.ticks + lanes.steps;
        },
      },
      y: {
        type: scale === "log" ? "logarithmic" : "linear", ...shown(y),
        border: { display: false }, grid: { color: theme.grid, drawTicks: false },
        ticks: { color: theme.secondary, font, padding: 8, autoSkip: false, callback: label(y) },
        afterFit: (axis) => {
          axis.width = narrow ? 34 : 44;
        },
      },
    },
  };
}

// A plugin belongs to a chart for life, so what it draws is looked up.
const shown = new WeakMap<object, { readonly model: PlotModel; readonly look: Look }>();
const markPlugin: Plugin<"line"> = {
  id: "marks",
  afterDatasetsDraw: (chart) => {
    const now = shown.get(chart);
    if (now) drawMarks(chart, now.model, now.look);
  },
};

function drawMarks(chart: Chart<"line">, model: PlotModel, { theme, style, live }: Look): void {
  const { ctx, chartArea, scales } = chart;
  const { x, y } = scales;
  if (!x || !y) return;
  ctx.save();
  ctx.lineWidth = 1;
  ctx.font = `11px ${theme.font}`;
  ctx.strokeStyle = ctx.fillStyle = theme.secondary;
  ctx.setLineDash([1, 3]);
  for (const step of model.restarts) {
    const at = Math.round(x.getPixelForValue(step)) + 0.5;
    strokePath(ctx, [[at, chartArea.top - (model.narrow ? 0 : 16)], [at, chartArea.bottom]]);
    if (model.narrow) continue;
    const { width } = ctx.measureText("restart");
    ctx.fillText("restart", Math.max(chartArea.left, at - width - 5), chartArea.top - 9);
  }
  ctx.setLineDash([]);
  ctx.strokeStyle = theme.error;
  ctx.lineWidth = 1.25;
  for (const step of model.nonFinite) {
    const at = x.getPixelForValue(step);
    strokePath(ctx, [[at - 5, chartArea.bottom - 12], [at + 5, chartArea.bottom - 12], [at, chartArea.bottom - 4], [at - 5, chartArea.bottom - 12]]);
  }
  if (model.end && Number.isFinite(model.end.y) && !(model.scale === "log" && model.end.y <= 0)) {
    ctx.beginPath();
    ctx.arc(x.getPixelForValue(model.end.x), y.getPixelForValue(model.end.y), 3.5, 0, 2 * Math.PI);
    ctx.fillStyle = live ? style.color : theme.background;
    ctx.strokeStyle = live ? theme.background : style.color;
    ctx.lineWidth = 1.25;
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

function strokePath(ctx: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]): void {
  ctx.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.stroke();
}
