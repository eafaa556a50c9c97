// A whole series smoothed, segment by segment: TensorBoard's average, anew at each restart or across it, by points or by steps.
import type { Smoothing } from "#model/scalars";
import type { ScalarSeries } from "../series/scalarSeries";
import { smoothRange } from "./debiasedAverage";

/** Distances of points that are looked at to learn the usual one; later points do not change it, so the picture stays as it is. */
const distancesLookedAt = 100;

/**
 * One value per point of the series, standing or not. Without `timed` and `bridge` every segment is TensorBoard's own average over
 * all of its points. `timed` lets a point fade with the steps that follow it instead of with the points: at even distances the two
 * are equal. `bridge` goes on across restarts from what stood before them.
 * `values` are the series' own unless they were corrected.
 */
export function smoothSeries(series: ScalarSeries, { weight, timed, bridge }: Smoothing, values = series.values): Float64Array {
  if (!(weight > 0)) return values;
  const into = new Float64Array(values.length);
  if (!timed && !bridge) {
    for (const { from, to } of series.segments) smoothRange(values, { from, to }, { weight, into });
    return into;
  }
  const distance = timed ? usualDistance(series) : undefined;
  let state = fresh;
  for (const { from, to, standing } of series.segments) {
    const average = new Average(weight, bridge ? state : fresh, distance);
    for (let index = from; index < to; index++) {
      into[index] = average.next(values[index] ?? NaN, series.steps[index] ?? 0);
      if (index === standing - 1) state = average.state;
    }
  }
  return into;
}

/** Middle of the first distances between the steps of points that follow each other; 1 where there is none. */
export function usualDistance({ steps, segments }: ScalarSeries): number {
  const distances: number[] = [];
  for (const { from, to } of segments) {
    for (let index = from + 1; index < to && distances.length < distancesLookedAt; index++) {
      const distance = (steps[index] ?? 0) - (steps[index - 1] ?? 0);
      if (distance > 0) distances.push(distance);
    }
  }
  return distances.sort((one, other) => one - other)[distances.length >> 1] ?? 1;
}

interface AverageState {
  readonly average: number;
  /** Product of the weights so far: what of the 0 at the start is still in the average. */
  readonly left: number;
  readonly step: number | undefined;
}

const fresh: AverageState = { average: 0, left: 1, step: undefined };

/** A debiased average that takes one point after the other; values that are not finite pass through. */
class Average {
  #average: number;
  #left: number;
  #step: number | undefined;

  constructor(
    private readonly weight: number,
    { average, left, step }: AverageState,
    /** Steps in which a point loses `1 - weight`; one point where left out. */
    private readonly distance: number | undefined,
  ) {
    this.#average = average;
    this.#left = left;
    this.#step = step;
  }

  get state(): AverageState {
    return { average: this.#average, left: this.#left, step: this.#step };
  }

  next(value: number, step: number): number {
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
