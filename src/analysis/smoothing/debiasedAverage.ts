// TensorBoard's smoothing: an exponential average that starts at 0 and is divided by the weight it has gathered.

/** Part of a column: from index `from` up to, not including, `to`. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Smooths a whole column as TensorBoard's time-series page does, bit for bit inside V8. Non-finite values pass through
 * and do not advance the average; a constant column is returned as it is; the weight is clamped to 0…1.
 */
export function debiasedAverage(values: Float64Array, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  smoothRange(values, { from: 0, to: values.length }, { weight, into: smoothed });
  return smoothed;
}

/** The same over one range of a column, as if it were a column of its own; the result goes to the same indices of `into`. */
export function smoothRange(values: Float64Array, range: IndexRange, { weight, into }: { readonly weight: number; readonly into: Float64Array }): void {
  if (isConstant(values, range)) into.set(values.subarray(range.from, range.to), range.from);
  else new DebiasedAverage(weight).run(values, range, into);
}

/** The average on its way through a column that is not constant. */
export class DebiasedAverage {
  #average = 0;
  #count = 0;
  #debias = 0;
  readonly #weight: number;

  constructor(weight: number) {
    this.#weight = Number.isFinite(weight) ? Math.max(0, Math.min(1, weight)) : 0;
  }

  /** Goes on over a range and writes the same indices of `into`. */
  run(values: Float64Array, { from, to }: IndexRange, into: Float64Array): void {
    const weight = this.#weight;
    let average = this.#average;
    let count = this.#count;
    let debias = this.#debias;
    for (let index = from; index < to; index++) {
      const value = values[index] ?? NaN;
      if (!Number.isFinite(value)) {
        into[index] = value;
        continue;
      }
      average = average * weight + (1 - weight) * value;
      count++;
      // Once 1 - weight^count rounds to 1 it stays there: a power per point would cost more than all the rest.
      if (debias !== 1) debias = weight === 1 ? 1 : 1 - Math.pow(weight, count);
      into[index] = average / debias;
    }
    this.#average = average;
    this.#count = count;
    this.#debias = debias;
  }

  copy(): DebiasedAverage {
    const copy = new DebiasedAverage(this.#weight);
    copy.#average = this.#average;
    copy.#count = this.#count;
    copy.#debias = this.#debias;
    return copy;
  }
}

/** Half-life of the average in units of `spacing` (steps between points): ln ½ / ln weight × spacing. 0 without smoothing. */
export function halfLife(weight: number, spacing: number): number {
  if (weight <= 0) return 0;
  return weight >= 1 ? Infinity : (Math.log(0.5) / Math.log(weight)) * spacing;
}

/** Whether all values of a range are equal; NaN equals nothing. */
export function isConstant(values: Float64Array, { from, to }: IndexRange, first = values[from]): boolean {
  for (let index = from; index < to; index++) {
    if (values[index] !== first) return false;
  }
  return true;
}
