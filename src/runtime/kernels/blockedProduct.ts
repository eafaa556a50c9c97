// A matrix product in plain JavaScript, four by four results at a time: several times faster than row by row.

/** An operand: row-major [rows, columns], or the transpose of what is stored. `at` is where its elements start. */
export interface Operand {
  readonly values: Float32Array;
  readonly transposed?: boolean;
  readonly at?: number;
}

/** out[m, n] = a[m, k] x b[k, n]; overwrites `out` from `outAt`. Sums are kept in double precision. */
export function blockedProduct(
  a: Operand,
  b: Operand,
  { m, n, k, out, outAt = 0 }: { m: number; n: number; k: number; out: Float32Array; outAt?: number },
): void {
  const panelA = packRows(a, { rows: m, inner: k });
  const panelB = new Float64Array(4 * k);
  for (let column = 0; column < n; column += 4) {
    const width = Math.min(4, n - column);
    packColumns(b, panelB, { column, width, columns: n, inner: k });
    for (let row = 0; row < m; row += 4) {
      const at = outAt + row * n + column;
      multiplyPanels(panelA, panelB, { from: row * k, k, out, at, stride: n, height: Math.min(4, m - row), width });
    }
  }
}

/** Groups of four rows, interleaved: element i of rows r…r+3 side by side. Missing rows are 0. */
function packRows(
  { values, transposed, at = 0 }: Operand,
  { rows, inner }: { rows: number; inner: number },
): Float64Array {
  const packed = new Float64Array(Math.ceil(rows / 4) * 4 * inner);
  for (let row = 0; row < rows; row++) {
    const lane = row & 3;
    const base = (row - lane) * inner + lane;
    const from = transposed ? at + row : at + row * inner;
    const step = transposed ? rows : 1;
    for (let i = 0; i < inner; i++) packed[base + 4 * i] = values[from + i * step] as number;
  }
  return packed;
}

function packColumns(
  { values, transposed, at = 0 }: Operand,
  panel: Float64Array,
  { column, width, columns, inner }: { column: number; width: number; columns: number; inner: number },
): void {
  if (width < 4) panel.fill(0);
  for (let lane = 0; lane < width; lane++) {
    const from = transposed ? at + (column + lane) * inner : at + column + lane;
    const step = transposed ? 1 : columns;
    for (let i = 0; i < inner; i++) panel[4 * i + lane] = values[from + i * step] as number;
  }
}

interface Block {
  readonly from: number;
  readonly k: number;
  readonly out: Float32Array;
  readonly at: number;
  readonly stride: number;
  readonly height: number;
  readonly width: number;
}

/** Sixteen running sums live in registers; two rows at a time keep them there. */
function multiplyPanels(a: Float64Array, b: Float64Array, { from, k, out, at, stride, height, width }: Block): void {
  for (let pair = 0; pair < height; pair += 2) {
    let s00 = 0,
      s01 = 0,
      s02 = 0,
      s03 = 0;
    let s10 = 0,
      s11 = 0,
      s12 = 0,
      s13 = 0;
    let left = from + pair;
    for (let right = 0; right < 4 * k; right += 4, left += 4) {
      const a0 = a[left] as number;
      const a1 = a[left + 1] as number;
      const b0 = b[right] as number;
      const b1 = b[right + 1] as number;
      const b2 = b[right + 2] as number;
      const b3 = b[right + 3] as number;
      s00 += a0 * b0;
      s01 += a0 * b1;
      s02 += a0 * b2;
      s03 += a0 * b3;
      s10 += a1 * b0;
      s11 += a1 * b1;
      s12 += a1 * b2;
      s13 += a1 * b3;
    }
    const row = at + pair * stride;
    store(out, row, { width, s0: s00, s1: s01, s2: s02, s3: s03 });
    if (pair + 1 < height) store(out, row + stride, { width, s0: s10, s1: s11, s2: s12, s3: s13 });
  }
}

function store(
  out: Float32Array,
  at: number,
  { width, s0, s1, s2, s3 }: { width: number; s0: number; s1: number; s2: number; s3: number },
): void {
  out[at] = s0;
  if (width > 1) out[at + 1] = s1;
  if (width > 2) out[at + 2] = s2;
  if (width > 3) out[at + 3] = s3;
}
