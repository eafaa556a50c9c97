// TensorFlow.js's wasm backend as its own kernels see it: tensors are places on one heap.
import * as tf from "@tensorflow/tfjs-core";
import type { Numbers } from "./blockCopies";

/** The part of the wasm backend that kernels use (4.22.0; shapes pinned by the tests of the kernels). */
export interface WasmBackend {
  /** Takes uninitialised memory. It may grow the heap, which detaches every view taken before. */
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
  disposeData(dataId: object): boolean;
  incRef(dataId: object): void;
  readSync(dataId: object): Float32Array | Int32Array | Uint8Array;
  numDataIds(): number;
}

/** What a kernel is given. */
export interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly backend: WasmBackend;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** A kernel of ours: results are new references, inputs are borrowed. */
export type Kernel = (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[];

/** Finds the kernel that the package itself registered. */
export type Originals = (kernelName: string) => Kernel;

/** An input by name. */
export function inputOf({ inputs }: KernelCall, name: string): tf.TensorInfo {
  const info = inputs[name];
  if (info === undefined) throw new Error(`the kernel was called without its input "${name}"`);
  return info;
}

/** A float32 tensor's memory. Take it after the last allocation: growth of the heap detaches it. */
export function floats(backend: WasmBackend, info: tf.TensorInfo): Float32Array {
  const view = backend.typedArrayFromHeap(info);
  if (view instanceof Float32Array) return view;
  throw new Error(`float32 is wanted here, got ${info.dtype}`);
}

/** The memory of a tensor of four-byte elements, as whole numbers, so that its bits are moved unchanged. */
export function words(backend: WasmBackend, info: tf.TensorInfo): Numbers {
  const view = backend.typedArrayFromHeap(info);
  return new Int32Array(view.buffer, view.byteOffset, tf.util.sizeFromShape([...info.shape]));
}

/** Whether elements are four bytes wide. */
export function isFourBytes({ dtype }: tf.TensorInfo): boolean {
  return dtype === "float32" || dtype === "int32";
}

/** The same data under another shape, for one call; no reference is taken. */
export function reshaped(info: tf.TensorInfo, shape: number[]): tf.TensorInfo {
  return { dataId: info.dataId, dtype: info.dtype, shape };
}

/** Runs `body` and frees what it took through `take`, whatever happens. */
export function withScratch<T>(backend: WasmBackend, body: (take: (info: tf.TensorInfo) => tf.TensorInfo) => T): T {
  const taken: tf.TensorInfo[] = [];
  try {
    return body((info) => {
      taken.push(info);
      return info;
    });
  } finally {
    for (const { dataId } of taken) backend.disposeData(dataId);
  }
}

/** [m, k] x [k, n] by the package's own product. It packs `b`, so the smaller side belongs there. */
export function multiply(
  call: { backend: WasmBackend; originals: Originals },
  a: { info: tf.TensorInfo; rows: number; columns: number },
  b: { info: tf.TensorInfo; columns: number },
): tf.TensorInfo {
  const product = call.originals("BatchMatMul")({
    backend: call.backend,
    inputs: { a: reshaped(a.info, [1, a.rows, a.columns]), b: reshaped(b.info, [1, a.columns, b.columns]) },
    attrs: { transposeA: false, transposeB: false },
  });
  if (Array.isArray(product)) throw new Error("a product is one tensor");
  return product;
}
