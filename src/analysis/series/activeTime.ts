// Training time without its pauses: worked out from the gaps between points and from where sessions began.
import type { ScalarSeries } from "./scalarSeries";

/** A gap this much longer than the usual one, and this long, is a pause. */
const pauseTimes = 20;
const leastPauseSeconds = 60;

/** Seconds of training at a wall time, pauses left out; the first point is at 0. */
export type ActiveClock = (wallTimeSeconds: number) => number;

/**
 * A clock out of the run's densest series. Pauses are gaps of more than 20 times the middle one and of at least a minute, and all
 * of the time between the last point before a restart, or before a session's start, and the first one after it.
 * `starts`: wall times in seconds at which sessions began.
 */
export function activeClock(series: Pick<ScalarSeries, "wallTimeSeconds" | "segments">, starts: readonly number[]): ActiveClock {
  const times = series.wallTimeSeconds;
  const limit = Math.max(leastPauseSeconds, pauseTimes * middleGap(times));
  const restarts = new Set(series.segments.filter(({ begins }) => begins !== "first").map(({ from }) => from));
  const sessions = [...starts].sort((one, other) => one - other);
  const origin = times[0] ?? 0;
  const ends: number[] = [];
  const lost: number[] = [];
  let sum = 0;
  let last = origin;
  let session = 0;
  for (let index = 1; index < times.length; index++) {
    const time = times[index] ?? 0;
    const gap = time - last;
    if (!(gap > 0)) continue;
    while ((sessions[session] ?? Infinity) <= last) session++;
    if (gap > limit || restarts.has(index) || (sessions[session] ?? Infinity) <= time) {
      sum += gap;
      ends.push(time);
      lost.push(sum);
    }
    last = time;
  }
  return (wallTime) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ends[middle] ?? 0) <= wallTime) low = middle + 1;
      else high = middle;
    }
    // Within a pause the clock stands still.
    const before = wallTime - origin - (lost[low - 1] ?? 0);
    const pauseBegan = low < ends.length ? (ends[low] ?? 0) - ((lost[low] ?? 0) - (lost[low - 1] ?? 0)) : Infinity;
    return Math.min(wallTime, pauseBegan) < wallTime ? pauseBegan - origin - (lost[low - 1] ?? 0) : before;
  };
}

/** Middle of the gaps that are greater than 0, out of at most 1,000 of them spread evenly. */
function middleGap(times: Float64Array): number {
  const every = Math.max(1, Math.floor(times.length / 1000));
  const gaps: number[] = [];
  for (let index = 1; index < times.length; index += every) {
    const gap = (times[index] ?? 0) - (times[index - 1] ?? 0);
    if (gap > 0) gaps.push(gap);
  }
  return gaps.sort((one, other) => one - other)[gaps.length >> 1] ?? 0;
}
