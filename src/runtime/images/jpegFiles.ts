// JPEG files to and from pixels of 8 bits.
import { decode, encode } from "jpeg-js";
import { FormatError, messageOf } from "#base/errors";
import type { Pixels } from "../summaries/encodePng";

/** More than the largest photographs; what claims more is refused before memory is taken. */
const limits = { maxResolutionInMP: 200, maxMemoryUsageInMB: 2048 };

/** Decodes a JPEG file into RGB; grey becomes three equal channels. */
export function decodeJpeg(bytes: Uint8Array): Pixels {
  const { width, height, data } = read(bytes);
  return { width, height, channels: 3, bytes: data };
}

/** A JPEG file of RGB or grey pixels. */
export function encodeJpegFile({ width, height, channels, bytes }: Pixels, quality: number): Uint8Array {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++) data[pixel * 4 + c] = bytes[pixel * channels + (channels === 1 ? 0 : c)] ?? 0;
  }
  return Uint8Array.from(encode({ width, height, data }, quality).data);
}

function read(bytes: Uint8Array): { width: number; height: number; data: Uint8Array } {
  try {
    return decode(bytes, { useTArray: true, formatAsRGBA: false, ...limits });
  } catch (error) {
    throw new FormatError("malformed", `This is no JPEG image: ${messageOf(error)}`);
  }
}
