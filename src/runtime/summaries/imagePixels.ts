// From the numbers of an image tensor to pixels of 8 bits, as TF's image summaries scale them (SY-6).

/** What non-finite pixels are shown as: red, opaque, cut to the image's channels. */
const badPixel = [255, 0, 0, 255];

/** Below this largest value an image counts as black. */
const zeroThreshold = 1e-6;

/**
 * Scales one image of floating point numbers to 0 … 255, interleaved as given. With a negative value anywhere, zero
 * becomes 128 and the largest magnitude reaches 1 or 255; otherwise the largest value becomes 255. Computed in float32
 * and cut, as TF does; a pixel with a channel that is not finite turns red.
 */
export function pixelsOfFloats(values: ArrayLike<number>, channels: number): Uint8Array {
  const { scale, offset } = scaling(values);
  const pixels = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at += channels) {
    const finite = isFinitePixel(values, at, channels);
    for (let c = 0; c < channels; c++) {
      const value = values[at + c] ?? 0;
      pixels[at + c] = finite ? Math.fround(Math.fround(value * scale) + offset) : (badPixel[c] ?? 0);
    }
  }
  return pixels;
}

/** Takes whole numbers as they are; what does not fit a byte is cut to 0 or 255. */
export function pixelsOfIntegers(values: ArrayLike<number>): Uint8Array {
  return new Uint8Array(Uint8ClampedArray.from(values).buffer);
}

function scaling(values: ArrayLike<number>): { scale: number; offset: number } {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min < 0) {
    const magnitude = Math.max(Math.abs(min), Math.abs(max));
    return { scale: magnitude < zeroThreshold ? 0 : Math.fround(127 / magnitude), offset: 128 };
  }
  return { scale: max < zeroThreshold ? 0 : Math.fround(255 / max), offset: 0 };
}

function isFinitePixel(values: ArrayLike<number>, at: number, channels: number): boolean {
  for (let c = 0; c < channels; c++) if (!Number.isFinite(values[at + c])) return false;
  return true;
}
