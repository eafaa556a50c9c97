// Checkpoints of every form that we write, with what TensorFlow must find in them.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32c, maskCrc } from "#formats/bytes/crc32c";
import { compareBytes, joinBytes } from "#formats/bytes/byteOrder";
import { encodeUtf8 } from "#formats/bytes/utf8";
import type { TensorSlice } from "#formats/bundle/bundle";
import { encodeBundleIndex, type KeyedEntry } from "#formats/bundle/bundleWriter";
import { shardName } from "#formats/bundle/openBundle";
import { encodeSliceKey } from "#formats/bundle/orderedCode";
import { stringsCrc } from "#formats/bundle/stringTensor";
import { writeCheckpoint } from "#runtime/saving/writeCheckpoint";
import { Random } from "../support/random";
import { dtypes, jsonTensor, randomTensor, type JsonTensor, type MadeTensor } from "./values";

/** Tensors by the names of their checkpoints. */
export type ExpectedCheckpoints = Readonly<Record<string, readonly JsonTensor[]>>;

export async function writeCheckpoints(dir: string): Promise<ExpectedCheckpoints> {
  await mkdir(dir, { recursive: true });
  const random = new Random(4);
  const shapes: readonly (readonly number[])[] = [[], [1], [2, 3], [0], [3, 0, 2], [7, 1, 5]];
  const everyType = dtypes.flatMap((dtype) => shapes.map((shape) => randomTensor(random, { name: `${dtype}/of_${shape.join("x") || "one"}`, dtype, shape })));
  const many = Array.from({ length: 6000 }, (_, at) => randomTensor(random, { name: `layer_${at}/größe/模型 ${"n".repeat(at % 70)}`, dtype: "int32", shape: [] }));
  const small = ["float32", "int64"].flatMap((dtype) => randomTensor(random, { name: dtype, dtype: dtype === "int64" ? dtype : "float32", shape: [5] }));
  await save(join(dir, "everyType"), everyType);
  await save(join(dir, "many"), many);
  await save(join(dir, "empty"), []);
  await save(join(dir, "overwritten"), small);
  await save(join(dir, "overwritten"), everyType);
  await saveInShards(join(dir, "shards"), everyType);
  const partitioned = await savePartitioned(join(dir, "partitioned"), random);
  const json = (tensors: readonly MadeTensor[]): JsonTensor[] => tensors.map((tensor) => jsonTensor(tensor, tensor.stored));
  return {
    everyType: json(everyType), many: json(many), empty: [], overwritten: json(everyType), shards: json(everyType), partitioned: json([partitioned]),
  };
}

const byName = (left: MadeTensor, right: MadeTensor): number => compareBytes(encodeUtf8(left.name), encodeUtf8(right.name));

/** As the Saver does. */
async function save(prefix: string, tensors: readonly MadeTensor[]): Promise<void> {
  await writeCheckpoint(prefix, tensors.toSorted(byName).map(({ stored, ...tensor }) => ({ ...tensor, bytes: async () => stored })));
}

/** Each tensor into the next of three data files. */
async function saveInShards(prefix: string, tensors: readonly MadeTensor[]): Promise<void> {
  const parts: Uint8Array[][] = [[], [], []];
  const entries = tensors.toSorted(byName).map(({ name, dtype, shape, stored }, at): KeyedEntry => {
    const shard = at % parts.length;
    const part = parts[shard] ?? [];
    const offset = part.reduce((sum, { length }) => sum + length, 0);
    part.push(stored);
    const crc = maskCrc(dtype === "string" ? stringsCrc(stored) : crc32c(stored));
    return [encodeUtf8(name), { dtype, shape, shard, offset, size: stored.length, crc32c: crc }];
  });
  for (const [shard, part] of parts.entries()) await writeFile(shardName(prefix, shard, parts.length), joinBytes(part));
  await writeFile(`${prefix}.index`, encodeBundleIndex({ shards: parts.length, endianness: "little", producer: 1 }, entries));
}

/** A matrix whose rows lie in three slices. */
async function savePartitioned(prefix: string, random: Random): Promise<MadeTensor> {
  const whole = randomTensor(random, { name: "embedding", dtype: "float32", shape: [10, 4] });
  const slices = [[0, 4], [4, 3], [7, 3]].map(([start = 0, length = 0]): TensorSlice => [[start, length], [0, -1]]);
  const entry = { dtype: "float32", shard: 0, offset: 0, size: 0, crc32c: 0 };
  const rowBytes = 16;
  const entries = slices.map((slice): KeyedEntry => {
    const [[start, rows]] = slice as [[number, number]];
    const bytes = whole.stored.subarray(start * rowBytes, (start + rows) * rowBytes);
    return [
      encodeSliceKey(whole.name, slice),
      { ...entry, shape: [rows, 4], offset: start * rowBytes, size: bytes.length, crc32c: maskCrc(crc32c(bytes)) },
    ];
  });
  entries.push([encodeUtf8(whole.name), { ...entry, shape: whole.shape, slices }]);
  await writeFile(shardName(prefix, 0, 1), whole.stored);
  await writeFile(`${prefix}.index`, encodeBundleIndex({ shards: 1, endianness: "little", producer: 1 }, entries.toSorted(([left], [right]) => compareBytes(left, right))));
  return whole;
}
