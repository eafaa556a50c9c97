// Every fixture that a reader opens, cut at every byte and with bits flipped: it is read, or refused with a FormatError, and soon.
// TRAINSCOPE_FUZZ names a folder whose files are taken instead, whatever they are.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { bytesAsSource } from "#formats/bytes/byteSource";
import { describeBundle } from "#formats/bundle/describeBundle";
import { decodeTensor, openBundle, shardName, type Bundle } from "#formats/bundle/openBundle";
import { openV1 } from "#formats/bundle/openV1";
import { readCheckpointState } from "#formats/checkpointState/checkpointState";
import { decodeEvent } from "#formats/events/decodeEvent";
import { ScalarEvents } from "#formats/events/scalarEvents";
import { asScalar, tagKind } from "#formats/events/tagKind";
import { decodeGraphDef, parseGraphDef } from "#formats/graphDef/graphDef";
import { graphModelOf } from "#formats/graphDef/graphModel";
import { decodeMetaGraphDef, parseMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { graphOfKerasModel, parseKerasModel } from "#formats/keras/kerasModel";
import { decodeObjectGraph, objectGraphKey, tensorsOfObjects } from "#formats/objectGraph/objectGraph";
import { RecordScanner } from "#formats/records/recordScanner";
import { decodeSavedModel } from "#formats/savedModel/savedModel";
import { encodeTable } from "#formats/sstable/encodeTable";
import { readTable } from "#formats/sstable/readTable";
import { tensorValues } from "#formats/tensor/tensorValues";
import { parseTfjsModel } from "#formats/tfjs/modelJson";
import { Random } from "../../support/random";
import { golden } from "./golden";

/** So many bytes are gone through per file and kind of damage: files of up to about 1,400 bytes are cut at each of them. */
const budgetBytes = 1_000_000;
/** Of the processor, longer than any of these files takes by orders of magnitude; not a goal for speed, but what tells a hang. */
const longestMs = 3000;

const folder = new URL("../../fixtures/", import.meta.url);
const others = process.env["TRAINSCOPE_FUZZ"];
const decoder = new TextDecoder();

type Read = (bytes: Uint8Array) => unknown;

/** All fixtures by their paths, packed ones under the names that they have in their packs. */
const fixtures: ReadonlyMap<string, Uint8Array> = others ? filesOf(others) : new Map([
  ...(["bundle", "events", "graphs", "state"] as const).flatMap((area) => [...golden(area)].map(([path, bytes]): [string, Uint8Array] => [`${area}/${path}`, bytes])),
  ...["analysis/graphs", "analysis/runs", "formats/keras", "pix2pix"].flatMap((part) => below(part).map((path): [string, Uint8Array] => [path, new Uint8Array(readFileSync(new URL(path, folder)))])),
]);

function below(part: string): string[] {
  const entries = readdirSync(new URL(`${part}/`, folder), { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? below(`${part}/${entry.name}`) : [`${part}/${entry.name}`]));
}

/** What is empty has nothing to cut. */
function filesOf(dir: string): Map<string, Uint8Array> {
  const paths = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(dir, path)).isFile());
  return new Map(paths.map((path): [string, Uint8Array] => [path.split(sep).join("/"), new Uint8Array(readFileSync(join(dir, path)))]).filter(([, bytes]) => bytes.length > 0));
}

/** How a file is read, by its name; undefined for what no reader opens: expectations, pictures, notes. */
function readerOf(path: string): Read | undefined {
  const name = basename(path);
  if (name.includes("tfevents") && !name.endsWith(".json")) return readEvents;
  if (name.endsWith(".index")) return (bytes) => readCheckpoint(bytes, (shard, of) => fixtures.get(shardName(path.slice(0, -".index".length), shard, of)));
  if (/\.data-\d+-of-\d+$/.test(name)) return (bytes) => readCheckpoint(fixtures.get(path.replace(/\.data-.*/, ".index")) ?? new Uint8Array(), () => bytes);
  if (name.endsWith(".ckpt")) return async (bytes) => readTensors(await openV1(bytesAsSource(bytes)));
  if (name === "saved_model.pb") return (bytes) => decodeSavedModel(bytes);
  if (name.endsWith(".pb")) return (bytes) => graphModelOf(decodeGraphDef(bytes));
  if (name.endsWith(".meta")) return (bytes) => graphModelOf(decodeMetaGraphDef(bytes).graph);
  if (name.endsWith(".pbtxt")) return (bytes) => [graphModelOf(parseGraphDef(decoder.decode(bytes))), refused(() => parseMetaGraphDef(decoder.decode(bytes)))];
  if (name === "checkpoint" || name.endsWith(".checkpoint")) return readCheckpointState;
  if (path.includes("/keras/") || (others && name.endsWith(".json"))) return readModel;
  // Anything may be given as a checkpoint: weights of other libraries, pictures, notes.
  return others ? async (bytes) => readTensors(await openV1(bytesAsSource(bytes))) : undefined;
}

function readEvents(bytes: Uint8Array): void {
  const scanner = new RecordScanner();
  const short = new ScalarEvents();
  scanner.push(bytes);
  for (let read = scanner.next(); read.kind !== "needMore"; read = scanner.next()) {
    const record = read;
    if (record.kind === "record") refused(() => readEvent(record.data, short));
  }
  if (scanner.offset > bytes.length) expect.fail(`the scanner stands at ${scanner.offset} of ${bytes.length} bytes`);
}

/** The short way to a scalar may never say something else than the long way. */
function readEvent(payload: Uint8Array, short: ScalarEvents): void {
  const taken = short.read(new DataView(payload.buffer, payload.byteOffset, payload.length), 0, payload.length);
  const { wallTimeSeconds, step, value } = short;
  const event = decodeEvent(payload);
  const { what } = event;
  if (taken) {
    const number = what.kind === "summary" ? asScalar(what.values[0]?.value ?? { kind: "none" }) : undefined;
    const same = Object.is(wallTimeSeconds, event.wallTimeSeconds) && step === event.step && Object.is(value, number);
    if (!same) expect.fail(`the short way read ${wallTimeSeconds}, ${step}, ${value}, not ${event.wallTimeSeconds}, ${event.step}, ${number}`);
  }
  short.learn(payload, event);
  if (what.kind === "graph") graphModelOf(decodeGraphDef(what.bytes));
  if (what.kind === "metaGraph") decodeMetaGraphDef(what.bytes);
  if (what.kind !== "summary") return;
  for (const one of what.values) {
    tagKind(one);
    asScalar(one.value);
    const { value: content } = one;
    if (content.kind === "tensor") refused(() => tensorValues(content.tensor));
  }
}

async function readCheckpoint(index: Uint8Array, shardBytes: (shard: number, of: number) => Uint8Array | undefined): Promise<void> {
  const bundle = await openBundle(bytesAsSource(index), async (shard, of) => {
    const bytes = shardBytes(shard, of);
    if (!bytes) throw new FormatError("truncated", "there is no such data file");
    return bytesAsSource(bytes);
  });
  await readTensors(bundle);
}

async function readTensors(bundle: Bundle): Promise<void> {
  describeBundle(bundle);
  // One of the fixtures lists thousands; the first tell as much.
  for (const { name, dtype } of [...bundle.entries.values()].slice(0, 60)) {
    for (const verify of [true, false]) {
      await refusedLater(async () => {
        const values = decodeTensor(dtype, await bundle.read(name, { verify }));
        if (name === objectGraphKey && Array.isArray(values)) for (const graph of values) tensorsOfObjects(decodeObjectGraph(graph));
      });
    }
  }
}

function readModel(bytes: Uint8Array): void {
  const text = decoder.decode(bytes);
  refused(() => graphOfKerasModel(parseKerasModel(text)));
  refused(() => parseTfjsModel(text));
}

/** Runs `read`. Anything but success or a FormatError goes on up and fails the test. */
function refused(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return hasPlace(error);
  }
}

async function refusedLater(read: () => unknown): Promise<boolean> {
  try {
    await read();
    return false;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return hasPlace(error);
  }
}

function hasPlace({ message, offset }: FormatError): true {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new Error(`an error at byte ${offset}: ${message}`);
  return true;
}

/** Reads damaged bytes; `how` tells in the failure which damage it was. */
async function endure(read: Read, bytes: Uint8Array, how: string): Promise<boolean> {
  const begun = process.cpuUsage();
  try {
    return await refusedLater(() => read(bytes));
  } catch (error) {
    throw new Error(`${how}: ${String(error)}`, { cause: error });
  } finally {
    // Hundreds of thousands of assertions would take longer than what they assert.
    const took = process.cpuUsage(begun).user / 1000;
    if (took > longestMs) expect.fail(`${how}: took ${Math.round(took)} ms`);
  }
}

/** Lengths to cut at: each one where the file is small, always the first and last 64. */
function cutsOf(length: number): number[] {
  const stride = Math.max(1, Math.ceil((length * length) / 2 / budgetBytes));
  return Array.from({ length }, (_, end) => end).filter((end) => end % stride === 0 || (length < 100_000 && (end < 64 || end >= length - 64)));
}

/** As many places as the budget allows, in each a bit; each byte once where the file is small. */
function flipsOf(length: number, random: Random): { readonly at: number; readonly bit: number }[] {
  const most = Math.max(8, Math.floor(budgetBytes / Math.max(1, length)));
  const places = most >= length ? Array.from({ length }, (_, at) => at) : Array.from({ length: most }, () => random.below(length));
  return places.map((at) => ({ at, bit: random.below(8) }));
}

function flipped(bytes: Uint8Array, { at, bit }: { readonly at: number; readonly bit: number }): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

const opened = [...fixtures].flatMap(([path, bytes]) => {
  const read = readerOf(path);
  return read ? [{ path, bytes, read }] : [];
});

test.skipIf(others)("fixtures of every format are among them", () => {
  const endings = new Set(opened.map(({ path }) => /tfevents|\.index$|\.data-|\.ckpt$|saved_model\.pb$|\.pb$|\.meta$|\.pbtxt$|checkpoint$|\.json$/.exec(basename(path))?.[0]));
  expect([...endings].sort()).toEqual([".ckpt", ".data-", ".index", ".json", ".meta", ".pb", ".pbtxt", "checkpoint", "saved_model.pb", "tfevents"]);
  expect(opened.length).toBeGreaterThan(250);
});

describe.each(opened)("$path", ({ path, bytes, read }) => {
  test("cut at any byte", async () => {
    for (const end of cutsOf(bytes.length)) await endure(read, bytes.slice(0, end), `${path} cut at ${end}`);
  });
  test("with any byte damaged", async () => {
    for (const flip of flipsOf(bytes.length, new Random(bytes.length))) await endure(read, flipped(bytes, flip), `${path}, byte ${flip.at}, bit ${flip.bit}`);
  });
});

describe("damage behind sound checksums", () => {
  const payloads = opened.filter(({ read }) => read === readEvents).flatMap(({ path, bytes }) => {
    const scanner = new RecordScanner();
    scanner.push(bytes);
    const found: { readonly path: string; readonly payload: Uint8Array }[] = [];
    for (let read = scanner.next(); read.kind !== "needMore"; read = scanner.next()) if (read.kind === "record") found.push({ path, payload: read.data });
    return found.slice(0, 12);
  });
  test("events cut and with bits flipped", async () => {
    const random = new Random(77);
    const short = new ScalarEvents();
    let refusals = 0;
    for (const { path, payload } of payloads) {
      const read: Read = (bytes) => readEvent(bytes, short);
      // Graphs of megabytes are damaged a few times only.
      const most = Math.min(60, Math.max(4, Math.floor((4 * budgetBytes) / payload.length)));
      const stride = Math.max(1, Math.ceil(payload.length / most));
      for (let end = 0; end < payload.length; end += stride) refusals += Number(await endure(read, payload.slice(0, end), `${path} cut at ${end}`));
      for (let times = 0; times < most; times++) {
        const flip = { at: random.below(payload.length), bit: random.below(8) };
        refusals += Number(await endure(read, flipped(payload, flip), `${path}, byte ${flip.at}, bit ${flip.bit}`));
      }
    }
    expect(refusals).toBeGreaterThan(payloads.length);
  }, others ? 600_000 : undefined);
  const indexes = opened.filter(({ path, bytes }) => path.endsWith(".index") && bytes.length < 100_000);
  test.each(indexes)("$path with entries cut and bits flipped", async ({ path, bytes, read }) => {
    const random = new Random(bytes.length);
    const { read: blocks, problems } = await readTable(bytesAsSource(bytes)).catch(() => ({ read: [], problems: [] }));
    const entries = blocks.flatMap((block) => [...block]);
    for (let times = 0; times < (problems.length > 0 ? 0 : 120) && entries.length > 0; times++) {
      const chosen = random.below(entries.length);
      const damaged = entries.map(({ key, value }, at): readonly [Uint8Array, Uint8Array] => {
        if (at !== chosen || value.length === 0) return [key, value];
        return [key, random.chance(3) ? value.slice(0, random.below(value.length)) : flipped(value, { at: random.below(value.length), bit: random.below(8) })];
      });
      await endure(read, encodeTable(damaged), `${path}, entry ${chosen}, time ${times}`);
    }
  });
});
