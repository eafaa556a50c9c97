// A run's saves in time: ticks of the hour clock with the marks they made or lost, restarts with what they forgot, deleted saves.
import type { ClockTick, SaverRestart, Timeline } from "#model/checkpointOutlook";
import { keepIntervalSeconds } from "../retention/retention";
import { byAge, completeByAge, knownTimes, letGo, ownPolicy, type CheckpointFacts } from "./facts";
import { replayClock } from "./hourMarks";
import type { Simulation } from "./simulate";

/** More ticks than this are not told: a clock that beats this often marks nothing. */
const mostTicks = 500;
/** TF1's default interval never comes in a training that anyone runs; no clock is drawn for it. */
const longestIntervalSeconds = 1000 * 3600;

/** What happened, and which ticks are to come within the simulated saves. */
export function timelineOf(facts: CheckpointFacts, coming: Simulation): Timeline {
  return { ticks: ticksOf(facts, coming), restarts: restartsOf(facts), past: pastOf(facts) };
}

/**
 * Every tick since the first Saver. A tick that made no mark is lost where a restart came before its mark could be decided, or
 * where the mark is no longer there; the ticks of the Saver at work that are still open are neither.
 */
function ticksOf(facts: CheckpointFacts, coming: Simulation): ClockTick[] {
  const interval = keepIntervalSeconds(ownPolicy(facts));
  const { builtSeconds, nowSeconds } = facts;
  // CheckpointManager's clock starts anew from each checkpoint that it keeps.
  if (facts.manager || !(interval > 0) || interval > longestIntervalSeconds || ownPolicy(facts).maxToKeep === 0) return [];
  const { verdicts } = replayClock(letGo(facts), ownPolicy(facts), knownTimes(facts));
  const marks = new Map([...verdicts].filter(([, { keeps }]) => keeps).map(([prefix, { clockSeconds }]) => [clockSeconds, prefix]));
  const ticks: ClockTick[] = [];
  for (const [attempt, built] of builtSeconds.entries()) {
    const until = builtSeconds[attempt + 1] ?? coming.nextMarkSeconds;
    for (let seconds = built + interval; seconds < until && ticks.length < mostTicks; seconds += interval) {
      const prefix = marks.get(seconds);
      ticks.push(prefix === undefined ? { seconds, lost: true } : { seconds, prefix });
    }
  }
  const lastSave = coming.saves.at(-1)?.atSeconds ?? 0;
  const becoming = new Map([...coming.decisions].filter(([, { does }]) => does === "keep").map(([prefix, { markSeconds }]) => [markSeconds, prefix]));
  const open = isOpenClock(facts) ? coming.nextMarkSeconds : Infinity;
  for (let seconds = open; seconds <= nowSeconds + lastSave && ticks.length < mostTicks; seconds += interval) {
    const prefix = becoming.get(seconds);
    ticks.push({ seconds, ...(prefix !== undefined && { prefix }) });
  }
  return ticks;
}

/** The clock of a run that has ended stopped with it. */
function isOpenClock({ writer }: CheckpointFacts): boolean {
  return writer === "running" || writer === "elsewhere";
}

/** Each Saver after the first forgot what the one before it had; a CheckpointManager reads its memory in the state file (CM-3). */
function restartsOf(facts: CheckpointFacts): SaverRestart[] {
  const { builtSeconds, state } = facts;
  const listed = new Set(state?.listed ?? []);
  const complete = completeByAge(facts);
  const { verdicts } = replayClock(letGo(facts), ownPolicy(facts), knownTimes(facts));
  return builtSeconds.slice(1).map((seconds, before) => {
    const earlier = builtSeconds[before] ?? 0;
    const forgot = facts.manager ? [] : complete
      .filter(({ prefix, wallTimeSeconds }) => wallTimeSeconds >= earlier && wallTimeSeconds < seconds && !listed.has(prefix) && !verdicts.get(prefix)?.keeps)
      .map(({ prefix }) => prefix);
    const first = facts.saves.find((save) => save.seconds >= seconds);
    return { seconds, forgot, ...(first?.step !== undefined && { step: first.step }) };
  });
}

/** Saves that are told of and whose files are gone. */
function pastOf(facts: CheckpointFacts): Timeline["past"] {
  const here = new Set(facts.found.map(({ prefix }) => prefix));
  const trashed = new Set(facts.trash.flatMap(({ checkpoints }) => checkpoints.map(({ prefix }) => prefix)));
  return facts.saves
    .filter(({ prefix }) => !here.has(prefix))
    .map((save) => (trashed.has(save.prefix) ? { ...save, inTrash: true as const } : save));
}

/** The newest complete checkpoint that can be restored, older than any damaged one. */
export function newestSound(facts: CheckpointFacts): string | undefined {
  return [...facts.found].sort(byAge).filter(({ complete, damage }) => complete && damage === undefined).at(-1)?.prefix;
}
