// Cases of group G: how a session is made ready.
import { rename } from "node:fs/promises";
import { expect, test } from "vitest";
import {
  buildGraph, DeadlineExceededError, getVariable, globalVariables, localVariables, opOf, placeholder, reportUninitializedVariables, resetDefaultGraph, Saver, type Session, SessionManager,
  ValueError, Variable, variablesInitializer, type SessionManagerOptions,
} from "#runtime/index";
import { FakeClock } from "../../../support/fakeClock";
import { savedProgram, useGraphCase } from "../../../support/graphCase";

useGraphCase();

const readyOf = (variables: Variable[]) => buildGraph(() => reportUninitializedVariables(variables));

/** A variable v, a local one w of twice its value if wanted, and a manager that looks at all of them. */
function program(value: number | number[], { local = false } = {}) {
  resetDefaultGraph();
  return buildGraph(() => {
    const v = getVariable("v", { initializer: value });
    const w = local ? new Variable(v.initializedValue(), { name: "w", trainable: false, collections: ["local_variables"] }) : undefined;
    return {
      v, w, saver: new Saver({ varList: [v] }), readyOp: readyOf([...globalVariables(), ...localVariables()]),
      managed: (options: SessionManagerOptions = {}) => new SessionManager({ readyOp: readyOf([...globalVariables(), ...localVariables()]), clock: new FakeClock(), ...options }),
    };
  });
}

const read = async (session: Session, variable: Variable | undefined) => (variable ? [...(await session.readVariable(variable))] : undefined);

test("G01: an init operation makes the session ready", async () => {
  const { v, managed } = program([1, 2, 3]);
  expect(await read(await managed().prepareSession({ initOp: v.initializer }), v)).toEqual([1, 2, 3]);
});

test("G01: what the init operation needs may be fed", async () => {
  const { v, managed } = program([0, 0, 0]);
  const { fed, init } = buildGraph(() => {
    const fed = placeholder("float32", { shape: [3] });
    return { fed, init: opOf(v.assign(fed)) };
  });
  expect(await read(await managed().prepareSession({ initOp: init, initFeeds: [[fed, [1, 2, 3]]] }), v)).toEqual([1, 2, 3]);
});

test("G02: with nothing to restore and nothing to initialise it fails; the checkpoint back in its place it succeeds", async () => {
  const first = await savedProgram({ v: [1, 2, 3] });
  await first.saver.save(first.session, "prepare_session/v");
  await rename("prepare_session", "prepare_session2");
  const { v, saver, managed } = program([0, 0, 0]);
  const prepare = () => managed().prepareSession({ saver, checkpointDir: "prepare_session", waitForCheckpoint: true, maxWaitSecs: 2 });
  await expect(prepare()).rejects.toThrow("no init_op or init_fn or local_init_op was given");
  await rename("prepare_session2", "prepare_session");
  const session = await prepare();
  expect([session.isInitialized(v), await read(session, v)]).toEqual([true, [1, 2, 3]]);
});

test("G03: recovers by folder and by file, never by both", async () => {
  const first = program(1);
  const { session, recovered } = await first.managed().recoverSession({ saver: first.saver, checkpointDir: "recover_session" });
  expect([recovered, session.isInitialized(first.v)]).toEqual([false, false]);
  await session.run(first.v.initializer);
  await first.saver.save(session, "recover_session/checkpoint-of-v");
  const { v, saver, managed } = program(2);
  for (const source of [{ checkpointDir: "recover_session" }, { checkpointFilenameWithPath: "recover_session/checkpoint-of-v" }]) {
    const again = await managed().recoverSession({ saver, ...source });
    expect([again.recovered, await read(again.session, v)]).toEqual([true, [1]]);
  }
  const both = { checkpointDir: "recover_session", checkpointFilenameWithPath: "recover_session/checkpoint-of-v" };
  await expect(managed().recoverSession({ saver, ...both })).rejects.toThrow(ValueError);
});

test("G04: waiting ends when there is no time left for another look", async () => {
  const { managed } = program(1);
  await expect(managed({ recoveryWaitSecs: 1 }).waitForSession({ maxWaitSecs: 3 })).rejects.toThrow(DeadlineExceededError);
});

test("G04: to be ready for a local init operation needs one", () => {
  const { managed, readyOp } = program(1);
  expect(() => managed({ readyForLocalInitOp: readyOp })).toThrow(ValueError);
});

test("G05: local variables are initialised behind the restore of the global ones", async () => {
  const first = await savedProgram({ v: 1 });
  await first.saver.save(first.session, "recover_session/m");
  const { v, w, saver, managed } = program(2, { local: true });
  const localInitOp = buildGraph(() => variablesInitializer(localVariables()));
  const manager = managed({ readyForLocalInitOp: readyOf(globalVariables()), localInitOp });
  const { session, recovered } = await manager.recoverSession({ saver, checkpointDir: "recover_session" });
  expect([recovered, await read(session, v), await read(session, w)]).toEqual([true, [1], [1]]);
});

test("G08: a local variable that nothing initialises is told", async () => {
  const { v, managed } = program(1, { local: true });
  await expect(managed().prepareSession({ initOp: v.initializer })).rejects.toThrow("did not make model ready");
});

test("G09: without an init operation it is never ready for the local one", async () => {
  const { managed } = program(1, { local: true });
  const localInitOp = buildGraph(() => variablesInitializer(localVariables()));
  const preparing = managed({ readyForLocalInitOp: readyOf(globalVariables()), localInitOp }).prepareSession();
  await expect(preparing).rejects.toThrow("ready for local_init");
});
