// The parts of tfjs's engine that are not public, in one typed place (tfjs 4.22.0; the self-test guards them).
import * as tf from "@tensorflow/tfjs-core";

/** Tensors by the kernel's own input names, or a list for kernels such as Concat. */
export type KernelInputs = Readonly<Record<string, tf.Tensor | tf.Tensor[] | null | undefined>> | readonly tf.Tensor[];

/** A kernel's attributes: plain values, never tensors. */
export type KernelAttrs = Readonly<Record<string, unknown>>;

/** What `engine.runKernelFunc` takes: a registered kernel, or a customGrad region. */
export interface KernelFuncParams {
  readonly kernelName?: string;
  readonly inputs: KernelInputs;
  readonly attrs?: KernelAttrs;
  readonly forwardFunc?: (backend: unknown, save: (tensors: tf.Tensor[]) => void) => tf.Tensor | tf.Tensor[];
  readonly backwardsFunc?: (dy: tf.Tensor, saved: tf.Tensor[]) => Record<string, () => tf.Tensor>;
}

/** Values as `engine.makeTensor` takes them. */
export type HostValues =
  | Float32Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | string[]
  | Uint8Array[]
  | number[]
  | boolean[];

/** The engine's members that tracing relies on (tracing.md 9). */
export interface EngineInside {
  readonly backendName: string | null;
  readonly state: {
    gradientDepth: number;
    /** The tf functions that are running, each as `name__op`, and tidies. */
    readonly scopeStack: readonly { readonly name: string }[];
    readonly tensorInfo: { has(dataId: object): boolean };
  };
  runKernel(name: string, inputs: KernelInputs, attrs?: KernelAttrs): tf.Tensor | tf.Tensor[];
  runKernelFunc(params: KernelFuncParams): tf.Tensor | tf.Tensor[];
  makeTensor(values: HostValues, shape: number[], dtype?: tf.DataType, backend?: unknown): tf.Tensor;
  makeVariable(initial: tf.Tensor, trainable?: boolean, name?: string, dtype?: tf.DataType): tf.Variable;
  gradients(
    f: () => tf.Tensor,
    xs: tf.Tensor[],
    dy?: tf.Tensor,
    allowNoGradients?: boolean,
  ): { value: tf.Tensor; grads: (tf.Tensor | null)[] };
  isTapeOn(): boolean;
  nextTensorId(): number;
}

/** The one engine of the process, whichever copy of tfjs made it. */
export function engineInside(): EngineInside {
  return tf.engine() as unknown as EngineInside;
}

/** The engine's own methods, whether or not taps lie over them. */
export function originalEngine(): EngineInside {
  return Object.getPrototypeOf(engineInside()) as EngineInside;
}

/** The name of the backend that kernels run on; the first call starts tfjs's default one where none was chosen. */
export function backendName(): string {
  return engineInside().backendName ?? tf.getBackend();
}

/** Whether kernels only queue work for a device with memory of its own: WebGPU, CUDA. */
export function onGpu(): boolean {
  const backend = tf.backend() as { isUsingGpuDevice?: boolean };
  return backendName() === "webgpu" || backend.isUsingGpuDevice === true;
}

/** Runs a kernel for real on the current backend; the results belong to the caller. */
export function runKernel(name: string, inputs: KernelInputs, attrs?: KernelAttrs): tf.Tensor[] {
  const result = engineInside().runKernel(name, inputs, attrs);
  return Array.isArray(result) ? result : [result];
}

/** A second owner of the same data; nothing is copied. */
export function shareTensor(tensor: tf.Tensor): tf.Tensor {
  return runKernel("Identity", { x: tensor })[0] as tf.Tensor;
}

/** The class of tensors that all copies of tfjs in this process share: that of the first one loaded, with the chained operations. */
export function tensorClass(): typeof tf.Tensor {
  const shared = (globalThis as { _tfGlobals?: Map<string, unknown> })._tfGlobals?.get("Tensor");
  return (shared ?? tf.Tensor) as typeof tf.Tensor;
}

/** Makes `instanceof` ask for the class itself: tfjs's classes answer for anything that looks like a tensor. */
export function nominal(derived: abstract new (...args: never[]) => tf.Tensor): void {
  Object.defineProperty(derived, Symbol.hasInstance, { value: Function.prototype[Symbol.hasInstance] });
}
