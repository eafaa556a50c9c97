// Kernels that the wasm backend lacks or gets wrong and that are rare: carried to the cpu backend's kernel and back.
import * as tf from "@tensorflow/tfjs-core";
import type { Kernel, WasmBackend } from "./wasmMemory";

/**
 * Silently wrong in the wasm backend of 4.22.0 (checked against the cpu backend and TensorFlow): conv3d's gradients and
 * dilation2d. The cpu backend's kernels are right and slow.
 */
export const delegatedKernels = [
  "Conv3DBackpropFilterV2",
  "Conv3DBackpropInputV2",
  "Dilation2D",
  "Dilation2DBackpropFilter",
  "Dilation2DBackpropInput",
] as const;

interface CpuBackend {
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array | Int32Array | Uint8Array): tf.TensorInfo;
  readSync(dataId: object): Float32Array | Int32Array | Uint8Array;
  disposeData(dataId: object): void;
}

/** Runs the cpu backend's kernel on copies. `onFirstUse` hears of it once. */
export function onCpu(kernelName: string, onFirstUse: (kernelName: string) => void = () => undefined): Kernel {
  let used = false;
  return ({ inputs, attrs, backend }) => {
    if (!used) onFirstUse(kernelName);
    used = true;
    const cpu = tf.findBackend("cpu") as unknown as CpuBackend;
    const kernel = tf.getKernel(kernelName, "cpu");
    if (!cpu || !kernel) throw new Error(`${kernelName} on wasm is computed by the cpu backend, which is not there: import "@tensorflow/tfjs-backend-cpu".`);
    const copies = Object.entries(inputs).map(([name, info]) => [name, copyOut(backend, { info, cpu })] as const);
    try {
      const results = kernel.kernelFunc({
        inputs: Object.fromEntries(copies),
        attrs: { ...attrs } as tf.NamedAttrMap,
        backend: cpu,
      });
      const copied = (Array.isArray(results) ? results : [results]).map((info) => copyIn(backend, { info, cpu }));
      return Array.isArray(results) ? copied : (copied[0] as tf.TensorInfo);
    } finally {
      for (const [, info] of copies) cpu.disposeData(info.dataId);
    }
  };
}

/** Some cpu kernels read the rank, which only real tensors have. */
function copyOut(backend: WasmBackend, { info, cpu }: { info: tf.TensorInfo; cpu: CpuBackend }): tf.TensorInfo {
  const copy = cpu.makeTensorInfo([...info.shape], info.dtype, backend.readSync(info.dataId));
  return Object.assign(copy, { rank: info.shape.length });
}

function copyIn(backend: WasmBackend, { info, cpu }: { info: tf.TensorInfo; cpu: CpuBackend }): tf.TensorInfo {
  const out = backend.makeOutput(info.shape, info.dtype);
  backend.typedArrayFromHeap(out).set(cpu.readSync(info.dataId));
  cpu.disposeData(info.dataId);
  return out;
}
