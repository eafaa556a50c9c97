// Bytes from a stranger: cut anywhere, bits flipped, lengths that lie. Either it is read, or it is a FormatError.
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { joinBytes } from "#formats/bytes/byteOrder";
import { bytesAsSource } from "#formats/bytes/byteSource";
import { maskedCrc32c } from "#formats/bytes/crc32c";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { encodeMessage, WireWriter } from "#formats/bytes/wireWriter";
import { encodeBundleIndex } from "#formats/bundle/bundleWriter";
import { encodeHeader } from "#formats/bundle/bundleRecords";
import { decodeTensor, openBundle } from "#formats/bundle/openBundle";
import { describeBundle } from "#formats/bundle/describeBundle";
import { decodeEvent } from "#formats/events/decodeEvent";
import { decodeSummary } from "#formats/events/decodeSummary";
import { asScalar } from "#formats/events/tagKind";
import { decodeGraphDef, parseGraphDef, printGraphDef } from "#formats/graphDef/graphDef";
import { graphModelOf } from "#formats/graphDef/graphModel";
import { decodeMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { RecordScanner } from "#formats/records/recordScanner";
import { decodeSavedModel } from "#formats/savedModel/savedModel";
import { unpackSnappy } from "#formats/sstable/snappy";
import { encodeTable } from "#formats/sstable/encodeTable";
import { magicHigh, magicLow } from "#formats/sstable/tableLayout";
import { decodeTensorProto, encodeTensorProto } from "#formats/tensor/tensorProto";
import { tensorValues } from "#formats/tensor/tensorValues";
import { golden, need, unhex } from "../golden";

const events = golden("events");
const bundles = golden("bundle");
const graphs = golden("graphs");

/** Runs `read`; anything but success or a FormatError is a failure of the test. */
function orRefused(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    expect(error.reason).not.toBe("");
    expect(Number.isSafeInteger(error.offset) && error.offset >= 0, `${error.message}: offset ${error.offset}`).toBe(true);
  }
}

async function orRefusedLater(read: () => Promise<unknown>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    expect(error.reason).not.toBe("");
    expect(Number.isSafeInteger(error.offset) && error.offset >= 0, `${error.message}: offset ${error.offset}`).toBe(true);
  }
}

/** The same numbers in every run. */
function* numbersBelow(limit: number, count: number): Generator<number> {
  let state = 12345;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield Math.floor((state / 2 ** 32) * limit);
  }
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

function payloadsOf(name: string): Uint8Array[] {
  const scanner = new RecordScanner();
  scanner.push(need(events.get(name), name));
  const payloads: Uint8Array[] = [];
  for (let read = scanner.next(); read.kind === "record"; read = scanner.next()) payloads.push(read.data);
  return payloads;
}

function readEvent(payload: Uint8Array): void {
  const { what } = decodeEvent(payload);
  if (what.kind === "graph") decodeGraphDef(what.bytes);
  if (what.kind === "metaGraph") decodeMetaGraphDef(what.bytes);
  if (what.kind === "summary") for (const { value } of what.values) asScalar(value);
}

const messages: readonly { readonly name: string; readonly bytes: Uint8Array; readonly read: (bytes: Uint8Array) => unknown }[] = [
  ...payloadsOf("tf1-everything/events.out.tfevents.1700000000.host").slice(0, 3).map((bytes, at) => ({ name: `event ${at}`, bytes, read: readEvent })),
  ...payloadsOf("tf1-graph/events.out.tfevents.1700000000.host").slice(0, 3).map((bytes, at) => ({ name: `graph event ${at}`, bytes, read: readEvent })),
  { name: "a graph", bytes: need(graphs.get("functions/graph.pb"), "a graph"), read: (bytes) => [graphModelOf(decodeGraphDef(bytes)), printGraphDef(decodeGraphDef(bytes))] },
  { name: "a meta graph", bytes: need(graphs.get("cond/model.meta"), "a meta graph"), read: decodeMetaGraphDef },
  { name: "a SavedModel", bytes: need(graphs.get("saved-model-simple/saved_model.pb"), "a SavedModel"), read: decodeSavedModel },
];

describe.each(messages)("$name", ({ bytes, read }) => {
  test("cut at any byte", () => {
    const stride = Math.max(1, Math.floor(bytes.length / 1200));
    for (let end = 0; end < bytes.length; end += stride) orRefused(() => read(bytes.subarray(0, end)));
  });
  test("with any bit flipped", () => {
    for (const bit of numbersBelow(bytes.length * 8, 800)) orRefused(() => read(flipped(bytes, bit)));
  });
});

test("text cut or with a character replaced", () => {
  const text = Buffer.from(need(graphs.get("while-loop/graph.pbtxt"), "text")).toString();
  for (let end = 0; end < text.length; end += 13) orRefused(() => parseGraphDef(text.slice(0, end)));
  for (const at of numbersBelow(text.length, 400)) orRefused(() => parseGraphDef(`${text.slice(0, at)}${'"}{:\\0'.charAt(at % 6)}${text.slice(at + 1)}`));
});

describe("checkpoints", () => {
  const index = need(bundles.get("partitioned/part.index"), "an index");
  const data = need(bundles.get("partitioned/part.data-00000-of-00001"), "data");
  const readAll = async (indexBytes: Uint8Array, dataBytes: Uint8Array): Promise<void> => {
    const bundle = await openBundle(bytesAsSource(indexBytes), async () => bytesAsSource(dataBytes));
    describeBundle(bundle);
    for (const { name, dtype } of bundle.entries.values()) await orRefusedLater(async () => decodeTensor(dtype, await bundle.read(name)));
  };

  test("an index cut at any byte", async () => {
    for (let end = 0; end < index.length; end++) await orRefusedLater(() => readAll(index.subarray(0, end), data));
  });
  test("an index with any bit flipped never gives a wrong tensor", async () => {
    for (const bit of numbersBelow(index.length * 8, 600)) await orRefusedLater(() => readAll(flipped(index, bit), data));
  });
  test("a data file with any bit flipped is noticed by the tensor's checksum", async () => {
    const bundle = (bytes: Uint8Array) => openBundle(bytesAsSource(index), async () => bytesAsSource(bytes));
    const sound = await bundle(data);
    for (const bit of numbersBelow(data.length * 8, 40)) {
      const damaged = await bundle(flipped(data, bit));
      const outcomes = await Promise.allSettled([...sound.entries.keys()].map((name) => damaged.read(name)));
      expect(outcomes.filter(({ status }) => status === "rejected").length).toBe(1);
    }
  });
  test("a damaged data block costs its own entries only, and is told", async () => {
    const many = encodeTable([[new Uint8Array(), encodeHeader({ shards: 1, endianness: "little", producer: 1 })], ...manyEntries()]);
    many[many.length - 300_000] = (many[many.length - 300_000] ?? 0) ^ 1;
    const bundle = await openBundle(bytesAsSource(many), async () => bytesAsSource(data));
    expect(bundle.problems.map(({ reason }) => reason)).toEqual(["badChecksum"]);
    expect(bundle.entries.size).toBeGreaterThan(1000);
    expect(describeBundle(bundle).problems.length).toBe(1);
  });
  test("an entry that claims a huge tensor allocates nothing", async () => {
    const entry = { dtype: "float32", shape: [2 ** 30, 2 ** 10], shard: 0, offset: 0, size: 2 ** 42, crc32c: 0 };
    const lying = encodeBundleIndex({ shards: 1, endianness: "little", producer: 1 }, [[encodeUtf8("big"), entry]]);
    const bundle = await openBundle(bytesAsSource(lying), async () => bytesAsSource(data));
    await expect(bundle.read("big")).rejects.toThrow(/the data file ends before big does/);
    await expect(bundle.verify("big")).rejects.toThrow(FormatError);
  });
  test("slices that do not cover a huge tensor allocate nothing", async () => {
    const whole = { dtype: "float32", shape: [2 ** 40], shard: 0, offset: 0, size: 0, crc32c: 0, slices: [] };
    const lying = encodeBundleIndex({ shards: 1, endianness: "little", producer: 1 }, [[encodeUtf8("big"), { ...whole, slices: [[[0, 4]]] }]]);
    const bundle = await openBundle(bytesAsSource(lying), async () => bytesAsSource(data));
    await expect(bundle.read("big")).rejects.toThrow(FormatError);
  });
});

function* manyEntries(): Generator<readonly [Uint8Array, Uint8Array]> {
  const value = unhex("0801120028043581a5da2b");
  for (let at = 0; at < 40_000; at++) yield [encodeUtf8(`v${String(at).padStart(20, "0")}`), value];
}

describe("lies", () => {
  test("a field longer than its message", () => {
    expect(() => decodeEvent(unhex("2affffffff0f0a"))).toThrow(/reaches beyond/);
  });
  test("groups, field number 0 and endless numbers", () => {
    for (const bytes of ["0b", "00", "10ffffffffffffffffffff01", "10"]) expect(() => decodeEvent(unhex(bytes))).toThrow(FormatError);
  });
  test("a step beyond 2^53", () => {
    expect(() => decodeEvent(unhex("1080808080808080800110"))).toThrow(FormatError);
    expect(() => decodeEvent(encodeMessage((writer) => writer.int(2, 2n ** 60n)))).toThrow(/2\^53/);
  });
  test("messages nested a thousand deep", () => {
    let bytes: Uint8Array = new Uint8Array();
    for (let depth = 0; depth < 1000; depth++) {
      const inner = bytes;
      bytes = encodeMessage((writer) => writer.message(10, (func) => func.message(2, (entry) => entry.bytes(2, inner))));
    }
    const graph = encodeMessage((writer) => writer.message(1, (node) => node.message(5, (entry) => entry.bytes(2, bytes))));
    expect(() => decodeGraphDef(graph)).toThrow(/deeper than 100/);
  });
  test("hundreds of thousands of empty values in two bytes each", () => {
    const values = Uint8Array.from({ length: 600_000 }, (_, at) => (at % 2 === 0 ? 0x0a : 0));
    expect(() => decodeSummary(values)).toThrow(/too many messages/);
    expect(() => decodeGraphDef(values)).toThrow(/too many messages/);
  });
  test("one summary cut into fifty thousand pieces", () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => [0x2a, 2, 0x0a, 0][at % 4] ?? 0);
    expect(decodeEvent(bytes).what).toMatchObject({ kind: "summary", values: { length: 50_000 } });
  });
  test("a histogram in unpacked numbers and a text in a hundred thousand pieces", () => {
    const bytes = encodeMessage((writer) => writer.message(1, (value) => value.message(5, (histogram) => {
      for (let at = 0; at < 100_000; at++) histogram.double(6, at);
    })));
    expect(decodeSummary(bytes)[0]?.value).toMatchObject({ limits: { length: 100_000 } });
    expect(parseGraphDef(`node { name: ${'"a" '.repeat(100_000)} }`).nodes[0]?.name.length).toBe(100_000);
  });
  test("a shape of three hundred dimensions", () => {
    expect(() => decodeTensorProto(encodeTensorProto({ dtype: 1, shape: Array.from({ length: 300 }, () => 1) }))).toThrow(/dimensions/);
  });
  test("one value that is to fill a tensor of a trillion", () => {
    expect(() => tensorValues({ dtype: 1, shape: [1_000_000, 1_000_000], values: [1] })).toThrow(/too many elements/);
  });
  test("a Snappy block that claims more than it can hold", () => {
    expect(() => unpackSnappy(unhex("ffffffff0f00"))).toThrow(FormatError);
  });
  test("a table whose keys would fill the memory by sharing prefixes", async () => {
    const source = bytesAsSource(tableOf(prefixBomb()));
    await expect(openBundle(source, async () => source)).rejects.toThrow(/more memory/);
  });
});

/** Each entry of four bytes repeats the whole key before it and adds one byte: memory would grow with the square. */
function prefixBomb(): Uint8Array {
  const writer = new WireWriter();
  let length = 50_000;
  writer.varint(0);
  writer.varint(length);
  writer.varint(0);
  writer.raw(new Uint8Array(length));
  for (let at = 0; at < 60_000; at++) {
    writer.varint(length++);
    writer.raw(Uint8Array.of(1, 0, 65));
  }
  writer.raw(unhex("0000000001000000"));
  return writer.finish();
}

/** A table with this one data block. */
function tableOf(block: Uint8Array): Uint8Array {
  const sealed = (bytes: Uint8Array): Uint8Array => {
    const typed = joinBytes([bytes, Uint8Array.of(0)]);
    const crc = new Uint8Array(Uint32Array.of(maskedCrc32c(typed)).buffer);
    return joinBytes([typed, crc]);
  };
  const handle = (offset: number, size: number): Uint8Array => {
    const writer = new WireWriter();
    writer.varint(offset);
    writer.varint(size);
    return writer.finish();
  };
  const dataHandle = handle(0, block.length);
  const index = joinBytes([Uint8Array.of(0, 1, dataHandle.length, 255), dataHandle, unhex("0000000001000000")]);
  const footer = new Uint8Array(48);
  footer.set(joinBytes([handle(0, 0), handle(block.length + 5, index.length)]));
  footer.set(new Uint8Array(Uint32Array.of(magicLow, magicHigh).buffer), 40);
  return joinBytes([sealed(block), sealed(index), footer]);
}
