// Restoring while a run trains: all of a checkpoint, part of it, and back to identical bytes.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Checkpoints } from "#host/checkpoints/checkpoints";
import { RunConnection } from "#host/runs/runConnection";
import { startInProcessReader } from "#host/reader/inProcessReader";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import { readRunRecord } from "#node/runRecord";
import { next, trainerProgram, useTrainings } from "../../support/trainings";

const { start } = useTrainings();
const reader = startInProcessReader();
const checkpointsOf = (dir: string): Checkpoints => new Checkpoints({ dir, reader, trainer: trainerProgram, node: process.execPath });

/** Slow enough that what is asked one after the other comes between the same two steps. */
const slowly = ["--max_steps", "100000", "--pause_ms", "400", "--save_every", "1000000"];

/** A training that takes its time. */
async function startSlow(...args: readonly string[]): Promise<{ readonly dir: string; readonly connection: RunConnection }> {
  const { dir, connection } = await start("descend.ts", [...slowly, ...args]);
  if (!connection) throw new Error("the training is over already");
  return { dir, connection };
}

async function valuesOf(prefix: string, name: string): Promise<number[]> {
  const { bundle, close } = await openCheckpoint(prefix);
  const bytes = await bundle.read(name);
  await close();
  return [...(name === "global_step" ? new BigInt64Array(bytes.slice().buffer) : new Float32Array(bytes.slice().buffer))].map(Number);
}

/** All values of a checkpoint, as stored: a save over another of its name declares a second, empty data file. */
async function dataOf(dir: string, prefix: string): Promise<Buffer> {
  const name = (await readdir(dir)).find((each) => each.startsWith(`${prefix}.data-00000-of-`));
  return readFile(join(dir, name ?? `${prefix}: no data`));
}

test("a restore undone leaves identical bytes, the state before it stays meanwhile, and both are lineage", async () => {
  const { connection, dir } = await startSlow("--max_to_keep", "2");
  const { prefix: early } = await connection.ask.save({});
  await next(connection.onProgress, ({ step }) => step >= 2);
  const host = checkpointsOf(dir);
  const restored = await host.restore(early);
  if (restored.kind !== "restored" || restored.result.savedBefore === undefined) throw new Error("nothing was saved before");
  const { savedBefore } = restored.result;
  expect((await readRunRecord(dir))?.undoRestore).toMatchObject({ restored: early, savedBefore });
  const bytes = await dataOf(dir, savedBefore);
  // By the rule alone two saves would push it out.
  for (const _ of [1, 2, 3]) {
    await connection.ask.save({});
    await next(connection.onProgress);
  }
  // One of them may have taken the name of the state that is held: that one has another then, and the record says which.
  const held = (await readRunRecord(dir))?.undoRestore?.savedBefore ?? "";
  // Asked in one breath, both are done between the same two steps.
  const [undone, { prefix: after }] = await Promise.all([connection.ask.undoRestore({}), connection.ask.save({})]);
  expect(undone.prefix).toBe(held);
  expect(await dataOf(dir, after)).toEqual(bytes);
  const record = await readRunRecord(dir);
  expect(record?.undoRestore).toBeUndefined();
  expect(record?.lineage).toMatchObject([{ from: early, variables: 2 }, { from: held, undo: true }]);
});

test("of a checkpoint only a scope is set, and the rest keeps its present value", async () => {
  const { connection, dir } = await startSlow("--max_to_keep", "9");
  const { prefix: early } = await connection.ask.save({});
  await next(connection.onProgress, ({ step }) => step >= 2);
  const host = checkpointsOf(dir);
  const choice = { scopes: ["model"] };
  expect(await host.preflight(early, choice)).toMatchObject({ program: 2, sets: 1, averages: 0, scopes: [{ scope: "", variables: 1 }, { scope: "model", variables: 1 }] });
  const [restored, { prefix: after }] = await Promise.all([connection.ask.restorePart({ prefix: early, choice }), connection.ask.save({})]);
  expect(restored.variables).toBe(1);
  expect(restored.step).toBeGreaterThanOrEqual(2);
  expect(await valuesOf(join(dir, after), "global_step")).toEqual([restored.step]);
  expect(await valuesOf(join(dir, after), "model/position")).toEqual(await valuesOf(join(dir, early), "model/position"));
  expect((await readRunRecord(dir))?.lineage).toMatchObject([{ from: early, scopes: ["model"], variables: 1 }]);
  await expect(host.restore(early, { choice: { scopes: ["nothing"] } })).rejects.toThrow("Nothing of");
});

test("a run that has ended starts again from a part, and says so", async () => {
  const first = await start("descend.ts", ["--max_steps", "20"]);
  await first.ended;
  const host = checkpointsOf(first.dir);
  const restored = await host.restore("model-10", { branch: "part", choice: { scopes: [""] } });
  if (restored.kind !== "started") throw new Error("nothing trains");
  const connection = await RunConnection.connect(restored.run.runDir);
  await connection?.ended;
  connection?.dispose();
  const record = await readRunRecord(restored.run.runDir);
  expect(record?.lineage, JSON.stringify(record)).toMatchObject([{ from: expect.stringMatching(/@model-10$/) as string, scopes: [""], step: 10 }]);
});
