// Which bucket each value of a histogram summary falls into: TF's 1,551 fixed limits (SY-5).
import type { HistogramContent } from "#formats/events/event";
import { InvalidArgumentError } from "../graph/errors";

const smallestLimit = 1e-12;
const largestLimit = 1e20;
const growth = 1.1;
const limits = bucketLimits();

/** Sorts numbers into TF's buckets; runs of empty buckets become one. `tag` names the summary in errors. */
export function histogramOf(tag: string, values: ArrayLike<number>): HistogramContent {
  const counts = new Float64Array(limits.length);
  let [min, max, sum, sumSquares] = [Number.MAX_VALUE, -Number.MAX_VALUE, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      throw new InvalidArgumentError(`${Number.isNaN(value) ? "Nan" : "Infinity"} in summary histogram for: ${tag}`);
    }
    const bucket = bucketOf(value);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    sumSquares += value * value;
  }
  return { kind: "histogram", min, max, num: values.length, sum, sumSquares, ...withoutEmptyRuns(counts) };
}

/** The first limit strictly greater than the value; the last one for the largest double of all. */
function bucketOf(value: number): number {
  let [low, high] = [0, limits.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((limits[middle] ?? Number.MAX_VALUE) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A run of empty buckets is written as one empty bucket that ends at the run's last limit. */
function withoutEmptyRuns(counts: Float64Array): { limits: Float64Array; counts: Float64Array } {
  const kept: number[] = [];
  for (let i = 0; i < counts.length; i++) {
    const last = i === counts.length - 1 || counts[i] !== 0 || counts[i + 1] !== 0;
    if (last) kept.push(i);
  }
  const pick = (column: Float64Array) => Float64Array.from(kept, (i) => column[i] ?? 0);
  return { limits: pick(limits), counts: pick(counts) };
}

/** Repeated multiplication, not powers: the limits must have TF's rounding. */
function bucketLimits(): Float64Array {
  const positive: number[] = [];
  for (let limit = smallestLimit; limit < largestLimit; limit *= growth) positive.push(limit);
  positive.push(Number.MAX_VALUE);
  return Float64Array.from([...positive.map((limit) => -limit).reverse(), 0, ...positive]);
}
