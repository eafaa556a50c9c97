// Writing checkpoints: what lies on disk at every moment, and after failures.
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import { writeCheckpoint, type TensorToSave } from "#runtime/saving/writeCheckpoint";

let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), "write-"))));
afterEach(() => rm(dir, { recursive: true }));

const floats = (name: string, ...values: number[]): TensorToSave => ({
  name,
  dtype: "float32",
  shape: [values.length],
  bytes: async () => new Uint8Array(Float32Array.from(values).buffer),
});

async function readFloats(prefix: string, name: string): Promise<number[]> {
  const { bundle, close } = await openCheckpoint(prefix);
  const bytes = await bundle.read(name);
  await close();
  return [...new Float32Array(bytes.slice().buffer)];
}

test("a float scalar gives the bytes that TensorFlow writes", async () => {
  const v: TensorToSave = { name: "v", dtype: "float32", shape: [], bytes: async () => Uint8Array.of(0, 0, 0x80, 0x3f) };
  await writeCheckpoint(join(dir, "one"), [v]);
  expect(await readdir(dir)).toEqual(["one.data-00000-of-00001", "one.index"]);
  expect((await readFile(join(dir, "one.data-00000-of-00001"))).toString("hex")).toBe("0000803f");
  const index = await readFile(join(dir, "one.index"));
  expect(index).toHaveLength(117);
  expect(index.toString("hex").startsWith("00000608011a02080100010b760801120028043581a5da2b")).toBe(true);
});

test("a checkpoint of the same name stays whole until the index of the new one replaces its own", async () => {
  const prefix = join(dir, "m");
  await writeCheckpoint(prefix, [floats("v", 1, 2)]);
  const seen: string[][] = [];
  const slow: TensorToSave = {
    ...floats("v", 3, 4),
    bytes: async () => {
      seen.push((await readdir(dir)).filter((name) => !name.includes(".tempstate")));
      expect(await readFloats(prefix, "v")).toEqual([1, 2]);
      return new Uint8Array(Float32Array.of(3, 4).buffer);
    },
  };
  await writeCheckpoint(prefix, [slow]);
  expect(seen).toEqual([["m.data-00000-of-00001", "m.index"]]);
  expect(await readFloats(prefix, "v")).toEqual([3, 4]);
  expect(await readdir(dir)).toEqual(["m.data-00000-of-00002", "m.data-00001-of-00002", "m.index"]);
  await writeCheckpoint(prefix, [floats("v", 5, 6)]);
  expect(await readFloats(prefix, "v")).toEqual([5, 6]);
  expect(await readdir(dir)).toEqual(["m.data-00000-of-00001", "m.index"]);
});

test("new data under its final name does not disturb the old checkpoint before the index follows", async () => {
  const prefix = join(dir, "m");
  await writeCheckpoint(prefix, [floats("v", 1, 2)]);
  const index = await readFile(`${prefix}.index`);
  const data = await readFile(`${prefix}.data-00000-of-00001`);
  await writeCheckpoint(prefix, [floats("v", 3, 4)]);
  // As a kill between the renames leaves it.
  await writeFile(`${prefix}.index`, index);
  await writeFile(`${prefix}.data-00000-of-00001`, data);
  expect(await readFloats(prefix, "v")).toEqual([1, 2]);
  await writeCheckpoint(prefix, [floats("v", 5, 6)]);
  expect(await readFloats(prefix, "v")).toEqual([5, 6]);
});

test("a failure in the middle leaves no temporary file and the earlier checkpoint as it was", async () => {
  const prefix = join(dir, "m");
  await writeCheckpoint(prefix, [floats("v", 1)]);
  const before = await contents();
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  const failing: TensorToSave = { ...floats("w", 2), bytes: () => Promise.reject(full) };
  await expect(writeCheckpoint(prefix, [floats("v", 2), failing])).rejects.toThrow(/checkpoint .*m could not be written: the disk is full/);
  expect(await contents()).toEqual(before);
});

test("leftovers of a killed save are no checkpoint and do not hinder the next one", async () => {
  const prefix = join(dir, "m-7");
  await writeFile(`${prefix}.data-00000-of-00001.tempstate17`, "half");
  await writeFile(`${prefix}.data-00000-of-00001`, "data without an index");
  await writeCheckpoint(prefix, [floats("v", 1)]);
  expect(await readFloats(prefix, "v")).toEqual([1]);
});

test("one missing folder is made, two are an error that says so", async () => {
  await writeCheckpoint(join(dir, "new", "m"), [floats("v", 1)]);
  expect(await readFloats(join(dir, "new", "m"), "v")).toEqual([1]);
  await expect(writeCheckpoint(join(dir, "a", "b", "m"), [floats("v", 1)])).rejects.toThrow(/Parent directory of .* doesn't exist/);
});

test("a file in place of the folder is the same error", async () => {
  await writeFile(join(dir, "file"), "");
  await expect(writeCheckpoint(join(dir, "file", "m"), [floats("v", 1)])).rejects.toThrow(/Parent directory of .* doesn't exist/);
});

test("a folder in the way of the data file is an error, and nothing half-made is left", async () => {
  await mkdir(join(dir, "m.data-00000-of-00001", "x"), { recursive: true });
  await expect(writeCheckpoint(join(dir, "m"), [floats("v", 1)])).rejects.toThrow();
  expect(await readdir(dir)).toEqual(["m.data-00000-of-00001"]);
});

async function contents(): Promise<[string, string][]> {
  const names = (await readdir(dir)).sort();
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, createHash("sha256").update(await readFile(join(dir, name))).digest("hex")]),
  );
}
