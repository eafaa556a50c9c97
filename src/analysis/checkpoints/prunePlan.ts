// Which checkpoints a retention rule would let go now, decided before anything is moved.
import type { PlannedDelete, PrunePlan } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";
import { byAge, completeByAge, knownTimes, latestOf, letGo, mayBeInTheMaking, ownPolicy, type CheckpointFacts, type FoundCheckpoint } from "./facts";
import { replayClock } from "./hourMarks";
import { keptForGood } from "./managerRule";
import { bestNow } from "./simulate";
import { clockText, keptForGoodReason, newestReason, protectedReason, unmanagedReason } from "./words";

/** What to plan: for a rule (the run's own where left out), or for one row only. */
export interface PruneRequest {
  readonly policy?: RetentionPolicy;
  readonly prefix?: string;
}

/**
 * Plans a prune. The rule keeps the newest N, and of the others those that its hour clock would have kept; the rest goes, with
 * what is incomplete. Never planned: the checkpoint a restart resumes from, protected ones, what a save may be writing now.
 */
export function prunePlan(facts: CheckpointFacts, { policy = ownPolicy(facts), prefix }: PruneRequest = {}): PrunePlan {
  const judge = prefix === undefined ? judgeOf(facts, policy) : chosen(prefix);
  const deletes: PlannedDelete[] = [];
  const keeps: { prefix: string; reason: string }[] = [];
  for (const found of [...facts.found].sort(byAge)) {
    const sacred = untouchable(found, facts);
    const { goes, reason } = judge(found);
    if (sacred !== undefined || !goes) keeps.push({ prefix: found.prefix, reason: sacred ?? reason });
    else deletes.push(planned(found, reason));
  }
  return { deletes, keeps, bytes: deletes.reduce((sum, { bytes }) => sum + bytes, 0) };
}

interface Verdict {
  readonly goes: boolean;
  readonly reason: string;
}

type Judge = (found: FoundCheckpoint) => Verdict;

function chosen(prefix: string): Judge {
  return (found) => (found.prefix === prefix ? { goes: true, reason: "Chosen by you" } : { goes: false, reason: "Not chosen" });
}

/** Why no plan may touch it. */
function untouchable(found: FoundCheckpoint, facts: CheckpointFacts): string | undefined {
  if (found.prefix === (latestOf(facts) ?? completeByAge(facts).at(-1)?.prefix)) return "Newest: the run resumes from it";
  const guarded = facts.protected.find(({ prefix }) => prefix === found.prefix);
  if (guarded) return protectedReason(guarded);
  if (facts.keepBest && bestNow(facts).includes(found.prefix)) return `Best ${facts.keepBest.count} by ${facts.keepBest.tag}`;
  if (found.prefix === facts.undoRestore?.savedBefore) return "Held for the undo of a restore";
  return mayBeInTheMaking(found, facts) ? "A save may be writing it now" : undefined;
}

/** The rule's verdict on each checkpoint. */
function judgeOf(facts: CheckpointFacts, policy: RetentionPolicy): Judge {
  const complete = completeByAge(facts);
  const inList = new Set(facts.state?.listed ?? []);
  const unlisted = complete.filter(({ prefix }) => !inList.has(prefix));
  // What the Saver lists counts as newer than what it let go or never had: the rule goes by its list. Only where the list is
  // shorter than the rule's number do others fill it up, so that no prune leaves fewer than the number asked for.
  const ranked = [...unlisted, ...listedInOrder(complete, facts)].reverse();
  const newest = policy.maxToKeep === 0 ? ranked : ranked.slice(0, Math.max(0, policy.maxToKeep));
  const place = new Map(newest.map(({ prefix }, index) => [prefix, index + 1]));
  const evicted = complete.filter(({ prefix }) => !place.has(prefix));
  const clock = replayClock(evicted, policy, knownTimes(facts)).verdicts;
  const ownMarks = replayClock(letGo(facts), ownPolicy(facts), knownTimes(facts)).verdicts;
  // Another number of hours is another wish of those that stay.
  const sameHours = policy.keepCheckpointEveryNHours === ownPolicy(facts).keepCheckpointEveryNHours;
  const forGood = new Set(facts.manager && sameHours ? keptForGood(facts.found, facts.manager).map(({ prefix }) => prefix) : []);
  return (found) => {
    if (forGood.has(found.prefix)) return { goes: false, reason: keptForGoodReason };
    if (!found.complete) return { goes: true, reason: "Incomplete: cannot be restored" };
    const at = place.get(found.prefix);
    if (at !== undefined) return { goes: false, reason: newestReasonOf(at, newest.length, policy) };
    const verdict = clock.get(found.prefix);
    const mark = clockText(verdict?.clockSeconds ?? NaN, facts.nowSeconds);
    if (verdict?.keeps) return { goes: false, reason: `Hour mark: first save after ${mark}` };
    if (!inList.has(found.prefix) && !ownMarks.get(found.prefix)?.keeps) return { goes: true, reason: unmanagedReason(found, facts) };
    return { goes: true, reason: `Not one of the newest ${policy.maxToKeep}, and before the hour mark of ${mark}` };
  };
}

function newestReasonOf(place: number, count: number, { maxToKeep }: RetentionPolicy): string {
  return maxToKeep === 0 ? "Kept like all: the rule deletes none" : newestReason({ place, count, newest: maxToKeep });
}

/** The state file's order is the Saver's own; times on disk may be those of a copy. */
function listedInOrder(complete: readonly FoundCheckpoint[], facts: CheckpointFacts): FoundCheckpoint[] {
  const byPrefix = new Map(complete.map((found) => [found.prefix, found]));
  return (facts.state?.listed ?? []).flatMap((prefix) => byPrefix.get(prefix) ?? []);
}

function planned({ prefix, step, files, bytes }: FoundCheckpoint, reason: string): PlannedDelete {
  return { prefix, step, files, bytes, reason };
}
