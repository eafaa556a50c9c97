// SessionManager's calls: values, sleeps, log and errors as TensorFlow's.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import {
  buildGraph, endAllTracing, getVariable, globalVariables, localVariables, observeTraining, opOf, placeholder, reportUninitializedVariables, resetDefaultGraph,
  Saver, Session, SessionManager, Variable, variablesInitializer, type PrepareOptions,
} from "#runtime/index";
import { FakeClock } from "../support/fakeClock";
import { sameError, type ExpectedError } from "./pythonErrors";
import { same } from "./report";

export interface ManagerCase {
  call: "prepare_session" | "recover_session" | "wait_for_session" | "constructor";
  source?: "dir" | "file" | "both" | null;
  saver?: boolean;
  existing?: boolean | "lost_newest";
  init?: "all" | "v" | "none" | "init_fn" | "feed";
  ready?: "global" | "all" | null;
  local?: string;
  wait?: boolean;
  max_wait?: number;
  recovery_wait?: number;
  values?: Record<string, number | null>;
  recovered?: boolean;
  slept: number[];
  called?: string[];
  last_checkpoints?: string[];
  log: [level: string, text: string][];
  error?: ExpectedError;
}
/** Runs in a folder of its own. */
export async function checkManager(each: ManagerCase): Promise<void> {
  await tf.setBackend("cpu");
  const before = process.cwd();
  const dir = await mkdtemp(join(tmpdir(), "manager-"));
  process.chdir(dir);
  try {
    await checkCase(each);
  } finally {
    endAllTracing();
    process.chdir(before);
    await rm(dir, { recursive: true });
  }
}

async function checkCase(each: ManagerCase): Promise<void> {
  if (each.existing) await writeCheckpoints(each.existing === "lost_newest");
  const clock = new FakeClock();
  const called: string[] = [];
  const world = makeWorld(each, called);
  const log: string[] = [];
  const watching = observeTraining({ logged: ({ text }) => log.push(text) });
  const outcome = await perform(each, world, clock).catch((error: unknown) => ({ error }));
  watching.dispose();
  sameError("error" in outcome ? outcome.error : undefined, each.error && reasonOf(each.error));
  if (!("error" in outcome) && outcome.session) {
    same("recovered", outcome.recovered, each.recovered);
    for (const [name, value] of Object.entries(each.values ?? {})) same(`value of ${name}`, await valueOf(outcome.session, world.named[name]), value);
  }
  same("slept", clock.slept, each.slept);
  same("called", called, each.called ?? []);
  same("log", log, each.log.map(([, text]) => text));
  if (each.last_checkpoints) same("last checkpoints", world.saver?.lastCheckpoints ?? [], each.last_checkpoints);
}

/** The names of what was passed to TensorFlow are left out of its messages. */
function reasonOf({ type, message }: ExpectedError): ExpectedError {
  const key = /Variables not initialized: .*|not ready after waiting|was given|not a valid checkpoint: .*|both checkpoint_dir/.exec(message);
  return { type, message: key?.[0] ?? "" };
}

interface World { named: Record<string, Variable | undefined>; saver: Saver | undefined; manager(clock: FakeClock): SessionManager; prepare: PrepareOptions }

function makeWorld(each: ManagerCase, called: string[]): World {
  resetDefaultGraph();
  return buildGraph(() => {
    const v = getVariable("v", { initializer: -1 }) as Variable;
    const hasLocal = each.local !== undefined && each.local !== "none" && each.call !== "constructor";
    const w = hasLocal
      ? (new Variable(tf.mul(v.initializedValue(), 2), { name: "w", trainable: false, collections: ["local_variables"] }) as Variable)
      : undefined;
    const fed = placeholder("float32", { shape: [], name: "fed" });
    const readyOps = {
      global: reportUninitializedVariables(globalVariables()),
      all: reportUninitializedVariables([...globalVariables(), ...localVariables()]),
    };
    const saver = each.saver ? new Saver({ varList: [v] }) : undefined;
    const initOps: Record<string, PrepareOptions> = {
      all: { initOp: variablesInitializer(globalVariables()) },
      v: { initOp: v.initializer },
      none: {},
      init_fn: { initFn: async (session) => { called.push("init_fn"); await session.run(v.initializer); } },
      feed: { initOp: opOf(v.assign(fed)), initFeeds: [[fed, 9]] },
    };
    const readyForLocal = each.local?.endsWith("_global") ? readyOps.global : each.local?.endsWith("_all") ? readyOps.all : undefined;
    const localInit = w ? variablesInitializer(localVariables()) : undefined;
    return {
      named: { v, w },
      saver,
      prepare: initOps[each.init ?? "none"] ?? {},
      manager: (clock) =>
        new SessionManager({
          clock,
          ...(each.recovery_wait !== undefined && { recoveryWaitSecs: each.recovery_wait }),
          readyOp: each.ready ? readyOps[each.ready] : undefined,
          readyForLocalInitOp: each.call === "constructor" ? readyOps.all : readyForLocal,
          localInitOp: localInit,
        }),
    };
  });
}

async function perform(each: ManagerCase, world: World, clock: FakeClock): Promise<{ session?: Session; recovered?: boolean }> {
  const manager = world.manager(clock);
  const source = {
    saver: world.saver,
    checkpointDir: each.source === "dir" || each.source === "both" ? "ck" : undefined,
    checkpointFilenameWithPath: each.source === "file" || each.source === "both" ? "ck/m-2" : undefined,
    waitForCheckpoint: each.wait ?? false,
    ...(each.max_wait !== undefined && { maxWaitSecs: each.max_wait }),
  };
  if (each.call === "prepare_session") return { session: await manager.prepareSession({ ...source, ...world.prepare }) };
  if (each.call === "recover_session") return manager.recoverSession(source);
  return { session: await manager.waitForSession({ maxWaitSecs: each.max_wait ?? 0 }) };
}

/** A folder `ck` with v = 1 saved three times. */
async function writeCheckpoints(loseNewest: boolean): Promise<void> {
  resetDefaultGraph();
  const { v, saver } = buildGraph(() => ({ v: getVariable("v", { initializer: 1 }) as Variable, saver: new Saver() }));
  const session = new Session();
  await session.run(v.initializer);
  for (const globalStep of [1, 2, 3]) await saver.save(session, "ck/m", { globalStep, writeMetaGraph: false });
  if (loseNewest) await rm("ck/m-3.index");
}

async function valueOf(session: Session, variable: Variable | undefined): Promise<number | null> {
  if (!variable || !session.isInitialized(variable)) return null;
  return Number((await session.readVariable(variable))[0]);
}

