// CRC-32C (Castagnoli), and the mask that TensorFlow's and LevelDB's files put over it.

const reflectedPolynomial = 0x82f63b78;
const maskDelta = 0xa282ead8;

/** Eight tables of 256: table k gives the effect of a byte that k further bytes follow. */
const tables = buildTables();

/** CRC-32C of `bytes`; `seed` is the CRC of what came before them. Check value of "123456789": e3069283 (TB-6). */
export function crc32c(bytes: Uint8Array, seed = 0): number {
  const t = tables;
  let crc = ~seed;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    crc ^= (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    crc =
      (t[1792 + (crc & 255)] ?? 0) ^ (t[1536 + ((crc >>> 8) & 255)] ?? 0) ^
      (t[1280 + ((crc >>> 16) & 255)] ?? 0) ^ (t[1024 + (crc >>> 24)] ?? 0) ^
      (t[768 + (bytes[at + 4] ?? 0)] ?? 0) ^ (t[512 + (bytes[at + 5] ?? 0)] ?? 0) ^
      (t[256 + (bytes[at + 6] ?? 0)] ?? 0) ^ (t[bytes[at + 7] ?? 0] ?? 0);
  }
  for (; at < bytes.length; at++) crc = (t[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
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
