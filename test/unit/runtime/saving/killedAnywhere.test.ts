// A process that dies between any two operations on the disk leaves listed checkpoints that are there and whole.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseCheckpointState } from "#formats/checkpointState/checkpointState";
import { replaceFile } from "#node/files";
import { checkpointExists } from "#runtime/saving/checkpointFiles";
import { CheckpointHistory } from "#runtime/saving/checkpointHistory";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import { writeCheckpoint } from "#runtime/saving/writeCheckpoint";
import { DyingDisk } from "../../../support/dyingDisk";
import { FakeClock } from "../../../support/fakeClock";

let dir: string;
let disk: DyingDisk | undefined;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), "killed-"))));
afterEach(async () => {
  await disk?.end();
  await rm(dir, { recursive: true });
});

const names = ["a", "b"];

async function save(prefix: string, value: number, history: CheckpointHistory): Promise<void> {
  const bytes = new Uint8Array(new Float32Array(100).fill(value).buffer);
  await writeCheckpoint(prefix, names.map((name) => ({ name, dtype: "float32", shape: [100], bytes: async () => bytes })));
  await history.record(prefix);
  await replaceFile(`${prefix}.meta`, "meta");
}

/** The value that all variables of a checkpoint have. */
async function valueOf(prefix: string): Promise<number> {
  const { bundle, close } = await openCheckpoint(prefix);
  const values = new Set<number>();
  for (const name of names) for (const value of new Float32Array((await bundle.read(name)).slice().buffer)) values.add(value);
  await close();
  expect(values.size).toBe(1);
  return [...values][0] ?? NaN;
}

/** Saves 1 and 2, then dies after so many operations of saving `prefix`; false when it came to its end. */
async function die(operations: number, prefix: string, value: number): Promise<boolean> {
  await rm(dir, { recursive: true });
  await mkdir(dir);
  const policy = { maxToKeep: 2, keepCheckpointEveryNHours: 10000 };
  const history = new CheckpointHistory({ policy, clock: new FakeClock(), saveRelativePaths: true, onProblem: () => undefined });
  for (const step of [1, 2]) await save(join(dir, `m-${step}`), step, history);
  disk = new DyingDisk(operations);
  const saved = save(join(dir, prefix), value, history).then(() => false);
  const died = await Promise.race([saved, disk.died.then(() => true)]);
  await disk.end();
  return died;
}

async function latest(): Promise<string> {
  const state = parseCheckpointState(await readFile(join(dir, "checkpoint"), "utf8"));
  for (const path of state?.allModelCheckpointPaths ?? []) expect(await checkpointExists(join(dir, path))).toBe(true);
  return state?.modelCheckpointPath ?? "";
}

test("in a save that evicts an old checkpoint, the latest is the old one or the new one, and whole", async () => {
  const seen = new Set<string>();
  for (let operations = 0; await die(operations, "m-3", 3); operations++) {
    const prefix = await latest();
    seen.add(prefix);
    expect(`m-${await valueOf(join(dir, prefix))}`).toBe(prefix);
  }
  expect([...seen]).toEqual(["m-2", "m-3"]);
});

test("in a save over a checkpoint of the same name, that one has its old values or its new ones, never a mixture", async () => {
  const seen = new Set<number>();
  for (let operations = 0; await die(operations, "m-2", 22); operations++) {
    expect(await latest()).toBe("m-2");
    seen.add(await valueOf(join(dir, "m-2")));
  }
  expect([...seen]).toEqual([2, 22]);
});

test("the save after a death in any place is whole", async () => {
  for (let operations = 0; await die(operations, "m-2", 22); operations += 3) {
    await writeFile(join(dir, "unrelated"), "");
    const policy = { maxToKeep: 2, keepCheckpointEveryNHours: 10000 };
    const history = new CheckpointHistory({ policy, clock: new FakeClock(), saveRelativePaths: true, onProblem: () => undefined });
    await save(join(dir, "m-2"), 23, history);
    expect(await valueOf(join(dir, "m-2"))).toBe(23);
  }
});
