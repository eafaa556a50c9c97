// A debiased average whose points fade with the steps that follow them, or, across restarts, with the points.
import type { IndexRange } from "./debiasedAverage";

/** Columns of equal length: what is averaged, and where the result goes. */
export interface FadingColumns {
  readonly values: Float64Array;
  readonly steps: Float64Array;
  readonly into: Float64Array;
}

/** Takes one point after the other; values that are not finite pass through. */
export class FadingAverage {
  #average = 0;
  /** Product of the weights so far: what of the 0 at the start is still in the average. */
  #left = 1;
  #step: number | undefined;

  constructor(
    private readonly weight: number,
    /** Steps in which a point loses `1 - weight`; one point where left out. */
    private readonly distance: number | undefined,
  ) {}

  run({ values, steps, into }: FadingColumns, { from, to }: IndexRange): void {
    for (let index = from; index < to; index++) into[index] = this.#next(values[index] ?? NaN, steps[index] ?? 0);
  }

  copy(): FadingAverage {
    const copy = new FadingAverage(this.weight, this.distance);
    copy.#average = this.#average;
    copy.#left = this.#left;
    copy.#step = this.#step;
    return copy;
  }

  #next(value: number, step: number): number {
    if (!Number.isFinite(value)) return value;
    const kept = this.#keptOver(step);
    this.#step = step;
    this.#average = this.#average * kept + (1 - kept) * value;
    this.#left *= kept;
    // Points at one step keep all that was: the first of them still counts.
    return this.#left === 1 ? value : this.#average / (1 - this.#left);
  }

  #keptOver(step: number): number {
    if (this.distance === undefined || this.#step === undefined) return this.weight;
    return this.weight ** (Math.max(0, step - this.#step) / this.distance);
  }
}
