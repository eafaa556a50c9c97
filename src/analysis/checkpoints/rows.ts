// One row per checkpoint: why it is kept, and what comes next for it.
import type { CheckpointInfo, KeptBecause } from "#model/checkpoint";
import type { Fate } from "#model/checkpointOutlook";
import { byAge, isBeingWritten, knownTimes, letGo, mayBeInTheMaking, ownPolicy, type CheckpointFacts, type FoundCheckpoint } from "./facts";
import { replayClock, type ClockVerdict } from "./hourMarks";
import { keptForGood } from "./managerRule";
import { bestNow, listedFound, type Simulation } from "./simulate";
import { clockText, fateText, keptForGoodReason, newestReason, protectedReason, unmanagedReason } from "./words";

interface Verdict {
  readonly kept: KeptBecause;
  readonly reason: string;
  readonly fate: Fate;
  readonly place?: number;
  readonly markSeconds?: number;
  readonly note?: string;
}

interface Surroundings {
  readonly facts: CheckpointFacts;
  /** Prefixes of the list, newest first. */
  readonly newestFirst: readonly string[];
  readonly marks: ReadonlyMap<string, ClockVerdict>;
  /** Prefixes of those that a CheckpointManager has let stay for good. */
  readonly forGood: ReadonlySet<string>;
  readonly coming: Simulation;
  readonly timesUnknown: boolean;
}

/** What is decided over all rows. */
export interface RowsOptions {
  readonly timesUnknown: boolean;
  /** Prefix of the best one. */
  readonly best: string | undefined;
}

/** Newest first. Reasons speak of the run's own rule, what comes next of the simulated one. */
export function rowsOf(facts: CheckpointFacts, coming: Simulation, { timesUnknown, best }: RowsOptions): CheckpointInfo[] {
  const surroundings: Surroundings = {
    facts, coming, timesUnknown,
    newestFirst: listedFound(facts).map(({ prefix }) => prefix).reverse(),
    marks: replayClock(letGo(facts), ownPolicy(facts), knownTimes(facts)).verdicts,
    forGood: new Set(facts.manager ? keptForGood(facts.found, facts.manager).map(({ prefix }) => prefix) : []),
  };
  const inState = new Set(facts.state?.listed ?? []);
  return [...facts.found].sort((one, other) => byAge(other, one)).map((found) => {
    const { prefix, step, wallTimeSeconds, bytes, complete, damage, verified } = found;
    const verdict = verdictOn(found, surroundings);
    const { fate } = verdict;
    const metric = complete ? facts.metric?.values.get(prefix) : undefined;
    return {
      prefix, ...(step !== undefined && { step }), wallTimeSeconds, bytes, listed: inState.has(prefix), complete, ...verdict,
      reason: damage === undefined ? verdict.reason : `Damaged: ${damage}`,
      next: fateText(fate, { facts, simulated: coming.saves.length, timesUnknown }),
      ...(fate.kind === "goes" && fate.save <= coming.told && { deletedAtSave: fate.save }),
      ...(metric && { metric }), ...(prefix === best && { best: true as const }), ...(damage !== undefined && { damage }), ...(verified && { verified }),
    };
  });
}

function verdictOn(found: FoundCheckpoint, surroundings: Surroundings): Verdict {
  const { facts, newestFirst, marks, forGood } = surroundings;
  const { maxToKeep } = ownPolicy(facts);
  const { prefix } = found;
  if (!found.complete) return incomplete(found, facts);
  const place = newestFirst.indexOf(prefix) + 1;
  const inList = place > 0 && { place };
  const guarded = facts.protected.find((one) => one.prefix === prefix);
  if (guarded) return { kept: "protected", reason: protectedReason(guarded), fate: stays("unprotected"), note: guarded.note ?? "", ...inList };
  if (place === 0 && forGood.has(prefix)) {
    return { kept: "hourMark", reason: keptForGoodReason, fate: stays("forGood") };
  }
  if (facts.manager && maxToKeep === 0 && place > 0) {
    return { kept: "newest", reason: place === 1 ? newestReason({ place, count: 1, newest: 1 }) : "One of all that were saved so far", fate: stays("unknown"), place };
  }
  if (maxToKeep === 0) {
    const reason = place === 1 ? newestReason({ place, count: 1, newest: 1 }) : "Kept like all: the rule deletes none";
    return { kept: "newest", reason, fate: stays("always"), ...inList };
  }
  if (place > 0) {
    const count = newestFirst.length;
    const reason = newestReason({ place, count, newest: facts.policy ? maxToKeep : Math.max(count, maxToKeep) });
    return { kept: "newest", reason, fate: fateOfListed(prefix, surroundings), place };
  }
  if (facts.keptAsBest.includes(prefix) && facts.keepBest) {
    const { count, tag } = facts.keepBest;
    return { kept: "best", reason: `Best ${count} by ${tag}`, fate: bestNow(facts).includes(prefix) ? stays("beaten") : fateOfListed(prefix, surroundings) };
  }
  const mark = marks.get(prefix);
  if (!mark?.keeps) return { kept: "unmanaged", reason: unmanagedReason(found, facts), fate: stays("managed") };
  const reason = `Hour mark: first save after ${clockText(mark.clockSeconds, facts.nowSeconds)}`;
  return { kept: "hourMark", reason, fate: stays("forGood"), markSeconds: mark.clockSeconds };
}

function fateOfListed(prefix: string, { coming, timesUnknown, facts }: Surroundings): Fate {
  const decision = coming.decisions.get(prefix);
  if (!decision) return stays(coming.toTheEnd && isBeingWritten(facts) ? "endOfRun" : "simulated");
  if (decision.does === "spare") return stays("beaten");
  const { save, step } = decision.save;
  const when = { save, atSeconds: timesUnknown ? NaN : decision.save.atSeconds, ...(step !== undefined && { step }) };
  return decision.does === "delete" ? { kind: "goes", ...when } : { kind: "becomesHourMark", ...when, markSeconds: decision.markSeconds };
}

function incomplete(found: FoundCheckpoint, facts: CheckpointFacts): Verdict {
  const lacks = found.lacks ?? "a file";
  if (mayBeInTheMaking(found, facts)) return { kept: "unmanaged", reason: `Being written, or cut short just now: no ${lacks} yet`, fate: stays("saved") };
  const reason = `Incomplete: cut short at ${clockText(found.wallTimeSeconds, facts.nowSeconds)}, no ${lacks}`;
  return { kept: "unmanaged", reason, fate: stays("never") };
}

function stays(until: Extract<Fate, { kind: "stays" }>["until"]): Fate {
  return { kind: "stays", until };
}
