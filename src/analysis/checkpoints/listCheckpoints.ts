// The rows of the checkpoint browser: why each checkpoint is kept, what comes next, and the forecast behind it.
import type { CheckpointInfo, CheckpointList, ForecastSave, KeptBecause, PolicySource } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";
import { forecast, type ComingSaves } from "../retention/forecast";
import { rememberCheckpoints, startRetention, type RetentionState } from "../retention/retention";
import { byAge, completeByAge, knownTimes, latestOf, letGo, mayBeInTheMaking, ownPolicy, type CheckpointFacts, type FoundCheckpoint } from "./facts";
import { replayClock, type ClockVerdict } from "./hourMarks";
import { clockText, newestReason, nextOfListed } from "./words";

/** What the caller wants to know beyond what is there. */
export interface ListRequest {
  /** Another rule than the run's own, to see what it would do. */
  readonly policy?: RetentionPolicy;
  /** Number of coming saves to tell. */
  readonly forecast: number;
  /** Seconds between saves; the run's recent pace where left out. */
  readonly intervalSeconds?: number;
}

/** Supervisor's `save_model_secs`, for a run that has not shown a pace of its own. */
const defaultIntervalSeconds = 600;
/** A list longer than this is not simulated to its end. */
const mostSimulatedSaves = 1000;

/** All that a person is told of a run's checkpoints. Reasons speak of the run's own rule, the forecast of the asked one. */
export function listCheckpoints(facts: CheckpointFacts, request: ListRequest): CheckpointList {
  const policy = request.policy ?? ownPolicy(facts);
  const source: PolicySource = request.policy ? "asked" : facts.policy ? "run.json" : "defaults";
  const coming = simulate(facts, policy, request);
  const toldForecast = coming.saves.slice(0, Math.max(0, request.forecast));
  const rows = rowsOf(facts, coming, toldForecast.length);
  return {
    policy: { ...policy, source },
    latest: latestOf(facts),
    checkpoints: rows,
    problems: problemsOf(facts),
    forecast: toldForecast,
    trash: facts.trash,
  };
}

/** The Saver as it stands now, as far as it is known. */
export function currentRetention(facts: CheckpointFacts, policy: RetentionPolicy): RetentionState {
  const started = startRetention(policy, facts.nowSeconds);
  const byPrefix = new Map(facts.found.map((one) => [one.prefix, one]));
  const listed = policy.maxToKeep === 0 ? [] : listedFound(facts, byPrefix);
  if (facts.writer === "ended") {
    // A restart takes the list over with times cut to whole seconds, and starts the clock anew (RT-9, RT-10).
    return rememberCheckpoints(started, listed.map(({ prefix, wallTimeSeconds }) => [prefix, Math.floor(wallTimeSeconds)]));
  }
  const own = ownPolicy(facts);
  const sameClock = own.keepCheckpointEveryNHours === policy.keepCheckpointEveryNHours;
  const next = sameClock && facts.nextKeepSeconds !== undefined
    ? facts.nextKeepSeconds
    : replayClock(letGo(facts), policy, knownTimes(facts)).next;
  return { ...rememberCheckpoints(started, listed.map(({ prefix, wallTimeSeconds }) => [prefix, wallTimeSeconds])), next };
}

interface Simulation {
  readonly saves: readonly ForecastSave[];
  readonly intervalSeconds: number;
  /** By prefix: the save that deletes it or keeps it for good. */
  readonly decisions: ReadonlyMap<string, { readonly save: ForecastSave; readonly keeps: boolean; readonly markSeconds: number }>;
}

function simulate(facts: CheckpointFacts, policy: RetentionPolicy, request: ListRequest): Simulation {
  const state = currentRetention(facts, policy);
  const enough = policy.maxToKeep === 0 ? 0 : Math.abs(policy.maxToKeep) + state.last.length;
  const coming = comingSaves(facts, request, Math.max(request.forecast, Math.min(enough, mostSimulatedSaves)));
  const saves = forecast(state, coming);
  const decisions = new Map<string, { save: ForecastSave; keeps: boolean; markSeconds: number }>();
  let clock = state.next;
  for (const save of saves) {
    for (const prefix of save.deletes) decisions.set(prefix, { save, keeps: false, markSeconds: clock });
    for (const prefix of save.keepsForever) {
      decisions.set(prefix, { save, keeps: true, markSeconds: clock });
      clock += state.intervalSeconds;
    }
  }
  return { saves, intervalSeconds: coming.intervalSeconds, decisions };
}

/** When and where the coming saves are expected: the median of the last five distances goes on. */
function comingSaves(facts: CheckpointFacts, request: ListRequest, count: number): ComingSaves {
  const complete = completeByAge(facts);
  const newest = complete.at(-1);
  const paceSeconds = medianOfLast(complete.map(({ wallTimeSeconds }) => wallTimeSeconds), 1);
  const intervalSeconds = request.intervalSeconds ?? paceSeconds ?? defaultIntervalSeconds;
  const steps = complete.flatMap(({ step }) => (step === undefined ? [] : [step]));
  const stepInterval = medianOfLast(steps, 1);
  const firstStep = newest?.step === undefined || stepInterval === undefined ? undefined : newest.step + stepInterval;
  const due = newest && request.intervalSeconds === undefined && facts.writer === "running"
    ? newest.wallTimeSeconds + intervalSeconds - facts.nowSeconds
    : intervalSeconds;
  const base = newest?.prefix.replace(/-\d+$/, "") ?? "model";
  return {
    count, intervalSeconds, nowSeconds: facts.nowSeconds, firstAtSeconds: Math.max(0, due), firstStep, stepInterval,
    prefixOf: (save, step) => (step === undefined ? `${base} (save ${save})` : `${base}-${step}`),
  };
}

/** Median of the last five distances that are at least `least`: less than a second between saves is the trace of a copy. */
function medianOfLast(numbers: readonly number[], least: number): number | undefined {
  const recent = numbers.slice(-6);
  const distances = recent.slice(1).map((number, index) => number - (recent[index] ?? 0)).filter((one) => one >= least);
  distances.sort((one, other) => one - other);
  return distances[Math.floor(distances.length / 2)];
}

function listedFound(facts: CheckpointFacts, byPrefix: ReadonlyMap<string, FoundCheckpoint>): FoundCheckpoint[] {
  return (facts.state?.listed ?? []).flatMap((prefix) => {
    const found = byPrefix.get(prefix);
    return found?.complete ? [found] : [];
  });
}


/** Newest first. */
function rowsOf(facts: CheckpointFacts, coming: Simulation, told: number): CheckpointInfo[] {
  const byPrefix = new Map(facts.found.map((one) => [one.prefix, one]));
  const newestFirst = listedFound(facts, byPrefix).map(({ prefix }) => prefix).reverse();
  const marks = replayClock(letGo(facts), ownPolicy(facts), knownTimes(facts)).verdicts;
  const inState = new Set(facts.state?.listed ?? []);
  return [...facts.found].sort((one, other) => byAge(other, one)).map((found) => {
    const { prefix, step, wallTimeSeconds, bytes, complete } = found;
    const listed = inState.has(prefix);
    const deciding = coming.decisions.get(prefix);
    const deletedAtSave = deciding && !deciding.keeps && deciding.save.save <= told ? deciding.save.save : undefined;
    const verdict = verdictOn(found, { facts, newestFirst, marks, coming });
    return { prefix, step, wallTimeSeconds, bytes, listed, complete, ...verdict, deletedAtSave };
  });
}

interface Verdict {
  readonly kept: KeptBecause;
  readonly reason: string;
  readonly next: string;
}

interface Surroundings {
  readonly facts: CheckpointFacts;
  readonly newestFirst: readonly string[];
  readonly marks: ReadonlyMap<string, ClockVerdict>;
  readonly coming: Simulation;
}

function verdictOn(found: FoundCheckpoint, { facts, newestFirst, marks, coming }: Surroundings): Verdict {
  const { nowSeconds, writer } = facts;
  const { maxToKeep } = ownPolicy(facts);
  const guarded = facts.protected.find(({ prefix }) => prefix === found.prefix);
  if (!found.complete) return { kept: "unmanaged", ...incompleteWords(found, facts) };
  if (guarded) {
    const reason = guarded.note ? `Protected by you: “${guarded.note}”` : "Protected by you";
    return { kept: "protected", reason, next: "Stays until you unprotect it" };
  }
  const place = newestFirst.indexOf(found.prefix) + 1;
  if (maxToKeep === 0) {
    const reason = place === 1 ? newestReason({ place, count: 1, newest: 1 }) : "Kept like all: the rule deletes none";
    return { kept: "newest", reason, next: "Stays for good" };
  }
  if (place > 0) {
    const count = newestFirst.length;
    const reason = newestReason({ place, count, newest: facts.policy ? maxToKeep : Math.max(count, maxToKeep) });
    const simulated = coming.saves.length;
    const next = nextOfListed(coming.decisions.get(found.prefix), { nowSeconds, ended: writer === "ended", simulated });
    return { kept: "newest", reason, next };
  }
  const mark = marks.get(found.prefix);
  if (mark?.keeps) {
    const reason = `Hour mark: first save after ${clockText(mark.clockSeconds, nowSeconds)}`;
    return { kept: "hourMark", reason, next: "Stays for good; no longer in the state file" };
  }
  return { kept: "unmanaged", reason: unmanagedReason(found, facts), next: "Stays until you manage it or move it to trash" };
}

function incompleteWords(found: FoundCheckpoint, facts: CheckpointFacts): { readonly reason: string; readonly next: string } {
  const lacks = found.lacks ?? "a file";
  if (mayBeInTheMaking(found, facts)) return { reason: `Being written, or cut short just now: no ${lacks} yet`, next: "Complete when its save ends" };
  const reason = `Incomplete: cut short at ${clockText(found.wallTimeSeconds, facts.nowSeconds)}, no ${lacks}`;
  return { reason, next: "Cannot be restored; nothing deletes it" };
}

/** Why a complete checkpoint that nothing lists is there. */
export function unmanagedReason({ wallTimeSeconds }: FoundCheckpoint, facts: CheckpointFacts): string {
  if (!facts.state) return "Not managed: no state file names it";
  const restart = facts.builtSeconds.find((built) => built > wallTimeSeconds);
  if (restart === undefined) return "Not managed: written by another Saver";
  return `Not managed: saved before the restart at ${clockText(restart, facts.nowSeconds)}`;
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
