// What others may ask of a training between two steps: stop, save, look, restore.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Session } from "#runtime/graph/session";
import { group } from "#runtime/graph/controlDependencies";
import { resetDefaultGraph } from "#runtime/graph/graph";
import { buildGraph, endAllTracing } from "#runtime/graph/trace";
import { latestCheckpoint } from "#runtime/saving/checkpointFiles";
import { Saver, type SaverOptions } from "#runtime/saving/saver";
import { getVariable } from "#runtime/scope/getVariable";
import { getOrCreateGlobalStep } from "#runtime/training/globalStep";
import { observeTraining, type TrainingObserver } from "#runtime/training/observers";
import { Supervisor, type SupervisorOptions } from "#runtime/training/supervisor";
import { currentTraining, preflightNow, restoreAtStart, restoreNow, saveNow } from "#runtime/training/training";

let logdir: string;
beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
  logdir = await mkdtemp(join(tmpdir(), "training-"));
});
afterEach(async () => {
  endAllTracing();
  await rm(logdir, { recursive: true });
});

/** A script as pix2pix is: its own Saver, a Supervisor that neither saves nor restores. Each step adds 1 to w and to the step. */
function script(options: SaverOptions = {}, supervised: SupervisorOptions = {}, extra: string[] = []) {
  resetDefaultGraph();
  return buildGraph(() => {
    const step = getOrCreateGlobalStep();
    const w = getVariable("w", { initializer: 0 });
    for (const name of extra) getVariable(name, { initializer: 0 });
    const train = group([w.assignAdd(1), step.assignAdd(1)], { name: "train" });
    const saver = new Saver(options);
    return { w, step, train, saver, supervisor: new Supervisor({ logdir, saver: null, saveSummariesSecs: 0, ...supervised }) };
  });
}

type Script = ReturnType<typeof script>;

/** Trains to a step, then for as long as others ask for something. */
async function trainTo(last: number, { train, step, supervisor }: Script, session: Session): Promise<void> {
  let at = 0;
  while (at < last && !supervisor.shouldStop()) at = Number((await session.run({ train, step })).step);
}

/** Steps until the answer is there: what is asked is carried out between two steps. */
async function stepUntil<T>(asked: Promise<T>, { train }: Script, session: Session): Promise<T> {
  let settled = false;
  const watched = asked.finally(() => (settled = true));
  watched.catch(() => undefined);
  while (!settled) {
    await session.run(train);
    await turn();
  }
  return watched;
}

const numberOf = async (session: Session, variable: Script["w"] | Script["step"]) => Number((await session.readVariable(variable))[0]);

test("a stop from outside is seen by the loop, and the state is saved once", async () => {
  const program = script();
  const { supervisor, train, step } = program;
  let last = 0;
  await supervisor.managedSession(async (session) => {
    expect(currentTraining()?.session).toBe(session);
    for (;;) {
      last = Number((await session.run({ train, step })).step);
      if (supervisor.shouldStop()) break;
      if (last === 7) currentTraining()?.requestStop();
    }
  });
  expect(currentTraining()).toBeUndefined();
  expect(await latestCheckpoint(logdir)).toBe(join(logdir, `model.ckpt-${last}`));
});

test("a session that the script prepares itself can be asked as well, and stop saves it", async () => {
  const { supervisor, train, step } = script();
  const session = await supervisor.prepareOrWaitForSession();
  currentTraining()?.requestStop();
  const { step: last } = await session.run({ train, step });
  expect(supervisor.shouldStop()).toBe(true);
  await supervisor.stop();
  session.close();
  expect(currentTraining()).toBeUndefined();
  expect(await latestCheckpoint(logdir)).toBe(join(logdir, `model.ckpt-${String(last)}`));
});

test("a script that saves at its end is not saved again", async () => {
  const program = script();
  const { supervisor, saver } = program;
  await supervisor.managedSession(async (session) => {
    currentTraining()?.requestStop();
    await session.run(program.train);
    await saver.save(session, join(logdir, "mine"), { globalStep: program.step });
  });
  expect((await readdir(logdir)).filter((name) => name.endsWith(".index"))).toEqual(["mine-1.index"]);
});

test("a stop saves under the name that the script uses", async () => {
  const program = script();
  const { supervisor, saver } = program;
  await supervisor.managedSession(async (session) => {
    await session.run(program.train);
    await saver.save(session, join(logdir, "model"), { globalStep: program.step });
    currentTraining()?.requestStop();
    await session.run(program.train);
  });
  expect(await latestCheckpoint(logdir)).toBe(join(logdir, "model-2"));
});

test("a training that ends by itself, or by an error, is not saved", async () => {
  const program = script();
  await program.supervisor.managedSession((session) => trainTo(3, program, session));
  const failing = script();
  const managed = failing.supervisor.managedSession(async (session) => {
    await trainTo(3, failing, session);
    currentTraining()?.requestStop();
    throw new Error("the script failed");
  });
  await expect(managed).rejects.toThrow("the script failed");
  expect((await readdir(logdir)).filter((name) => name.endsWith(".index"))).toEqual([]);
});

test("a restore from outside saves the present state, restores, and training goes on from there", async () => {
  const program = script();
  const { supervisor, saver, step, w } = program;
  await supervisor.managedSession(async (session) => {
    await trainTo(3, program, session);
    await saver.save(session, join(logdir, "model"), { globalStep: step });
    await trainTo(10, program, session);
    const result = await stepUntil(restoreNow("model-3"), program, session);
    expect(result).toMatchObject({ prefix: join(logdir, "model-3"), step: 3, variables: 2 });
    expect(result.savedBefore).toMatch(/model-1\d$/);
    const now = await numberOf(session, step);
    expect(now).toBeLessThan(9);
    expect(await numberOf(session, w)).toBe(now);
    await stepUntil(restoreNow(result.savedBefore ?? ""), program, session);
    expect(await numberOf(session, w)).toBeGreaterThan(10);
  });
});

test("the save before a restore neither deletes nor overwrites what is to be restored", async () => {
  const program = script({ maxToKeep: 1 });
  const { supervisor, saver, step, w } = program;
  await supervisor.managedSession(async (session) => {
    await trainTo(5, program, session);
    await saver.save(session, join(logdir, "model"), { globalStep: step });
    // The same step again with another value, as after a restore: the checkpoint of step 5 is not the present state.
    session.assignVariable(w, [99], []);
    const asked = restoreNow(join(logdir, "model-5"));
    await session.run([]);
    const result = await asked;
    expect(result.savedBefore).toBe(join(logdir, "model-before-restore-5"));
    expect(await numberOf(session, w)).toBe(5);
    const undo = restoreNow(result.savedBefore ?? "");
    await session.run([]);
    expect((await undo).savedBefore).toBe(join(logdir, "model-before-restore-2-5"));
    expect(await numberOf(session, w)).toBe(99);
  });
});

test("a checkpoint that does not fit is refused before anything is saved", async () => {
  const other = script();
  await other.supervisor.managedSession(async (session) => void (await other.saver.save(session, join(logdir, "other"))));
  const program = script({}, {}, ["more", "and_more"]);
  await program.supervisor.managedSession(async (session) => {
    const fit = await preflightNow("other");
    expect(fit).toMatchObject({ fits: false, missing: ["and_more", "more"], equal: 2 });
    const before = await readdir(logdir);
    await expect(stepUntil(restoreNow("other"), program, session)).rejects.toThrow(/does not fit.*2 variables are missing.*and_more, more/);
    expect(await readdir(logdir)).toEqual(before);
    await expect(stepUntil(restoreNow("nowhere"), program, session)).rejects.toThrow("There is no checkpoint nowhere");
  });
});

test("a restore tells what it has read, and one that is called off meanwhile writes nothing and changes nothing", async () => {
  const program = script({ maxToKeep: 2 }, {}, ["more", "and_more"]);
  const { supervisor, saver, step, w } = program;
  await supervisor.managedSession(async (session) => {
    await trainTo(3, program, session);
    await saver.save(session, join(logdir, "model"), { globalStep: step });
    await trainTo(5, program, session);
    const before = await readdir(logdir);
    for (const choice of [{}, { partial: true }] as const) {
      const abort = new AbortController();
      const told: [number, number][] = [];
      const asked = restoreNow("model-3", choice, {
        signal: abort.signal,
        progressed: (done, total) => {
          told.push([done, total]);
          if (done > 0) abort.abort();
        },
      });
      await session.run([]);
      expect(await asked).toEqual({ prefix: join(logdir, "model-3"), step: 5, variables: 0, cancelled: true });
      expect(told).toHaveLength(2);
      expect(told[1]?.[1]).toBe(4 * 3 + 8);
      expect(await numberOf(session, w)).toBe(5);
      expect(await readdir(logdir)).toEqual(before);
    }
    const done = restoreNow("model-3", {}, { signal: new AbortController().signal });
    await session.run([]);
    expect(await done).toMatchObject({ step: 3, variables: 4 });
  });
});

test("a checkpoint whose bytes are damaged is refused before anything is saved", async () => {
  const program = script();
  const { supervisor, saver, step, w } = program;
  await supervisor.managedSession(async (session) => {
    await trainTo(3, program, session);
    await saver.save(session, join(logdir, "model"), { globalStep: step });
    const data = join(logdir, "model-3.data-00000-of-00001");
    const bytes = await readFile(data);
    bytes[bytes.length - 1] = 77;
    await writeFile(data, bytes);
    await trainTo(5, program, session);
    const before = await readdir(logdir);
    const asked = restoreNow("model-3");
    asked.catch(() => undefined);
    await session.run([]);
    await expect(asked).rejects.toThrow(/is damaged/);
    expect(await numberOf(session, w)).toBe(5);
    expect(await readdir(logdir)).toEqual(before);
  });
});

test("a save from outside answers with prefix and step", async () => {
  const program = script();
  await program.supervisor.managedSession(async (session) => {
    await trainTo(2, program, session);
    const { prefix, step } = await stepUntil(saveNow(), program, session);
    expect(prefix).toBe(join(logdir, `model.ckpt-${step}`));
    expect(await latestCheckpoint(logdir)).toBe(prefix);
  });
});

test("asking after the end is refused, not left without an answer", async () => {
  const program = script();
  let late: Promise<unknown> | undefined;
  await program.supervisor.managedSession(async (session) => {
    await session.run(program.train);
    late = saveNow();
    late.catch(() => undefined);
  });
  await expect(late).rejects.toThrow("The training has ended");
  await expect(saveNow()).rejects.toThrow("The training has ended");
  await expect(preflightNow("x")).rejects.toThrow("No training is going on");
});

test("what is to be restored at the start is there before the body runs", async () => {
  const first = script();
  await first.supervisor.managedSession(async (session) => {
    await trainTo(4, first, session);
    await first.saver.save(session, join(logdir, "model"), { globalStep: first.step });
  });
  const second = script();
  const started: unknown[] = [];
  const watching = observeTraining({ sessionStarted: (told) => started.push(told) });
  restoreAtStart(join(logdir, "model-4"));
  await second.supervisor.managedSession(async (session) => expect(await numberOf(session, second.w)).toBe(4));
  watching.dispose();
  expect(started).toEqual([{ step: 4 }]);
  const third = script();
  await third.supervisor.managedSession(async (session) => expect(await numberOf(session, third.w)).toBe(0));
});

test("a start that cannot be restored ends the training with that error", async () => {
  const program = script();
  restoreAtStart("nowhere");
  let ran = false;
  await expect(program.supervisor.managedSession(() => void (ran = true))).rejects.toThrow("There is no checkpoint nowhere");
  expect(ran).toBe(false);
});

test("a later process saves under the name that the folder has", async () => {
  const first = script();
  await first.supervisor.managedSession(async (session) => void (await first.saver.save(session, join(logdir, "model"), { globalStep: first.step })));
  const second = script();
  await second.supervisor.managedSession(async (session) => {
    await trainTo(2, second, session);
    const { prefix } = await stepUntil(saveNow(), second, session);
    expect(prefix).toContain(join(logdir, "model-"));
  });
});

test("observers are told the steps, the last one always", async () => {
  const program = script();
  const steps: number[] = [];
  const watcher: TrainingObserver = { stepDone: (step) => steps.push(step) };
  const watching = observeTraining(watcher);
  await program.supervisor.managedSession((session) => trainTo(20, program, session));
  watching.dispose();
  expect(steps.at(-1)).toBe(20);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
});

test("a restore is noted in the event file as a start at its step, so that readers drop what came after it", async () => {
  const program = script();
  await program.supervisor.managedSession(async (session) => {
    await trainTo(3, program, session);
    await program.saver.save(session, join(logdir, "model"), { globalStep: program.step });
    await stepUntil(restoreNow("model-3"), program, session);
  });
  const [events = ""] = (await readdir(logdir)).filter((name) => name.includes("tfevents"));
  // SessionLog { status: START } at step 3.
  const start = Buffer.from([0x10, 3, 0x3a, 2, 8, 1]);
  expect((await readFile(join(logdir, events))).includes(start)).toBe(true);
});
