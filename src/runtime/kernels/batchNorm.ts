// Batch normalisation by the batch's own statistics, and its gradient: loops over [places, channels], sums in double precision.

/** What a normalisation reads and writes. `x` and `y` are [places, channels], all else has a number for each channel. */
export interface BatchNormArrays {
  readonly x: Float32Array;
  readonly scale: Float32Array;
  readonly offset: Float32Array;
  readonly y: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  /** Without bias, for moving averages. */
  readonly unbiased: Float32Array;
}

/** Where a channel has one value only, `x - mean` is exactly 0: its result is the offset and it trains nothing. */
export function normalizeBatch({ x, scale, offset, y, mean, variance, unbiased }: BatchNormArrays, epsilon: number): void {
  const channels = scale.length;
  const places = x.length / channels;
  sumsOf(x, channels).forEach((sum, c) => (mean[c] = sum / places));
  const squares = new Float64Array(channels);
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const far = (x[at + c] as number) - (mean[c] as number);
      squares[c] = (squares[c] as number) + far * far;
    }
  }
  const slope = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const square = squares[c] as number;
    variance[c] = square / places;
    unbiased[c] = square / Math.max(1, places - 1);
    slope[c] = (scale[c] as number) / Math.sqrt((variance[c] as number) + epsilon);
  }
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      y[at + c] = ((x[at + c] as number) - (mean[c] as number)) * (slope[c] as number) + (offset[c] as number);
    }
  }
}

/** What the gradient reads and writes, shaped as above. */
export interface BatchNormGradientArrays {
  readonly dy: Float32Array;
  readonly x: Float32Array;
  readonly scale: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly dx: Float32Array;
  readonly dScale: Float32Array;
  readonly dOffset: Float32Array;
}

export function normalizeBatchGradient(arrays: BatchNormGradientArrays, epsilon: number): void {
  const { dy, x, scale, mean, variance, dx, dScale, dOffset } = arrays;
  const channels = scale.length;
  const places = x.length / channels;
  const sums = new Float64Array(channels);
  const products = new Float64Array(channels);
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const d = dy[at + c] as number;
      sums[c] = (sums[c] as number) + d;
      products[c] = (products[c] as number) + d * ((x[at + c] as number) - (mean[c] as number));
    }
  }
  const slope = new Float64Array(channels);
  const pull = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const rate = 1 / Math.sqrt((variance[c] as number) + epsilon);
    dOffset[c] = sums[c] as number;
    dScale[c] = (products[c] as number) * rate;
    slope[c] = (scale[c] as number) * rate;
    pull[c] = ((products[c] as number) * rate * rate) / places;
    sums[c] = (sums[c] as number) / places;
  }
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) {
      const far = (x[at + c] as number) - (mean[c] as number);
      dx[at + c] = (slope[c] as number) * ((dy[at + c] as number) - (sums[c] as number) - far * (pull[c] as number));
    }
  }
}

function sumsOf(x: Float32Array, channels: number): Float64Array {
  const sums = new Float64Array(channels);
  for (let at = 0; at < x.length; at += channels) {
    for (let c = 0; c < channels; c++) sums[c] = (sums[c] as number) + (x[at + c] as number);
  }
  return sums;
}
