// Plain TensorFlow.js with one line added: followed live, stopped, saved and restored under a trainer, and the same alone.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import { decodeTensor } from "#formats/bundle/decodeTensor";
import { decodeEvent } from "#formats/events/decodeEvent";
import type { SummaryValue } from "#formats/events/event";
import { RecordScanner } from "#formats/records/recordScanner";
import { next, useTrainings } from "../../support/trainings";

const { start, temporary } = useTrainings();
const root = join(import.meta.dirname, "../../..");
const sample = join(root, "samples/modelFit/train.mjs");
/** Batches of an epoch: 480 points by 50. */
const batches = 10;

async function eventsIn(dir: string): Promise<{ step: number; value: SummaryValue }[]> {
  const [file = ""] = (await readdir(dir)).filter((name) => name.includes("tfevents"));
  const scanner = new RecordScanner();
  scanner.push(await readFile(join(dir, file)));
  const found: { step: number; value: SummaryValue }[] = [];
  for (let read = scanner.next(); read.kind === "record"; read = scanner.next()) {
    const { step, what } = decodeEvent(read.data);
    if (what.kind === "summary") found.push(...what.values.map((value) => ({ step, value })));
  }
  return found;
}

async function valuesIn(prefix: string): Promise<Record<string, number[]>> {
  const { bundle, close } = await openCheckpoint(prefix);
  const values: Record<string, number[]> = {};
  for (const { name, dtype } of bundle.entries.values()) values[name] = Array.from(decodeTensor(dtype, await bundle.read(name)) as ArrayLike<number>, Number);
  await close();
  return values;
}

test("under a trainer every batch and epoch is recorded and each epoch saved, and the script needs no main function", async () => {
  const { dir, ended, log } = await start(sample, ["3"], { script: sample });
  expect(await ended, await log()).toMatchObject({ how: "finished", step: 3 * batches });
  const events = await eventsIn(dir);
  const stepsOf = (tag: string) => events.filter(({ value }) => value.tag === tag).map(({ step }) => step);
  expect(stepsOf("batch_loss")).toEqual(Array.from({ length: 3 * batches }, (_, i) => i + 1));
  expect(stepsOf("epoch_val_acc")).toEqual([batches, 2 * batches, 3 * batches]);
  const keras = events.find(({ value }) => value.tag === "keras")?.value;
  expect(keras?.metadata?.pluginName).toBe("graph_keras_model");
  expect((await readdir(dir)).filter((name) => name.endsWith(".index")).sort()).toEqual(["model.ckpt-10.index", "model.ckpt-20.index", "model.ckpt-30.index"]);
});

test("it is saved with its optimizer and restored between two batches, and a stop ends the fit with a checkpoint", async () => {
  const { connection, dir, log } = await start(sample, ["100000"], { script: sample });
  if (!connection) throw new Error(await log());
  await next(connection.onProgress, ({ step }) => step > batches);
  const before = await connection.ask.save({});
  const restored = await connection.ask.restore({ prefix: before.prefix });
  expect(restored.step).toBe(before.step);
  const { "optimizer/iter": count, global_step: step, ...rest } = await valuesIn(join(dir, before.prefix));
  expect([count, step]).toEqual([[before.step], [before.step]]);
  expect(Object.keys(rest)).toEqual(expect.arrayContaining(["dense_Dense1/kernel", "optimizer/dense_Dense1/kernel/m", "optimizer/dense_Dense1/kernel/v"]));
  await connection.ask.stop({});
  expect(await connection.ended, await log()).toMatchObject({ how: "stopped" });
  const state = await readFile(join(dir, "checkpoint"), "utf8");
  expect(state).toMatch(/model_checkpoint_path: "model\.ckpt-\d+"/);
});

test("alone it writes the same below its working folder", async () => {
  const project = join(temporary.root, "project");
  await mkdir(join(project, "node_modules"), { recursive: true });
  await symlink(root, join(project, "node_modules/trainscope"));
  await symlink(join(root, "node_modules/@tensorflow"), join(project, "node_modules/@tensorflow"));
  const script = join(project, "train.mjs");
  await copyFile(sample, script);
  await promisify(execFile)(process.execPath, [script, "2"], { cwd: project });
  const [run = ""] = await readdir(join(project, "runs"));
  const files = await readdir(join(project, "runs", run));
  expect(files).toEqual(expect.arrayContaining(["checkpoint", "model.ckpt-20.index", "model.ckpt-20.meta"]));
  expect((await eventsIn(join(project, "runs", run))).some(({ value }) => value.tag === "epoch_loss")).toBe(true);
});
