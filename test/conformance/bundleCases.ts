// Checkpoints: what the index says, every tensor's bytes, the object graph, and what must be refused.
import { join } from "node:path";
import { FormatError, UserError } from "#base/errors";
import { maskedCrc32c } from "#formats/bytes/crc32c";
import { bytesAsSource } from "#formats/bytes/byteSource";
import { WireReader } from "#formats/bytes/wireReader";
import { decodeHeader, readEntry } from "#formats/bundle/bundleRecords";
import { encodeBundleIndex } from "#formats/bundle/bundleWriter";
import { describeBundle } from "#formats/bundle/describeBundle";
import { decodeTensor, type Bundle } from "#formats/bundle/openBundle";
import { decodeStrings } from "#formats/bundle/stringTensor";
import { decodeObjectGraph, objectGraphKey } from "#formats/objectGraph/objectGraph";
import { readTable } from "#formats/sstable/readTable";
import { withCheckpoint } from "#host/reader/openCheckpoint";
import { hex, jsonNumber, readBytes, readJson, sha256 } from "./folders";
import { Mismatch, need, same, type Report } from "./report";

interface ExpectedTensor {
  readonly key: string;
  readonly dtype?: string;
  readonly shape: readonly number[];
  readonly bytes?: number;
  readonly sha256?: string;
  readonly masked_crc32c?: string;
  readonly first?: readonly (number | string | boolean)[];
  readonly stored?: object;
  readonly slices?: readonly (readonly (readonly number[])[])[];
  readonly values_hex?: readonly string[];
  readonly count?: number;
  readonly sha256_of_u64_length_and_bytes?: string;
  readonly error?: object;
}
interface ExpectedPrefix {
  readonly header?: { readonly num_shards: number; readonly endianness: number; readonly producer: number };
  readonly keys?: readonly string[];
  readonly tensors?: readonly ExpectedTensor[];
  /** Name of a file beside, with a row per tensor. */
  readonly tensors_in?: string;
  readonly open_error?: object;
  readonly index_blocks?: number;
  readonly encoded_slice_keys?: readonly string[];
}
type ExpectedObject = { children: Record<string, number>; attributes: string[][]; slot_variables: [string, number, number][] };
interface ExpectedCase {
  readonly prefixes: Readonly<Record<string, ExpectedPrefix>>;
  readonly object_graph?: readonly ExpectedObject[];
}
/** Expectations of large checkpoints: a row per tensor under named columns. */
interface Rows { readonly columns: readonly string[]; readonly rows: readonly unknown[][] }

export async function checkBundles(folder: string, report: Report): Promise<void> {
  const { checkpoints } = await readJson<{ checkpoints: Record<string, ExpectedCase> }>(join(folder, "expected.json"));
  for (const [name, expected] of Object.entries(checkpoints)) {
    for (const [prefix, wanted] of Object.entries(expected.prefixes)) {
      const path = join(folder, name, prefix);
      const tensors = wanted.tensors ?? (wanted.tensors_in === undefined ? undefined : tensorsOfRows(await readJson<Rows>(join(folder, wanted.tensors_in))));
      await checkPrefix({ name: `bundle/${name}/${prefix}`, path, wanted: { ...wanted, tensors }, objects: expected.object_graph }, report);
    }
  }
}

interface PrefixCase { readonly name: string; readonly path: string; readonly wanted: ExpectedPrefix; readonly objects?: readonly ExpectedObject[] }

async function checkPrefix({ name, path, wanted, objects }: PrefixCase, report: Report): Promise<void> {
  if (wanted.open_error) {
    return report.check(name, async () => {
      const error = await withCheckpoint(path, async () => undefined).catch((thrown: unknown) => thrown);
      if (!(error instanceof FormatError) && !(error instanceof UserError)) throw new Mismatch("opening", wanted.open_error, error === undefined ? "opened" : String(error));
    });
  }
  await report.check(`${name} index`, () => withCheckpoint(path, (bundle) => checkIndex(bundle, path, wanted)));
  const tensors = wanted.tensors ?? [];
  if (tensors.length > 0) {
    await withCheckpoint(path, async (bundle) => {
      for (const tensor of tensors) await report.check(`${name} ${tensor.key}`, () => checkTensor(bundle, tensor));
    }).catch((error: unknown) => report.check(name, () => Promise.reject(error)));
  }
  if (objects) {
    await report.check(`${name} objects`, () => withCheckpoint(path, async (bundle) => {
      const [graph] = decodeStrings(await bundle.read(objectGraphKey));
      const nodes = decodeObjectGraph(need(graph, "the object graph")).nodes.map(({ children, attributes, slots }) => ({
        children: Object.fromEntries(children),
        attributes: attributes.map(({ name: attribute, fullName, key }) => [attribute, fullName, key]),
        slot_variables: slots.map(({ slotName, variable, slot }) => [slotName, variable, slot]),
      }));
      same("objects", nodes, objects);
    }));
  }
}

async function checkIndex(bundle: Bundle, path: string, { header, keys, tensors, index_blocks, encoded_slice_keys }: ExpectedPrefix): Promise<void> {
  same("problems", bundle.problems.map(({ message }) => message), []);
  const listed = [...bundle.entries.keys()].sort();
  const wanted = keys ?? tensors?.map(({ key }) => key);
  if (wanted) same("keys", listed, [...wanted].sort());
  same("described", describeBundle(bundle).variables.map(({ name }) => name).sort(), listed);
  if (!header || bundle.format === "V1") return;
  same("header", [bundle.shards, bundle.endianness], [header.num_shards, header.endianness === 1 ? "big" : "little"]);
  const bytes = await readBytes(`${path}.index`);
  const { read, blocks } = await readTable(bytesAsSource(bytes));
  if (index_blocks !== undefined) same("blocks", blocks, index_blocks);
  const [first, ...records] = read.flatMap((block) => [...block]);
  const sliceKeys = records.filter(({ key }) => key[0] === 0).map(({ key }) => hex(key));
  if (encoded_slice_keys) same("slice keys", sliceKeys, encoded_slice_keys);
  const again = encodeBundleIndex(decodeHeader(need(first, "a header").value), records.map(({ key, value }) => [key, readEntry("", new WireReader(value))]));
  same("index written again", sha256(again), sha256(bytes));
}

async function checkTensor(bundle: Bundle, wanted: ExpectedTensor): Promise<void> {
  if (wanted.error) {
    const error = await bundle.read(wanted.key).then(() => undefined, (thrown: unknown) => thrown);
    // A data file that is not there is told by the operating system.
    if (!(error instanceof Error)) throw new Mismatch("reading", wanted.error, "read");
    return;
  }
  const entry = need(bundle.entries.get(wanted.key), wanted.key);
  if (wanted.dtype) same("type and shape", [entry.dtype, entry.shape], [wanted.dtype, wanted.shape]);
  if (wanted.slices) same("slices", entry.slices, wanted.slices);
  if (wanted.stored) {
    const { shard, offset, size, crc32c } = entry;
    same("place", { shard, offset, size, crc32c: crc32c.toString(16).padStart(8, "0") }, wanted.stored);
  }
  const bytes = await bundle.read(wanted.key);
  await bundle.verify(wanted.key);
  if (entry.dtype === "string") return checkStrings(decodeStrings(bytes), wanted);
  if (wanted.bytes !== undefined) same("bytes", bytes.length, wanted.bytes);
  if (wanted.sha256) same("sha256", sha256(bytes), wanted.sha256);
  if (wanted.masked_crc32c) same("checksum", maskedCrc32c(bytes).toString(16).padStart(8, "0"), wanted.masked_crc32c);
  if (wanted.first && !/^complex|^q/.test(entry.dtype)) {
    const values = Array.from<unknown>(decodeTensor(entry.dtype, bytes)).slice(0, wanted.first.length);
    same("first values", values.map((value) => jsonNumber(Number(value))), wanted.first.map(plainNumber));
  }
}

function checkStrings(strings: readonly Uint8Array[], wanted: ExpectedTensor): void {
  if (wanted.count !== undefined) same("number of strings", strings.length, wanted.count);
  if (wanted.values_hex) same("strings", strings.slice(0, wanted.values_hex.length).map(hex), wanted.values_hex);
  const joined = Buffer.concat(strings.flatMap((bytes) => [Buffer.from(BigUint64Array.of(BigInt(bytes.length)).buffer), Buffer.from(bytes)]));
  if (wanted.sha256_of_u64_length_and_bytes) same("strings' sha256", sha256(joined), wanted.sha256_of_u64_length_and_bytes);
}

/** Whole numbers beyond a double are text, bools are true and false; doubles are compared. */
function plainNumber(value: number | string | boolean): number | string {
  return typeof value === "boolean" || (typeof value === "string" && /^-?\d+$/.test(value)) ? Number(value) : value;
}

function tensorsOfRows({ columns, rows }: Rows): ExpectedTensor[] {
  return rows.map((row) => {
    const { offset, size, crc32c, ...tensor } = Object.fromEntries(columns.map((column, at) => [column, row[at]]));
    return { ...tensor, bytes: size, stored: { shard: 0, offset, size, crc32c } } as ExpectedTensor;
  });
}
