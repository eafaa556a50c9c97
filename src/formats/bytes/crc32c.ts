// CRC-32C (Castagnoli), and the mask that TensorFlow's and LevelDB's files put over it.
import { leastFoldedBytes, openCrcFolding, type CrcFolding } from "./crcFolding";

const reflectedPolynomial = 0x82f63b78;
const maskDelta = 0xa282ead8;

/** Eight tables of 256: table k gives the effect of a byte that k further bytes follow. */
const tables = buildTables();

/** By number of zero bytes. Whoever asks bounds the numbers: each takes 4 KiB. */
const allZerosTables = new Map<number, Int32Array>();

/** Typed arrays of words are the fastest way through a big block, where the machine orders bytes as the tables expect. */
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const bigBlockBytes = 256;

/** Made for the first very big block; null: there is none here. */
let folding: CrcFolding | null | undefined;

/** CRC-32C of `bytes`; `seed` is the CRC of what came before them. Check value of "123456789": e3069283 (TB-6). */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  if (bytes.length < leastFoldedBytes) return crcByTables(bytes, seed);
  folding = folding === undefined ? openCrcFolding() ?? null : folding;
  let crc = seed;
  let at = 0;
  while (folding && bytes.length - at >= leastFoldedBytes) {
    const count = folding.takes(bytes.length - at);
    // Of a register of 0 the CRC is the complement.
    crc = crcByTables(folding.fold(bytes.subarray(at, at + count), ~crc), -1);
    at += count;
  }
  return crcByTables(bytes.subarray(at), crc);
}

/** As `crc32c`, and equal to it, without WebAssembly. */
export function crcByTables(bytes: Uint8Array, seed = 0): number {
  let crc = ~seed;
  let at = 0;
  if (littleEndian && bytes.length >= bigBlockBytes) {
    for (; (bytes.byteOffset + at) % 4 !== 0; at++) crc = throughByte(crc, bytes[at] ?? 0);
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, ((bytes.length - at) >>> 3) * 2);
    crc = throughWords(crc, words);
    at += words.length * 4;
  } else {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const end = bytes.length - 7; at < end; at += 8) crc = throughPair(crc, view.getInt32(at, true), view.getInt32(at + 4, true));
  }
  for (; at < bytes.length; at++) crc = throughByte(crc, bytes[at] ?? 0);
  return ~crc >>> 0;
}

/** CRC-32C of the bytes `from` to `to` of a view, without an object for each of many short stretches. */
export function crc32cWithin(view: DataView, from: number, to: number): number {
  if (to - from >= leastFoldedBytes) return crc32c(new Uint8Array(view.buffer, view.byteOffset + from, to - from));
  return ~registerWithin(view, from, to) >>> 0;
}

/** A CRC's register after the bytes `from` to `to` of a view. The CRC is its complement. */
export function registerWithin(view: DataView, from: number, to: number): number {
  let crc = -1;
  let at = from;
  for (const end = to - 7; at < end; at += 8) crc = throughPair(crc, view.getInt32(at, true), view.getInt32(at + 4, true));
  if (at + 4 <= to) {
    crc = throughWord(crc, view.getInt32(at, true));
    at += 4;
  }
  for (; at < to; at++) crc = throughByte(crc, view.getUint8(at));
  return crc;
}

/**
 * What so many zero bytes make of a register, as a table for each of its four bytes. A register after some bytes is what zero
 * bytes make of it, xor what the bytes make of a register of zeros: so bytes that are known need not be gone through again.
 */
export function zerosTables(bytes: number): Int32Array {
  const known = allZerosTables.get(bytes);
  if (known) return known;
  const made = new Int32Array(4 * 256);
  for (let bit = 0; bit < 32; bit++) {
    let moved = 1 << bit;
    for (let at = 0; at < bytes; at++) moved = throughByte(moved, 0);
    const first = 256 * (bit >>> 3);
    const place = 1 << (bit & 7);
    for (let byte = 0; byte < place; byte++) made[first + place + byte] = (made[first + byte] ?? 0) ^ moved;
  }
  allZerosTables.set(bytes, made);
  return made;
}

/** What the zero bytes that `tables` stands for make of a register. */
export function throughZeros(tables: Int32Array, register: number): number {
  return (tables[register & 255] ?? 0) ^ (tables[256 + ((register >>> 8) & 255)] ?? 0) ^
    (tables[512 + ((register >>> 16) & 255)] ?? 0) ^ (tables[768 + (register >>> 24)] ?? 0);
}

/** The form in which files store a CRC: a CRC over data that holds CRCs is weak, so it is rotated and shifted (formats 2). */
export function maskCrc(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + maskDelta) >>> 0;
}

/** The CRC behind its stored form. */
export function unmaskCrc(masked: number): number {
  const rotated = (masked - maskDelta) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** CRC-32C of `bytes` as files store it. */
export function maskedCrc32c(bytes: Uint8Array): number {
  return maskCrc(crc32c(bytes));
}

function throughWords(start: number, words: Int32Array): number {
  let crc = start;
  for (let at = 0; at < words.length; at += 2) crc = throughPair(crc, words[at] ?? 0, words[at + 1] ?? 0);
  return crc;
}

/** Eight bytes as two little-endian words. */
function throughPair(before: number, low: number, high: number): number {
  const t = tables;
  const crc = before ^ low;
  return (t[1792 + (crc & 255)] ?? 0) ^ (t[1536 + ((crc >>> 8) & 255)] ?? 0) ^
    (t[1280 + ((crc >>> 16) & 255)] ?? 0) ^ (t[1024 + (crc >>> 24)] ?? 0) ^
    (t[768 + (high & 255)] ?? 0) ^ (t[512 + ((high >>> 8) & 255)] ?? 0) ^
    (t[256 + ((high >>> 16) & 255)] ?? 0) ^ (t[high >>> 24] ?? 0);
}

function throughWord(before: number, word: number): number {
  const t = tables;
  const crc = before ^ word;
  return (t[768 + (crc & 255)] ?? 0) ^ (t[512 + ((crc >>> 8) & 255)] ?? 0) ^ (t[256 + ((crc >>> 16) & 255)] ?? 0) ^ (t[crc >>> 24] ?? 0);
}

function throughByte(crc: number, byte: number): number {
  return (tables[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
}

function buildTables(): Int32Array {
  const all = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ reflectedPolynomial : crc >>> 1;
    all[byte] = crc;
  }
  for (let at = 256; at < all.length; at++) {
    const before = all[at - 256] ?? 0;
    all[at] = (all[before & 255] ?? 0) ^ (before >>> 8);
  }
  return all;
}
