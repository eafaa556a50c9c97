// CheckpointManager's numbers, as far as its state file and what it left in the folder tell them (CM-2, CM-3).
import { defaultRetention, type RetentionPolicy } from "#model/run";
import type { FoundCheckpoint, ManagerFacts } from "./facts";

/** Its rule; a number that nothing in the folder shows is left out. */
export interface ManagerRule {
  readonly maxToKeep?: number;
  readonly keepCheckpointEveryNHours?: number;
}

/** The index of a checkpoint is written before the manager looks at its clock, and file systems round. */
const clockSlackSeconds = 1;

/** Those that it has let stay for good: complete, older than what it lists, and no longer in the list (CM-3). Oldest first. */
export function keptForGood(found: readonly FoundCheckpoint[], { savedSeconds, lastPreservedSeconds }: ManagerFacts): FoundCheckpoint[] {
  const old = found.filter(({ prefix, complete, wallTimeSeconds }) => complete && !savedSeconds.has(prefix) && wallTimeSeconds <= lastPreservedSeconds + clockSlackSeconds);
  return old.sort((one, other) => one.wallTimeSeconds - other.wallTimeSeconds);
}

/**
 * The manager lists as many as it keeps from the first time on that one had to go: its number shows as soon as something is gone from
 * before the list. Its hours show in the distances of those that stay for good.
 */
export function managerRule(found: readonly FoundCheckpoint[], manager: ManagerFacts): ManagerRule {
  const listed = found.filter(({ prefix }) => manager.savedSeconds.has(prefix)).sort((one, other) => (one.step ?? 0) - (other.step ?? 0));
  const stays = keptForGood(found, manager);
  const [first, second] = listed.map(({ step }) => step ?? NaN);
  const hadEarlier = first !== undefined && second !== undefined && first - (second - first) > 0;
  const hours = hoursOf(stays, [...manager.savedSeconds.values()].sort((one, other) => one - other));
  return { ...((stays.length > 0 || hadEarlier) && { maxToKeep: manager.savedSeconds.size }), ...(hours !== undefined && { keepCheckpointEveryNHours: hours }) };
}

/** The same as a policy: 0 where the number is not known. */
export function managerPolicy({ maxToKeep = 0, keepCheckpointEveryNHours = defaultRetention.keepCheckpointEveryNHours }: ManagerRule): RetentionPolicy {
  return { maxToKeep, keepCheckpointEveryNHours };
}

const roundSeconds = [3600, 1800, 900, 600, 300, 60, 10, 1];

/**
 * One stays when it is at least so many hours younger than the last that stayed, so the hours are no more than the smallest distance, and
 * less than one save short of it: the roundest number between is taken.
 */
function hoursOf(stays: readonly FoundCheckpoint[], savedSeconds: readonly number[]): number | undefined {
  const distances = stays.slice(1).map(({ wallTimeSeconds }, at) => wallTimeSeconds - (stays[at]?.wallTimeSeconds ?? NaN));
  const most = Math.min(...distances) + clockSlackSeconds;
  const pace = Math.min(...savedSeconds.slice(1).map((seconds, at) => seconds - (savedSeconds[at] ?? NaN)));
  if (!Number.isFinite(most) || !Number.isFinite(pace)) return undefined;
  const unit = roundSeconds.find((each) => Math.floor(most / each) * each > Math.max(0, most - pace));
  return unit === undefined ? undefined : (Math.floor(most / unit) * unit) / 3600;
}
