// TensorFlow.js's WebGPU backend as its own kernels see it, and its way of uploading, which ours replaces.
import type * as tf from "@tensorflow/tfjs-core";
import type { KernelCall } from "./wasmMemory";

/** A shader over numbers that lie flat: what `runWebGPUProgram` takes (4.22.0). */
export interface WebgpuProgram {
  readonly shaderKey: string;
  readonly variableNames: readonly string[];
  readonly outputShape: readonly number[];
  readonly workgroupSize: readonly [number, number, number];
  readonly dispatchLayout: { readonly x: readonly number[] };
  readonly dispatch: readonly [number, number, number];
  /** Makes `uniforms.size` the number of results. */
  readonly size: true;
  getUserCode(): string;
}

/** Where a tensor's numbers are: on the host in `values`, or on the device in `resource`. */
interface TensorPlace {
  readonly dtype: tf.DataType;
  values: ArrayLike<number> | null | undefined;
  resource: object | null | undefined;
}

/** The part of the backend that kernels use (4.22.0). */
export interface WebgpuBackend {
  readonly tensorMap: { get(dataId: object): TensorPlace };
  readonly bufferManager: { acquireBuffer(bytes: number, usage: number): object };
  readonly queue: { writeBuffer(buffer: object, offset: number, data: Float32Array | Int32Array): void };
  uploadToGPU(dataId: object): void;
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType, values?: Float32Array | Int32Array): tf.TensorInfo;
  runWebGPUProgram(program: WebgpuProgram, inputs: readonly tf.TensorInfo[], dtype: tf.DataType): tf.TensorInfo;
}

/** The backend of a call. */
export function webgpuOf({ backend }: Pick<KernelCall, "backend">): WebgpuBackend {
  return backend as unknown as WebgpuBackend;
}

/** WebGPU's STORAGE, COPY_SRC and COPY_DST: the use of every tensor's buffer. */
const tensorUsage = 0x80 | 0x4 | 0x8;

/**
 * Uploads through the queue. The package makes a mapped buffer for each upload and destroys it, for which Dawn takes memory
 * from the driver each time: with a training's some 340 small uploads a step that was about three quarters of the step on an H100.
 * The buffer is one that no command waits for, so writing at once is in order; the package writes its uniforms that way.
 */
export function uploadThroughQueue(backend: WebgpuBackend): void {
  const upload = backend.uploadToGPU.bind(backend);
  backend.uploadToGPU = (dataId) => {
    const place = backend.tensorMap.get(dataId);
    if (place.resource || !place.values?.length) return upload(dataId);
    const data = place.dtype === "float32" ? Float32Array.from(place.values) : Int32Array.from(place.values);
    const buffer = backend.bufferManager.acquireBuffer(data.byteLength, tensorUsage);
    backend.queue.writeBuffer(buffer, 0, data);
    place.resource = buffer;
    // The package's kernels for small tensors take what has values for a tensor of the host.
    place.values = null;
  };
}
