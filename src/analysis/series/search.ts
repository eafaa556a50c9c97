// Finding places in a column that never falls.

/** Part of a column: from index `from` up to, not including, `to`. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** The first index of the range whose value is at least `wanted`; `to` where there is none. */
export function firstAtLeast(column: Float64Array, wanted: number, { from, to }: IndexRange): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] ?? 0) >= wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first index of the range whose value is greater than `wanted`; `to` where there is none. */
export function firstAbove(column: Float64Array, wanted: number, { from, to }: IndexRange): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `firstAtLeast`, quick where the answer lies near the beginning: steps of doubling length, then halves. */
export function gallopAtLeast(column: Float64Array, wanted: number, { from, to }: IndexRange): number {
  let step = 1;
  let low = from;
  while (low + step < to && (column[low + step] ?? 0) < wanted) {
    low += step;
    step *= 2;
  }
  return firstAtLeast(column, wanted, { from: low, to: Math.min(to, low + step + 1) });
}

/** The index of the range whose value is nearest to `wanted`, the earlier of two as near; -1 for an empty range. */
export function nearest(column: Float64Array, wanted: number, range: IndexRange): number {
  if (range.from >= range.to) return -1;
  const after = firstAtLeast(column, wanted, range);
  if (after === range.from) return after;
  if (after === range.to) return range.to - 1;
  return wanted - (column[after - 1] ?? 0) <= (column[after] ?? 0) - wanted ? after - 1 : after;
}
