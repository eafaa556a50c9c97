// Streams tensors of a checkpoint into a file of another form: NumPy's, CSV, or safetensors. Memory is bounded by the piece.
import { basename, resolve } from "node:path";
import { UserError } from "#base/errors";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { elementCount, type BundleEntry } from "#formats/bundle/bundle";
import { decodeTensor } from "#formats/bundle/decodeTensor";
import type { Bundle } from "#formats/bundle/openBundle";
import { decodeStrings } from "#formats/bundle/stringTensor";
import { npyHead, npyStrings, npyTypeOf } from "#formats/numpy/npy";
import { layOut } from "#formats/safetensors/safetensors";
import { bytesPerElement } from "#formats/tensor/dtypes";
import { csvValueOf, CsvLines } from "#formats/tensor/tensorCsv";
import type { ExportAnswer, TensorExport } from "#model/checkpointLook";
import { isNotFound } from "#node/files";
import { writeInPieces } from "#node/writeInPieces";
import { explainWrite } from "#node/writeProblem";
import { withCheckpoint } from "./openCheckpoint";
import type { Look } from "./tasks";

/** Text and rows of strings are handed on in pieces of about this many bytes. */
const pieceBytes = 256 * 1024;
/** Strings of very unequal length would fill a disk with blanks. */
const mostStringBytes = 1e9;

/** What goes into the file, and what has to be said of it. */
interface Content extends Omit<ExportAnswer, "bytes" | "cancelled"> {
  readonly pieces: AsyncIterable<Uint8Array>;
}

class Cancelled extends Error {}

/** Writes what is asked for; a cancelled export, like a failed one, leaves no file behind. */
export async function exportTensors({ prefix, path, what }: TensorExport, look: Look): Promise<ExportAnswer> {
  requireElsewhere(prefix, path);
  return withCheckpoint(prefix, async (bundle) => {
    const { pieces, ...said } = await contentOf({ prefix, what }, bundle, look);
    try {
      return { ...said, bytes: await writeInPieces(path, pieces) };
    } catch (error) {
      if (error instanceof Cancelled) return { bytes: 0, tensors: 0, leftOut: [], notes: [], cancelled: true };
      throw explainWrite(`The export ${path}`, error);
    }
  });
}

function requireElsewhere(prefix: string, path: string): void {
  const [target, own] = [resolve(path), resolve(prefix)];
  if (target === own || target === `${own}.index` || target === `${own}.meta` || target.startsWith(`${own}.data-`))
    throw new UserError(`${basename(target)} belongs to the checkpoint itself.`, "Choose another name.");
}

function contentOf({ prefix, what }: Pick<TensorExport, "prefix" | "what">, bundle: Bundle, look: Look): Content | Promise<Content> {
  if (what.format === "safetensors") return safetensorsContent(prefix, bundle, look);
  const entry = bundle.entries.get(what.name);
  if (!entry) throw new UserError(`There is no tensor ${what.name} in ${prefix}.`, "trainscope inspect lists what is there.");
  look.expect(bytesIn(entry));
  return what.format === "npy" ? npyContent(bundle, entry, look) : csvContent(bundle, entry, look);
}

/** What the stored size of a partitioned tensor does not tell. */
function bytesIn({ dtype, shape, size }: BundleEntry): number {
  const each = bytesPerElement(dtype);
  return each === undefined ? size : each * elementCount(shape);
}

/** The bytes of a tensor; ends with an error where the person has cancelled. */
async function* bytesOf(bundle: Bundle, { name }: BundleEntry, look: Look): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of bundle.pieces(name)) {
      if (look.cancelled) throw new Cancelled();
      yield piece;
      look.passed(piece.length);
    }
  } catch (error) {
    if (isNotFound(error)) throw new UserError(`${name} cannot be read: its data file is not there.`);
    throw error;
  }
}

async function npyContent(bundle: Bundle, entry: BundleEntry, look: Look): Promise<Content> {
  const { name, dtype, shape } = entry;
  if (dtype === "string") return npyStringContent(bundle, entry, look);
  const type = npyTypeOf(dtype);
  if (!type) throw new UserError(`NumPy has no type for ${dtype}, which ${name} is of.`);
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield npyHead(type.descr, shape);
    for await (const piece of bytesOf(bundle, entry, look)) yield type.widened ? viewOf(decodeTensor(dtype, piece)) : piece;
  };
  const notes = type.widened ? [`${dtype} is written as float32, without loss: NumPy has no ${dtype}.`] : quantizedNotes([entry]);
  return { tensors: 1, leftOut: [], notes, pieces: pieces() };
}

/** Byte strings in fields as wide as the longest. */
async function npyStringContent(bundle: Bundle, { name, shape }: BundleEntry, look: Look): Promise<Content> {
  const values = decodeStrings(await bundle.read(name));
  const type = npyStrings(values);
  if (!type) throw new UserError(`A string of ${name} ends in a zero byte, which NumPy would cut off.`, "CSV holds it.");
  if (type.width * values.length > mostStringBytes) throw new UserError(`The strings of ${name} are too unequal for NumPy: each would take ${type.width} bytes.`, "CSV holds them.");
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield npyHead(type.descr, shape);
    const perPiece = Math.max(1, Math.floor(pieceBytes / type.width));
    for (let at = 0; at < values.length; at += perPiece) {
      if (look.cancelled) throw new Cancelled();
      const some = values.slice(at, at + perPiece);
      const piece = new Uint8Array(some.length * type.width);
      for (const [row, value] of some.entries()) piece.set(value, row * type.width);
      yield piece;
    }
  };
  return { tensors: 1, leftOut: [], notes: [], pieces: pieces() };
}

function csvContent(bundle: Bundle, entry: BundleEntry, look: Look): Content {
  const { name, dtype, shape } = entry;
  if (dtype !== "string" && !npyTypeOf(dtype)) throw new UserError(`The values of ${name} are of type ${dtype}, which has no plain form.`, "Export all variables as safetensors.");
  const { print, perElement } = csvValueOf(dtype);
  const lines = new CsvLines(shape);
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    let text = lines.heading();
    for await (const piece of bytesOf(bundle, entry, look)) {
      const values = decodeTensor(dtype, piece);
      const count = values.length / perElement;
      for (let at = 0; at < count; at++) {
        text += lines.add(print(values, at));
        if (text.length < pieceBytes) continue;
        yield encodeUtf8(text);
        text = "";
      }
    }
    yield encodeUtf8(text);
  };
  return { tensors: 1, leftOut: [], notes: quantizedNotes([entry]), pieces: pieces() };
}

function safetensorsContent(prefix: string, bundle: Bundle, look: Look): Content {
  // In the order of the bytes on disk: anything else would make a spinning or far disk crawl.
  const entries = [...bundle.entries.values()].sort((one, other) => one.shard - other.shard || one.offset - other.offset);
  const all = entries.map((entry) => ({ name: entry.name, dtype: entry.dtype, shape: entry.shape, bytes: bytesIn(entry) }));
  const { head, tensors, leftOut, pairs } = layOut(all, { format: "tf", checkpoint: basename(prefix) });
  const written = tensors.flatMap(({ name }) => bundle.entries.get(name) ?? []);
  look.expect(tensors.reduce((sum, { bytes }) => sum + bytes, 0));
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    yield head;
    for (const entry of written) yield* bytesOf(bundle, entry, look);
  };
  const complex = pairs.length === 0 ? [] : [`Complex numbers are written as pairs, in a last axis of 2: ${listed(pairs)}.`];
  return { tensors: written.length, leftOut, notes: [...complex, ...quantizedNotes(written)], pieces: pieces() };
}

function quantizedNotes(entries: readonly BundleEntry[]): string[] {
  const quantized = entries.filter(({ dtype }) => dtype.startsWith("q")).map(({ name }) => name);
  return quantized.length === 0 ? [] : [`Quantized values are written as the integers that are stored: ${listed(quantized)}.`];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function viewOf(values: ReturnType<typeof decodeTensor>): Uint8Array {
  return Array.isArray(values) ? new Uint8Array() : new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
