// The two 16-bit floats, widened.

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
