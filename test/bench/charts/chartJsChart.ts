// chart.js 4 as its documentation has it for many points: parsed data, no animation, plain or with its decimation plug-in.
import { Chart, Decimation, LinearScale, LineController, LineElement, PointElement } from "chart.js";
import { valueRange, type ChartData } from "./chartData";
import { area, colorOf, lineWidth, size, type Ends, type MeasuredChart } from "./chartVariant";

Chart.register(Decimation, LinearScale, LineController, LineElement, PointElement);

/** From columns to a drawn chart; it wants an object per point. */
export function openChartJs(canvas: HTMLCanvasElement, { steps, lines }: ChartData, { ends: [min, max], decimated }: { readonly ends: Ends; readonly decimated: boolean }): MeasuredChart {
  const chart = new Chart(canvas, {
    type: "line",
    data: {
      datasets: lines.map((values, line) => ({
        data: Array.from(values, (y, index) => ({ x: steps[index] ?? 0, y })), borderColor: colorOf(line), borderWidth: lineWidth, borderJoinStyle: "round", pointRadius: 0,
      })),
    },
    options: {
      animation: false, parsing: false, normalized: true, responsive: true, maintainAspectRatio: false, events: [],
      layout: { padding: { left: area.left, top: area.top, right: size.width - area.right, bottom: size.height - area.bottom }, autoPadding: false },
      plugins: { decimation: { enabled: decimated, algorithm: "lttb" } },
      scales: { x: { type: "linear", display: false, min, max }, y: { type: "linear", display: false, ...valueRange } },
    },
  });
  const x = chart.options.scales?.x;
  return {
    canvas,
    show: ([from, to]) => {
      if (x) Object.assign(x, { min: from, max: to });
      chart.update("none");
    },
  };
}
