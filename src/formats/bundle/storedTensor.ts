// One stored run of bytes: where an entry points, checked against size and checksum (TB-13).
import { FormatError } from "#base/errors";
import type { ByteSource } from "../bytes/byteSource";
import { crc32c, maskCrc } from "../bytes/crc32c";
import { bytesPerElement } from "../tensor/dtypes";
import { elementCount, type BundleEntry } from "./bundle";
import { bytesOfRun, type ElementRun } from "./elementRun";
import { stringsCrc } from "./stringTensor";

/** Data files and their byte order. */
export interface ShardReader {
  readonly bigEndian: boolean;
  source(shard: number): Promise<ByteSource>;
  /** Pairs of buffers that no check uses at the moment. */
  readonly spare: PieceBuffers[];
}

/** One is read into while the other is looked through. */
type PieceBuffers = readonly [Uint8Array, Uint8Array];

/** Small enough to stay in a processor's cache between reading and looking. */
const pieceBytes = 1024 * 1024;

/** The little-endian bytes of a tensor that is not partitioned. */
export async function readStored(reader: ShardReader, entry: BundleEntry, verify: boolean): Promise<Uint8Array> {
  const source = await locate(reader, entry);
  const bytes = await source.read(entry.offset, entry.size);
  if (bytes.length < entry.size) throw cut(source, entry, entry.offset + bytes.length);
  if (verify) compare(source, entry, entry.dtype === "string" ? stringsCrc(bytes) : crc32c(bytes));
  return reader.bigEndian ? swapped(entry.dtype, bytes) : bytes;
}

/** The little-endian bytes of some of its elements. */
export async function readStoredPart(reader: ShardReader, entry: BundleEntry, part: ElementRun): Promise<Uint8Array> {
  const source = await locate(reader, entry);
  const { from, length } = bytesOfRun(entry, part);
  const bytes = await source.read(entry.offset + from, length);
  if (bytes.length < length) throw cut(source, entry, entry.offset + from + bytes.length);
  return reader.bigEndian ? swapped(entry.dtype, bytes) : bytes;
}

/** Compares the checksum piece by piece, in memory that is used again; only strings are held whole. */
export async function checkStored(reader: ShardReader, entry: BundleEntry): Promise<void> {
  if (entry.dtype === "string") return void (await readStored(reader, entry, true));
  const source = await locate(reader, entry);
  const buffers = reader.spare.pop() ?? [new Uint8Array(pieceBytes), new Uint8Array(pieceBytes)];
  compare(source, entry, await crcInPieces(source, entry, buffers));
  // Not after a failure: a read that nobody waits for may still write into them.
  reader.spare.push(buffers);
}

/** The next piece is read while one is looked through. */
async function crcInPieces(source: ByteSource, entry: BundleEntry, [one, other]: PieceBuffers): Promise<number> {
  let crc = 0;
  const readPiece = async (buffer: Uint8Array, done: number): Promise<Uint8Array> => {
    const piece = buffer.subarray(0, Math.min(pieceBytes, entry.size - done));
    const count = await source.readInto(piece, entry.offset + done);
    if (count < piece.length) throw cut(source, entry, entry.offset + done + count);
    return piece;
  };
  let [current, next] = [one, other];
  let reading = readPiece(current, 0);
  for (let done = 0; done < entry.size; done += pieceBytes) {
    const piece = await reading;
    [current, next] = [next, current];
    if (done + pieceBytes < entry.size) reading = readPiece(current, done + pieceBytes);
    crc = crc32c(piece, crc);
  }
  return crc;
}

/** Small enough that a few of them, and the values made of them, cost no memory to speak of; a whole number of any elements. */
const streamedBytes = 1024 * 1024;

/** The little-endian bytes of a tensor that is not partitioned and not of strings, piece by piece, each in the memory of the one before; the checksum comes last. */
export async function* storedPieces(reader: ShardReader, entry: BundleEntry): AsyncIterable<Uint8Array> {
  const source = await locate(reader, entry);
  const buffer = new Uint8Array(Math.min(streamedBytes, entry.size));
  let crc = 0;
  for (let done = 0; done < entry.size; done += streamedBytes) {
    const bytes = buffer.subarray(0, Math.min(streamedBytes, entry.size - done));
    const count = await source.readInto(bytes, entry.offset + done);
    if (count < bytes.length) throw cut(source, entry, entry.offset + done + count);
    crc = crc32c(bytes, crc);
    yield reader.bigEndian ? swapped(entry.dtype, bytes) : bytes;
  }
  compare(source, entry, crc);
}

/** Opens the data file and refuses, before anything is allocated, sizes that do not fit shape or file. */
async function locate(reader: ShardReader, entry: BundleEntry): Promise<ByteSource> {
  const bytes = bytesPerElement(entry.dtype);
  const wanted = bytes === undefined ? entry.size : bytes * elementCount(entry.shape);
  if (entry.size !== wanted) throw new FormatError("malformed", `${entry.name} has another size than its shape`, { offset: entry.offset, wanted, got: entry.size });
  const source = await reader.source(entry.shard);
  const size = await source.size();
  if (entry.offset + entry.size > size) throw cut(source, entry, size);
  return source;
}

function compare(source: ByteSource, { name, offset, crc32c: wanted }: BundleEntry, crc: number): void {
  const got = maskCrc(crc);
  if (got !== wanted) throw new FormatError("badChecksum", `${name} is damaged`, { file: source.name, offset, wanted, got });
}

function cut(source: ByteSource, { name, offset, size }: BundleEntry, got: number): FormatError {
  return new FormatError("truncated", `the data file ends before ${name} does`, { file: source.name, offset, wanted: offset + size, got });
}

/** Complex numbers are two numbers, each swapped by itself. Strings carry no byte order. */
function swapped(dtype: string, bytes: Uint8Array): Uint8Array {
  const size = bytesPerElement(dtype) ?? 1;
  const width = dtype.startsWith("complex") ? size / 2 : size;
  const out = bytes.slice();
  if (width > 1) for (let at = 0; at < out.length; at += width) out.subarray(at, at + width).reverse();
  return out;
}
