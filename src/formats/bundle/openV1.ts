// Opens a V1 checkpoint: one table that holds the list of tensors and, under a key for each slice, the values.
import { FormatError } from "#base/errors";
import type { ByteSource } from "../bytes/byteSource";
import { openTable, type TableLookup } from "../sstable/readTable";
import { bytesPerElement, dtypeName } from "../tensor/dtypes";
import { encodeTensorList } from "../tensor/tensorBytes";
import { BundleEntries, elementCount, type BundleEntry, type TensorSlice } from "./bundle";
import { decodeSavedTensors, decodeSavedValues, type SavedTensor } from "./savedSlices";
import { HeldTensor, partOf, type ElementRun } from "./elementRun";
import type { Bundle } from "./openBundle";
import { encodeSliceKey } from "./orderedCode";
import { readSlices } from "./readSlices";
import { keyForms, wholeExtents } from "./tensorSlices";

/**
 * Reads the list of tensors of a V1 checkpoint; values are read when asked for. Throws FormatError for what is none. Its
 * values carry no checksums of their own, those of the table's blocks are compared whatever `verify` says.
 */
export async function openV1(file: ByteSource): Promise<Bundle> {
  const table = await openTable(file);
  const head = await table.find(new Uint8Array());
  const tensors = head && decodeSavedTensors(head);
  if (!tensors) throw new FormatError("malformed", "the table is no V1 checkpoint", { file: file.name });
  const known = new Map<string, BundleEntry>();
  const saved = new Map<string, SavedTensor>();
  const problems: FormatError[] = [];
  for (const tensor of tensors) {
    try {
      const entry = entryOf(tensor);
      // How long strings are only the strings themselves tell; there are few.
      const whole = entry.dtype === "string" ? (await readTensor(table, entry, tensor)).length : entry.size;
      known.set(tensor.name, { ...entry, size: whole });
      saved.set(tensor.name, tensor);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push(error);
    }
  }
  const read = async (name: string): Promise<Uint8Array> => {
    const entry = known.get(name);
    const tensor = saved.get(name);
    if (!entry || !tensor) throw new Error(`Key ${name} not found in checkpoint`);
    return readTensor(table, entry, tensor);
  };
  const pieces = async function* (name: string): AsyncIterable<Uint8Array> {
    yield await read(name);
  };
  const entries = new BundleEntries([...known.values()]);
  const held = new HeldTensor();
  const readPart = async (name: string, part: ElementRun): Promise<Uint8Array> => {
    const bytes = await held.of(name, () => read(name));
    return partOf(entries.get(name) ?? { name, dtype: "", shape: [] }, bytes, part);
  };
  return { format: "V1", shards: 1, endianness: "little", entries, problems, read, pieces, readPart, verify: async (name) => void (await read(name)) };
}

/** Place and checksum mean nothing; a tensor of one slice that covers it counts as whole. */
function entryOf({ name, dtype, shape, slices }: SavedTensor): BundleEntry {
  const type = dtypeName(dtype);
  const whole = slices.map((slice) => wholeExtents(shape, slice));
  const [only] = whole;
  const cut = whole.length > 1 || only?.some(([, length], at) => length !== shape[at]) === true;
  const size = elementCount(shape) * (bytesPerElement(type) ?? 0);
  return { name, dtype: type, shape, shard: 0, offset: 0, size, crc32c: 0, ...(cut && { slices: whole }) };
}

async function readTensor(table: TableLookup, entry: BundleEntry, { dtype, shape, slices }: SavedTensor): Promise<Uint8Array> {
  const places = new Map<BundleEntry, Uint8Array>();
  const keys = new Map<string, BundleEntry>();
  for (const slice of slices) {
    const [key, value] = await findSlice(table, entry, slice);
    const lengths = wholeExtents(shape, slice).map(([, length]) => length);
    const part: BundleEntry = { name: entry.name, dtype: entry.dtype, shape: lengths, shard: 0, offset: 0, size: 0, crc32c: 0 };
    for (const form of keyForms(shape, slice)) keys.set(encodeSliceKey(entry.name, form).join(), part);
    keys.set(key.join(), part);
    places.set(part, value);
  }
  const readOne = async (part: BundleEntry): Promise<Uint8Array> =>
    encodeTensorList({ ...decodeSavedValues(places.get(part) ?? new Uint8Array(), dtype), dtype, shape: part.shape }, entry.name);
  const [only] = places.keys();
  if (!entry.slices && only) return readOne(only);
  return readSlices(entry, { find: (key) => keys.get(key.join()), read: readOne });
}

/** A slice of a tensor that several files share lies in another of them. */
async function findSlice(table: TableLookup, { name, shape }: BundleEntry, slice: TensorSlice): Promise<[Uint8Array, Uint8Array]> {
  for (const form of keyForms(shape, slice)) {
    const key = encodeSliceKey(name, form);
    const value = await table.find(key);
    if (value) return [key, value];
  }
  throw new FormatError("unsupported", `a slice of ${name} is not in this file: V1 checkpoints in several files are not read`);
}
