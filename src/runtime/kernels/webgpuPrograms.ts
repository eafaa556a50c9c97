// Shaders of ours for the WebGPU backend. All shapes are flattened, so that one shader serves tensors of every rank.
import * as tf from "@tensorflow/tfjs-core";
import type { WebgpuBackend } from "./webgpuBackend";

interface Computation {
  /** WGSL for the number at place `i`; the inputs, all of which it must read, are arrays by their names; `uniforms.aShape` is the length of input `a`. */
  readonly formula: string;
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly shape: readonly number[];
  readonly dtype?: "float32" | "int32";
}

/** Threads that work together. */
const workgroup = 64;

/** Computes numbers place by place. */
export function elementwise(backend: WebgpuBackend, computation: Computation): tf.TensorInfo {
  return run(backend, computation, {
    groups: Math.ceil(tf.util.sizeFromShape([...computation.shape]) / workgroup),
    code: `fn main(i : i32) { if (i < uniforms.size) { result[i] = ${computation.formula}; } }`,
  });
}

/** Adds up, for each channel of `shape`, the formula at the places `i` of the first input that are of channel `c`: a group of threads per channel. */
export function channelSums(backend: WebgpuBackend, computation: Computation): tf.TensorInfo {
  const [first] = Object.keys(computation.inputs);
  return run(backend, computation, {
    groups: tf.util.sizeFromShape([...computation.shape]),
    code: `
      var<workgroup> parts : array<f32, ${workgroup}>;
      fn main(thread : i32) {
        let me = i32(localIndex);
        let c = thread / ${workgroup};
        var sum = 0.0;
        if (c < uniforms.size) {
          for (var i = me * uniforms.size + c; i < uniforms.${first}Shape; i += ${workgroup} * uniforms.size) { sum += ${computation.formula}; }
        }
        parts[me] = sum;
        for (var width = ${workgroup / 2}; width > 0; width /= 2) {
          workgroupBarrier();
          if (me < width) { parts[me] += parts[me + width]; }
        }
        if (me == 0 && c < uniforms.size) { result[c] = parts[0]; }
      }`,
  });
}

function run(
  backend: WebgpuBackend,
  { inputs, shape, dtype = "float32" }: Computation,
  { groups, code }: { readonly groups: number; readonly code: string },
): tf.TensorInfo {
  const program = {
    shaderKey: `trainscope ${code}`,
    variableNames: Object.keys(inputs),
    outputShape: [tf.util.sizeFromShape([...shape])],
    workgroupSize: [workgroup, 1, 1] as const,
    dispatchLayout: { x: [0] },
    dispatch: [groups, 1, 1] as const,
    size: true as const,
    getUserCode: () => code,
  };
  const flat = Object.values(inputs).map((info) => ({ ...info, shape: [tf.util.sizeFromShape(info.shape)] }));
  return { ...backend.runWebGPUProgram(program, flat, dtype), shape: [...shape] };
}
