// What a series comes to without its points: counts, first, last, least and greatest of what stands.
import type { StepValue } from "#model/scalars";
import type { ScalarSeries } from "./scalarSeries";
import type { SharedColumns } from "./seriesView";
import { lowerBound } from "./thin";

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

/** Without a look at each point: `pyramid` and `nonFinite` are over the series' own values. */
export function extremesOf(series: ScalarSeries, { pyramid, nonFinite: bad }: SharedColumns): SeriesExtremes {
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
    nonFinite += lowerBound(bad, standing) - lowerBound(bad, from);
    const { least, greatest } = pyramid.extremes(from, standing);
    if (least < 0) continue;
    if (min < 0 || (values[least] ?? NaN) < (values[min] ?? NaN)) min = least;
    if (max < 0 || (values[greatest] ?? NaN) > (values[max] ?? NaN)) max = greatest;
  }
  return { points, superseded: series.length - points, first: at(first), last: at(last), min: at(min), max: at(max), nonFinite };
}
