// A series as it is looked at: on one axis, with one smoothing, and with what makes cuts of it quick.
import type { Smoothing } from "#model/scalars";
import { SmoothedColumn, smoothSeries } from "../smoothing/smoothSeries";
import { correctZeroStart } from "../smoothing/zeroStart";
import { GrowthMeter } from "./growth";
import { Pyramid } from "./pyramid";
import type { ScalarSeries, Segment } from "./scalarSeries";

/** Columns of equal length in the order of drawing: within what stands of a segment, and within what was superseded, `x` never falls. */
export interface SeriesView {
  readonly x: Float64Array;
  readonly steps: Float64Array;
  readonly wallTimeSeconds: Float64Array;
  readonly segments: readonly Segment[];
  readonly raw: Pyramid;
  readonly smoothed: Pyramid;
  /** As recorded; differs from `raw` where that was corrected. */
  readonly recorded: Float64Array;
  /** Ascending indices of recorded values that are not finite. */
  readonly nonFinite: Uint32Array;
  /** Ascending indices at which a line has a gap: the above, and where a correction has no value. */
  readonly gaps: Uint32Array;
  /** The order of drawing is not that of the points. */
  readonly permuted: boolean;
}

/** What a view is made with. `decay`: the values are an average of that decay that started at 0, to be corrected. */
export interface ViewWish {
  readonly smoothing: Smoothing;
  readonly decay?: number;
}

/** What is kept of a series for every view of it. */
export interface SharedColumns {
  /** Over the series' own values. */
  readonly pyramid: Pyramid;
  /** Of values that are not finite. */
  readonly nonFinite: Uint32Array;
}

/** Makes a view of a series whose points stand at `x`. */
export function viewSeries(series: ScalarSeries, x: Float64Array, { smoothing, decay }: ViewWish): SeriesView {
  const recorded = series.values;
  const values = decay === undefined ? recorded : correctZeroStart(series, decay);
  const smooth = smoothSeries(series, smoothing, values);
  const order = orderOf(x, series.segments);
  const take = (column: Float64Array): Float64Array => (order ? column.map((_, index) => column[order[index] ?? 0] ?? NaN) : column);
  const rawValues = take(values);
  const raw = new Pyramid(rawValues);
  // A point without a place is beyond every range.
  const placed = order ? take(x).map((place) => (Number.isNaN(place) ? Infinity : place)) : x;
  const shown = take(recorded);
  const nonFinite = nonFiniteIn(shown);
  return {
    x: placed, steps: take(series.steps), wallTimeSeconds: take(series.wallTimeSeconds), segments: copied(series.segments),
    raw, smoothed: smooth === values ? raw : new Pyramid(take(smooth)), recorded: shown, nonFinite,
    permuted: order !== undefined, gaps: decay === undefined ? nonFinite : nonFiniteIn(rawValues),
  };
}

/** A view that goes on as its series grows, at the price of the new points. */
export class GrowingView {
  readonly #meter = new GrowthMeter();
  readonly #smoothed: SmoothedColumn;
  readonly #pyramid = new Pyramid();
  #inOrder = true;

  constructor(smoothing: Smoothing) {
    this.#smoothed = new SmoothedColumn(smoothing);
  }

  /** `settled`: how many points will never be taken back. Undefined where the order of drawing is not that of the points: then it must be made anew each time. */
  update(series: ScalarSeries, x: Float64Array, { shared, settled }: { readonly shared: SharedColumns; readonly settled: number }): SeriesView | undefined {
    const growth = this.#meter.next(series, settled);
    const { values, from } = this.#smoothed.update(series, growth);
    this.#inOrder &&= series.segments.every(({ from: begin, to, standing }) =>
      neverFalls(x, { from: Math.max(begin, growth.from - 1), to: standing }) && neverFalls(x, { from: Math.max(standing, growth.from - 1), to }));
    if (!this.#inOrder) return undefined;
    const recorded = series.values;
    const lone = values.buffer === recorded.buffer;
    if (!lone) this.#pyramid.update(values, from);
    return {
      x, steps: series.steps, wallTimeSeconds: series.wallTimeSeconds, segments: copied(series.segments), raw: shared.pyramid, smoothed: lone ? shared.pyramid : this.#pyramid,
      recorded, nonFinite: shared.nonFinite, gaps: shared.nonFinite, permuted: false,
    };
  }
}

/** A series may grow while a view of it is written to a file. */
function copied(segments: readonly Segment[]): readonly Segment[] {
  return segments.map((segment) => ({ ...segment }));
}

/** The order of the points by their place, within each part that is drawn as one line; undefined where it is theirs already. Points without a place come last. */
function orderOf(x: Float64Array, segments: readonly Segment[]): Uint32Array | undefined {
  const parts = segments.flatMap(({ from, to, standing }) => [{ from, to: standing }, { from: standing, to }]);
  if (parts.every((part) => neverFalls(x, part))) return undefined;
  const order = Uint32Array.from(x, (_, index) => index);
  const place = (index: number): number => (Number.isNaN(x[index] ?? NaN) ? Infinity : (x[index] ?? Infinity));
  for (const { from, to } of parts) order.subarray(from, to).sort((one, other) => place(one) - place(other) || one - other);
  return order;
}

function neverFalls(x: Float64Array, { from, to }: { readonly from: number; readonly to: number }): boolean {
  for (let index = from; index < to; index++) {
    const here = x[index] ?? NaN;
    if (!(here >= (index > from ? (x[index - 1] ?? NaN) : here))) return false;
  }
  return true;
}

/** Ascending indices of what is not finite. */
function nonFiniteIn(values: Float64Array): Uint32Array {
  const indices: number[] = [];
  for (let index = 0; index < values.length; index++) if (!Number.isFinite(values[index] ?? NaN)) indices.push(index);
  return Uint32Array.from(indices);
}
