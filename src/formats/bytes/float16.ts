// The two 16-bit floats: widened, and rounded to.

const words = new Uint32Array(1);
const asFloat = new Float32Array(words.buffer);

/** Value of the 16 bits of an IEEE half. */
export function decodeFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Value of the 16 bits of a bfloat16, which are the upper half of a float32. */
export function decodeBfloat16(bits: number): number {
  words[0] = bits << 16;
  return asFloat[0] ?? NaN;
}

/** The 16 bits of the nearest IEEE half, of two equally near ones the even; beyond 65 504 by half a step, infinity. */
export function encodeFloat16(value: number): number {
  asFloat[0] = value;
  const bits = words[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > 0x7f800000) return sign | 0x7e00;
  if (size >= 0x477ff000) return sign | 0x7c00;
  // Below 2 ** -14 halves are multiples of 2 ** -24.
  if (size < 0x38800000) return sign | nearestEven(Math.abs(asFloat[0] ?? 0) * 2 ** 24);
  return sign | ((size + 0xfff + ((size >>> 13) & 1) - 0x38000000) >>> 13);
}

/** The 16 bits of the nearest bfloat16, of two equally near ones the even. */
export function encodeBfloat16(value: number): number {
  asFloat[0] = value;
  const bits = words[0] ?? 0;
  return Number.isNaN(value) ? 0x7fc0 : ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function nearestEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
