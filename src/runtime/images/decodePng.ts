// A PNG file as pixels of 8 bits.
import { PNG } from "pngjs";
import { FormatError, messageOf } from "#base/errors";
import type { Pixels } from "../summaries/encodePng";

/** Decodes a PNG of any kind into RGB; transparency is dropped, grey becomes three equal channels. */
export function decodePng(bytes: Uint8Array): Pixels {
  const { width, height, data } = read(bytes);
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, at = 0; at < rgb.length; from += 4, at += 3) {
    rgb[at] = data[from] ?? 0;
    rgb[at + 1] = data[from + 1] ?? 0;
    rgb[at + 2] = data[from + 2] ?? 0;
  }
  return { width, height, channels: 3, bytes: rgb };
}

function read(bytes: Uint8Array): { width: number; height: number; data: Uint8Array } {
  try {
    return PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    throw new FormatError("malformed", `This is no PNG image: ${messageOf(error)}`);
  }
}
