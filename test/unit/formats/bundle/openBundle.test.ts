// Bundles that TensorFlow rarely writes: the other byte order, partitioned strings, files that come late, entries that lie.
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { bytesAsSource, type ByteSource } from "#formats/bytes/byteSource";
import { maskCrc, maskedCrc32c } from "#formats/bytes/crc32c";
import { compareBytes, joinBytes } from "#formats/bytes/byteOrder";
import { encodeUtf8 } from "#formats/bytes/utf8";
import type { BundleHeader, TensorSlice } from "#formats/bundle/bundle";
import type { EntryRecord } from "#formats/bundle/bundleRecords";
import { BundleWriter, encodeBundleIndex, encodeStrings, type KeyedEntry } from "#formats/bundle/bundleWriter";
import { describeBundle } from "#formats/bundle/describeBundle";
import { decodeTensor, openBundle, shardName, type Bundle } from "#formats/bundle/openBundle";
import { encodeSliceKey } from "#formats/bundle/orderedCode";
import { stringsCrc } from "#formats/bundle/stringTensor";
import { hex, unhex } from "../golden";

const little: BundleHeader = { shards: 1, endianness: "little", producer: 1 };
const place = { shard: 0, offset: 0, size: 0, crc32c: 0 };

async function open(header: BundleHeader, entries: readonly KeyedEntry[], data: Uint8Array = new Uint8Array()): Promise<Bundle> {
  const sorted = entries.toSorted(([a], [b]) => compareBytes(a, b));
  return openBundle(bytesAsSource(encodeBundleIndex(header, sorted)), async () => bytesAsSource(data));
}

const named = (name: string, entry: EntryRecord): KeyedEntry => [encodeUtf8(name), entry];

describe("the other byte order", () => {
  test.each([
    ["int16", "0102 0304", "0201 0403"], ["float32", "3f800000", "0000803f"], ["int64", "0000000000000001", "0100000000000000"],
    ["complex64", "3f800000 40000000", "0000803f 00000040"], ["complex128", "3ff0000000000000 0000000000000001", "000000000000f03f 0100000000000000"], ["bool", "01", "01"],
  ])("%s is swapped number by number, after its checksum was compared", async (dtype, stored, wanted) => {
    const data = unhex(stored);
    const shape = dtype === "int16" ? [2] : [];
    const bundle = await open({ ...little, endianness: "big" }, [named("v", { dtype, shape, ...place, size: data.length, crc32c: maskedCrc32c(data) })], data);
    expect(hex(await bundle.read("v"))).toBe(wanted.replace(/ /g, ""));
    expect(describeBundle(bundle).endianness).toBe("big");
  });
});

describe("partitioned tensors", () => {
  const slices: readonly TensorSlice[] = [[[0, 2]], [[2, 1]]];
  const parts = [["a", "bc"], [""]].map((texts) => encodeStrings(texts.map((text) => encodeUtf8(text))));
  const partEntry = (at: number): EntryRecord => {
    const bytes = parts[at] ?? new Uint8Array();
    return { dtype: "string", shape: [2 - at], ...place, offset: at === 0 ? 0 : (parts[0]?.length ?? 0), size: bytes.length, crc32c: maskCrc(stringsCrc(bytes)) };
  };
  const whole = named("s", { dtype: "string", shape: [3], ...place, slices });

  test("strings are joined element by element", async () => {
    const bundle = await open(little, [whole, [encodeSliceKey("s", slices[0] ?? []), partEntry(0)], [encodeSliceKey("s", slices[1] ?? []), partEntry(1)]], joinBytes(parts));
    expect(decodeTensor("string", await bundle.read("s"))).toEqual(["a", "bc", ""].map((text) => encodeUtf8(text)));
    expect([...bundle.entries.keys()]).toEqual(["s"]);
  });
  test("a missing slice, or one of another shape, is refused", async () => {
    const one = await open(little, [whole, [encodeSliceKey("s", slices[0] ?? []), partEntry(0)]], joinBytes(parts));
    await expect(one.read("s")).rejects.toThrow(/not in the index/);
    const wrong = await open(little, [whole, [encodeSliceKey("s", slices[0] ?? []), partEntry(1)], [encodeSliceKey("s", slices[1] ?? []), partEntry(1)]], joinBytes(parts));
    await expect(wrong.read("s")).rejects.toThrow(/another type or shape/);
  });
  test("slices that overlap and leave a gap are refused: it would read as zeros", async () => {
    const numbers = new Uint8Array(Float32Array.of(1, 2).buffer);
    const overlapping: readonly TensorSlice[] = [[[0, 2]], [[1, 2]]];
    const part: EntryRecord = { dtype: "float32", shape: [2], ...place, size: 8, crc32c: maskedCrc32c(numbers) };
    const keyed = overlapping.map((slice): KeyedEntry => [encodeSliceKey("w", slice), part]);
    const gap = await open(little, [named("w", { dtype: "float32", shape: [4], ...place, slices: overlapping }), ...keyed], numbers);
    await expect(gap.read("w")).rejects.toThrow(/do not cover it.*wanted 4, got 3/);
    const whole = await open(little, [named("w", { dtype: "float32", shape: [3], ...place, slices: overlapping }), ...keyed], numbers);
    expect(decodeTensor("float32", await whole.read("w"))).toEqual(Float32Array.of(1, 1, 2));
  });
  test("slices given as whole dimensions are found under keys with explicit lengths, and the other way round", async () => {
    const data = unhex("0102030405060708");
    const entry: EntryRecord = { dtype: "uint8", shape: [2, 4], ...place, size: 8, crc32c: maskedCrc32c(data) };
    const explicit: TensorSlice = [[0, 2], [0, 4]];
    const wholeForm: TensorSlice = [[0, 2], [0, -1]];
    for (const [listed, key] of [[wholeForm, explicit], [explicit, [[0, -1], [0, -1]]]] as const) {
      const bundle = await open(little, [named("w", { ...entry, slices: [listed] }), [encodeSliceKey("w", key), entry]], data);
      expect(hex(await bundle.read("w"))).toBe("0102030405060708");
      await bundle.verify("w");
      expect(describeBundle(bundle).variables[0]?.slices).toEqual(["2 4 0,2:0,4"]);
    }
  });
  test("a slice outside its tensor is a problem of the description, not its end", async () => {
    const bundle = await open(little, [named("a", { dtype: "uint8", shape: [1], ...place, size: 1 }), named("w", { dtype: "uint8", shape: [2], ...place, slices: [[[1, 5]]] })]);
    const content = describeBundle(bundle);
    expect([content.variables.length, content.problems.length]).toEqual([1, 1]);
  });
});

describe("data files", () => {
  const writer = new BundleWriter({ shards: 2 });
  const data = writer.add({ name: "v", dtype: "uint8", shape: [3] }, unhex("010203"));
  const index = bytesAsSource(writer.finish());
  test("have TensorFlow's names", () => {
    expect(shardName("dir/model-7", 3, 12)).toBe("dir/model-7.data-00003-of-00012");
  });
  test("are opened when first needed, once, and again after a failure", async () => {
    const asked: string[] = [];
    let there = false;
    const bundle = await openBundle(index, async (shard, of): Promise<ByteSource> => {
      asked.push(`${shard}/${of}`);
      if (!there) throw new Error("not there yet");
      return bytesAsSource(data);
    });
    expect(asked).toEqual([]);
    await expect(bundle.read("v")).rejects.toThrow("not there yet");
    there = true;
    await Promise.all([bundle.read("v"), bundle.read("v"), bundle.verify("v")]);
    expect(asked).toEqual(["0/2", "0/2"]);
  });
  test("damage is found unless nobody wants to know", async () => {
    const bundle = await openBundle(index, async () => bytesAsSource(unhex("010204")));
    await expect(bundle.read("v")).rejects.toMatchObject({ reason: "badChecksum" });
    await expect(bundle.verify("v")).rejects.toMatchObject({ reason: "badChecksum" });
    expect(hex(await bundle.read("v", { verify: false }))).toBe("010204");
  });
});

describe("a tensor of many pieces", () => {
  const size = 700_000;
  const writer = new BundleWriter();
  const data = writer.add({ name: "v", dtype: "uint8", shape: [size] }, Uint8Array.from({ length: size }, (_, at) => (at * 31) >>> 3));
  const index = writer.finish();
  const verify = async (bytes: Uint8Array): Promise<void> => (await openBundle(bytesAsSource(index), async () => bytesAsSource(bytes))).verify("v");
  test("verifies, also many times at once", async () => {
    const bundle = await openBundle(bytesAsSource(index), async () => bytesAsSource(data));
    await Promise.all(Array.from({ length: 5 }, () => bundle.verify("v")));
  });
  test.each([0, 262_143, 262_144, 524_288, size - 1])("is refused for a damaged byte %i", async (at) => {
    const damaged = data.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    await expect(verify(damaged)).rejects.toMatchObject({ reason: "badChecksum" });
  });
  test("is refused when the file shrinks meanwhile", async () => {
    const bundle = await openBundle(bytesAsSource(index), async () => ({ ...bytesAsSource(data.subarray(0, 300_000)), size: async () => size }));
    await expect(bundle.verify("v")).rejects.toMatchObject({ reason: "truncated", place: { got: 300_000 } });
  });
});

describe("entries that lie", () => {
  test.each([
    ["a size that does not fit the shape", { dtype: "float32", shape: [2], size: 4 }, /another size/],
    ["a place beyond the file", { dtype: "uint8", shape: [2], size: 2, offset: 100 }, /ends before/],
  ])("%s", async (_, entry, message) => {
    const bundle = await open(little, [named("v", { ...place, ...entry })], unhex("0000"));
    await expect(bundle.read("v")).rejects.toThrow(message);
  });
  test("a data file that the header does not count is told, and the other tensors are there", async () => {
    const bundle = await open(little, [named("a", { dtype: "uint8", shape: [], ...place, size: 1, crc32c: maskedCrc32c(unhex("07")) }), named("b", { dtype: "uint8", shape: [], ...place, shard: 5, size: 1 })], unhex("07"));
    expect([...bundle.entries.keys()]).toEqual(["a"]);
    expect(bundle.problems.map(({ message }) => message)).toEqual([expect.stringMatching(/b lies in data file 5 of 1/)]);
    expect(hex(await bundle.read("a"))).toBe("07");
  });
  test("an index without a header, and one without data files", async () => {
    await expect(open({ ...little, shards: 0 }, [])).rejects.toThrow(FormatError);
  });
  test("a name that is not there is our mistake", async () => {
    await expect((await open(little, [])).read("v")).rejects.toThrow("Key v not found in checkpoint");
  });
});

describe("the writer refuses what no reader would take", () => {
  const bytes = unhex("00");
  test("names that do not ascend, repeat, or are empty", () => {
    const writer = new BundleWriter();
    writer.add({ name: "b", dtype: "uint8", shape: [] }, bytes);
    expect(() => writer.add({ name: "a", dtype: "uint8", shape: [] }, bytes)).toThrow("ascending");
    expect(() => writer.add({ name: "b", dtype: "uint8", shape: [] }, bytes)).toThrow("ascending");
    expect(() => new BundleWriter().add({ name: "", dtype: "uint8", shape: [] }, bytes)).toThrow("name");
  });
  test("sizes that do not fit", () => {
    expect(() => new BundleWriter().add({ name: "a", dtype: "float32", shape: [2] }, bytes)).toThrow("takes 8");
    expect(() => new BundleWriter().add({ name: "a", dtype: "string", shape: [1] }, bytes)).toThrow(FormatError);
  });
});
