// uPlot as its documentation has it: columns as they are, no axes, no legend.
import UPlot from "uplot";
import { valueRange, type ChartData } from "./chartData";
import { area, colorOf, lineWidth, size, type Ends, type MeasuredChart } from "./chartVariant";

/** From columns to a drawn chart. */
export function openUPlot(place: HTMLElement, { steps, lines }: ChartData, [min, max]: Ends): MeasuredChart {
  const chart = new UPlot({
    ...size, pxAlign: 0, legend: { show: false }, cursor: { show: false }, padding: [area.top, size.width - area.right, size.height - area.bottom, area.left],
    axes: [{ show: false }, { show: false }],
    scales: { x: { time: false, min, max, range: (_, from, to) => [from, to] }, y: { auto: false, range: [valueRange.min, valueRange.max] } },
    series: [{}, ...lines.map((_, line) => ({ stroke: colorOf(line), width: lineWidth, points: { show: false } }))],
  }, [steps, ...lines], place);
  return { canvas: chart.ctx.canvas, show: ([from, to]) => chart.setScale("x", { min: from, max: to }) };
}
