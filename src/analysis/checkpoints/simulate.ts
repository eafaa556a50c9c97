// Every coming save in thought: what the Saver will delete and keep, how full the disk gets, and where it no longer fits.
import type { ForecastSave } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";
import { forecast, managerKeeper, saverKeeper, type ComingSaves, type Keeper, type SimulatedSave } from "../retention/forecast";
import { managerNumbers } from "../retention/managerRetention";
import { changePolicy, rememberCheckpoints, startRetention, type RetentionState } from "../retention/retention";
import { completeByAge, isBeingWritten, knownTimes, letGo, ownPolicy, type CheckpointFacts, type FoundCheckpoint } from "./facts";
import { replayClock } from "./hourMarks";
import { bestOf } from "./metric";

/** How far to simulate. */
export interface SimulationRequest {
  /** Number of coming saves that are asked for. */
  readonly forecast: number;
  /** As many as the training will still make, where its end is known. */
  readonly toTheEnd?: boolean;
  /** Seconds between saves; the run's recent pace where left out. */
  readonly intervalSeconds?: number;
  /** The training goes on from this step now, an interval before its next save, at the pace that it had. */
  readonly resumed?: Pace & { readonly step: number | undefined };
}

/** How far apart saves are; undefined where the run has not shown it. */
export interface Pace {
  readonly seconds: number | undefined;
  readonly steps: number | undefined;
}

/** What was simulated. */
export interface Simulation {
  readonly saves: readonly ForecastSave[];
  /** How many of them the caller asked for. */
  readonly told: number;
  /** The last of them is the training's last. */
  readonly toTheEnd: boolean;
  /** Not even the next save fits. */
  readonly full?: ForecastSave;
  /** By prefix: the save that decides on it. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Where the clock of the rule stands now. */
  readonly nextMarkSeconds: number;
}

/** One save's decision on one checkpoint. */
export interface Decision {
  readonly save: ForecastSave;
  readonly does: "delete" | "keep" | "spare";
  /** The mark of the hour clock that it was compared with. */
  readonly markSeconds: number;
}

/** Supervisor's `save_model_secs`, for a run that has not shown a pace of its own. */
const defaultIntervalSeconds = 600;
/** A list longer than this is not simulated to its end. */
const mostSimulatedSaves = 1000;

/** Runs the rule ahead, far enough for what is asked and for every listed checkpoint to be decided on. */
export function simulate(facts: CheckpointFacts, policy: RetentionPolicy, request: SimulationRequest): Simulation {
  const keeper = keeperOf(facts, policy);
  const coming = comingSaves(facts, request);
  const left = savesLeft(coming);
  const toTheEnd = request.toTheEnd === true && left !== undefined && left <= mostSimulatedSaves;
  const asked = toTheEnd ? left : Math.max(0, request.forecast);
  const enough = policy.maxToKeep === 0 ? 0 : policy.maxToKeep + listedFound(facts).length;
  const count = toTheEnd ? asked : Math.max(asked, Math.min(enough, mostSimulatedSaves));
  const ahead = forecast(keeper, { ...coming, count }, sparedNow(facts));
  const saves = withSizes(facts, withBeaten(facts, ahead.saves));
  const decisions = new Map<string, Decision>();
  for (const [at, save] of saves.entries()) {
    const markSeconds = ahead.marks[at] ?? NaN;
    for (const prefix of save.deletes) decisions.set(prefix, { save, does: "delete", markSeconds });
    for (const prefix of save.spares) decisions.set(prefix, { save, does: "spare", markSeconds });
    for (const prefix of save.keepsForever) decisions.set(prefix, { save, does: "keep", markSeconds });
  }
  const full = saves.find(({ refused }) => refused);
  return {
    saves, decisions, toTheEnd: toTheEnd && !full, told: Math.min(asked, saves.length),
    nextMarkSeconds: keeper.markSeconds, ...(full && { full }),
  };
}

/** Whoever keeps the folder, as it stands now; under another rule than its own as it would be after the change. */
function keeperOf(facts: CheckpointFacts, policy: RetentionPolicy): Keeper {
  const { manager } = facts;
  if (!manager) return saverKeeper(currentRetention(facts, policy));
  const last = listedFound(facts).map(({ prefix, wallTimeSeconds }) => [prefix, manager.savedSeconds.get(prefix) ?? wallTimeSeconds] as const);
  return managerKeeper({ ...managerNumbers(policy), last, lastPreservedSeconds: manager.lastPreservedSeconds });
}

/** The Saver as it stands now, as far as it is known; under another rule than its own as it would be after the change. */
export function currentRetention(facts: CheckpointFacts, policy: RetentionPolicy): RetentionState {
  const own = ownPolicy(facts);
  const listed = listedFound(facts);
  if (!isBeingWritten(facts) && facts.writer !== "foreign") {
    // A restart takes the list over with times cut to whole seconds, and starts the clock anew (RT-9, RT-10).
    const last = policy.maxToKeep === 0 ? [] : listed;
    return rememberCheckpoints(startRetention(policy, facts.nowSeconds), last.map(({ prefix, wallTimeSeconds }) => [prefix, Math.floor(wallTimeSeconds)]));
  }
  const started = startRetention(own, facts.nowSeconds);
  const next = facts.nextKeepSeconds ?? replayClock(letGo(facts), own, knownTimes(facts)).next;
  const state = { ...rememberCheckpoints(started, listed.map(({ prefix, wallTimeSeconds }) => [prefix, wallTimeSeconds])), next };
  const same = own.maxToKeep === policy.maxToKeep && own.keepCheckpointEveryNHours === policy.keepCheckpointEveryNHours;
  return same ? state : changePolicy(state, policy);
}

/** The listed ones that are here and complete, oldest first. */
export function listedFound({ state, found }: CheckpointFacts): FoundCheckpoint[] {
  const byPrefix = new Map(found.map((one) => [one.prefix, one]));
  return (state?.listed ?? []).flatMap((prefix) => {
    const there = byPrefix.get(prefix);
    return there?.complete ? [there] : [];
  });
}

/** What no save will delete as things stand: protected ones, the best where keep-best is on, and the state held for an undo. */
export function sparedNow(facts: CheckpointFacts): Set<string> {
  const { protected: guarded, undoRestore } = facts;
  return new Set([...guarded.map(({ prefix }) => prefix), ...bestNow(facts), ...(undoRestore ? [undoRestore.savedBefore] : [])]);
}

/** Those that keep-best keeps as things stand. */
export function bestNow({ keepBest, bestValues }: CheckpointFacts): readonly string[] {
  return keepBest ? bestOf(bestValues, keepBest) : [];
}

/** Kept as best until a better one came: one of them goes with each save, in the order in which they were kept. */
function withBeaten(facts: CheckpointFacts, saves: readonly SimulatedSave[]): SimulatedSave[] {
  const here = new Set(facts.found.map(({ prefix }) => prefix));
  const spared = sparedNow(facts);
  const beaten = facts.keptAsBest.filter((prefix) => here.has(prefix) && !spared.has(prefix));
  return saves.map((save, at) => {
    const goes = beaten[at];
    return goes === undefined ? save : { ...save, deletes: [...save.deletes, goes] };
  });
}

/** Whether the clock ran backwards among the listed saves: then no time can be foreseen. */
export function clockJumped(facts: CheckpointFacts): FoundCheckpoint | undefined {
  const listed = listedFound(facts);
  const wholeSecond = 1;
  return listed.find((one, at) => at > 0 && one.wallTimeSeconds < (listed[at - 1]?.wallTimeSeconds ?? 0) - wholeSecond);
}

/** When and where the coming saves are expected: the median of the last five distances goes on. */
function comingSaves(facts: CheckpointFacts, request: SimulationRequest): ComingSaves {
  const complete = completeByAge(facts);
  // The state file knows the newest; by the times of the files alone a clock that was set back would make it an old one.
  const newest = complete.find(({ prefix }) => prefix === facts.state?.latest) ?? complete.at(-1);
  const { resumed } = request;
  const pace = resumed ?? paceOf(facts);
  const intervalSeconds = request.intervalSeconds ?? pace.seconds ?? defaultIntervalSeconds;
  const from = resumed ? resumed.step : newest?.step;
  const firstStep = from === undefined || pace.steps === undefined ? undefined : from + pace.steps;
  const due = newest && !resumed && request.intervalSeconds === undefined && isBeingWritten(facts)
    ? newest.wallTimeSeconds + intervalSeconds - facts.nowSeconds
    : intervalSeconds;
  // A name that is there already would stand for another checkpoint.
  const taken = new Set(facts.found.map(({ prefix }) => prefix));
  const base = newest?.prefix.replace(/-\d+$/, "") ?? "model";
  return {
    count: 0, intervalSeconds, nowSeconds: facts.nowSeconds, firstAtSeconds: Math.max(0, due), firstStep, stepInterval: pace.steps,
    ...(facts.endStep !== undefined && { endStep: facts.endStep }),
    prefixOf: (save, step) => (step === undefined || taken.has(`${base}-${step}`) ? `${base} (save ${save})` : `${base}-${step}`),
  };
}

/** The median of the last five distances, in the list where that is long enough. The save before a restore is off the beat. */
export function paceOf(facts: CheckpointFacts): Pace {
  // Between those that stayed for good others are gone.
  const listed = listedFound(facts);
  const onBeat = (listed.length > 2 ? listed : completeByAge(facts)).filter(({ prefix }) => prefix !== facts.undoRestore?.savedBefore);
  return {
    seconds: medianOfLast(onBeat.map(({ wallTimeSeconds }) => wallTimeSeconds), 1),
    steps: medianOfLast(onBeat.flatMap(({ step }) => (step === undefined ? [] : [step])), 1),
  };
}

/** How many saves the training will still make, the last one at its end; undefined where end or pace are not known. */
function savesLeft({ firstStep, stepInterval, endStep }: ComingSaves): number | undefined {
  if (firstStep === undefined || stepInterval === undefined || endStep === undefined) return undefined;
  const newest = firstStep - stepInterval;
  return Math.max(0, Math.ceil((endStep - newest) / stepInterval));
}

/** Median of the last five distances that are at least `least`: less than a second between saves is the trace of a copy. */
function medianOfLast(numbers: readonly number[], least: number): number | undefined {
  const recent = numbers.slice(-6);
  const distances = recent.slice(1).map((number, index) => number - (recent[index] ?? 0)).filter((one) => one >= least);
  distances.sort((one, other) => one - other);
  return distances[Math.floor(distances.length / 2)];
}

/** Adds up the bytes; ends with the first save that finds no room: it is refused before it starts, and so are those after it. */
function withSizes(facts: CheckpointFacts, saves: readonly SimulatedSave[]): ForecastSave[] {
  const sizes = new Map(facts.found.map(({ prefix, bytes }) => [prefix, bytes]));
  const usual = completeByAge(facts).at(-1)?.bytes ?? 0;
  const used = facts.found.reduce((sum, { bytes }) => sum + bytes, 0);
  const sized: ForecastSave[] = [];
  let total = used;
  for (const save of saves) {
    const room = facts.freeBytes === undefined ? Infinity : facts.freeBytes - (total - used);
    if (room < usual) return [...sized, { ...save, deletes: [], keepsForever: [], spares: [], totalBytes: total, refused: true }];
    total += usual;
    for (const prefix of save.deletes) total -= sizes.get(prefix) ?? usual;
    sized.push({ ...save, totalBytes: total });
  }
  return sized;
}
