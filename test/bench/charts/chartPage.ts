// The page in which charts are measured: one chart per page, made of columns that lie in memory, then 24 steps of zoom and pan.
import { chartData, sumOf, type ChartData } from "./chartData";
import { openChartJs } from "./chartJsChart";
import { size, type Ends, type MeasuredChart } from "./chartVariant";
import { openOurChart, seriesOf } from "./ourChart";
import { pictureOf, differingShare } from "./pictures";
import { openUPlot } from "./uPlotChart";

export type ChartName = "ours" | "plain" | "lttb" | "uplot";

/** Milliseconds, but for `sum`. */
export interface ChartTimes {
  readonly first: number;
  readonly steps: readonly number[];
  readonly stepsWithRaster: readonly number[];
  readonly sum: number;
}

declare global {
  interface Window {
    chartBench: {
      measure(name: ChartName, lines: number, points: number): Promise<ChartTimes>;
      /** Share of inked pixels that differ from those of chart.js with all points. */
      difference(name: ChartName, points: number): Promise<number>;
    };
  }
}

const zoomSteps = 12;
const panSteps = 12;

/** What a chart is made of; ours keeps its points in series of its own. */
function opener(name: ChartName, data: ChartData): (ends: Ends) => MeasuredChart {
  const place = document.createElement("div");
  Object.assign(place.style, { position: "relative", width: `${size.width}px`, height: `${size.height}px` });
  document.body.replaceChildren(place);
  if (name === "uplot") return (ends) => openUPlot(place, data, ends);
  const canvas = document.createElement("canvas");
  place.append(canvas);
  if (name !== "ours") return (ends) => openChartJs(canvas, data, { ends, decimated: name === "lttb" });
  const series = seriesOf(data);
  return (ends) => openOurChart(canvas, series, ends);
}

/** Waits until the canvas has been drawn to the last stroke. */
function flush({ canvas }: MeasuredChart): void {
  canvas.getContext("2d")?.getImageData(0, 0, 1, 1);
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}

/** Halves the view around a third of it, then walks on by a tenth of it. */
function* endsOf(last: number): Generator<Ends> {
  let [from, to]: Ends = [0, last];
  for (let step = 0; step < zoomSteps; step++) {
    const width = (to - from) / 1.5;
    from += (to - from - width) / 3;
    to = from + width;
    yield [from, to];
  }
  for (let step = 0; step < panSteps; step++) {
    const by = (to - from) / 10;
    [from, to] = [from + by, to + by];
    yield [from, to];
  }
}

async function measure(name: ChartName, lines: number, points: number): Promise<ChartTimes> {
  const data = chartData(lines, points);
  const open = opener(name, data);
  await nextFrame();
  const began = performance.now();
  const chart = open([0, points - 1]);
  await nextFrame();
  flush(chart);
  const first = performance.now() - began;
  const steps: number[] = [];
  const stepsWithRaster: number[] = [];
  for (const ends of endsOf(points - 1)) {
    await nextFrame();
    const start = performance.now();
    chart.show(ends);
    await Promise.resolve();
    steps.push(performance.now() - start);
    flush(chart);
    stepsWithRaster.push(performance.now() - start);
  }
  // What was measured stays reachable, so that the heap can be weighed afterwards.
  Object.assign(window, { measured: { chart, data } });
  return { first, steps, stepsWithRaster, sum: sumOf(data) };
}

async function pictureWith(name: ChartName, data: ChartData): Promise<ImageData> {
  const chart = opener(name, data)([0, data.steps.length - 1]);
  await nextFrame();
  return pictureOf(chart.canvas);
}

async function difference(name: ChartName, points: number): Promise<number> {
  const data = chartData(1, points);
  return differingShare(await pictureWith(name, data), await pictureWith("plain", data));
}

window.chartBench = { measure, difference };
