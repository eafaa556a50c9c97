// String tensors as a bundle stores them: all lengths, their checksum, all bytes (TB-5).
import { FormatError } from "#base/errors";
import { crc32c, maskCrc } from "../bytes/crc32c";
import { WireWriter } from "../bytes/wireWriter";

const two32 = 2 ** 32;
const checksumBytes = 4;

/** The stored bytes of a string tensor. */
export function encodeStrings(values: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  for (const value of values) writer.varint(value.length);
  const checksum = new Uint8Array(checksumBytes);
  new DataView(checksum.buffer).setUint32(0, maskCrc(lengthsCrc(values.map(({ length }) => length))), true);
  writer.raw(checksum);
  for (const value of values) writer.raw(value);
  return writer.finish();
}

/**
 * The strings in stored bytes, as views. How many there are follows from the bytes: only with the right number of
 * lengths do these, the checksum and the strings fill the bytes exactly.
 */
export function decodeStrings(bytes: Uint8Array): Uint8Array[] {
  const { lengths, headBytes } = readLengths(bytes);
  let at = headBytes;
  return lengths.map((length) => bytes.subarray(at, (at += length)));
}

/** The CRC that an entry of a string tensor carries, unmasked: over the fixed-width lengths, their checksum, and the strings. */
export function stringsCrc(bytes: Uint8Array): number {
  const { lengths, headBytes } = readLengths(bytes);
  return crc32c(bytes.subarray(headBytes - checksumBytes), lengthsCrc(lengths));
}

/** Each length counts as 4 bytes, or as 8 if it needs them; not as the varint that is stored. */
function lengthsCrc(lengths: readonly number[]): number {
  let crc = 0;
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  for (const length of lengths) {
    view.setUint32(0, length % two32, true);
    view.setUint32(4, Math.floor(length / two32), true);
    crc = crc32c(bytes.subarray(0, length < two32 ? 4 : 8), crc);
  }
  return crc;
}

function readLengths(bytes: Uint8Array): { lengths: number[]; headBytes: number } {
  const lengths: number[] = [];
  let at = 0;
  let sum = 0;
  while (at + checksumBytes + sum < bytes.length) {
    let length = 0;
    let scale = 1;
    let byte = 128;
    for (; byte >= 128 && at < bytes.length; scale *= 128) {
      byte = bytes[at++] ?? 0;
      length += (byte & 127) * scale;
    }
    lengths.push(length);
    sum += length;
  }
  const headBytes = at + checksumBytes;
  if (headBytes + sum !== bytes.length) {
    throw new FormatError("malformed", "the lengths of a string tensor do not fit its size", { wanted: headBytes + sum, got: bytes.length });
  }
  const stored = new DataView(bytes.buffer, bytes.byteOffset + at, checksumBytes).getUint32(0, true);
  const computed = maskCrc(lengthsCrc(lengths));
  if (stored !== computed) throw new FormatError("badDataCrc", "the lengths of a string tensor are damaged", { offset: at, wanted: stored, got: computed });
  return { lengths, headBytes };
}
