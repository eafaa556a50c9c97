// One training from its start to its word at the end: run.json, door, backend, script, outcome.
import { UserError } from "#base/errors";
import type { RunEnd, RunRecord } from "#model/run";
import { readRunRecord } from "#node/runRecord";
import type { TrainerStart } from "#protocol/trainerStart";
import { programVersion } from "#protocol/version";
import { beginTracing, currentTraining, endBetweenRuns, endTracing, restoreAtStart, type TrainingContext } from "#runtime/index";
import { chooseBackend } from "./backends/chooseBackend";
import { DoorService } from "./doorService";
import { LiveRun } from "./liveRun";
import { loadScript } from "./loadScript";
import { exitCodeOf, OutcomeWatch } from "./outcome";
import { RecordKeeper } from "./recordKeeper";
import { StopSwitch } from "./stopSwitch";

/** Trains until the script ends, someone stops it or something fails; answers with the exit code. */
export async function runTraining(start: TrainerStart): Promise<number> {
  const watch = new OutcomeWatch();
  const stop = new StopSwitch(() => currentTraining()?.requestStop());
  stop.onSecondSignal((signal) => watch.killed(signal));
  const keeper = new RecordKeeper(start.logdir, await firstRecord(start), (text) => console.error(text));
  const live = new LiveRun(start, { stop, keeper });
  const door = new DoorService({ dir: start.logdir, token: start.token }, live.asks, () => live.status());
  try {
    await door.open();
  } catch (error) {
    // The folder belongs to the trainer that lives there: not a word of ours in it.
    console.error(error instanceof UserError ? error.message : error);
    return 1;
  }
  await keeper.change({});
  live.connect(door);
  const outcome = await watch.of(train(start, { live, keeper }));
  const end: RunEnd = describeEnd({ outcome, stop, step: live.step });
  endBetweenRuns();
  live.end();
  await keeper.change({ state: end.how, end });
  await door.close(end);
  return end.exitCode ?? 1;
}

async function train(start: TrainerStart, { live, keeper }: { live: LiveRun; keeper: RecordKeeper }): Promise<void> {
  const backend = await chooseBackend(start.backend, { resolveFrom: start.script });
  live.backend = backend;
  void keeper.change({ backend });
  console.log(`Trainscope ${programVersion}: computing with ${backend.name} (${backend.device})`);
  for (const { name, reason } of backend.refused) console.log(`  not ${name}: ${reason}`);
  if (start.restore !== undefined) restoreAtStart(start.restore);
  const main = await loadScript(start.script);
  const context: TrainingContext = { args: start.args, logdir: start.logdir };
  beginTracing();
  try {
    await main(context);
  } finally {
    endTracing();
  }
}

function describeEnd({ outcome, stop, step }: { outcome: Awaited<ReturnType<OutcomeWatch["of"]>>; stop: StopSwitch; step: number | undefined }): RunEnd {
  const at = step === undefined ? {} : { step };
  if (outcome.kind === "killed") return { how: "killed", exitCode: exitCodeOf("killed"), rung: "terminated", ...at };
  if (outcome.kind === "failed") return { how: "failed", exitCode: exitCodeOf("failed"), error: outcome.error, ...at };
  if (stop.asked) return { how: "stopped", exitCode: exitCodeOf("stopped"), rung: "asked", ...at };
  return { how: "finished", exitCode: exitCodeOf("finished"), ...at };
}

/** A run that continues in its folder keeps its parent; the rest is said anew. */
async function firstRecord(start: TrainerStart): Promise<RunRecord> {
  const before = await readRunRecord(start.logdir).catch(() => undefined);
  const parent = start.parent ?? before?.parent;
  return {
    version: 1,
    script: start.script,
    args: start.args,
    node: process.execPath,
    pid: process.pid,
    startedSeconds: Date.now() / 1000,
    backendAsked: start.backend,
    ...(parent !== undefined && { parent }),
    ...(before?.retention && { retention: before.retention }),
    state: "running",
  };
}
