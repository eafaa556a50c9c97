// Which kernels a backend gets from us, so that convolutional networks can be trained on it.
import * as tf from "@tensorflow/tfjs-core";
import { cpuTrainingKernels } from "./cpuKernels";
import { delegatedKernels, onCpu } from "./delegatedKernels";
import { nativeTrainingKernels } from "./nativeKernels";
import { fusedBatchNorm, fusedBatchNormGradient } from "./wasmBatchNorm";
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, depthwiseConv2d } from "./wasmConvolutions";
import type { Kernel, Originals } from "./wasmMemory";
import {
  applyAdam,
  concat,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  gather,
  reduce,
  splitV,
  tile,
  unsortedSegmentSum,
} from "./wasmMoves";
import { batchMatMul } from "./wasmProducts";
import { uploadThroughQueue, type WebgpuBackend } from "./webgpuBackend";
import { webgpuTrainingKernels } from "./webgpuKernels";

const installed = new Set<string>();

/**
 * Gives tfjs's current backend the kernels that training needs and it lacks (wasm: gradients of convolutions and gathers),
 * gets wrong or does slowly (wasm, cpu, webgpu); on tfjs-node next to nothing. Sessions and `trainscope(model)` call it by
 * themselves; a script that computes gradients eagerly calls it once its backend is set (`await tf.setBackend("wasm")`).
 * The second time on the same backend it does nothing.
 */
export function installTrainingKernels(): void {
  const name = tf.getBackend();
  if (installed.has(name)) return;
  installed.add(name);
  if (name === "wasm") register(name, wasmTrainingKernels(originalsOf(name)));
  if (name === "tensorflow") register(name, nativeTrainingKernels);
  if (name === "cpu") register(name, cpuTrainingKernels(originalsOf(name)));
  if (name === "webgpu") {
    register(name, webgpuTrainingKernels(originalsOf(name)));
    uploadThroughQueue(tf.backend() as unknown as WebgpuBackend);
  }
}

function wasmTrainingKernels(originals: Originals): Map<string, Kernel> {
  const told = (kernel: string) =>
    console.warn(`${kernel} runs on the cpu backend's kernel: the wasm backend's is wrong.`);
  return new Map<string, Kernel>([
    ["Conv2D", conv2D(originals, onCpu("Conv2D"))],
    ["DepthwiseConv2dNative", depthwiseConv2d(originals, onCpu("DepthwiseConv2dNative"))],
    ["Conv2DBackpropFilter", conv2DBackpropFilter(originals)],
    ["Conv2DBackpropInput", conv2DBackpropInput(originals)],
    ["BatchMatMul", batchMatMul(originals)],
    ["ApplyAdam", applyAdam],
    ["FusedBatchNormV3", fusedBatchNorm],
    ["FusedBatchNormGradV3", fusedBatchNormGradient],
    ["Sum", reduce("Sum", originals)],
    ["Mean", reduce("Mean", originals)],
    ["Tile", tile(originals)],
    ["Concat", concat(originals)],
    ["GatherV2", gather(originals)],
    ["SplitV", splitV(originals)],
    ["UnsortedSegmentSum", unsortedSegmentSum(onCpu("UnsortedSegmentSum"))],
    ["DepthwiseConv2dNativeBackpropFilter", depthwiseBackpropFilter],
    ["DepthwiseConv2dNativeBackpropInput", depthwiseBackpropInput],
    ...delegatedKernels.map((kernel) => [kernel, onCpu(kernel, told)] as const),
  ]);
}

/** The package's own kernels, looked up before ours take their names. */
function originalsOf(backendName: string): Originals {
  const kernels = new Map(tf.getKernelsForBackend(backendName).map((config) => [config.kernelName, config.kernelFunc]));
  return (kernelName) => {
    const kernel = kernels.get(kernelName);
    if (!kernel) throw new Error(`the ${backendName} backend has no kernel ${kernelName}`);
    return kernel as unknown as Kernel;
  };
}

/** Registering over an existing name warns, so the old one goes first; its set-up and clean-up stay. */
function register(backendName: string, kernels: ReadonlyMap<string, Kernel>): void {
  for (const [kernelName, kernel] of kernels) {
    const before = tf.getKernel(kernelName, backendName);
    if (before) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...before, kernelName, backendName, kernelFunc: kernel as unknown as tf.KernelFunc });
  }
}
