// Matrix products with transposed operands on the wasm backend: the package's own are naive there, its plain one is not.
import * as tf from "@tensorflow/tfjs-core";
import { transposeMatrices } from "./blockCopies";
import {
  floats,
  inputOf,
  multiply,
  reshaped,
  withScratch,
  type Kernel,
  type Originals,
  type WasmBackend,
} from "./wasmMemory";

/** BatchMatMul: transposes in tiles, then one plain product for each matrix of the batch. */
export function batchMatMul(originals: Originals): Kernel {
  return (call) => {
    const { backend, attrs } = call;
    const a = inputOf(call, "a");
    const b = inputOf(call, "b");
    const batchA = batchOf(a);
    const batchB = batchOf(b);
    const plain = attrs["transposeA"] !== true && attrs["transposeB"] !== true && batchA === 1 && batchB === 1;
    const broadcasts = batchA !== batchB && batchA !== 1 && batchB !== 1;
    const empty = tf.util.sizeFromShape(a.shape) === 0 || tf.util.sizeFromShape(b.shape) === 0;
    if (plain || broadcasts || empty || a.dtype !== "float32" || b.dtype !== "float32")
      return originals("BatchMatMul")(call);
    return withScratch(backend, (take) => {
      const left = attrs["transposeA"] === true ? take(transposed(backend, a)) : a;
      const right = attrs["transposeB"] === true ? take(transposed(backend, b)) : b;
      const [rows, inner, columns] = [dim(left, -2), dim(left, -1), dim(right, -1)];
      const shape = [
        ...tf.backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)),
        rows,
        columns,
      ];
      if (batchA === 1 && batchB === 1) {
        return reshaped(
          multiply({ backend, originals }, { info: left, rows, columns: inner }, { info: right, columns }),
          shape,
        );
      }
      const out = backend.makeOutput(shape, "float32");
      for (let index = 0; index < Math.max(batchA, batchB); index++) {
        withScratch(backend, (hold) => {
          const one = batchA === 1 ? left : hold(matrixOf(backend, left, index));
          const other = batchB === 1 ? right : hold(matrixOf(backend, right, index));
          const part = hold(
            multiply({ backend, originals }, { info: one, rows, columns: inner }, { info: other, columns }),
          );
          floats(backend, out).set(floats(backend, part), index * rows * columns);
        });
      }
      return out;
    });
  };
}

function batchOf(info: tf.TensorInfo): number {
  return tf.util.sizeFromShape(info.shape.slice(0, -2));
}

function dim(info: tf.TensorInfo, at: -1 | -2): number {
  return info.shape.at(at) ?? 1;
}

function transposed(backend: WasmBackend, info: tf.TensorInfo): tf.TensorInfo {
  const [rows, columns] = [dim(info, -2), dim(info, -1)];
  const out = backend.makeOutput([...info.shape.slice(0, -2), columns, rows], "float32");
  transposeMatrices(floats(backend, info), floats(backend, out), { batches: batchOf(info), rows, columns });
  return out;
}

function matrixOf(backend: WasmBackend, info: tf.TensorInfo, index: number): tf.TensorInfo {
  const size = dim(info, -2) * dim(info, -1);
  const out = backend.makeOutput(info.shape.slice(-2), "float32");
  floats(backend, out).set(floats(backend, info).subarray(index * size, (index + 1) * size));
  return out;
}
