// A cut of one series for a plot of a given width: smoothed over all points first, thinned last.
import { smoothRange } from "../smoothing/debiasedAverage";
import type { Polyline, Slice, SliceRequest, StepValue } from "#model/scalars";
import type { ScalarSeries, Segment } from "./scalarSeries";
import { thin } from "./thin";

/** How many steps with NaN or ∞ are named; the rest are counted. */
const namedNonFinite = 10;

/**
 * Smooths every segment by itself, over all of its points, standing or not: the average starts anew at each restart.
 * The result has one value per point of the series.
 */
export function smoothSeries(series: ScalarSeries, weight: number): Float64Array {
  const { values } = series;
  if (!(weight > 0)) return values;
  const into = new Float64Array(values.length);
  for (const { from, to } of series.segments) smoothRange(values, { from, to }, { weight, into });
  return into;
}

/**
 * Cuts what a plot of `request.pixels` columns shows. `smoothed` is the result of `smoothSeries` for the request's weight.
 * Of each segment the nearest point outside the range on either side is added to the lines, so that they run to the edges;
 * `inRange` and `drawn` do not count those. `revision` is passed through.
 */
export function sliceSeries(
  series: ScalarSeries,
  request: SliceRequest,
  { smoothed, revision }: { readonly smoothed: Float64Array; readonly revision: number },
): Slice {
  const extent = extentOf(series);
  const view = viewOf(request, extent);
  const raw = new PolylineBuilder();
  const smooth = new PolylineBuilder();
  const tails = new PolylineBuilder();
  const bad = new NonFinite();
  let total = 0;
  let inRange = 0;
  for (const segment of series.segments) {
    const { from, to, standing } = segment;
    total += standing - from;
    const shown = within(series.steps, { from, to: standing }, view);
    inRange += shown.to - shown.from;
    bad.look(series, shown);
    cut(raw, { series, values: series.values, shown, bounds: { from, to: standing }, view });
    cut(smooth, { series, values: smoothed, shown, bounds: { from, to: standing }, view });
    const tail = within(series.steps, { from: standing, to }, view);
    cut(tails, { series, values: smoothed, shown: tail, bounds: { from: standing, to }, view });
  }
  const finite = inRange - bad.count;
  return {
    tag: request.tag, revision, total, inRange,
    drawn: raw.counted, thinned: raw.counted < finite, extent,
    raw: raw.done(), smoothed: smooth.done(), superseded: tails.done(),
    restarts: restartsOf(series),
    nonFinite: bad.named, nonFiniteCount: bad.count,
    last: lastOf(series, smoothed),
  };
}

interface View {
  readonly left: number;
  readonly right: number;
  readonly columns: number;
}

interface Indices {
  readonly from: number;
  readonly to: number;
}

function viewOf({ from, to, pixels }: SliceRequest, extent: readonly [number, number] | undefined): View {
  const columns = Math.max(1, Math.floor(Number.isFinite(pixels) ? pixels : 1));
  return { left: from ?? extent?.[0] ?? 0, right: to ?? extent?.[1] ?? 0, columns };
}

/** Least and greatest step of all points: what a restart replaced may reach beyond what stands. */
function extentOf({ steps, segments }: ScalarSeries): readonly [number, number] | undefined {
  let extent: readonly [number, number] | undefined;
  for (const { from, to } of segments) {
    const least = steps[from] ?? 0;
    const greatest = steps[to - 1] ?? 0;
    extent = extent ? [Math.min(extent[0], least), Math.max(extent[1], greatest)] : [least, greatest];
  }
  return extent;
}

/** The indices whose steps lie within the view, edges included; steps between `from` and `to` never fall. */
function within(steps: Float64Array, { from, to }: Indices, { left, right }: View): Indices {
  const first = search(steps, { from, to }, (step) => step >= left);
  return { from: first, to: search(steps, { from: first, to }, (step) => step > right) };
}

function search(steps: Float64Array, { from, to }: Indices, reached: (step: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reached(steps[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Cut {
  readonly series: ScalarSeries;
  readonly values: Float64Array;
  readonly shown: Indices;
  readonly bounds: Indices;
  readonly view: View;
}

/** Adds one segment's part of a line: the point before the range, the thinned range, the point after it. */
function cut(line: PolylineBuilder, { series, values, shown, bounds, view }: Cut): void {
  const { steps } = series;
  const outside = (index: number): void => {
    const value = values[index] ?? NaN;
    if (index >= bounds.from && index < bounds.to && Number.isFinite(value)) line.add(steps[index] ?? 0, value);
  };
  line.interrupt();
  if (bounds.from === bounds.to) return;
  outside(shown.from - 1);
  const already = line.length;
  const stepsPerColumn = (view.right - view.left) / view.columns;
  thin({ steps, values, from: shown.from, to: shown.to, left: view.left, stepsPerColumn, columns: view.columns }, (index, gap) => {
    if (gap) line.interrupt();
    line.add(steps[index] ?? 0, values[index] ?? NaN);
  });
  line.count(line.length - already);
  if (shown.to > shown.from && !Number.isFinite(values[shown.to - 1] ?? NaN)) line.interrupt();
  outside(shown.to);
}

/** The first steps with NaN or ∞ among standing points of the range, and their number. */
class NonFinite {
  readonly named: StepValue[] = [];
  count = 0;

  look({ steps, values }: ScalarSeries, { from, to }: Indices): void {
    for (let index = from; index < to; index++) {
      const value = values[index] ?? NaN;
      if (Number.isFinite(value)) continue;
      this.count++;
      if (this.named.length < namedNonFinite) this.named.push({ step: steps[index] ?? 0, value });
    }
  }
}

class PolylineBuilder {
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #breaks: number[] = [];
  #interrupted = false;
  /** Points counted as drawn. */
  counted = 0;

  get length(): number {
    return this.#x.length;
  }

  count(points: number): void {
    this.counted += points;
  }

  /** The next point begins a new piece. */
  interrupt(): void {
    this.#interrupted = this.#x.length > 0;
  }

  add(x: number, y: number): void {
    if (this.#interrupted) this.#breaks.push(this.#x.length);
    this.#interrupted = false;
    this.#x.push(x);
    this.#y.push(y);
  }

  done(): Polyline {
    return { x: Float64Array.from(this.#x), y: Float64Array.from(this.#y), breaks: Uint32Array.from(this.#breaks) };
  }
}

function restartsOf({ steps, segments }: ScalarSeries): number[] {
  return segments.filter(({ begins }) => begins === "restart").map(({ from }) => steps[from] ?? 0);
}

function lastOf(series: ScalarSeries, smoothed: Float64Array): Slice["last"] {
  const segment = series.segments.findLast((one: Segment) => one.standing > one.from);
  if (!segment) return undefined;
  const index = segment.standing - 1;
  const { steps, values, wallTimeSeconds } = series;
  return {
    step: steps[index] ?? 0, value: values[index] ?? NaN,
    smoothed: smoothed[index] ?? NaN, wallTimeSeconds: wallTimeSeconds[index] ?? 0,
  };
}
