// The short way through an index's entries: those of the form that TensorFlow writes, thousands of them, without a reader's objects.
import type { BlockEntries } from "../sstable/decodeBlock";
import { dtypeName } from "../tensor/dtypes";
import type { BundleEntry } from "./bundle";

/** A tag byte is field number and wire type (TB-7). */
const tags = { dtype: 0x08, shape: 0x12, shard: 0x18, offset: 0x20, size: 0x28, crc32c: 0x35 } as const;
/** Of the shape: a dimension, and in it its size. */
const dimensionTag = 0x12;
const sizeTag = 0x08;

/** Longest varint that is taken here; its value is below 2^49, so that nothing is rounded. */
const maxVarintBytes = 7;

/**
 * The BundleEntryProto that is value `index` of a block. Undefined for all that is not in the usual form (slices, unknown
 * fields, negative or huge numbers, cut messages), which `readEntry` takes or refuses: the two cannot disagree.
 */
export function decodeUsualEntry(name: string, entries: BlockEntries, index: number): BundleEntry | undefined {
  const { block } = entries;
  const end = entries.valueEnd(index);
  let dtype = 0;
  let shape: number[] | undefined;
  let shard = 0;
  let offset = 0;
  let size = 0;
  let crc32c = 0;
  let at = entries.valueStart(index);
  while (at < end) {
    const tag = block[at++];
    if (tag === tags.crc32c) {
      crc32c = ((block[at] ?? 0) | ((block[at + 1] ?? 0) << 8) | ((block[at + 2] ?? 0) << 16) | ((block[at + 3] ?? 0) << 24)) >>> 0;
      at += 4;
      continue;
    }
    if (tag === tags.shape) {
      const length = block[at++] ?? 0;
      shape = shape === undefined && length < 128 ? usualShape(block, at, at + length) : undefined;
      if (!shape) return undefined;
      at += length;
      continue;
    }
    let value = 0;
    let scale = 1;
    let byte = 128;
    for (let count = 0; byte > 127; count++) {
      if (count === maxVarintBytes) return undefined;
      byte = block[at++] ?? 0;
      value += (byte & 127) * scale;
      scale *= 128;
    }
    if (tag === tags.dtype && value < 128) dtype = value;
    else if (tag === tags.shard && value < 2 ** 31) shard = value;
    else if (tag === tags.offset) offset = value;
    else if (tag === tags.size) size = value;
    else return undefined;
  }
  return at === end ? { name, dtype: dtypeName(dtype), shape: shape ?? [], shard, offset, size, crc32c } : undefined;
}

/** Undefined unless each dimension is a message of nothing but its size. */
function usualShape(block: Uint8Array, start: number, end: number): number[] | undefined {
  let rank = 0;
  let at = start;
  for (; at < end; at += 2 + (block[at + 1] ?? 0)) rank++;
  if (at !== end) return undefined;
  // Of the right length at once: a list that grows takes room for many more dimensions.
  const shape = new Array<number>(rank);
  at = start;
  for (let axis = 0; axis < rank; axis++) {
    const length = block[at + 1] ?? 0;
    const size = block[at] === dimensionTag ? usualDimension(block, at + 2, length) : undefined;
    if (size === undefined) return undefined;
    shape[axis] = size;
    at += 2 + length;
  }
  return shape;
}

/** The size in a dimension's message of so many bytes. A size of 0 is left out. */
function usualDimension(block: Uint8Array, start: number, length: number): number | undefined {
  if (length === 0) return 0;
  if (length > 1 + maxVarintBytes || block[start] !== sizeTag) return undefined;
  let value = 0;
  const last = start + length - 1;
  for (let at = start + 1, scale = 1; at <= last; at++, scale *= 128) {
    const byte = block[at] ?? 0;
    if (byte > 127 === (at === last)) return undefined;
    value += (byte & 127) * scale;
  }
  return length === 1 ? undefined : value;
}
