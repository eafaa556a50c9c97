// What a whole curve comes to, and what it is at one place or step: standing points only.
import type { CurvePoint, CurveSummary, StepValue } from "#model/scalars";
import type { Pyramid } from "./pyramid";
import { firstAbove, nearest } from "./search";
import type { SeriesView } from "./seriesView";
import { lastOf, pointAt } from "./slice";
import { lowerBound } from "./thin";

/** Extremes of raw and smoothed values with their steps, the last point, and the last one up to step `at`. */
export function summarize(view: SeriesView, at?: number): CurveSummary {
  let points = 0;
  let nonFinite = 0;
  const raw = new Extreme(view, view.raw);
  const smoothed = new Extreme(view, view.smoothed);
  for (const { from, standing } of view.segments) {
    points += standing - from;
    nonFinite += lowerBound(view.nonFinite, standing) - lowerBound(view.nonFinite, from);
    raw.look(from, standing);
    smoothed.look(from, standing);
  }
  return {
    points, nonFinite, last: lastOf(view), min: raw.least, max: raw.greatest, lowest: smoothed.least, highest: smoothed.greatest, stepsPerSecond: speedOf(view),
    at: at === undefined ? undefined : lastUpTo(view, at),
  };
}

function speedOf({ segments, steps, wallTimeSeconds }: SeriesView): number | undefined {
  const segment = segments.findLast(({ from, standing }) => standing > from + 1);
  if (!segment) return undefined;
  const [first, last] = [segment.from, segment.standing - 1];
  const seconds = (wallTimeSeconds[last] ?? NaN) - (wallTimeSeconds[first] ?? NaN);
  return seconds > 0 ? ((steps[last] ?? NaN) - (steps[first] ?? NaN)) / seconds : undefined;
}

/** The standing point nearest to a place on the axis; of two pieces that both reach there, the later. */
export function pointNear(view: SeriesView, x: number): CurvePoint | undefined {
  let best = -1;
  for (const { from, standing } of view.segments) {
    const index = nearest(view.x, x, { from, to: standing });
    if (index < 0 || view.x[index] === Infinity) continue;
    if (best < 0 || Math.abs((view.x[index] ?? 0) - x) <= Math.abs((view.x[best] ?? 0) - x)) best = index;
  }
  return best < 0 ? undefined : pointAt(view, best);
}

/** The last standing point whose step is at most `step`; undefined where the curve begins later or ended before. */
function lastUpTo(view: SeriesView, step: number): CurvePoint | undefined {
  for (let at = view.segments.length - 1; at >= 0; at--) {
    const segment = view.segments[at];
    if (!segment || segment.standing === segment.from || (view.steps[segment.from] ?? 0) > step) continue;
    const index = firstAbove(view.steps, step, { from: segment.from, to: segment.standing }) - 1;
    return index < segment.from ? undefined : pointAt(view, index);
  }
  return undefined;
}

class Extreme {
  #least = -1;
  #greatest = -1;

  constructor(
    private readonly view: SeriesView,
    private readonly pyramid: Pyramid,
  ) {}

  get least(): StepValue | undefined {
    return this.#at(this.#least);
  }

  get greatest(): StepValue | undefined {
    return this.#at(this.#greatest);
  }

  look(from: number, to: number): void {
    const { values } = this.pyramid;
    const { least, greatest } = this.pyramid.extremes(from, to);
    if (least < 0) return;
    if (this.#least < 0 || (values[least] ?? NaN) < (values[this.#least] ?? NaN)) this.#least = least;
    if (this.#greatest < 0 || (values[greatest] ?? NaN) > (values[this.#greatest] ?? NaN)) this.#greatest = greatest;
  }

  #at(index: number): StepValue | undefined {
    return index < 0 ? undefined : { step: this.view.steps[index] ?? NaN, value: this.pyramid.values[index] ?? NaN };
  }
}
