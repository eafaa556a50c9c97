// Reads a whole table; a damaged data block costs its own entries only, and is told (formats 13).
import { FormatError } from "#base/errors";
import type { ByteSource } from "../bytes/byteSource";
import { compareBytes } from "../bytes/byteOrder";
import { crc32c, maskCrc } from "../bytes/crc32c";
import { VarintCursor, decodeBlock, type BlockEntries, type KeyBudget, type StoredBlock } from "./decodeBlock";
import { unpackSnappy } from "./snappy";
import { compressions, footerBytes, magicHigh, magicLow, magicOffset, trailerBytes, type BlockHandle } from "./tableLayout";

/** All that could be read of a table. */
export interface Table {
  /** The data blocks that could be read; keys ascend through all of them. */
  readonly read: readonly BlockEntries[];
  /** Number of data blocks, damaged ones included. */
  readonly blocks: number;
  /** One per data block that could not be read. */
  readonly problems: readonly FormatError[];
}

/** No key list may take more memory than this: prefix compression lets a small file claim long keys. */
const maxKeyBytes = 64 * 1024 * 1024;

/** Reads footer, index and all data blocks. Throws FormatError when footer or index are unusable. */
export async function readTable(source: ByteSource): Promise<Table> {
  const { index, footerAt, budget } = await readIndex(source);
  const read: BlockEntries[] = [];
  const problems: FormatError[] = [];
  let end = 0;
  for (let at = 0; at < index.count; at++) {
    try {
      const handle = handleOf(index, at);
      if (handle.offset < end) throw new FormatError("malformed", "data blocks overlap", { file: source.name, offset: handle.offset });
      const block = await readBlock(source, handle, footerAt);
      end = handle.offset + handle.size;
      const found = decodeBlock(block, budget);
      requireAscending(read.at(-1), found, handle);
      if (found.count > 0) read.push(found);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push(error);
    }
  }
  return { read, blocks: index.count, problems };
}

/** A table whose blocks are read when one of their entries is asked for. */
export interface TableLookup {
  /** The value under a key; undefined where there is none. Throws FormatError for a block that is damaged. */
  find(key: Uint8Array): Promise<Uint8Array | undefined>;
}

/** Opens a table that may hold more than fits into memory: only footer and index are read now, and one block is kept. */
export async function openTable(source: ByteSource): Promise<TableLookup> {
  const { index, footerAt } = await readIndex(source);
  let kept: { readonly at: number; readonly entries: BlockEntries } | undefined;
  const blockAt = async (at: number): Promise<BlockEntries> => {
    if (kept?.at === at) return kept.entries;
    const block = await readBlock(source, handleOf(index, at), footerAt);
    kept = { at, entries: decodeBlock(block, { bytes: maxKeyBytes }) };
    return kept.entries;
  };
  return {
    find: async (key) => {
      const at = firstNotBelow(index, key);
      if (at === index.count) return undefined;
      const entries = await blockAt(at);
      const found = firstNotBelow(entries, key);
      return found < entries.count && compareBytes(entries.key(found), key) === 0 ? entries.value(found) : undefined;
    },
  };
}

/** Place of the first entry whose key is `key` or comes behind it; the number of entries where there is none. */
function firstNotBelow(entries: BlockEntries, key: Uint8Array): number {
  let [low, high] = [0, entries.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(entries.key(middle), key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index's handle in the last 48 bytes of a table. */
function decodeFooter(footer: Uint8Array, place: { readonly file: string; readonly offset: number }): BlockHandle {
  if (footer.length < footerBytes) throw new FormatError("truncated", "a table's footer is cut", { ...place, wanted: footerBytes, got: footer.length });
  const view = new DataView(footer.buffer, footer.byteOffset, footer.length);
  if (view.getUint32(magicOffset, true) !== magicLow || view.getUint32(magicOffset + 4, true) !== magicHigh) {
    throw new FormatError("badMagic", "not a table: its last bytes are not the magic number", place);
  }
  const cursor = new VarintCursor(footer);
  decodeHandle(cursor);
  return decodeHandle(cursor);
}

/** Where data block `at` lies. */
function handleOf(index: BlockEntries, at: number): BlockHandle {
  try {
    return decodeHandle(new VarintCursor(index.block.subarray(0, index.valueEnd(at)), index.valueStart(at)));
  } catch (error) {
    throw error instanceof FormatError ? index.placed(error, at) : error;
  }
}

/** The list of data blocks; `footerAt` is where the last of them must have ended. */
async function readIndex(source: ByteSource): Promise<{ index: BlockEntries; footerAt: number; budget: KeyBudget }> {
  const size = await source.size();
  if (size < footerBytes) throw new FormatError("truncated", "too short to be a table", { file: source.name, offset: 0, wanted: footerBytes, got: size });
  const footerAt = size - footerBytes;
  const handle = decodeFooter(await source.read(footerAt, footerBytes), { file: source.name, offset: footerAt });
  const budget = { bytes: maxKeyBytes };
  return { index: decodeBlock(await readBlock(source, handle, footerAt), budget), footerAt, budget };
}

async function readBlock(source: ByteSource, { offset, size }: BlockHandle, limit: number): Promise<StoredBlock> {
  const place = { file: source.name, offset };
  if (offset + size + trailerBytes > limit) {
    throw new FormatError("truncated", "a block reaches beyond the table", { ...place, wanted: offset + size + trailerBytes, got: limit });
  }
  const bytes = await source.read(offset, size + trailerBytes);
  if (bytes.length < size + trailerBytes) throw new FormatError("truncated", "a block is cut", { ...place, wanted: size + trailerBytes, got: bytes.length });
  const stored = new DataView(bytes.buffer, bytes.byteOffset + size + 1, 4).getUint32(0, true);
  const computed = maskCrc(crc32c(bytes.subarray(0, size + 1)));
  if (stored !== computed) throw new FormatError("badChecksum", "a block of the table is damaged", { ...place, wanted: stored, got: computed });
  const block = bytes.subarray(0, size);
  switch (bytes[size]) {
    case compressions.none: return { ...place, bytes: block, inside: true };
    case compressions.snappy: return { ...place, bytes: unpacked(block, place), inside: false };
    default: throw new FormatError("unsupported", "a block is compressed in an unknown way", { ...place, got: bytes[size] });
  }
}

function unpacked(block: Uint8Array, place: { readonly file: string; readonly offset: number }): Uint8Array {
  try {
    return unpackSnappy(block);
  } catch (error) {
    throw error instanceof FormatError ? error.within(place) : error;
  }
}

function decodeHandle(cursor: VarintCursor): BlockHandle {
  return { offset: cursor.next(), size: cursor.next() };
}

/** `before` has entries. */
function requireAscending(before: BlockEntries | undefined, block: BlockEntries, { offset }: BlockHandle): void {
  if (before && block.count > 0 && compareBytes(before.key(before.count - 1), block.key(0)) >= 0) {
    throw new FormatError("malformed", "the keys of a table do not ascend over its blocks", { offset });
  }
}
