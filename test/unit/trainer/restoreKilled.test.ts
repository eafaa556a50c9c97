// A process that dies between any two operations on the disk of a restore: the folder restores, its words are true, no byte is lost.
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseCheckpointState } from "#formats/checkpointState/checkpointState";
import type { RunRecord } from "#model/run";
import { readRunRecord } from "#node/runRecord";
import {
  buildGraph, getOrCreateGlobalStep, getVariable, group, guardCheckpoints, resetDefaultGraph, restoreAtStart, restoreNow, Saver, Supervisor, type Session,
} from "#runtime/index";
import { endAllTracing } from "#runtime/graph/trace";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import { Keeping } from "#trainer/keeping";
import { RecordKeeper } from "#trainer/recordKeeper";
import { DyingDisk } from "../../support/dyingDisk";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
let disk: DyingDisk | undefined;
beforeEach(() => tf.setBackend("cpu"));
afterEach(async () => {
  await disk?.end();
  endAllTracing();
  guardCheckpoints({ isGuarded: () => false });
});

/** A training as a trainer holds it, each step adding `pace` to all values; it keeps two checkpoints and its record. */
class Training {
  readonly keeping: Keeping;
  readonly keeper: RecordKeeper;
  readonly #script;

  constructor(readonly dir: string, pace = 1) {
    resetDefaultGraph();
    this.keeper = new RecordKeeper(dir, { version: 1, script: "s.ts", args: [], startedSeconds: 1, state: "running" }, () => undefined);
    this.keeping = new Keeping(dir, this.keeper, () => undefined);
    this.#script = buildGraph(() => {
      const step = getOrCreateGlobalStep();
      const train = group([step.assignAdd(1), ...["a", "b"].map((name) => getVariable(name, { initializer: 0 }).assignAdd(pace))], { name: "train" });
      const saver = new Saver({ maxToKeep: 2, saveRelativePaths: true });
      return { step, train, saver, supervisor: new Supervisor({ logdir: dir, saver, saveSummariesSecs: 0, saveModelSecs: 0, summaryOp: null, summaryWriter: null }) };
    });
  }

  run(body: (session: Session) => Promise<void>): Promise<void> {
    return this.#script.supervisor.managedSession(body);
  }

  async trainAndSave(session: Session, ...steps: readonly number[]): Promise<void> {
    const { train, step, saver } = this.#script;
    for (const wanted of steps) {
      while (Number((await session.readVariable(step))[0]) < wanted) await session.run(train);
      await saver.save(session, join(this.dir, "model"), { globalStep: wanted });
    }
  }

  async restore(session: Session, prefix: string): Promise<void> {
    const asked = this.keeping.restoring(join(this.dir, prefix), () => restoreNow(prefix));
    asked.catch(() => undefined);
    await session.run([]);
    const { step, variables, savedBefore = "" } = await asked;
    await this.keeping.restored({ from: prefix, step, variables }, this.keeping.relative(savedBefore));
  }
}

/** Every checkpoint's data by the value in it; `from` their folder. */
async function values(dir: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const index of (await readdir(dir)).filter((name) => name.endsWith(".index"))) {
    const prefix = basename(index, ".index");
    const { bundle, close } = await openCheckpoint(join(dir, prefix));
    const all = new Set<number>();
    for (const name of ["a", "b"]) for (const value of new Float32Array((await bundle.read(name)).slice().buffer)) all.add(value);
    await close();
    expect(all.size, prefix).toBe(1);
    found.set(prefix, [...all][0] ?? NaN);
  }
  return found;
}

/** The state file names only what is there and whole, its newest among it; so does the record's undo. */
async function expectTruth(dir: string): Promise<Map<string, number>> {
  const there = await values(dir);
  const state = parseCheckpointState(await readFile(join(dir, "checkpoint"), "utf8"));
  for (const path of [state?.modelCheckpointPath ?? "", ...(state?.allModelCheckpointPaths ?? [])]) expect([...there.keys()]).toContain(path);
  const undo = (await readRunRecord(dir))?.undoRestore;
  if (undo) expect([...there.keys()]).toContain(undo.savedBefore);
  return there;
}

/** Dies after so many operations; false when the work came to its end. */
async function dies(operations: number, work: () => Promise<unknown>): Promise<boolean> {
  disk = new DyingDisk(operations, true);
  let dead = false;
  void disk.died.then(() => (dead = true));
  const failed = await work().then(() => false, () => true);
  await disk.end();
  if (failed) expect(dead).toBe(true);
  return dead;
}

/** On a disk that never dies, and never waits for its platters either. */
async function quickly(work: () => Promise<unknown>): Promise<void> {
  disk = new DyingDisk(Infinity);
  await work().finally(() => disk?.end());
}

async function freshFolder(): Promise<string> {
  const dir = join(temporary.root, "run");
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir);
  return dir;
}

/** A training at step 5 with checkpoints of 2 and 4, and what a death after so many operations of `work` leaves. */
async function killedLive(operations: number, work: (training: Training, session: Session) => Promise<void>): Promise<{ dir: string; died: boolean; record: RunRecord | undefined }> {
  const dir = await freshFolder();
  const training = new Training(dir);
  let died = false;
  await training.run(async (session) => {
    await quickly(() => training.trainAndSave(session, 2, 4, 5));
    died = await dies(operations, () => work(training, session));
  }).catch((error: unknown) => {
    if (!died) throw error;
  });
  return { dir, died, record: await readRunRecord(dir) };
}

test("of a training, and of its undo: the present state or the old one is the newest, and the save's own eviction is all that goes", async () => {
  let operations = 0;
  const told = new Set<string>();
  for (let died = true; died; operations++) {
    const killed = await killedLive(operations, async (training, session) => {
      await training.restore(session, "model-4");
      // What was restored goes past the step that was saved before, whose bytes must stay for the undo.
      await training.trainAndSave(session, 5);
      await training.restore(session, training.keeper.record.undoRestore?.savedBefore ?? "");
    });
    died = killed.died;
    const there = await expectTruth(killed.dir);
    expect(there.get("model-4")).toBe(4);
    // Never less than the state before the restore, under one of its names.
    expect([...there.values()]).toContain(5);
    const { undoRestore, lineage = [] } = killed.record ?? {};
    if (undoRestore) expect(there.get(undoRestore.savedBefore)).toBe(5);
    told.add(`${lineage.length} ${undoRestore?.savedBefore ?? "none"}`);
  }
  expect(operations).toBeGreaterThan(40);
  expect([...told]).toContain("1 model-before-restore-5");
});

test("of a run that has ended, going on in place to the steps it had: nothing it had is lost", async () => {
  let operations = 0;
  for (let died = true; died; operations++) {
    const dir = await freshFolder();
    const first = new Training(dir);
    await quickly(() => first.run((session) => first.trainAndSave(session, 2, 4)));
    const before = await values(dir);
    died = await dies(operations, async () => {
      const next = new Training(dir, 10);
      await next.keeper.change({});
      restoreAtStart(join(dir, "model-2"));
      await next.run(async (session) => {
        await next.keeping.restored({ from: "model-2", step: 2 }, "model-4");
        await next.trainAndSave(session, 3, 4);
      });
    });
    const there = await expectTruth(dir);
    const { undoRestore } = (await readRunRecord(dir)) ?? {};
    // The list of two lets go of the oldest by the rule; the newest of before is held for the undo, under whichever name.
    if (undoRestore) expect(there.get(undoRestore.savedBefore)).toBe(4);
    else expect(there).toEqual(before);
    if (!died) expect([undoRestore?.savedBefore, there.get("model-4")]).toEqual(["model-before-restore-4", 22]);
  }
  expect(operations).toBeGreaterThan(20);
});

test("of a branch: the run that it comes from keeps every byte", async () => {
  const parent = await freshFolder();
  const first = new Training(parent);
  await first.run((session) => first.trainAndSave(session, 2, 4));
  const bytes = async (): Promise<string[]> => Promise.all((await readdir(parent)).sort().map(async (name) => `${name} ${await readFile(join(parent, name), "latin1")}`));
  const before = await bytes();
  let operations = 0;
  for (let died = true; died; operations++) {
    const dir = join(temporary.root, "branch");
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir);
    died = await dies(operations, async () => {
      const branch = new Training(dir);
      await branch.keeper.change({});
      restoreAtStart(join(parent, "model-2"));
      await branch.run(async (session) => {
        await branch.keeping.restored({ from: "run@model-2", step: 2 }, undefined);
        await branch.trainAndSave(session, 3, 4);
      });
    });
    expect(await bytes()).toEqual(before);
  }
  expect((await expectTruth(join(temporary.root, "branch"))).get("model-4")).toBe(4);
});
