// Random orthogonal matrices: the Q of a QR decomposition of normal numbers (Householder), its signs made unique.
import * as tf from "@tensorflow/tfjs-core";
import { typeAttr } from "../graph/attrs";
import { onlyOutput } from "../graph/constants";
import { getDefaultGraph } from "../graph/graph";
import { outputOf } from "../graph/graphTensor";
import { randomNormal } from "../graph/randomOps";

/** A tensor whose matrix of all dimensions but the last, times the last, has orthogonal rows or columns. */
export function orthogonal(
  shape: readonly number[],
  { gain, seed }: { readonly gain: number; readonly seed: number | undefined },
): tf.Tensor {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
  const normal = outputOf(randomNormal([long, short], { ...(seed !== undefined && { seed }) }));
  const operation = getDefaultGraph().createOperation({
    type: "OrthogonalFactor",
    name: "orthogonal",
    inputs: [normal],
    attrs: new Map([["T", typeAttr("float32")]]),
    outputs: [{ dtype: "float32", shape: [...shape] }],
    run: async ([drawn]) => {
      const q = orthogonalFactor(Float64Array.from(await (drawn as tf.Tensor).data()), long, short);
      const values = rows < columns ? transposed(q, long, short) : q;
      return [tf.tensor(Float32Array.from(values, (value) => value * gain), [...shape])];
    },
  });
  return onlyOutput(operation).tensor;
}

/** Q of `rows` x `columns` numbers, columns no more than rows, with the signs that make R's diagonal positive. */
function orthogonalFactor(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const r = matrix.slice();
  const mirrors: Float64Array[] = [];
  const signs: number[] = [];
  for (let column = 0; column < columns; column++) {
    const mirror = mirrorOf(r, { rows, columns, column });
    reflect(r, { rows, columns, from: column }, mirror);
    mirrors.push(mirror);
    signs.push((r[column * columns + column] ?? 0) < 0 ? -1 : 1);
  }
  const q = new Float64Array(rows * columns);
  for (let column = 0; column < columns; column++) q[column * columns + column] = signs[column] ?? 1;
  for (let column = columns - 1; column >= 0; column--) reflect(q, { rows, columns, from: 0 }, mirrors[column] as Float64Array);
  return q;
}

interface Block {
  readonly rows: number;
  readonly columns: number;
}

/** The unit vector whose mirror turns the lower part of a column onto its first element. */
function mirrorOf(matrix: Float64Array, { rows, columns, column }: Block & { readonly column: number }): Float64Array {
  const mirror = new Float64Array(rows);
  let square = 0;
  for (let row = column; row < rows; row++) square += (mirror[row] = matrix[row * columns + column] ?? 0) ** 2;
  const first = mirror[column] ?? 0;
  mirror[column] = first + (first < 0 ? -1 : 1) * Math.sqrt(square);
  const length = Math.sqrt(square - first ** 2 + (mirror[column] ?? 0) ** 2) || 1;
  return mirror.map((value) => value / length);
}

function reflect(matrix: Float64Array, { rows, columns, from }: Block & { readonly from: number }, mirror: Float64Array): void {
  for (let column = from; column < columns; column++) {
    let dot = 0;
    for (let row = 0; row < rows; row++) dot += (mirror[row] ?? 0) * (matrix[row * columns + column] ?? 0);
    for (let row = 0; row < rows; row++) {
      matrix[row * columns + column] = (matrix[row * columns + column] ?? 0) - 2 * dot * (mirror[row] ?? 0);
    }
  }
}

function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = matrix[row * columns + column] ?? 0;
  }
  return result;
}
