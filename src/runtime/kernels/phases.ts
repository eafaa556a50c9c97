// The gradient of a strided convolution as stride^2 plain convolutions, one for each phase of the input grid.
import type { ConvGeometry } from "./convColumns";

/**
 * One axis of one phase. Input positions `first + stride * q` (q from 0, `count` of them) see the filter taps
 * `offset, offset + stride, …` (`taps` of them), so their gradient is a stride-1 convolution of dy with those taps
 * reversed, after padding dy by `before` and `after`.
 */
export interface PhaseAxis {
  readonly offset: number;
  readonly taps: number;
  readonly first: number;
  readonly count: number;
  readonly before: number;
  readonly after: number;
}

/** The phases of one axis. A negative pad means that dy would have to be cropped. */
export function phasesOf(axis: {
  stride: number;
  pad: number;
  input: number;
  output: number;
  filter: number;
}): PhaseAxis[] {
  const { stride, pad, input, output, filter } = axis;
  return Array.from({ length: stride }, (_, offset) => {
    const taps = Math.max(0, Math.ceil((filter - offset) / stride));
    const firstQ = Math.max(0, Math.ceil((pad - offset) / stride));
    const first = offset + stride * firstQ - pad;
    const count = Math.max(0, Math.ceil((input - first) / stride));
    const before = taps - 1 - firstQ;
    return { offset, taps, first, count, before, after: count + taps - 1 - output - before };
  });
}

/** The taps of one phase, reversed, channels swapped: [rows.taps, columns.taps, O, C] from a filter [H, W, C, O]. */
export function fillPhaseFilter(
  filter: Float32Array,
  out: Float32Array,
  { geometry, rows, columns }: { geometry: ConvGeometry; rows: PhaseAxis; columns: PhaseAxis },
): void {
  const { filterWidth, inChannels, outChannels, strideHeight, strideWidth } = geometry;
  const size = inChannels * outChannels;
  let at = 0;
  for (let row = rows.taps - 1; row >= 0; row--) {
    const tapRow = rows.offset + strideHeight * row;
    for (let column = columns.taps - 1; column >= 0; column--, at += size) {
      const from = (tapRow * filterWidth + columns.offset + strideWidth * column) * size;
      transposeTap(filter, out, { from, at, rows: inChannels, columns: outChannels });
    }
  }
}

function transposeTap(
  filter: Float32Array,
  out: Float32Array,
  { from, at, rows, columns }: { from: number; at: number; rows: number; columns: number },
): void {
  const tile = 16;
  for (let row0 = 0; row0 < rows; row0 += tile) {
    const rowEnd = Math.min(rows, row0 + tile);
    for (let column = 0; column < columns; column++) {
      const target = at + column * rows;
      for (let row = row0; row < rowEnd; row++) out[target + row] = filter[from + row * columns + column] as number;
    }
  }
}

/** Copies a phase [batch, rows.count, columns.count, C] to its places in the image. */
export function interleavePhase(
  phase: Float32Array,
  image: Float32Array,
  { geometry, rows, columns }: { geometry: ConvGeometry; rows: PhaseAxis; columns: PhaseAxis },
): void {
  const { batchSize, inHeight, inWidth, inChannels, strideHeight, strideWidth } = geometry;
  let from = 0;
  for (let batch = 0; batch < batchSize; batch++) {
    for (let row = 0; row < rows.count; row++) {
      const line = (batch * inHeight + rows.first + row * strideHeight) * inWidth + columns.first;
      for (let column = 0; column < columns.count; column++) {
        const at = (line + column * strideWidth) * inChannels;
        for (let c = 0; c < inChannels; c++) image[at + c] = phase[from + c] as number;
        from += inChannels;
      }
    }
  }
}
