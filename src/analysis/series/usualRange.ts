// The range of values that a curve usually has: what a value axis shows when outliers are clipped.
import { valueOfRank } from "./ranks";
import type { IndexRange } from "./search";
import type { SeriesView } from "./seriesView";

/** Values looked at, spread evenly over the range. */
const looksAt = 1024;
/** Share of the values at either end that does not decide. */
const endShare = 0.02;
/** Fewer values than this have no outliers. */
const leastValues = 20;

/**
 * From the 2nd to the 98th percentile of raw values, and as much again beyond either end; never less than all smoothed values reach.
 * Undefined where all values lie within.
 */
export function usualRange({ raw, smoothed }: Pick<SeriesView, "raw" | "smoothed">, shown: readonly IndexRange[]): readonly [number, number] | undefined {
  const points = shown.reduce((sum, { from, to }) => sum + to - from, 0);
  const every = Math.max(1, Math.ceil(points / looksAt));
  const found = new Float64Array(Math.min(points, looksAt + shown.length));
  let count = 0;
  let [low, high, lowLine, highLine] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { from, to } of shown) {
    for (let index = from; index < to; index += every) {
      const value = raw.values[index] ?? NaN;
      if (Number.isFinite(value)) found[count++] = value;
    }
    const all = raw.extremes(from, to);
    const line = smoothed === raw ? undefined : smoothed.extremes(from, to);
    low = Math.min(low, raw.values[all.least] ?? Infinity);
    high = Math.max(high, raw.values[all.greatest] ?? -Infinity);
    lowLine = Math.min(lowLine, smoothed.values[line?.least ?? -1] ?? Infinity);
    highLine = Math.max(highLine, smoothed.values[line?.greatest ?? -1] ?? -Infinity);
  }
  if (count < leastValues) return undefined;
  const values = found.subarray(0, count);
  const first = Math.floor(count * endShare);
  const begin = valueOfRank(values, first);
  const end = valueOfRank(values, Math.ceil(count * (1 - endShare)) - 1, first);
  const room = end - begin;
  const usual = [Math.min(begin - room, lowLine), Math.max(end + room, highLine)] as const;
  return room > 0 && (usual[0] > low || usual[1] < high) ? usual : undefined;
}
