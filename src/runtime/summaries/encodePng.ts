// Pixels of 8 bits as a PNG file.
import { promisify } from "node:util";
import { deflate } from "node:zlib";

/** Rows of pixels, top first; channels interleaved: 1 grey, 3 RGB, 4 RGBA. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bytes: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const colourTypes = new Map([[1, 0], [3, 2], [4, 6]]);
const bitDepth = 8;
/** Row filter 1, "sub": each byte is stored as its difference from the pixel to the left. */
const subFilter = 1;
const crcTable = makeCrcTable();
const compress = promisify(deflate);

/** Encodes an image. Compression runs beside the event loop. */
export async function encodePng(pixels: Pixels): Promise<Uint8Array> {
  const { width, height, channels } = pixels;
  const colourType = colourTypes.get(channels);
  if (colourType === undefined) throw new Error(`a PNG has 1, 3 or 4 channels, not ${channels}`);
  // | width u32 | height u32 | bit depth | colour type | compression 0 | filter method 0 | no interlace 0 |
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([bitDepth, colourType], 8);
  const data = await compress(filterRows(pixels));
  return concat([signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", new Uint8Array(0))]);
}

function filterRows({ width, height, channels, bytes }: Pixels): Uint8Array {
  const stride = width * channels;
  const filtered = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    const row = bytes.subarray(y * stride, (y + 1) * stride);
    const at = y * (stride + 1);
    filtered[at] = subFilter;
    filtered.set(row.subarray(0, channels), at + 1);
    for (let x = channels; x < stride; x++) filtered[at + 1 + x] = (row[x] ?? 0) - (row[x - channels] ?? 0);
  }
  return filtered;
}

/** | length u32 | type, 4 letters | data | CRC-32 over type and data | */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** PNG's CRC-32 (the polynomial of zip files, not the one of event files). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function makeCrcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc;
  });
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
