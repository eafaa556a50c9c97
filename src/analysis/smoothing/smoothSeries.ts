// A whole series smoothed, segment by segment: TensorBoard's average, anew at each restart or across it, by points or by steps.
import type { Smoothing } from "#model/scalars";
import { widened, type Growth } from "../series/growth";
import type { ScalarSeries, Segment } from "../series/scalarSeries";
import { DebiasedAverage, isConstant, smoothRange } from "./debiasedAverage";
import { FadingAverage } from "./fadingAverage";

/** Distances of points that are looked at to learn the usual one; later points do not change it, so the picture stays as it is. */
const distancesLookedAt = 100;

/** A column, and the index before which it is as it was. */
export interface GrownColumn {
  readonly values: Float64Array;
  readonly from: number;
}

/** Where the last segment was left, to go on from. */
interface Rest {
  /** Index of the next point. */
  readonly at: number;
  /** All values of the segment so far are equal, so they were left as they are. */
  readonly constant: boolean;
  readonly average: DebiasedAverage | FadingAverage;
  /** Of `timed`: the usual distance. */
  readonly distance: number | undefined;
}

/**
 * One value per point of a series, standing or not. Without `timed` and `bridge` every segment is TensorBoard's own average over
 * all of its points. `timed` lets a point fade with the steps that follow it instead of with the points: at even distances the two
 * are equal. `bridge` goes on across restarts from what stood before them. A further point costs the same however many there are.
 */
export class SmoothedColumn {
  #into = new Float64Array(0);
  #rest: Rest | undefined;

  constructor(private readonly smoothing: Smoothing) {}

  /** `values` are the series' own unless they were corrected. The answer is valid until the next update. */
  update(series: ScalarSeries, { from, settled }: Growth, values = series.values): GrownColumn {
    const { weight, timed, bridge } = this.smoothing;
    const last = series.segments.at(-1);
    if (!(weight > 0) || !last) return { values, from };
    this.#into = widened(this.#into, values.length);
    const distance = timed ? usualDistance(series) : undefined;
    const rest = this.#rest?.at === from && from > last.from && this.#rest.distance === distance ? this.#rest : undefined;
    const end = Math.max(last.from, Math.min(settled, last.to));
    const part = { values, steps: series.steps, last, rest, end };
    if (timed || bridge) this.#rest = this.#fading(part, distance, rest ? undefined : series);
    else {
      if (!rest) for (const { from: begin, to } of series.segments) if (begin !== last.from) smoothRange(values, { from: begin, to }, { weight, into: this.#into });
      this.#rest = this.#debiased(part);
    }
    const changed = rest ? (rest.constant && !this.#constant(part) ? last.from : from) : 0;
    return { values: this.#into.subarray(0, values.length), from: changed };
  }

  /** The last segment, as TensorBoard has it: a constant one is left as it is, so the first other value changes all of it. */
  #debiased(part: Part): Rest {
    const { values, last, rest, end } = part;
    const begin = rest?.at ?? last.from;
    const into = this.#into;
    if (this.#constant(part)) {
      into.set(values.subarray(begin, last.to), begin);
      return { at: end, constant: true, average: new DebiasedAverage(this.smoothing.weight), distance: undefined };
    }
    const goesOn = rest && !rest.constant && rest.average instanceof DebiasedAverage ? rest.average : undefined;
    const average = goesOn?.copy() ?? new DebiasedAverage(this.smoothing.weight);
    average.run(values, { from: goesOn ? begin : last.from, to: end }, into);
    const left = average.copy();
    average.run(values, { from: end, to: last.to }, into);
    const constant = !goesOn && isConstant(values, { from: last.from, to: end });
    return { at: end, constant, average: left, distance: undefined };
  }

  #fading({ values, steps, last, rest, end }: Part, distance: number | undefined, whole: ScalarSeries | undefined): Rest {
    const { weight, bridge } = this.smoothing;
    const into = this.#into;
    const column = { values, steps, into };
    let average = rest?.average instanceof FadingAverage ? rest.average.copy() : new FadingAverage(weight, distance);
    for (const { from, to, standing } of whole?.segments ?? []) {
      if (from === last.from) break;
      average.run(column, { from, to: standing });
      const stands = average.copy();
      average.run(column, { from: standing, to });
      average = bridge ? stands : new FadingAverage(weight, distance);
    }
    average.run(column, { from: rest?.at ?? last.from, to: end });
    const left = average.copy();
    average.run(column, { from: end, to: last.to });
    return { at: end, constant: false, average: left, distance };
  }

  #constant({ values, last, rest }: Part): boolean {
    return (rest?.constant ?? true) && isConstant(values, { from: rest?.at ?? last.from, to: last.to }, values[last.from]);
  }
}

/** The last segment of a series, and how far it was left alone. */
interface Part {
  readonly values: Float64Array;
  readonly steps: Float64Array;
  readonly last: Segment;
  readonly rest: Rest | undefined;
  /** Where to stop and remember. */
  readonly end: number;
}

/** The whole of a series at once. */
export function smoothSeries(series: ScalarSeries, smoothing: Smoothing, values = series.values): Float64Array {
  return new SmoothedColumn(smoothing).update(series, { from: 0, settled: series.length }, values).values;
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
