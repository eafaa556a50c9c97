// SessionManager against recorded calls of TensorFlow's.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { placeholder } from "#runtime/graph/constants";
import { DeadlineExceededError, ValueError } from "#runtime/graph/errors";
import { resetDefaultGraph } from "#runtime/graph/graph";
import { opOf } from "#runtime/graph/graphTensor";
import { Session } from "#runtime/graph/session";
import { buildGraph, endAllTracing } from "#runtime/graph/trace";
import { Saver } from "#runtime/saving/saver";
import { getVariable } from "#runtime/scope/getVariable";
import { Variable } from "#runtime/scope/variable";
import { reportUninitializedVariables } from "#runtime/scope/reportUninitialized";
import { globalVariables, localVariables, variablesInitializer } from "#runtime/scope/variables";
import { SessionManager, type PrepareOptions } from "#runtime/training/sessionManager";
import { FakeClock } from "../../../support/fakeClock";

interface Case {
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
  error?: { type: string; message: string };
}
const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/sessions/manager.json", import.meta.url), "utf8"),
) as { cases: Case[] };

let dir: string;
let before: string;
beforeEach(async () => {
  await tf.setBackend("cpu");
  before = process.cwd();
  dir = await mkdtemp(join(tmpdir(), "manager-"));
  process.chdir(dir);
});
afterEach(async () => {
  endAllTracing();
  process.chdir(before);
  await rm(dir, { recursive: true });
});

describe("a session is prepared as TensorFlow's was", () => {
  test.each(cases.map((each, index) => [index, each.call, each] as const))("case %i: %s", async (_, __, each) => {
    if (each.existing) await writeCheckpoints(each.existing === "lost_newest");
    const clock = new FakeClock();
    const called: string[] = [];
    const world = makeWorld(each, called);
    const outcome = await perform(each, world, clock).catch((error: unknown) => ({ error }));
    if (each.error) {
      expect(outcome).toHaveProperty("error");
      checkError((outcome as { error: Error }).error, each.error);
    } else {
      const { session, recovered } = outcome as { session: Session; recovered?: boolean };
      expect(recovered).toBe(each.recovered);
      for (const [name, value] of Object.entries(each.values ?? {})) expect(await valueOf(session, world.named[name])).toBe(value);
    }
    expect(clock.slept).toEqual(each.slept);
    expect(called).toEqual(each.called ?? []);
    if (each.last_checkpoints) expect(world.saver?.lastCheckpoints ?? []).toEqual(each.last_checkpoints);
  });
});

interface World { named: Record<string, Variable | undefined>; saver: Saver | undefined; manager(clock: FakeClock): SessionManager; prepare: PrepareOptions }

function makeWorld(each: Case, called: string[]): World {
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

async function perform(each: Case, world: World, clock: FakeClock): Promise<{ session?: Session; recovered?: boolean }> {
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

function checkError(error: Error, recorded: { type: string; message: string }): void {
  const classes: Record<string, abstract new (message: string) => Error> = { ValueError, DeadlineExceededError };
  expect(error).toBeInstanceOf(classes[recorded.type] ?? Error);
  const reason = /Variables not initialized: .*|not ready after waiting|was given|both checkpoint_dir|not a valid checkpoint: .*/.exec(recorded.message);
  if (reason) expect(error.message).toContain(reason[0]);
}
