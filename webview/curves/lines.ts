// What is read off cuts: the range of their values, the point nearest to a place.
import type { Band, Polyline, Slice } from "#model/scalars";
import type { Axis } from "./axes";
import type { Drawn } from "./state";

/** Which values count. */
export interface RangeWish {
  /** Only positive ones, for a logarithmic axis. */
  readonly positive: boolean;
  readonly x: Pick<Axis, "min" | "max">;
  /** Outliers do not. */
  readonly clip: boolean;
}

/** Least and greatest finite values that the lines of a chart show; infinite where there are none. `lowest` counts what is not positive, too. */
export function valueRange(drawn: readonly Drawn[], { positive, x, clip }: RangeWish): { readonly low: number; readonly high: number; readonly lowest: number; readonly clipped: boolean } {
  const all = new Reach(positive, x);
  const usual = new Reach(positive, x);
  for (const { slice, group } of drawn) {
    if (slice) {
      const own = new Reach(positive, x);
      for (const line of [slice.raw, slice.smoothed]) own.look(line.x, line.y);
      if (slice.band) for (const edge of [slice.band.low, slice.band.high]) own.look(slice.band.x, edge);
      all.join(own.low, own.high);
      all.lowest = Math.min(all.lowest, own.lowest);
      usual.join(Math.max(own.low, slice.usual?.[0] ?? -Infinity), Math.min(own.high, slice.usual?.[1] ?? Infinity));
    }
    if (group) {
      for (const reach of [all, usual]) {
        reach.look(group.x, group.mean.map((mean, at) => mean - (group.spread[at] ?? 0)));
        reach.look(group.x, group.mean.map((mean, at) => mean + (group.spread[at] ?? 0)));
        // Below zero the spread has no place on a logarithmic axis, the mean has.
        reach.look(group.x, group.mean);
      }
    }
  }
  const clipped = clip && usual.high >= usual.low && (usual.low > all.low || usual.high < all.high);
  return { low: clipped ? usual.low : all.low, high: clipped ? usual.high : all.high, lowest: all.lowest, clipped };
}

class Reach {
  low = Infinity;
  high = -Infinity;
  lowest = Infinity;

  constructor(
    private readonly positive: boolean,
    private readonly x: Pick<Axis, "min" | "max">,
  ) {}

  look(x: Float64Array, y: Float64Array): void {
    const { min, max } = this.x;
    for (let at = 0; at < y.length; at++) {
      const value = y[at] ?? NaN;
      const place = x[at] ?? NaN;
      if (!Number.isFinite(value) || place < min || place > max) continue;
      if (value < this.lowest) this.lowest = value;
      if (this.positive && value <= 0) continue;
      if (value < this.low) this.low = value;
      if (value > this.high) this.high = value;
    }
  }

  join(low: number, high: number): void {
    this.low = Math.min(this.low, low);
    this.high = Math.max(this.high, high);
  }
}

/** Index of the place nearest to another; -1 when there is none. Places must not fall. */
export function nearestIndex(x: Float64Array, place: number): number {
  if (x.length === 0) return -1;
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  const before = x[low - 1];
  return before !== undefined && place - before <= (x[low] ?? 0) - place ? low - 1 : low;
}

/** Places of a line ordered and with their values: pieces that go back over steps, as a counter that began again, come in the order of places. */
export function byPlace(line: Polyline): Polyline {
  const known = ordered.get(line);
  if (known) return known;
  const falls = line.x.some((place, at) => at > 0 && place < (line.x[at - 1] ?? place));
  const order = falls ? Uint32Array.from(line.x, (_, at) => at).sort((one, other) => (line.x[one] ?? 0) - (line.x[other] ?? 0)) : undefined;
  const result = order ? { x: line.x.map((_, at) => line.x[order[at] ?? 0] ?? NaN), y: line.y.map((_, at) => line.y[order[at] ?? 0] ?? NaN), breaks: line.breaks } : line;
  ordered.set(line, result);
  return result;
}

const ordered = new WeakMap<Polyline, Polyline>();

/** The part of a line that is seen, with a point beyond on either side: a zoomed axis would have far longer strokes and dashes drawn than are in sight. */
export function inSight(line: Polyline, { min, max }: Pick<Axis, "min" | "max">): Polyline {
  const { x, y, breaks } = line;
  let from = 0;
  let to = x.length;
  while (from + 1 < to && (x[from + 1] ?? min) < min) from++;
  while (to - 1 > from && (x[to - 2] ?? max) > max) to--;
  if (from === 0 && to === x.length) return line;
  return { x: x.subarray(from, to), y: y.subarray(from, to), breaks: breaks.filter((at) => at > from && at < to).map((at) => at - from) };
}

/** What stands at a place as far as the picture tells: exact where all points are drawn. */
export interface Reading {
  readonly x: number;
  readonly smoothed: number;
  readonly raw?: number;
  /** Least and greatest raw value in the pixel column, where points are too many to be told apart. */
  readonly rawRange?: readonly [number, number];
}

/** Reads a cut at the drawn point nearest to a place. */
export function readAt(slice: Slice, place: number): Reading | undefined {
  const { x, y } = byPlace(slice.smoothed);
  const index = nearestIndex(x, place);
  const at = x[index];
  const smoothed = y[index];
  if (at === undefined || smoothed === undefined) return undefined;
  if (slice.band) return { x: at, smoothed, ...rangeAt(slice.band, at) };
  const raw = byPlace(slice.raw);
  const nearest = nearestIndex(raw.x, at);
  if (raw.x[nearest] === at) return { x: at, smoothed, raw: raw.y[nearest] };
  return { x: at, smoothed };
}

function rangeAt({ x, low, high }: Band, place: number): Pick<Reading, "rawRange"> {
  const index = nearestIndex(x, place);
  return index < 0 ? {} : { rawRange: [low[index] ?? NaN, high[index] ?? NaN] };
}
