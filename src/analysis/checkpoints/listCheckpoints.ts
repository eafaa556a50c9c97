// All that a person is told of a run's checkpoints: rows, forecast, times, disk, notices.
import type { CheckpointList, PolicySource } from "#model/checkpoint";
import type { CheckpointMetric, DiskOutlook } from "#model/checkpointOutlook";
import type { RetentionPolicy } from "#model/run";
import { factsAfterRestore, type RestoreInThought } from "./afterRestore";
import { latestOf, ownPolicy, type CheckpointFacts, type MetricFacts } from "./facts";
import { bestOf } from "./metric";
import { noticesOf } from "./notices";
import { rowsOf } from "./rows";
import { clockJumped, paceOf, simulate, type Simulation, type SimulationRequest } from "./simulate";
import { timelineOf } from "./timeline";

/** What the caller wants to know beyond what is there. */
export interface ListRequest extends SimulationRequest {
  /** Another rule than the run's own, to see what it would do. */
  readonly policy?: RetentionPolicy;
  /** What comes next is told as it would be after this restore; rows stay what is there. */
  readonly afterRestore?: RestoreInThought;
}

/** Reasons speak of the run's own rule, what comes next of the asked one. */
export function listCheckpoints(facts: CheckpointFacts, request: ListRequest): CheckpointList {
  const policy = request.policy ?? ownPolicy(facts);
  const source: PolicySource = request.policy ? "asked" : facts.policy && !facts.manager ? "run.json" : "defaults";
  const { afterRestore } = request;
  const thought = afterRestore && factsAfterRestore(facts, afterRestore);
  const coming = simulate(thought?.facts ?? facts, policy, { ...request, ...(thought && { resumed: { ...paceOf(facts), step: thought.from } }) });
  const timesUnknown = clockJumped(facts) !== undefined;
  const best = bestWhole(facts);
  const rows = rowsOf(facts, coming, { timesUnknown, best });
  const problems = problemsOf(facts);
  const latest = latestOf(facts);
  return {
    policy: { ...policy, source }, ...(latest !== undefined && { latest }),
    checkpoints: rows, problems, forecast: coming.saves.slice(0, coming.told), trash: facts.trash,
    ...(facts.metric && { metric: metricOf(facts.metric) }), ...(facts.keepBest && { keepBest: facts.keepBest }),
    timeline: timelineOf(facts, coming), disk: diskOf(facts, coming), rule: facts.rule,
    writer: { state: facts.writer, ...(facts.who !== undefined && { who: facts.who }) },
    notices: noticesOf({ facts, rows, coming, best, problems }),
    ...(timesUnknown && { timesUnknown }),
    ...(facts.undoRestore && { undoRestore: facts.undoRestore }), ...(facts.stateRepair && { stateRepair: facts.stateRepair }),
    ...(facts.whyNoChange !== undefined && { whyNoChange: facts.whyNoChange }),
  };
}

function metricOf({ tag, lower, smoothing, tags, curve }: MetricFacts): CheckpointMetric {
  return { tag, better: lower ? "lower" : "higher", smoothing, tags, curve };
}

function bestWhole({ metric, found }: CheckpointFacts): string | undefined {
  if (!metric) return undefined;
  const whole = new Set(found.filter(({ complete, damage }) => complete && damage === undefined).map(({ prefix }) => prefix));
  const averages = [...metric.values].map(([prefix, { smoothed }]) => [prefix, smoothed] as const);
  return bestOf(new Map(averages.filter(([prefix]) => whole.has(prefix))), { count: 1, lower: metric.lower })[0];
}

function diskOf(facts: CheckpointFacts, coming: Simulation): DiskOutlook {
  const usedBytes = facts.found.reduce((sum, { bytes }) => sum + bytes, 0);
  const last = coming.saves[coming.told - 1] ?? coming.full;
  const { full } = coming;
  return {
    usedBytes, trashBytes: facts.trash.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(facts.freeBytes !== undefined && { freeBytes: facts.freeBytes }),
    endBytes: last?.totalBytes ?? usedBytes, toTheEnd: coming.toTheEnd,
    ...(full && { full: { save: full.save, atSeconds: full.atSeconds, ...(full.step !== undefined && { step: full.step }) } }),
  };
}

function problemsOf(facts: CheckpointFacts): string[] {
  const problems = [...facts.problems];
  const { state, found } = facts;
  if (!state) {
    if (found.length > 0 && problems.length === 0) problems.push("There is no state file: a restart would not find these checkpoints.");
    return problems;
  }
  const byPrefix = new Map(found.map((one) => [one.prefix, one]));
  for (const prefix of new Set([...state.listed, state.latest])) {
    const there = byPrefix.get(prefix);
    if (!there) problems.push(`The state file names ${prefix}, which is not on disk.`);
    else if (!there.complete) problems.push(`The state file names ${prefix}, which lacks its ${there.lacks ?? "files"}.`);
  }
  return problems;
}
