// The keys under which the slices of partitioned tensors lie: an encoding that sorts as its parts do (TB-14).
import { joinBytes } from "../bytes/byteOrder";
import { encodeUtf8 } from "../bytes/utf8";
import type { TensorSlice } from "./bundle";

/** Key of one slice: 0, name, rank, then start and length of each dimension. */
export function encodeSliceKey(name: string, slice: TensorSlice): Uint8Array {
  const extents = slice.flatMap(([start, length]) => [encodeSigned(start), encodeSigned(length)]);
  return joinBytes([encodeNumber(0), encodeText(encodeUtf8(name)), encodeNumber(slice.length), ...extents]);
}

/** Number of bytes, then the bytes big-endian without leading zeros. */
export function encodeNumber(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from([bytes.length, ...bytes]);
}

/** 00 becomes 00 ff, ff becomes ff 00; the end is 00 01. */
export function encodeText(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (const byte of bytes) {
    out.push(byte);
    if (byte === 0) out.push(0xff);
    else if (byte === 0xff) out.push(0);
  }
  return Uint8Array.from([...out, 0, 1]);
}

/** Two's complement in the fewest bytes that leave 7n - 1 bits for the value, with as many leading ones as bytes mixed in. */
export function encodeSigned(value: number): Uint8Array {
  const wide = BigInt(value);
  let size = 1;
  while (size < 10 && !fits(wide, size)) size++;
  const bits = BigInt.asUintN(8 * size, wide);
  const head = ((1n << BigInt(size)) - 1n) << BigInt(8 * size - size);
  const mixed = bits ^ head;
  return Uint8Array.from({ length: size }, (_, at) => Number((mixed >> BigInt(8 * (size - 1 - at))) & 255n));
}

function fits(value: bigint, size: number): boolean {
  const half = 1n << BigInt(7 * size - 1);
  return value >= -half && value < half;
}
