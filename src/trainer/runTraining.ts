// One training from its start to its word at the end: run.json, door, backend, script, outcome.
import { hostname } from "node:os";
import { relative, resolve, sep } from "node:path";
import { UserError } from "#base/errors";
import type { BackendChoice, RunEnd, RunRecord } from "#model/run";
import { readRunRecord } from "#node/runRecord";
import { readStateFile } from "#node/stateFile";
import type { TrainerStart } from "#protocol/trainerStart";
import { programVersion } from "#protocol/version";
import {
  beginTracing,
  checkTfjs,
  currentTraining,
  endBetweenRuns,
  endTracing,
  restoreAtStart,
  setRunFolder,
  type TrainingContext,
} from "#runtime/index";
import { chooseBackend } from "./backends/chooseBackend";
import { DoorService } from "./doorService";
import { LiveRun, type StartedFrom } from "./liveRun";
import { loadScript } from "./loadScript";
import { exitCodeOf, OutcomeWatch } from "./outcome";
import { RecordKeeper } from "./recordKeeper";
import { StopSwitch } from "./stopSwitch";

/** A host that starts a run connects at once; training waits for it, so that it misses nothing, but not for long. */
const firstClientMs = 3000;

/** Trains until the script ends, someone stops it or something fails; answers with the exit code. */
export async function runTraining(start: TrainerStart): Promise<number> {
  const watch = new OutcomeWatch();
  const stop = new StopSwitch(() => currentTraining()?.requestStop());
  stop.onSecondSignal((signal) => watch.killed(signal));
  const keeper = new RecordKeeper(start.logdir, await firstRecord(start), (text) => console.error(text));
  const live = new LiveRun(start, { stop, keeper, from: await restoreOf(start) });
  const door = new DoorService({ dir: start.logdir, token: start.token }, live.asks, () => live.status());
  const backend = await settled(chooseBackend(start.backend, { resolveFrom: start.script }));
  if ("value" in backend) live.backend = backend.value;
  try {
    await door.open();
  } catch (error) {
    // The folder belongs to the trainer that lives there: not a word of ours in it.
    console.error(error instanceof UserError ? error.message : error);
    return 1;
  }
  await keeper.change({ backend: live.backend });
  live.connect(door);
  door.welcome();
  const outcome = await watch.of(
    "value" in backend ? train(start, { live, door, backend: backend.value }) : Promise.reject(backend.error),
  );
  const end: RunEnd = describeEnd({ outcome, stop, step: live.step });
  endBetweenRuns();
  live.end();
  await keeper.change({ state: end.how, end });
  await door.close(end);
  return end.exitCode ?? 1;
}

async function train(
  start: TrainerStart,
  { live, door, backend }: { live: LiveRun; door: DoorService; backend: BackendChoice },
): Promise<void> {
  console.log(`Trainscope ${programVersion}: computing with ${backend.name} (${backend.device})`);
  for (const { name, reason } of backend.refused) console.log(`  not ${name}: ${reason}`);
  await checkTfjs();
  if (start.restore !== undefined) restoreAtStart(start.restore, start.choice);
  setRunFolder(start.logdir);
  // A script without a main function finds its arguments where Node would have put them.
  process.argv.splice(1, Infinity, start.script, ...start.args);
  if (start.watched) await door.firstClient(firstClientMs);
  const main = await loadScript(start.script);
  if (!main) return;
  const context: TrainingContext = { args: start.args, logdir: start.logdir, progress: live.planned };
  beginTracing();
  try {
    await main(context);
  } finally {
    endTracing();
  }
}

async function settled<T>(work: Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function describeEnd({
  outcome,
  stop,
  step,
}: {
  outcome: Awaited<ReturnType<OutcomeWatch["of"]>>;
  stop: StopSwitch;
  step: number | undefined;
}): RunEnd {
  const at = step === undefined ? {} : { step };
  if (outcome.kind === "killed") return { how: "killed", exitCode: exitCodeOf("killed"), rung: "terminated", ...at };
  if (outcome.kind === "failed") return { how: "failed", exitCode: exitCodeOf("failed"), error: outcome.error, ...at };
  if (stop.asked) return { how: "stopped", exitCode: exitCodeOf("stopped"), rung: "asked", ...at };
  return { how: "finished", exitCode: exitCodeOf("finished"), ...at };
}

/**
 * A restore at the start is a restore like any other: it is recorded once it is done, and what the run would have gone on from is held
 * for its undo.
 */
async function restoreOf({ logdir, restore, choice, parent }: TrainerStart): Promise<StartedFrom | undefined> {
  if (restore === undefined) return undefined;
  const restored = relative(logdir, restore).split(sep).join("/");
  const { scopes, weights } = choice ?? {};
  const from = parent ?? restored;
  const latest = (await readStateFile(logdir).catch(() => undefined))?.modelCheckpointPath;
  const savedBefore = latest && relative(logdir, resolve(logdir, latest)).split(sep).join("/");
  const held = savedBefore && savedBefore !== restored ? { savedBefore } : {};
  return { entry: { from, ...(scopes && { scopes }), ...(weights && { weights }) }, ...held };
}

/** What a person decided, and what the folder went through, outlives the process. */
function carriedOn(before: RunRecord): Partial<RunRecord> {
  const names = ["retention", "retentionAsked", "protected", "keepBest", "bestValues", "keptAsBest", "saves", "undoRestore", "lineage"] as const;
  return Object.fromEntries(names.flatMap((name) => (before[name] === undefined ? [] : [[name, before[name]]])));
}

/** A run that continues in its folder keeps its parent; the rest is said anew. */
async function firstRecord(start: TrainerStart): Promise<RunRecord> {
  const before = await readRunRecord(start.logdir).catch(() => undefined);
  const parent = start.parent ?? before?.parent;
  return {
    version: 1,
    script: start.script,
    args: start.args,
    cwd: process.cwd(),
    node: process.execPath,
    pid: process.pid,
    host: hostname(),
    startedSeconds: Date.now() / 1000,
    backendAsked: start.backend,
    ...(parent !== undefined && { parent }),
    ...(before && carriedOn(before)),
    state: "running",
  };
}
