// Which checkpoints the Saver's hour clock kept, found again from the times of what is on disk (RT-4, RT-5, RT-10).
import { keepIntervalSeconds } from "../retention/retention";
import type { RetentionPolicy } from "#model/run";
import type { FoundCheckpoint } from "./facts";

/** The verdict of the clock on one checkpoint. */
export interface ClockVerdict {
  readonly keeps: boolean;
  /** The value of the clock that it was compared with: the mark that it is, or the one it came too early for. */
  readonly clockSeconds: number;
}

/** When Savers were built, as far as it is known, and when the newest of all checkpoints was saved. */
export interface KnownTimes {
  readonly builtSeconds: readonly number[];
  readonly newestSeconds: number;
}

/** The clock of one Saver after the checkpoints that it judged. */
export interface ReplayedClock {
  readonly verdicts: ReadonlyMap<string, ClockVerdict>;
  /** Where the clock of the last Saver stands. */
  readonly next: number;
}

/**
 * Runs the clock of each Saver over the checkpoints saved in its time, oldest first, as if each had just been evicted.
 * Every Saver starts its clock anew (RT-10). Where no Saver is known, but the checkpoints span an interval
 * at least, the clock is given the phase that keeps the most: taking a mark for an unmanaged checkpoint would cost it.
 */
export function replayClock(
  candidates: readonly FoundCheckpoint[],
  policy: RetentionPolicy,
  { builtSeconds, newestSeconds }: KnownTimes,
): ReplayedClock {
  const interval = keepIntervalSeconds(policy);
  if (builtSeconds.length > 0) return replay(candidates, interval, builtSeconds);
  const first = candidates[0]?.wallTimeSeconds ?? newestSeconds;
  let best = replay(candidates, interval, [first]);
  if (newestSeconds - first < interval) return best;
  for (const { wallTimeSeconds } of candidates.slice(0, mostPhases)) {
    const intervals = interval > 0 ? Math.ceil((wallTimeSeconds - first) / interval) : 0;
    const justBefore = wallTimeSeconds - intervals * interval - smallestAgeSeconds;
    const tried = replay(candidates, interval, [justBefore - interval]);
    if (kept(tried) > kept(best)) best = tried;
  }
  return best;
}

/** More checkpoints than this are not tried as the one that set the phase. */
const mostPhases = 500;
/** Saves within less than this are not told apart. */
const smallestAgeSeconds = 1e-3;

function kept({ verdicts }: ReplayedClock): number {
  return [...verdicts.values()].filter(({ keeps }) => keeps).length;
}

function replay(candidates: readonly FoundCheckpoint[], interval: number, starts: readonly number[]): ReplayedClock {
  const verdicts = new Map<string, ClockVerdict>();
  let attempt = 0;
  let next = (starts[0] ?? 0) + interval;
  for (const { prefix, wallTimeSeconds } of candidates) {
    while (attempt + 1 < starts.length && wallTimeSeconds >= (starts[attempt + 1] ?? Infinity)) {
      next = (starts[++attempt] ?? 0) + interval;
    }
    const keeps = wallTimeSeconds > next;
    verdicts.set(prefix, { keeps, clockSeconds: next });
    if (keeps) next += interval;
  }
  if (attempt + 1 < starts.length) next = (starts.at(-1) ?? 0) + interval;
  return { verdicts, next };
}
