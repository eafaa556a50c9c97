// The runtime's own kernels on tfjs-node: TensorFlow has them, TensorFlow.js only does not call them.
import type * as tf from "@tensorflow/tfjs-core";
import { inputOf, type Kernel, type KernelCall } from "./wasmMemory";

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The part of tfjs-node's backend that kernels use (4.22.0). */
interface NativeBackend {
  readonly binding: Readonly<Record<"TF_ATTR_TYPE" | "TF_ATTR_FLOAT" | "TF_ATTR_BOOL" | "TF_ATTR_STRING" | "TF_FLOAT", number>>;
  executeMultipleOutputs(name: string, attributes: readonly Attribute[], inputs: readonly tf.TensorInfo[], outputs: number): tf.TensorInfo[];
}

function nativeOf({ backend }: KernelCall): NativeBackend {
  return backend as unknown as NativeBackend;
}

/** The kernels that tfjs-node is given. */
export const nativeTrainingKernels: ReadonlyMap<string, Kernel> = new Map([
  ["FusedBatchNormV3", kernel("FusedBatchNormV3", { inputs: ["x", "scale", "offset", "mean", "variance"], outputs: 6 })],
  [
    "FusedBatchNormGradV3",
    kernel("FusedBatchNormGradV3", { inputs: ["dy", "x", "scale", "mean", "variance", "reserved"], outputs: 3, empty: 2 }),
  ],
]);

/** `empty`: how many outputs without elements TensorFlow has behind those that are wanted. */
function kernel(
  name: string,
  { inputs, outputs, empty = 0 }: { inputs: readonly string[]; outputs: number; empty?: number },
): Kernel {
  return (call) => {
    const native = nativeOf(call);
    const { binding } = native;
    const attributes = [
      { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      { name: "U", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: call.attrs["epsilon"] },
      { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
      { name: "is_training", type: binding.TF_ATTR_BOOL, value: true },
    ];
    const given = inputs.map((input) => inputOf(call, input));
    const results = native.executeMultipleOutputs(name, attributes, given, outputs + empty);
    for (const { dataId } of results.slice(outputs)) call.backend.disposeData(dataId);
    return results.slice(0, outputs);
  };
}
