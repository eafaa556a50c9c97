// The value of a rank among many without putting them all in order.

/** The value that would stand at index `rank` if the values from `from` on were in order; they are moved about, so that none before it is greater and none behind it less. No value may be `NaN`. */
export function valueOfRank(values: Float64Array, rank: number, from = 0): number {
  let low = from;
  let high = values.length - 1;
  while (low < high) {
    const middle = values[(low + high) >>> 1] ?? 0;
    let left = low;
    let right = high;
    while (left <= right) {
      while ((values[left] ?? 0) < middle) left++;
      while ((values[right] ?? 0) > middle) right--;
      if (left > right) break;
      const value = values[left] ?? 0;
      values[left++] = values[right] ?? 0;
      values[right--] = value;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return values[rank] ?? NaN;
}
