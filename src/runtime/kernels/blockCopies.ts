// Moving blocks of numbers between arrays: transposing, tiling, joining and splitting, on any backend's memory.

/** What the block copies work on. Bits are moved, so integers may travel as floats of the same width. */
export type Numbers = Float32Array | Int32Array;

/** Below this many elements a loop is faster than making two views. */
const loopBelow = 48;

/** Copies `length` elements; both arrays have the same element type. */
export function copyBlock(from: Numbers, fromAt: number, to: { array: Numbers; at: number; length: number }): void {
  const { array, at, length } = to;
  if (length >= loopBelow) {
    array.set(from.subarray(fromAt, fromAt + length), at);
    return;
  }
  for (let i = 0; i < length; i++) array[at + i] = from[fromAt + i] as number;
}

/** Transposes each of `batches` row-major matrices [rows, columns] into [columns, rows]. */
export function transposeMatrices(
  from: Numbers,
  to: Numbers,
  { batches = 1, rows, columns }: { batches?: number; rows: number; columns: number },
): void {
  const size = rows * columns;
  for (let batch = 0; batch < batches; batch++) transposeMatrix(from, to, { rows, columns, at: batch * size });
}

/** One transposition, in tiles so that neither side misses the cache at every element. */
function transposeMatrix(
  from: Numbers,
  to: Numbers,
  { rows, columns, at }: { rows: number; columns: number; at: number },
): void {
  const tile = 32;
  for (let row0 = 0; row0 < rows; row0 += tile) {
    const rowEnd = Math.min(row0 + tile, rows);
    for (let column0 = 0; column0 < columns; column0 += tile) {
      const columnEnd = Math.min(column0 + tile, columns);
      for (let column = column0; column < columnEnd; column++) {
        const out = at + column * rows;
        let source = at + row0 * columns + column;
        for (let row = row0; row < rowEnd; row++, source += columns) to[out + row] = from[source] as number;
      }
    }
  }
}

/** Writes `from` (of the given shape) repeated `reps` times along each axis into `to`. */
export function tileInto(
  from: Numbers,
  to: Numbers,
  { shape, reps }: { shape: readonly number[]; reps: readonly number[] },
): void {
  let current = from;
  let inner = 1;
  let outer = from.length;
  const repeated = shape.map((_, axis) => axis).filter((axis) => (reps[axis] ?? 1) !== 1);
  const first = repeated[0];
  if (first === undefined) {
    to.set(from);
    return;
  }
  for (let axis = shape.length - 1; axis >= first; axis--) {
    const size = shape[axis] ?? 1;
    const times = reps[axis] ?? 1;
    outer = size === 0 ? 0 : outer / size;
    inner *= size;
    if (times !== 1) {
      const next = axis === first ? to : emptyLike(to, outer * inner * times);
      repeatBlocks(current, next, { blocks: outer, length: inner, times });
      current = next;
      inner *= times;
    }
  }
}

function emptyLike(array: Numbers, length: number): Numbers {
  return array instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
}

/** Writes each block `times` times, one after the other. */
function repeatBlocks(
  from: Numbers,
  to: Numbers,
  { blocks, length, times }: { blocks: number; length: number; times: number },
): void {
  for (let block = 0; block < blocks; block++) {
    const source = block * length;
    const at = source * times;
    const end = at + length * times;
    if (length === 1) {
      to.fill(from[source] as number, at, end);
      continue;
    }
    copyBlock(from, source, { array: to, at, length });
    for (let filled = length; at + filled < end; filled *= 2) {
      to.copyWithin(at + filled, at, at + Math.min(filled, end - at - filled));
    }
  }
}

/** Joins parts whose rows have `widths[i]` elements: row by row, each part's row after the previous part's. */
export function joinRows(
  parts: readonly Numbers[],
  to: Numbers,
  { rows, widths }: { rows: number; widths: readonly number[] },
): void {
  const total = widths.reduce((sum, width) => sum + width, 0);
  let start = 0;
  parts.forEach((part, index) => {
    const width = widths[index] ?? 0;
    for (let row = 0; row < rows; row++)
      copyBlock(part, row * width, { array: to, at: row * total + start, length: width });
    start += width;
  });
}

/** The inverse of `joinRows`. */
export function splitRows(
  from: Numbers,
  parts: readonly Numbers[],
  { rows, widths }: { rows: number; widths: readonly number[] },
): void {
  const total = widths.reduce((sum, width) => sum + width, 0);
  let start = 0;
  parts.forEach((part, index) => {
    const width = widths[index] ?? 0;
    for (let row = 0; row < rows; row++)
      copyBlock(from, row * total + start, { array: part, at: row * width, length: width });
    start += width;
  });
}
