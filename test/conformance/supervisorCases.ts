// Supervisor: sessions, log, files and events as TensorFlow's; what ran side by side there is compared in sorted order.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { buildGraph, device, endAllTracing, getVariable, noOp, observeTraining, resetDefaultGraph, Session, summary, Supervisor, type SupervisorOptions } from "#runtime/index";
import { eventTrace, isEventFile, type EventEntry } from "./eventTrace";
import { filesBelow } from "./folders";
import { asFirstSaved } from "./monitoredCases";
import { errorClass, sameError, type ExpectedError } from "./pythonErrors";
import { same } from "./report";

interface SupervisedSession {
  readonly call?: string;
  readonly error?: ExpectedError;
  readonly should_stop_inside?: boolean;
  readonly should_stop_after?: boolean;
  readonly w?: number;
}
export interface SupervisorCase {
  readonly case: string;
  readonly options: { readonly save_summaries_secs: number; readonly save_model_secs: number; readonly saver?: null; readonly summary_writer?: null; readonly checkpoint_basename?: string; readonly is_chief?: boolean };
  readonly sessions: readonly SupervisedSession[];
  readonly error?: ExpectedError;
  readonly log: readonly string[];
  readonly files: readonly string[];
  readonly state: string | null;
  readonly events: readonly (readonly EventEntry[])[];
}

const made = "made for the test";

export async function checkSupervisor(each: SupervisorCase): Promise<void> {
  await tf.setBackend("cpu");
  const before = process.cwd();
  const dir = await mkdtemp(join(tmpdir(), "supervisor-"));
  process.chdir(dir);
  const log: string[] = [];
  const watching = observeTraining({ logged: ({ level, text }) => log.push(`${{ info: "INFO", warn: "WARNING", error: "ERROR" }[level]}: ${text}`) });
  try {
    await runCase(each);
    same("log", [...new Set(log)].map(plain).sort(), each.log.filter((line) => !line.includes("queue runners")).map(plain).sort());
    await checkLeft(each);
  } finally {
    watching.dispose();
    endAllTracing();
    process.chdir(before);
    await rm(dir, { recursive: true });
  }
}

/** Classes by their bare names; Python's RuntimeError is JavaScript's Error. */
function plain(line: string): string {
  return line.replace(/<class '(?:[\w.]*\.)?(\w+)'>/, "$1").replace("RuntimeError", "Error");
}

async function checkLeft({ files, state, events }: SupervisorCase): Promise<void> {
  const found = await filesBelow(".");
  same("files", asFirstSaved(found.filter((file) => !isEventFile(file))), [...files].sort());
  if (state !== null) same("state", await readFile("logs/checkpoint", "utf8"), state);
  const told = await Promise.all(found.filter(isEventFile).map(async (file) => sorted((await eventTrace(file))[1])));
  same("events", told, events.map(sorted));
}

function sorted(events: readonly EventEntry[]): readonly EventEntry[] {
  return [...events].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** A program with w = 2, a loss of w, and a global step that begins at 123. */
export function supervisedProgram(options: SupervisorOptions, { place }: { readonly place?: string } = {}) {
  resetDefaultGraph();
  return buildGraph(() =>
    device(place, () => {
      const w = getVariable("w", { initializer: 2 });
      getVariable("global_step", { initializer: 123, dtype: "int64", trainable: false, collections: ["variables", "global_step"] });
      summary.scalar("loss", w);
      return { w, nothing: noOp(), supervisor: new Supervisor({ logdir: "logs", ...options }) };
    }),
  );
}

async function runCase(each: SupervisorCase): Promise<void> {
  const { options, sessions } = each;
  const calls = sessions.some(({ call }) => call !== undefined);
  let program: ReturnType<typeof supervisedProgram>;
  try {
    program = supervisedProgram({
      saveSummariesSecs: options.save_summaries_secs, saveModelSecs: options.save_model_secs, isChief: options.is_chief ?? true,
      ...("saver" in options && { saver: null }), ...("summary_writer" in options && { summaryWriter: null }),
      ...(options.checkpoint_basename && { checkpointBasename: options.checkpoint_basename }),
    }, calls ? { place: "/job:ps" } : {});
  } catch (error) {
    return sameError(error, each.error && { type: each.error.type, message: "must have their device set" });
  }
  for (const session of sessions) await (session.call ? runCall(session, program) : runSession(each, session, program));
}

async function runCall({ call, error }: SupervisedSession, { supervisor }: ReturnType<typeof supervisedProgram>): Promise<void> {
  const session = new Session();
  const work = call === "start_standard_services" ? supervisor.startStandardServices(session) : supervisor.summaryComputed(session, []);
  sameError(await work.then(() => undefined, (thrown: unknown) => thrown), error && { ...error, message: call === "summary_computed" ? "requires a summary writer" : "Only chief supervisor" });
}

async function runSession(each: SupervisorCase, wanted: SupervisedSession, { supervisor, nothing, w }: ReturnType<typeof supervisedProgram>): Promise<void> {
  const raised = each.case.startsWith("error-") ? each.case.slice("error-".length) : undefined;
  const thrown = await supervisor.managedSession(async (session) => {
    same("should stop inside", supervisor.shouldStop(), wanted.should_stop_inside);
    // The services fire at once: a few turns are enough for them to begin.
    for (let i = 0; i < 20; i++) {
      await session.run(nothing);
      await turn();
    }
    same("w", [...(await session.readVariable(w))], [wanted.w]);
    if (raised) throw new (errorClass(raised))(made);
  }).then(() => undefined, (error: unknown) => error);
  sameError(thrown, wanted.error);
  same("should stop afterwards", supervisor.shouldStop(), wanted.should_stop_after);
}
