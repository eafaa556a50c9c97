// Random contents through every codec: what is written is read, what is printed is parsed, and nothing else.
import { describe, expect, test } from "vitest";
import { compareBytes, joinBytes } from "#formats/bytes/byteOrder";
import { bytesAsSource } from "#formats/bytes/byteSource";
import { crc32c, maskCrc } from "#formats/bytes/crc32c";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { BundleWriter, encodeBundleIndex, encodeStrings, type KeyedEntry } from "#formats/bundle/bundleWriter";
import { decodeTensor, openBundle } from "#formats/bundle/openBundle";
import { stringsCrc } from "#formats/bundle/stringTensor";
import { parseCheckpointState, printCheckpointState, readCheckpointState, type CheckpointState } from "#formats/checkpointState/checkpointState";
import { decodeEvent } from "#formats/events/decodeEvent";
import { encodeEvent } from "#formats/events/encodeEvent";
import { sessionStatuses, type Event, type EventContent, type SummaryContent, type SummaryValue } from "#formats/events/event";
import { decodeGraphDef, encodeGraphDef, parseGraphDef, printGraphDef, type AttrValue, type GraphDef, type NodeDef } from "#formats/graphDef/graphDef";
import { decodeMetaGraphDef, encodeMetaGraphDef, type CollectionDef } from "#formats/graphDef/metaGraphDef";
import { encodeRecord } from "#formats/records/encodeRecord";
import { RecordScanner } from "#formats/records/recordScanner";
import { encodeTable } from "#formats/sstable/encodeTable";
import { readTable } from "#formats/sstable/readTable";
import { bytesPerElement, dtypeCode } from "#formats/tensor/dtypes";
import type { TensorProto } from "#formats/tensor/tensorProto";
import type { Dtype } from "#model/checkpoint";
import { Random } from "../../support/random";

const rounds = Array.from({ length: 60 }, (_, seed) => seed);

const storedTypes: readonly Dtype[] = [
  "float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64",
  "uint8", "uint16", "uint32", "uint64", "bool", "complex64", "complex128", "string",
];

interface Stored {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Tensors in ascending order of their names, each name once. */
function randomTensors(random: Random): Stored[] {
  const names = new Set(random.several(40, () => `${random.pick(["", "generator/", "a/b/c/"])}${random.text(12)}x`).filter((name) => !name.startsWith("\0")));
  const sorted = [...names].toSorted((left, right) => compareBytes(encodeUtf8(left), encodeUtf8(right)));
  return sorted.map((name) => {
    const shape = random.several(3, () => random.below(5));
    const dtype = random.pick(storedTypes);
    const count = shape.reduce((product, size) => product * size, 1);
    if (dtype !== "string") return { name, dtype, shape, bytes: random.bytes(count * (bytesPerElement(dtype) ?? 0)) };
    return { name, dtype, shape, bytes: encodeStrings(Array.from({ length: count }, () => random.bytes(random.below(random.chance(5) ? 300 : 8)))) };
  });
}

describe("checkpoints", () => {
  test.each(rounds)("one data file, seed %i", async (seed) => {
    const tensors = randomTensors(new Random(seed));
    const writer = new BundleWriter();
    const data = joinBytes(tensors.map(({ bytes, ...tensor }) => writer.add(tensor, bytes)));
    await expectStored(tensors, { index: writer.finish(), shards: [data] });
  });
  test.each(rounds)("several data files, seed %i", async (seed) => {
    const random = new Random(1000 + seed);
    const tensors = randomTensors(random);
    const parts = Array.from({ length: 1 + random.below(5) }, (): Uint8Array[] => []);
    const entries = tensors.map(({ name, dtype, shape, bytes }): KeyedEntry => {
      const shard = random.below(parts.length);
      const offset = joinBytes(parts[shard] ?? []).length;
      parts[shard]?.push(bytes);
      return [encodeUtf8(name), { dtype, shape, shard, offset, size: bytes.length, crc32c: maskCrc(dtype === "string" ? stringsCrc(bytes) : crc32c(bytes)) }];
    });
    const index = encodeBundleIndex({ shards: parts.length, endianness: "little", producer: 1 }, entries);
    await expectStored(tensors, { index, shards: parts.map((part) => joinBytes(part)) });
  });
});

async function expectStored(tensors: readonly Stored[], files: { readonly index: Uint8Array; readonly shards: readonly Uint8Array[] }): Promise<void> {
  const bundle = await openBundle(bytesAsSource(files.index), async (shard, of) => {
    expect(of).toBe(files.shards.length);
    return bytesAsSource(files.shards[shard] ?? new Uint8Array());
  });
  expect(bundle.problems).toEqual([]);
  expect([...bundle.entries.values()].map(({ name, dtype, shape }) => ({ name, dtype, shape })))
    .toEqual(tensors.map(({ name, dtype, shape }) => ({ name, dtype, shape })));
  for (const { name, dtype, shape, bytes } of tensors) {
    const read = await bundle.read(name);
    expect(Buffer.compare(read, bytes), name).toBe(0);
    await bundle.verify(name);
    const elements = shape.reduce((product, size) => product * size, 1) * (dtype.startsWith("complex") ? 2 : 1);
    expect(decodeTensor(dtype, read).length).toBe(elements);
  }
}

test.each(rounds.slice(0, 20))("tables of any keys and values, seed %i", async (seed) => {
  const random = new Random(2000 + seed);
  const keys = new Map(random.several(400, () => random.bytes(random.below(30))).map((key) => [Buffer.from(key).toString("hex"), key]));
  const longest = random.pick([10, 300, 20_000]);
  const entries = [...keys.values()].toSorted(compareBytes).map((key): [Uint8Array, Uint8Array] => [key, new Uint8Array(random.below(longest)).fill(random.below(256))]);
  const table = await readTable(bytesAsSource(encodeTable(entries)));
  expect(table.problems).toEqual([]);
  const found = table.read.flatMap((block) => [...block]);
  expect(found.length).toBe(entries.length);
  for (const [at, [key, value]] of entries.entries()) {
    const read = found[at];
    expect(read && Buffer.compare(read.key, key) === 0 && Buffer.compare(read.value, value) === 0).toBe(true);
  }
});

test.each(rounds)("records in pieces of any size, seed %i", (seed) => {
  const random = new Random(3000 + seed);
  const payloads = random.several(30, () => random.bytes(random.below(random.pick([1, 20, 2000]))));
  const bytes = joinBytes(payloads.map(encodeRecord));
  const scanner = new RecordScanner();
  const read: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random.below(random.pick([3, 100, 5000]));
    scanner.push(bytes.slice(at, at + length));
    at += length;
    for (let next = scanner.next(); next.kind !== "needMore"; next = scanner.next()) {
      if (next.kind !== "record") throw new Error(`sound bytes were skipped: ${next.reason}`);
      read.push(next.data.slice());
    }
  }
  expect(read).toEqual(payloads);
  expect(scanner.offset).toBe(bytes.length);
});

describe("events", () => {
  test.each(rounds)("of every kind, seed %i", (seed) => {
    const random = new Random(4000 + seed);
    for (let at = 0; at < 20; at++) {
      const event: Event = { wallTimeSeconds: random.double(), step: random.pick([0, 1, -1, random.below(1e9), 2 ** 53 - 1, -(2 ** 53) + 1]), what: randomContent(random) };
      expect(decodeEvent(encodeEvent(event))).toEqual(event);
    }
  });
});

function randomContent(random: Random): EventContent {
  switch (random.below(8)) {
    case 0: return { kind: "fileVersion", version: random.text(9), ...(random.chance(2) && { writer: `${random.text(8)}w` }) };
    case 1: return { kind: "graph", bytes: random.bytes(random.below(60)) };
    case 2: return { kind: "metaGraph", bytes: random.bytes(random.below(60)) };
    case 3: return { kind: "sessionLog", status: random.pick(sessionStatuses), checkpointPath: random.text(12), message: random.text(12) };
    case 4: return { kind: "runMetadata", tag: random.text(9), bytes: random.bytes(random.below(40)) };
    case 5: return { kind: "log", level: random.below(60), message: random.text(30) };
    default: return { kind: "summary", values: random.several(5, () => randomSummaryValue(random)) };
  }
}

function randomSummaryValue(random: Random): SummaryValue {
  const metadata = {
    pluginName: random.pick(["scalars", "text", "", random.text(5)]), pluginContent: random.bytes(random.below(9)),
    displayName: random.text(9), description: random.text(9), dataClass: random.below(4),
  };
  return { tag: random.text(15), value: randomSummary(random), ...(random.chance(2) && { metadata }) };
}

function randomSummary(random: Random): SummaryContent {
  const doubles = (length: number): Float64Array => Float64Array.from({ length }, () => random.double());
  const buckets = random.below(40);
  switch (random.below(7)) {
    case 0: return { kind: "simple", value: random.float() };
    case 1: return { kind: "image", height: random.below(500), width: random.below(500), colorspace: random.below(5), encoded: random.bytes(random.below(90)) };
    case 2: return {
      kind: "histogram", min: random.double(), max: random.double(), num: random.double(), sum: random.double(), sumSquares: random.double(),
      limits: doubles(buckets), counts: doubles(buckets),
    };
    case 3: return {
      kind: "audio", sampleRate: random.float(), channels: random.below(9), frames: random.below(1e9), encoded: random.bytes(random.below(90)), contentType: random.text(9),
    };
    case 4: return { kind: "oldHistogram", bytes: random.bytes(random.below(20)) };
    case 5: return { kind: "none" };
    default: return { kind: "tensor", tensor: randomTensorProto(random) };
  }
}

/** A tensor in either form; only values that its list holds exactly. */
function randomTensorProto(random: Random): TensorProto {
  const dtype = random.pick(storedTypes);
  const shape = random.several(3, () => random.below(6) - 1);
  const head = { dtype: dtypeCode(dtype), shape };
  if (dtype !== "string" && random.chance(3)) return { ...head, content: random.bytes(1 + random.below(40)) };
  const several = <T>(make: () => T): T[] => Array.from({ length: 1 + random.below(9) }, make);
  const values = (): TensorProto["values"] => {
    if (dtype === "string") return several(() => random.bytes(random.below(20)));
    if (dtype === "int64" || dtype === "uint64") return several(() => randomInt64(random));
    if (dtype === "float32" || dtype === "complex64") return several(() => random.float());
    if (dtype === "float64" || dtype === "complex128") return several(() => random.double());
    return dtype === "bool" ? several(() => random.below(2)) : several(() => random.below(65_536));
  };
  return random.chance(6) ? head : { ...head, values: values() };
}

function randomInt64(random: Random): bigint {
  return new DataView(random.bytes(8).buffer).getBigInt64(0) >> BigInt(random.below(64));
}

/** Attributes that hold no others. */
const plainAttrs: readonly ((random: Random) => AttrValue)[] = [
  (random) => ({ kind: "type", type: random.pick([1, 3, 7, 9, 19, 101, 109]) }),
  (random) => ({ kind: "shape", shape: random.chance(4) ? undefined : random.several(4, () => random.below(9) - 1) }),
  (random) => ({ kind: "int", value: random.chance(3) ? bigOrPlain(randomInt64(random)) : random.below(100) - 50 }),
  (random) => ({ kind: "float", value: random.float() }),
  (random) => ({ kind: "bool", value: random.chance(2) }),
  (random) => ({ kind: "string", value: random.chance(2) ? random.bytes(random.below(30)) : encodeUtf8(random.text(20)) }),
  (random) => ({ kind: "tensor", tensor: randomTensorProto(random) }),
];

function randomAttr(random: Random, depth: number): AttrValue {
  const name = random.text(9);
  switch (random.below(10)) {
    case 0: return { kind: "placeholder", name };
    case 1: {
      const attrs = depth > 3 ? new Map<string, AttrValue>() : randomAttrs(random, depth + 1);
      return { kind: "func", name, ...(attrs.size > 0 && { attrs }) };
    }
    case 2: {
      // Items are of one kind, as in every sound list.
      const make = random.pick(plainAttrs);
      return { kind: "list", items: random.several(5, () => make(random)) };
    }
    default: return random.pick(plainAttrs)(random);
  }
}

function bigOrPlain(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** In the order of their names, in which they are written. */
function randomAttrs(random: Random, depth = 0): Map<string, AttrValue> {
  const keys = [...new Set(random.several(6, () => random.pick(["T", "dtype", "_class", "shape", random.text(8)])))].sort();
  return new Map(keys.map((key) => [key, randomAttr(random, depth)]));
}

function randomGraph(random: Random): GraphDef {
  const nodes = random.several(12, (): NodeDef => ({
    name: random.text(12), op: random.pick(["Const", "NoOp", "Conv2D", random.text(6)]),
    inputs: random.several(4, () => `${random.pick(["", "^"])}${random.text(8)}${random.pick(["", ":1"])}`),
    device: random.chance(3) ? "/device:CPU:0" : "", attrs: randomAttrs(random),
  }));
  return { nodes, producer: random.below(200), functions: 0, ...(random.chance(2) && { minConsumer: 1 + random.below(20) }) };
}

describe("graphs", () => {
  test.each(rounds)("as bytes and as text, seed %i", (seed) => {
    const random = new Random(5000 + seed);
    for (let at = 0; at < 4; at++) {
      const graph = randomGraph(random);
      expect(decodeGraphDef(encodeGraphDef(graph))).toEqual(graph);
      const text = printGraphDef(graph);
      expect(parseGraphDef(text)).toEqual(graph);
      expect(printGraphDef(parseGraphDef(text))).toBe(text);
    }
  });
  test.each(rounds)("with a Saver and collections, seed %i", (seed) => {
    const random = new Random(6000 + seed);
    const collection = (): CollectionDef => random.pick<CollectionDef>([
      { kind: "nodes", values: random.several(4, () => random.text(9)) }, { kind: "bytes", values: random.several(4, () => random.bytes(random.below(9))) },
      { kind: "ints", values: random.several(4, () => randomInt64(random)) }, { kind: "floats", values: random.several(4, () => random.float()) },
      { kind: "any", values: random.several(4, () => random.bytes(random.below(9))) },
    ]);
    const meta = {
      graph: randomGraph(random), tags: random.several(3, () => random.text(6)), tensorflowVersion: random.text(6),
      collections: new Map(random.several(5, () => random.text(8)).map((name) => [name, collection()])),
      saver: {
        filenameTensorName: random.text(9), saveTensorName: random.text(9), restoreOpName: random.text(9),
        maxToKeep: random.below(9), sharded: random.chance(2), keepCheckpointEveryNHours: random.float(), version: random.below(3),
      },
    };
    const { graphBytes, ...read } = decodeMetaGraphDef(encodeMetaGraphDef(meta));
    expect(read).toEqual(meta);
    expect(graphBytes).toEqual(encodeGraphDef(meta.graph));
  });
});

test.each(rounds)("state files of any paths and times, seed %i", (seed) => {
  const random = new Random(7000 + seed);
  const allModelCheckpointPaths = random.several(6, () => random.text(30));
  const state: CheckpointState = {
    modelCheckpointPath: `${random.text(30)}-1`, allModelCheckpointPaths, timestamps: random.chance(2) ? allModelCheckpointPaths.map(() => random.double()) : [],
    ...(random.chance(2) && { lastPreservedTimestamp: random.double() || 1 }),
  };
  const text = printCheckpointState(state);
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  expect(parseCheckpointState(text)).toEqual(state);
  expect(readCheckpointState(encodeUtf8(text))).toEqual(state);
});
