// The kernels that the WebGPU backend is given: those it lacks, and those that the package (4.22.0) gets wrong.
import * as tf from "@tensorflow/tfjs-core";
import { inputOf, type Kernel, type Originals } from "./wasmMemory";
import { webgpuOf } from "./webgpuBackend";
import { fusedBatchNorm, fusedBatchNormGradient } from "./webgpuBatchNorm";
import { elementwise } from "./webgpuPrograms";

/** The kernels by name. */
export function webgpuTrainingKernels(originals: Originals): ReadonlyMap<string, Kernel> {
  return new Map([
    ["ApplyAdam", applyAdam],
    ["FusedBatchNormV3", fusedBatchNorm],
    ["FusedBatchNormGradV3", fusedBatchNormGradient],
    ["Sum", sum(originals("Sum"))],
    ["UnsortedSegmentSum", unsortedSegmentSum(originals("UnsortedSegmentSum"))],
  ]);
}

/** Adam in three passes, rounded after each operation as TF's formula is; a shader may read seven buffers. */
const applyAdam: Kernel = (call) => {
  const backend = webgpuOf(call);
  const pass = (formula: string, inputs: Readonly<Record<string, tf.TensorInfo>>) => elementwise(backend, { formula, inputs, shape: inputOf(call, "var").shape });
  const input = (name: string) => inputOf(call, name);
  const m = pass("m0[i] + (grad[i] - m0[i]) * (1.0 - beta1[0])", { m0: input("m"), grad: input("grad"), beta1: input("beta1") });
  const v = pass("v0[i] + (grad[i] * grad[i] - v0[i]) * (1.0 - beta2[0])", { v0: input("v"), grad: input("grad"), beta2: input("beta2") });
  const variable = pass("before[i] - m1[i] * (rate[0] * sqrt(1.0 - power2[0]) / (1.0 - power1[0])) / (sqrt(v1[i]) + epsilon[0])", {
    before: input("var"), m1: m, v1: v, rate: input("rate"), power1: input("power1"), power2: input("power2"), epsilon: input("epsilon"),
  });
  return [variable, m, v];
};

/** The package's fails at an empty tensor. */
function sum(original: Kernel): Kernel {
  return (call) => {
    const x = inputOf(call, "x");
    if (tf.util.sizeFromShape(x.shape) > 0) return original(call);
    const axes = tf.util.parseAxisParam(call.attrs["axis"] as number[], x.shape);
    const [kept] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
    const shape = call.attrs["keepDims"] ? tf.backend_util.expandShapeToKeepDim(kept, axes) : kept;
    const dtype = tf.sumOutType(x.dtype);
    return webgpuOf(call).makeTensorInfo(shape, dtype, tf.util.makeZerosTypedArray(tf.util.sizeFromShape(shape), dtype) as Float32Array | Int32Array);
  };
}

/** The package's adds what belongs to no segment to that of the remainder; what is below 0 it leaves out, as it should. */
function unsortedSegmentSum(original: Kernel): Kernel {
  return (call) => {
    const { shape } = inputOf(call, "segmentIds");
    const formula = `select(-1, ids[i], ids[i] < ${Number(call.attrs["numSegments"])})`;
    const segmentIds = elementwise(webgpuOf(call), { formula, inputs: { ids: inputOf(call, "segmentIds") }, shape, dtype: "int32" });
    try {
      return original({ ...call, inputs: { ...call.inputs, segmentIds } });
    } finally {
      call.backend.disposeData(segmentIds.dataId);
    }
  };
}
