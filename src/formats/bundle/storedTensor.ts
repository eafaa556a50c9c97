// One stored run of bytes: where an entry points, checked against size and checksum (TB-13).
import { FormatError } from "#base/errors";
import type { ByteSource } from "../bytes/byteSource";
import { crc32c, maskCrc } from "../bytes/crc32c";
import { bytesPerElement } from "../tensor/dtypes";
import { elementCount, type BundleEntry } from "./bundle";
import { stringsCrc } from "./stringTensor";

/** Data files and their byte order. */
export interface ShardReader {
  readonly bigEndian: boolean;
  source(shard: number): Promise<ByteSource>;
}

const verifyChunkBytes = 8 * 1024 * 1024;

/** The little-endian bytes of a tensor that is not partitioned. */
export async function readStored(reader: ShardReader, entry: BundleEntry, verify: boolean): Promise<Uint8Array> {
  const source = await locate(reader, entry);
  const bytes = await source.read(entry.offset, entry.size);
  if (bytes.length < entry.size) throw cut(source, entry, entry.offset + bytes.length);
  if (verify) compare(source, entry, entry.dtype === "string" ? stringsCrc(bytes) : crc32c(bytes));
  return reader.bigEndian ? swapped(entry.dtype, bytes) : bytes;
}

/** Compares the checksum piece by piece; only strings are held whole. */
export async function checkStored(reader: ShardReader, entry: BundleEntry): Promise<void> {
  if (entry.dtype === "string") return void (await readStored(reader, entry, true));
  const source = await locate(reader, entry);
  let crc = 0;
  for (let done = 0; done < entry.size; done += verifyChunkBytes) {
    const length = Math.min(verifyChunkBytes, entry.size - done);
    const bytes = await source.read(entry.offset + done, length);
    if (bytes.length < length) throw cut(source, entry, entry.offset + done + bytes.length);
    crc = crc32c(bytes, crc);
  }
  compare(source, entry, crc);
}

/** Opens the data file and refuses, before anything is allocated, sizes that do not fit shape or file. */
async function locate(reader: ShardReader, entry: BundleEntry): Promise<ByteSource> {
  const bytes = bytesPerElement(entry.dtype);
  const wanted = bytes === undefined ? entry.size : bytes * elementCount(entry.shape);
  if (entry.size !== wanted) throw new FormatError("malformed", `${entry.name} has another size than its shape`, { wanted, got: entry.size });
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
