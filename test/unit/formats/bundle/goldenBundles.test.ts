// Checkpoints written by TensorFlow: every tensor as its reader gives it, and every index written again byte for byte.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { bytesAsSource } from "#formats/bytes/byteSource";
import { WireReader } from "#formats/bytes/wireReader";
import { maskedCrc32c } from "#formats/bytes/crc32c";
import { BundleWriter, encodeBundleIndex } from "#formats/bundle/bundleWriter";
import { decodeHeader, readEntry } from "#formats/bundle/bundleRecords";
import { describeBundle } from "#formats/bundle/describeBundle";
import { openV1 } from "#formats/bundle/openV1";
import { decodeTensor, openBundle, shardName, type Bundle } from "#formats/bundle/openBundle";
import { readTable } from "#formats/sstable/readTable";
import type { Dtype } from "#model/checkpoint";
import { golden, hex, jsonNumber, jsonOf, need } from "../golden";

interface ExpectedTensor {
  key: string; dtype?: string; shape: number[]; bytes: number; sha256: string; masked_crc32c?: string; first?: (number | string | boolean)[];
  stored?: { shard: number; offset: number; size: number; crc32c: string };
  slices?: number[][][]; values_hex?: string[]; count?: number; sha256_of_u64_length_and_bytes?: string; error?: object;
}
interface ExpectedPrefix { header: { num_shards: number; endianness: string; producer: number }; tensors?: ExpectedTensor[]; open_error?: object; index_blocks?: number; encoded_slice_keys?: string[] }

const files = golden("bundle");
const { checkpoints } = jsonOf<{ checkpoints: Record<string, { prefixes: Record<string, ExpectedPrefix> }> }>(files, "expected.json");
const all = Object.entries(checkpoints).flatMap(([name, { prefixes }]) =>
  Object.entries(prefixes).map(([prefix, expected]) => ({ name: `${name}/${prefix}`, expected })));
const indexed = all.filter(({ name }) => files.has(`${name}.index`));
const sound = indexed.filter(({ expected }) => expected.tensors && !expected.open_error);

async function open(prefix: string): Promise<Bundle> {
  const source = (path: string) => bytesAsSource(need(files.get(path), path), path);
  return openBundle(source(`${prefix}.index`), async (shard, of) => source(shardName(prefix, shard, of)));
}

test("there are checkpoints to compare with", () => {
  expect(sound.length).toBeGreaterThan(15);
});

describe.each(sound)("$name", ({ name, expected }) => {
  const tensors = need(expected.tensors, "tensors");
  const readable = tensors.filter(({ error }) => !error);

  test("every tensor has the type, shape, bytes and place that TensorFlow finds", async () => {
    const bundle = await open(name);
    expect(bundle.problems).toEqual([]);
    for (const wanted of readable) {
      const entry = need(bundle.entries.get(wanted.key), wanted.key);
      if (wanted.dtype) expect([entry.dtype, entry.shape]).toEqual([wanted.dtype, wanted.shape]);
      if (wanted.slices) expect(entry.slices).toEqual(wanted.slices);
      const bytes = await bundle.read(wanted.key);
      await bundle.verify(wanted.key);
      const values = decodeTensor(entry.dtype, bytes);
      if (wanted.stored) {
        const { shard, offset, size, crc32c } = entry;
        expect({ shard, offset, size, crc32c: crc32c.toString(16).padStart(8, "0") }).toEqual(wanted.stored);
      }
      if (entry.dtype === "string") {
        const strings = Array.from<unknown>(values).filter((value) => value instanceof Uint8Array);
        if (wanted.count !== undefined) expect(strings.length).toBe(wanted.count);
        if (wanted.values_hex) expect(strings.slice(0, wanted.values_hex.length).map(hex)).toEqual(wanted.values_hex);
        if (wanted.sha256_of_u64_length_and_bytes) expect(digestOfStrings(strings)).toBe(wanted.sha256_of_u64_length_and_bytes);
      } else {
        expect(createHash("sha256").update(bytes).digest("hex")).toBe(wanted.sha256);
        if (wanted.masked_crc32c) expect(maskedCrc32c(bytes).toString(16).padStart(8, "0")).toBe(wanted.masked_crc32c);
      }
    }
  });
  test("tensors that TensorFlow cannot read are refused, the others are not", async () => {
    const bundle = await open(name);
    for (const { key, error } of tensors) {
      if (error) await expect(bundle.read(key)).rejects.toThrow();
      else await expect(bundle.read(key)).resolves.toBeInstanceOf(Uint8Array);
    }
  });
  test("the description lists all of them", async () => {
    const content = describeBundle(await open(name));
    expect(content.variables.map((variable) => variable.name)).toEqual([...(await open(name)).entries.keys()]);
    if (expected.header) expect(content.shards).toBe(expected.header.num_shards);
    for (const wanted of readable) {
      if (wanted.dtype && wanted.dtype !== "string") expect(content.variables.find((variable) => variable.name === wanted.key)?.bytes).toBe(wanted.bytes);
    }
  });
});

describe.each(indexed.filter(({ expected }) => !expected.open_error))("index of $name", ({ name, expected }) => {
  test("written again from what was read, it is the same byte for byte", async () => {
    const bytes = need(files.get(`${name}.index`), name);
    const { read, blocks } = await readTable(bytesAsSource(bytes));
    const [header, ...records] = read.flatMap((block) => [...block]);
    const again = encodeBundleIndex(decodeHeader(need(header, "a header").value), records.map(({ key, value }) => [key, readEntry("", new WireReader(value))]));
    expect(Buffer.from(again).equals(bytes)).toBe(true);
    if (expected.index_blocks !== undefined) expect(blocks).toBe(expected.index_blocks);
    const sliceKeys = records.filter(({ key }) => key[0] === 0).map(({ key }) => hex(key));
    if (expected.encoded_slice_keys) expect(sliceKeys).toEqual(expected.encoded_slice_keys);
  });
});

// TensorFlow 2's own savers add tensors in an order that is not that of their names; their data files are not ours to write.
const inOrder = sound.filter(({ expected }) => {
  const places = (expected.tensors ?? []).map(({ stored }) => stored?.offset ?? NaN);
  return expected.header?.num_shards === 1 && places.every((place, at) => at === 0 || place >= (places[at - 1] ?? 0));
});

describe.each(inOrder)("$name written by us", ({ name }) => {
  test("data and index are TensorFlow's, byte for byte", async () => {
    const bundle = await open(name);
    const writer = new BundleWriter();
    const data: Uint8Array[] = [];
    for (const { name: key, dtype, shape } of bundle.entries.values()) data.push(writer.add({ name: key, dtype: dtype as Dtype, shape }, await bundle.read(key)));
    expect(Buffer.concat(data).equals(need(files.get(shardName(name, 0, 1)), name))).toBe(true);
    expect(Buffer.from(writer.finish()).equals(need(files.get(`${name}.index`), name))).toBe(true);
  });
});

describe.each(indexed.filter(({ expected }) => expected.open_error))("$name", ({ name }) => {
  test("what TensorFlow cannot open we refuse as wrong bytes", async () => {
    await expect(open(name)).rejects.toThrow(FormatError);
  });
});

const oldFormat = all.filter(({ name, expected }) => files.has(name) && expected.tensors);

test("there are V1 checkpoints to compare with", () => {
  expect(oldFormat.length).toBeGreaterThan(0);
});

describe.each(oldFormat)("$name of the V1 format", ({ name, expected }) => {
  const source = bytesAsSource(need(files.get(name), name), name);
  test("every tensor has the type, shape and values that TensorFlow finds", async () => {
    const bundle = await openV1(source);
    expect([...bundle.entries.keys()].sort()).toEqual(expected.tensors?.map(({ key }) => key).sort());
    for (const wanted of expected.tensors ?? []) {
      const entry = need(bundle.entries.get(wanted.key), wanted.key);
      expect([entry.dtype, entry.shape]).toEqual([wanted.dtype, wanted.shape]);
      const bytes = await bundle.read(wanted.key);
      if (wanted.values_hex) expect(Array.from<unknown>(decodeTensor("string", bytes)).flatMap((value) => (value instanceof Uint8Array ? [hex(value)] : []))).toEqual(wanted.values_hex);
      else expect(createHash("sha256").update(bytes).digest("hex")).toBe(wanted.sha256);
    }
    expect(describeBundle(bundle)).toMatchObject({ format: "V1", shards: 1, problems: [] });
  });
  test("as the index of a V2 checkpoint it is refused in one sentence", async () => {
    await expect(openBundle(source, async () => source)).rejects.toThrow(/V1 format, not the index of a V2 checkpoint/);
  });
  test("cut or changed anywhere it is read or refused, never worse", async () => {
    const bytes = need(files.get(name), name);
    const tried = async (changed: Uint8Array): Promise<void> => {
      try {
        const bundle = await openV1(bytesAsSource(changed));
        for (const key of bundle.entries.keys()) await bundle.read(key);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    };
    for (let at = 0; at < bytes.length; at += 3) {
      await tried(bytes.slice(0, at));
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 0x55;
      await tried(flipped);
    }
  });
});

test("an index of a V2 checkpoint is no V1 checkpoint", async () => {
  const [first] = sound;
  await expect(openV1(bytesAsSource(need(files.get(`${need(first, "a checkpoint").name}.index`), "an index")))).rejects.toThrow(/no V1 checkpoint/);
});

test("values come out as numbers", async () => {
  for (const { name, expected } of sound) {
    const bundle = await open(name);
    for (const { key, dtype, first, error } of expected.tensors ?? []) {
      if (error || !first || !dtype || dtype.startsWith("complex") || /^q|string/.test(dtype)) continue;
      const values = Array.from<unknown>(decodeTensor(dtype, await bundle.read(key))).slice(0, first.length);
      expect(values.map((value) => jsonNumber(Number(value))), `${name} ${key}`).toEqual(first.map(plainNumber));
    }
  }
});

/** Whole numbers beyond a double are text in the expectations, bools are true and false; we compare doubles. */
function plainNumber(value: number | string | boolean): number | string {
  return typeof value === "boolean" || (typeof value === "string" && /^-?\d+$/.test(value)) ? Number(value) : value;
}

function digestOfStrings(strings: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const bytes of strings) {
    hash.update(new Uint8Array(BigUint64Array.of(BigInt(bytes.length)).buffer));
    hash.update(bytes);
  }
  return hash.digest("hex");
}
