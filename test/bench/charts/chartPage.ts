// The page in which charts are measured: one chart per page, made of columns that lie in memory, then 24 steps of zoom and pan.
import { chartData, sumOf, type ChartData } from "./chartData";
import { openChartJs } from "./chartJsChart";
import { size, type Ends, type MeasuredChart } from "./chartVariant";
import { openOurChart, seriesOf } from "./ourChart";
import { pictureOf, differingShare } from "./pictures";
import { openUPlot } from "./uPlotChart";

export type ChartName = "ours" | "plain" | "lttb" | "uplot";

/** Milliseconds that each step took. */
export interface StepTimes {
  readonly script: readonly number[];
  /** With the canvas drawn to the last stroke. */
  readonly raster: readonly number[];
}

declare global {
  interface Window {
    chartBench: {
      /** Makes the columns; the sum of all values, which no chart may change. */
      prepare(name: ChartName, lines: number, points: number): number;
      /** Milliseconds from the columns to the canvas drawn to the last stroke. */
      first(): Promise<number>;
      steps(): Promise<StepTimes>;
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

/** What is measured; it stays reachable, so that the heap can be weighed afterwards. */
let ready: { readonly data: ChartData; readonly open: (ends: Ends) => MeasuredChart } | undefined;
let shown: MeasuredChart | undefined;

function prepare(name: ChartName, lines: number, points: number): number {
  const data = chartData(lines, points);
  ready = { data, open: opener(name, data) };
  return sumOf(data);
}

async function first(): Promise<number> {
  if (!ready) throw new Error("nothing is prepared");
  await nextFrame();
  const began = performance.now();
  shown = ready.open([0, ready.data.steps.length - 1]);
  await nextFrame();
  flush(shown);
  return performance.now() - began;
}

async function steps(): Promise<StepTimes> {
  if (!ready || !shown) throw new Error("no chart is open");
  const script: number[] = [];
  const raster: number[] = [];
  for (const ends of endsOf(ready.data.steps.length - 1)) {
    await nextFrame();
    const start = performance.now();
    shown.show(ends);
    await Promise.resolve();
    script.push(performance.now() - start);
    flush(shown);
    raster.push(performance.now() - start);
  }
  return { script, raster };
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

window.chartBench = { prepare, first, steps, difference };
