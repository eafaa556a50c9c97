// Random orthogonal matrices: the Q of a QR decomposition of normal numbers (Householder), its signs made unique.
import * as tf from "@tensorflow/tfjs-core";
import { boolAttr, typeAttr } from "../graph/attrs";
import type { NodeReaders } from "../graph/fileNode";
import { getDefaultGraph } from "../graph/graph";
import { asGraphTensor, outputOf } from "../graph/graphTensor";
import type { Held, OperationBehaviour, Output } from "../graph/operation";
import { randomNormal } from "../graph/randomOps";
import { recordKernel } from "../graph/record";
import { buildingGraph } from "../graph/trace";
import { valueOf } from "../graph/variableValues";

/**
 * A tensor whose matrix of all dimensions but the last, times the last, has orthogonal rows or columns. The operations are
 * TensorFlow's (python/ops/init_ops.py, Orthogonal).
 */
export function orthogonal(
  shape: readonly number[],
  { gain, seed }: { readonly gain: number; readonly seed: number | undefined },
): tf.Tensor {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
  const [q, r] = qr(randomNormal([long, short], { ...(seed !== undefined && { seed }) }));
  return buildingGraph(() => {
    const diagonal = recordKernel("DiagPart", { input: r }) as tf.Tensor;
    const unique = tf.mul(q, tf.sign(diagonal));
    const matrix = rows < columns ? getDefaultGraph().withinNameScope("matrix_transpose", () => tf.transpose(unique)) : unique;
    return tf.mul(gain, tf.reshape(matrix, [...shape]));
  });
}

/** Q [rows, columns] and R [columns, columns] of a matrix with no more columns than rows. */
function qr(matrix: tf.Tensor): [q: tf.Tensor, r: tf.Tensor] {
  const operation = getDefaultGraph().createOperation({
    type: "Qr",
    inputs: [matrix],
    attrs: new Map([["T", typeAttr("float32")], ["full_matrices", boolAttr(false)]]),
    ...factorizing(outputOf(matrix)),
  });
  return [asGraphTensor(operation, 0), asGraphTensor(operation, 1)];
}

/** Qr in a file. */
export const qrReaders: NodeReaders = {
  Qr: (node) => {
    const [rows = 0, columns = 0] = node.input(0).shape;
    if (node.bool("full_matrices") || rows < columns) node.refuse("decomposes otherwise than into Q of the matrix's own shape");
    return factorizing(node.input(0));
  },
};

function factorizing({ dtype, shape: [rows = 0, columns = 0] }: Output): OperationBehaviour {
  return {
    outputs: [{ dtype, shape: [rows, columns] }, { dtype, shape: [columns, columns] }],
    execute: async ([matrix]) => {
      const numbers = Float64Array.from(await (valueOf(matrix as Held) as tf.Tensor).data());
      const { q, r } = factors(numbers, rows, columns);
      return [tf.tensor(Float32Array.from(q), [rows, columns]), tf.tensor(Float32Array.from(r), [columns, columns])];
    },
  };
}

/** By Householder's mirrors; `r` is zero below its diagonal. */
function factors(matrix: Float64Array, rows: number, columns: number): { readonly q: Float64Array; readonly r: Float64Array } {
  const mirrored = matrix.slice();
  const mirrors: Float64Array[] = [];
  for (let column = 0; column < columns; column++) {
    const mirror = mirrorOf(mirrored, { rows, columns, column });
    reflect(mirrored, { rows, columns, from: column }, mirror);
    mirrors.push(mirror);
  }
  const q = new Float64Array(rows * columns);
  for (let column = 0; column < columns; column++) q[column * columns + column] = 1;
  for (let column = columns - 1; column >= 0; column--) reflect(q, { rows, columns, from: 0 }, mirrors[column] as Float64Array);
  const r = mirrored.subarray(0, columns * columns).map((value, place) => (place % columns < Math.floor(place / columns) ? 0 : value));
  return { q, r };
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
