// Where the points of a series stand on each kind of x axis.
import type { AxisKind } from "#model/scalars";
import type { ActiveClock } from "./activeTime";
import type { ScalarSeries } from "./scalarSeries";

/** A point of another tag that was written this much later than one of the same step still belongs to it. */
const sameStepSeconds = 60;

/** What the axes other than the step take from the rest of the run. */
export interface AxisSources {
  /** Wall time of the run's first event, in seconds. */
  readonly firstSeconds: number;
  clock(): ActiveClock;
  /** Another tag of the run. */
  tag(name: string): ScalarSeries | undefined;
}

/** One place per point, in the order of the points. Seconds on the axes of time, `NaN` where the other tag had no value yet. */
export function axisColumn(series: ScalarSeries, axis: AxisKind, sources: AxisSources): Float64Array {
  switch (axis.kind) {
    case "step": return series.steps;
    case "index": return series.steps.map((_, index) => index);
    case "wall": return series.wallTimeSeconds;
    case "relative": return series.wallTimeSeconds.map((seconds) => seconds - sources.firstSeconds);
    case "active": return series.wallTimeSeconds.map(sources.clock());
    case "tag": {
      const other = sources.tag(axis.tag);
      return other ? valuesBeside(series, other) : new Float64Array(series.length).fill(NaN);
    }
  }
}

/** The value that the other tag had when each point was recorded: its last one by then, or the one of the same step. */
function valuesBeside({ steps, wallTimeSeconds }: ScalarSeries, other: ScalarSeries): Float64Array {
  const beside = new Float64Array(steps.length).fill(NaN);
  let at = -1;
  for (let index = 0; index < steps.length; index++) {
    const time = wallTimeSeconds[index] ?? 0;
    for (;;) {
      const next = at + 1;
      if (next >= other.length) break;
      const later = (other.wallTimeSeconds[next] ?? Infinity) - time;
      const sameStep = other.steps[next] === steps[index] && later <= sameStepSeconds;
      if (later > 0 && !sameStep) break;
      at = next;
    }
    if (at >= 0) beside[index] = other.values[at] ?? NaN;
  }
  return beside;
}
