// MonitoredTrainingSession over several lives of a program in one folder: runs, log, files, events, as TensorFlow's were.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import {
  buildGraph, CheckpointSaverHook, constant, controlDependencies, endAllTracing, FileWriterCache, getDefaultGraph, getGlobalStepRead, getLocalVariable,
  getOrCreateGlobalStep, getVariable, hostCall, LoggingTensorHook, MonitoredTrainingSession, NanTensorHook, observeTraining,
  resetDefaultGraph, StepCounterHook, StopAtStepHook, summary, type ConstantValue, type Hook, type MonitoredSession,
  type MonitoredTrainingSessionOptions,
} from "#runtime/index";
import { FakeClock } from "../support/fakeClock";
import { filesBelow } from "./folders";
import { eventTrace, isEventFile, newEventFiles, type EventEntry } from "./eventTrace";
import { sameLog, type LogEntry } from "./logLines";
import { errorClass, sameError, type ExpectedError } from "./pythonErrors";
import { same } from "./report";

interface GraphSpec { readonly increment?: number; readonly summary?: boolean; readonly local?: boolean; readonly variables?: Readonly<Record<string, ConstantValue>> }
interface HookSpec { readonly kind: string; readonly name?: string; readonly [option: string]: unknown }
interface Life {
  readonly t: number;
  readonly dir?: string | null;
  readonly graph?: GraphSpec;
  readonly options: Readonly<Record<string, number | string | null>>;
  readonly hooks: readonly HookSpec[];
  readonly chief_only_hooks?: readonly HookSpec[];
  readonly runs: readonly { readonly dt: number; readonly error?: string; readonly raise?: string }[];
  readonly run_past_stop?: boolean;
  readonly remove_before?: readonly string[];
  readonly then: Then;
}
interface Then {
  readonly runs: readonly unknown[];
  readonly log: readonly LogEntry[];
  readonly error?: ExpectedError | null;
  readonly files: readonly string[];
  readonly state?: Readonly<Record<string, string>>;
  readonly steps_in_checkpoints?: Readonly<Record<string, number>>;
  readonly events: readonly (readonly [string, readonly EventEntry[]])[];
  readonly finalized_after: boolean;
}
export interface MonitoredCase { readonly id: string; readonly graph: GraphSpec; readonly lives: readonly Life[] }

const epoch = 1_700_000_000;
const made = "made for the test";

/** What a life leaves behind besides files. */
class Recording {
  readonly log: LogEntry[] = [];
  readonly runs: unknown[] = [];
  constructor(readonly clock: FakeClock) {}

  note(...entry: [kind: string, ...rest: unknown[]]): void {
    this.log.push([this.clock.nowSeconds() - epoch, ...entry]);
  }
}

export async function checkMonitored({ graph, lives }: MonitoredCase): Promise<void> {
  const before = process.cwd();
  const dir = await mkdtemp(join(tmpdir(), "conformance-"));
  process.chdir(dir);
  try {
    for (const [at, life] of lives.entries()) {
      try {
        await checkLife(life, { ...graph, ...life.graph });
      } catch (error) {
        if (error instanceof Error) error.message = `life ${at}: ${error.message}`;
        throw error;
      }
    }
  } finally {
    endAllTracing();
    process.chdir(before);
    await rm(dir, { recursive: true });
  }
}

async function checkLife(life: Life, graph: GraphSpec): Promise<void> {
  for (const file of life.remove_before ?? []) await rm(file);
  const known = new Set(await filesBelow("."));
  const clock = new FakeClock(epoch + life.t);
  const recording = new Recording(clock);
  const watching = observeTraining({
    logged: ({ level, text }) => recording.note("log", { info: "INFO", warn: "WARNING", error: "ERROR" }[level], text),
  });
  try {
    const thrown = await live(life, graph, recording);
    same("runs", recording.runs, life.then.runs);
    sameError(thrown, life.then.error);
    same("graph finalized afterwards", getDefaultGraph().finalized, life.then.finalized_after);
    sameLog(recording.log, life.then.log);
  } finally {
    watching.dispose();
    await FileWriterCache.clear();
  }
  await checkFiles(life.then, known);
}

async function checkFiles({ files, state, steps_in_checkpoints: steps, events }: Then, known: ReadonlySet<string>): Promise<void> {
  same("files", asFirstSaved((await filesBelow(".")).filter((file) => !isEventFile(file))), [...files].sort());
  for (const [file, text] of Object.entries(state ?? {})) same(`state file ${file}`, await readFile(file, "utf8"), text);
  for (const [prefix, step] of Object.entries(steps ?? {})) same(`step in ${prefix}`, await stepIn(prefix), step);
  const fresh = await newEventFiles(known);
  same("events", await Promise.all(fresh.map((file) => eventTrace(file, epoch))), events);
}

/** What was saved again has its data under two other names (docs/decisions/0007). */
export function asFirstSaved(files: readonly string[]): string[] {
  const names = files.map((file) => file.replace(/\.data-0000[01]-of-00002$/, ".data-00000-of-00001"));
  return [...new Set(names)].sort();
}

async function stepIn(prefix: string): Promise<number> {
  const { bundle, close } = await openCheckpoint(prefix);
  const bytes = await bundle.read("global_step");
  await close();
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true));
}

/** One process: its graph, its hooks, its runs. Answers with what left it. */
async function live(life: Life, spec: GraphSpec, recording: Recording): Promise<unknown> {
  resetDefaultGraph();
  const program = buildGraph(() => build(spec));
  try {
    const options = optionsOf(life, program, recording);
    await MonitoredTrainingSession(options, (session) => runs(life, { session, program, recording }));
    return undefined;
  } catch (error) {
    return error;
  }
}

interface Program { readonly train: tf.Tensor; readonly value: tf.Tensor; readonly fault: { raise: string | undefined } }

function build({ increment = 1, summary: summarized, local, variables = {} }: GraphSpec): Program {
  const step = getOrCreateGlobalStep();
  const fault: Program["fault"] = { raise: undefined };
  const all = Object.entries(variables).map(([name, value]) => {
    const whole = [value].flat(3).every((each) => Number.isInteger(each));
    return getVariable(name, { initializer: value, dtype: whole ? "int32" : "float32" });
  });
  const [first] = all;
  if (local) getLocalVariable("counted_here", { initializer: 0 });
  const value = first ? first.value() : constant(1.5);
  if (summarized) summary.scalar("loss", tf.add(tf.cast(tf.mean(value), "float32"), 1));
  hostCall({
    name: "fault", outputs: [], call: () => {
      const { raise } = fault;
      fault.raise = undefined;
      if (raise !== undefined) throw new (errorClass(raise))(made);
    },
  });
  const train = controlDependencies(["fault"], () => step.assignAdd(increment));
  return { train, value, fault };
}

async function runs({ runs, run_past_stop: past }: Life, { session, program, recording }: { session: MonitoredSession; program: Program; recording: Recording }): Promise<void> {
  recording.note("opened");
  for (const { dt, error, raise } of runs) {
    if (!past && session.shouldStop()) {
      recording.note("should_stop");
      break;
    }
    recording.clock.advance(dt);
    if (raise !== undefined) throw new (errorClass(raise))(made);
    program.fault.raise = error;
    const step = await session.run(program.train);
    recording.runs.push([step, session.shouldStop()]);
  }
  recording.note("leaving");
}

const optionNames: Readonly<Record<string, keyof MonitoredTrainingSessionOptions>> = {
  log_step_count_steps: "logStepCountSteps", save_checkpoint_secs: "saveCheckpointSecs", save_checkpoint_steps: "saveCheckpointSteps",
  save_summaries_secs: "saveSummariesSecs", save_summaries_steps: "saveSummariesSteps", summary_dir: "summaryDir",
};

function optionsOf(life: Life, program: Program, recording: Recording): MonitoredTrainingSessionOptions {
  const { clock } = recording;
  const named = Object.entries(life.options).map(([name, value]) => [optionNames[name] ?? name, value] as const);
  const hooks = (specs: readonly HookSpec[] = []) => specs.map((spec) => hookOf(spec, program, recording));
  return {
    ...(life.dir !== null && { checkpointDir: life.dir ?? "train" }),
    ...Object.fromEntries(named), clock, hooks: hooks(life.hooks), chiefOnlyHooks: hooks(life.chief_only_hooks),
  };
}

function hookOf(spec: HookSpec, { value }: Program, recording: Recording): Hook {
  const { clock } = recording;
  const given = (names: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(names).filter(([theirs]) => theirs in spec).map(([theirs, ours]) => [ours, spec[theirs]]));
  switch (spec.kind) {
    case "recorder": return recorder(spec as unknown as RecorderSpec, recording);
    case "StopAtStep": return new StopAtStepHook(given({ num_steps: "numSteps", last_step: "lastStep" }));
    case "StepCounter": return new StepCounterHook({ outputDir: "train", ...given({ every_n_steps: "everyNSteps", every_n_secs: "everyNSecs" }), clock });
    case "LoggingTensor":
      return new LoggingTensorHook({ value }, { ...given({ every_n_iter: "everyNIter", every_n_secs: "everyNSecs", at_end: "atEnd" }), clock });
    case "NanTensor": {
      const loss = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY }[String(spec["value"])] ?? Number(spec["value"]);
      return new NanTensorHook(buildGraph(() => constant(loss)), { failOnNanLoss: spec["fail"] === true });
    }
    case "CheckpointSaver": {
      const listeners = ((spec["listeners"] ?? []) as ListenerSpec[]).map((each) => listener(each, recording));
      return new CheckpointSaverHook("train", { ...given({ save_secs: "saveSecs", save_steps: "saveSteps" }), listeners, clock });
    }
    default: throw new Error(`There is no hook ${spec.kind}.`);
  }
}

interface RecorderSpec {
  readonly name: string;
  readonly fail?: { readonly in: string; readonly error: string; readonly call: number };
  readonly stop_at_call?: number;
  readonly stop_in_before_run?: number;
}

/** Notes every call with the step, and fails or stops as it is told. */
function recorder({ name, fail, stop_at_call: stopAt, stop_in_before_run: stopBefore }: RecorderSpec, recording: Recording): Hook {
  let runs = 0;
  let failed = false;
  const called = (method: string, ...step: number[]): void => {
    recording.note("hook", name, method, ...step);
    if (method === "before_run") runs += 1;
    if (failed || fail?.in !== method || fail.call !== runs) return;
    failed = true;
    throw new (errorClass(fail.error))(made);
  };
  const stepNow = async (session: { run(fetch: tf.Tensor): Promise<unknown> }) => Number(await session.run(getGlobalStepRead() as tf.Tensor));
  return {
    begin: () => void (called("begin"), getGlobalStepRead()),
    afterCreateSession: async (session) => void called("after_create_session", await stepNow(session)),
    beforeRun: (context) => {
      called("before_run");
      if (runs === stopBefore) context.requestStop();
    },
    afterRun: async (context) => {
      called("after_run", await stepNow(context.session));
      if (runs === stopAt) context.requestStop();
    },
    end: async (session) => void called("end", await stepNow(session)),
  };
}

interface ListenerSpec { readonly name: string; readonly stop_at_save?: number }

function listener({ name, stop_at_save: stopAt }: ListenerSpec, recording: Recording) {
  let saves = 0;
  return {
    name,
    begin: () => recording.note("listener", name, "begin"),
    beforeSave: (_: unknown, step: number) => recording.note("listener", name, "before_save", step),
    afterSave: (_: unknown, step: number) => {
      recording.note("listener", name, "after_save", step);
      return ++saves === stopAt;
    },
    end: (_: unknown, step: number) => recording.note("listener", name, "end", step),
  };
}
