import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { BundleWriter } from "#formats/bundle/bundleWriter";
import { encodeStrings } from "#formats/bundle/stringTensor";
import { exportTensors } from "#host/reader/exportTensors";
import { unwatched, type Look } from "#host/reader/tasks";
import type { Dtype } from "#model/checkpoint";
import { temporaryFolder } from "./temporaryFolder";

const bytesOf = (values: ArrayBufferView): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
/** Several pieces long. */
const kernel = Float32Array.from({ length: 300_000 }, (_, at) => at / 7);

async function save(): Promise<string> {
  const prefix = join(await temporaryFolder(), "model-1");
  const writer = new BundleWriter();
  const add = (name: string, dtype: Dtype, shape: readonly number[], bytes: Uint8Array) => writer.add({ name, dtype, shape }, bytes);
  const words = ["yes", "no, never"].map((text) => new Uint8Array(Buffer.from(text)));
  const data = Buffer.concat([
    add("half", "bfloat16", [2], bytesOf(Uint16Array.of(0x3f80, 0x7fc0))), add("kernel", "float32", [300, 1000], bytesOf(kernel)),
    add("step", "int64", [], bytesOf(BigInt64Array.of(7n))), add("wave", "complex64", [1], bytesOf(Float32Array.of(1, -1))), add("words", "string", [2], encodeStrings(words)),
  ]);
  await writeFile(`${prefix}.data-00000-of-00001`, data);
  await writeFile(`${prefix}.index`, writer.finish());
  return prefix;
}

test("one tensor is written for NumPy, its bytes as they are stored", async () => {
  const prefix = await save();
  const path = join(dirname(prefix), "kernel.npy");
  const { bytes, tensors } = await exportTensors({ prefix, path, what: { format: "npy", name: "kernel" } }, unwatched);
  const file = new Uint8Array(await readFile(path));
  expect([bytes, tensors]).toEqual([file.length, 1]);
  expect(Buffer.compare(file.subarray(-kernel.byteLength), bytesOf(kernel))).toBe(0);
  expect(Buffer.from(file.subarray(10, 128)).toString()).toContain("'shape': (300, 1000)");
});

test("bfloat16 is widened for NumPy and said so; strings stand in fields", async () => {
  const prefix = await save();
  const write = async (name: string) => {
    const path = join(dirname(prefix), `${name}.npy`);
    const { notes } = await exportTensors({ prefix, path, what: { format: "npy", name } }, unwatched);
    return { notes, values: new Uint8Array((await readFile(path)).subarray(128)) };
  };
  const half = await write("half");
  expect(half.notes).toEqual(["bfloat16 is written as float32, without loss: NumPy has no bfloat16."]);
  expect([...new Float32Array(half.values.buffer)]).toEqual([1, NaN]);
  expect(Buffer.from((await write("words")).values).toString()).toBe("yes\0\0\0\0\0\0no, never");
});

test("CSV has a line for each row, and as many digits as bring the numbers back", async () => {
  const prefix = await save();
  const path = join(dirname(prefix), "kernel.csv");
  await exportTensors({ prefix, path, what: { format: "csv", name: "kernel" } }, unwatched);
  const rows = (await readFile(path, "utf8")).trimEnd().split("\n").map((line) => Float32Array.from(line.split(","), Number));
  expect([rows.length, rows[0]?.length]).toEqual([300, 1000]);
  expect(Buffer.compare(Buffer.concat(rows.map(bytesOf)), bytesOf(kernel))).toBe(0);
});

test("all tensors are written as safetensors; strings are left out and said so", async () => {
  const prefix = await save();
  const path = join(dirname(prefix), "all.safetensors");
  const answer = await exportTensors({ prefix, path, what: { format: "safetensors" } }, unwatched);
  expect(answer).toMatchObject({ tensors: 4, leftOut: [{ name: "words", why: "the format holds no strings" }] });
  expect(answer.notes).toEqual(["Complex numbers are written as pairs, in a last axis of 2: wave."]);
  const file = await readFile(path);
  const length = Number(file.readBigUInt64LE(0));
  const head = JSON.parse(file.subarray(8, 8 + length).toString()) as Record<string, { data_offsets: [number, number] }>;
  const valuesOf = (name: string): Uint8Array => new Uint8Array(file.subarray(8 + length + (head[name]?.data_offsets[0] ?? 0), 8 + length + (head[name]?.data_offsets[1] ?? 0)));
  expect(Buffer.compare(valuesOf("kernel"), bytesOf(kernel))).toBe(0);
  expect(new BigInt64Array(valuesOf("step").buffer)).toEqual(BigInt64Array.of(7n));
  expect(file.length).toBe(8 + length + kernel.byteLength + 8 + 8 + 4);
});

/** Cancelled once some bytes have passed. */
function cancelledAfter(bytes: number): Look {
  let passed = 0;
  return { get cancelled() { return passed >= bytes; }, expect: () => undefined, passed: (more) => void (passed += more) };
}

test("a cancelled export leaves what was there before, and nothing else", async () => {
  const prefix = await save();
  const path = join(dirname(prefix), "kernel.npy");
  await writeFile(path, "before");
  const names = await readdir(dirname(prefix));
  expect(await exportTensors({ prefix, path, what: { format: "npy", name: "kernel" } }, cancelledAfter(1))).toMatchObject({ cancelled: true, bytes: 0 });
  expect(await readFile(path, "utf8")).toBe("before");
  expect(await readdir(dirname(prefix))).toEqual(names);
});

test("damaged bytes are named and nothing is written", async () => {
  const prefix = await save();
  const data = await readFile(`${prefix}.data-00000-of-00001`);
  data[5000] = (data[5000] ?? 0) ^ 1;
  await writeFile(`${prefix}.data-00000-of-00001`, data);
  const names = await readdir(dirname(prefix));
  await expect(exportTensors({ prefix, path: join(dirname(prefix), "all.safetensors"), what: { format: "safetensors" } }, unwatched)).rejects.toThrow("kernel is damaged");
  expect(await readdir(dirname(prefix))).toEqual(names);
});

test("no export takes the place of the checkpoint's own files, or of what cannot be written", async () => {
  const prefix = await save();
  const what = { format: "safetensors" } as const;
  await expect(exportTensors({ prefix, path: `${prefix}.data-00000-of-00001`, what }, unwatched)).rejects.toThrow("belongs to the checkpoint itself");
  await expect(exportTensors({ prefix, path: join(prefix, "no folder", "a"), what }, unwatched)).rejects.toThrow();
  await expect(exportTensors({ prefix, path: `${prefix}.npy`, what: { format: "npy", name: "none" } }, unwatched)).rejects.toThrow("There is no tensor none");
});
