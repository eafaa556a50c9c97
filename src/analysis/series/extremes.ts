// What a series comes to without its points: counts, first, last, least and greatest of what stands.
import type { StepValue } from "#model/scalars";
import type { ScalarSeries } from "./scalarSeries";

/** `min` and `max` over finite values, the earliest of equal ones; all over standing points only. */
export interface SeriesExtremes {
  readonly points: number;
  readonly superseded: number;
  readonly first?: StepValue;
  readonly last?: StepValue;
  readonly min?: StepValue;
  readonly max?: StepValue;
  readonly nonFinite: number;
}

/** One pass over the standing points. */
export function extremesOf(series: ScalarSeries): SeriesExtremes {
  const { steps, values, segments } = series;
  const at = (index: number): StepValue | undefined =>
    index < 0 ? undefined : { step: steps[index] ?? 0, value: values[index] ?? NaN };
  let points = 0;
  let nonFinite = 0;
  let first = -1;
  let last = -1;
  let min = -1;
  let max = -1;
  for (const { from, standing } of segments) {
    if (standing === from) continue;
    if (first < 0) first = from;
    last = standing - 1;
    points += standing - from;
    for (let index = from; index < standing; index++) {
      const value = values[index] ?? NaN;
      if (!Number.isFinite(value)) nonFinite++;
      else {
        if (min < 0 || value < (values[min] ?? NaN)) min = index;
        if (max < 0 || value > (values[max] ?? NaN)) max = index;
      }
    }
  }
  return { points, superseded: series.length - points, first: at(first), last: at(last), min: at(min), max: at(max), nonFinite };
}
