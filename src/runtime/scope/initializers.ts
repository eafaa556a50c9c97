// Initializers: functions from a shape and a type to a variable's first value (TF1's *_initializer).
import type * as tf from "@tensorflow/tfjs-core";
import { addConstant, constant, hostConstant, onlyOutput, type ConstantValue } from "../graph/constants";
import { carrierOf, sizeOf, type OutputDtype } from "../graph/dtypes";
import { getDefaultGraph } from "../graph/graph";
import { addKernel } from "../graph/kernelOperation";
import { randomNormal, randomUniform, truncatedNormal } from "../graph/randomOps";
import type { PartitionInfo } from "./partitioners";

/** Makes the first value of a variable of that shape and type; of a part of one, it may ask which part. */
export type Initializer = (shape: readonly number[], dtype: OutputDtype, partition?: PartitionInfo) => tf.Tensor;

/** TensorFlow makes a constant below this many elements and a Fill above. */
const constantBelow = 1000;

/** Zeros; empty strings for strings. */
export function zerosInitializer(): Initializer {
  return (shape, dtype) => uniform(shape, { value: 0, dtype, name: "zeros" });
}

/** Ones. */
export function onesInitializer(): Initializer {
  return (shape, dtype) => uniform(shape, { value: 1, dtype, name: "ones" });
}

/** One value everywhere, or as many as the shape has. */
export function constantInitializer(value: ConstantValue): Initializer {
  return (shape, dtype) => constant(value, { shape, dtype });
}

/** Normal numbers. */
export function randomNormalInitializer(
  options: { readonly mean?: number; readonly stddev?: number; readonly seed?: number } = {},
): Initializer {
  return (shape) => randomNormal(shape, { stddev: 1, ...options });
}

/** Uniform numbers in [minval, maxval). */
export function randomUniformInitializer(
  options: { readonly minval?: number; readonly maxval?: number; readonly seed?: number } = {},
): Initializer {
  return (shape) => randomUniform(shape, { minval: -0.05, maxval: 0.05, ...options });
}

/** Normal numbers within two standard deviations. */
export function truncatedNormalInitializer(
  options: { readonly mean?: number; readonly stddev?: number; readonly seed?: number } = {},
): Initializer {
  return (shape) => truncatedNormal(shape, { stddev: 1, ...options });
}

/** Uniform numbers within ±sqrt(6 / (fan in + fan out)): TF1's default for floating-point variables. */
export function glorotUniformInitializer({ seed }: { readonly seed?: number } = {}): Initializer {
  return (shape) => {
    const [fanIn, fanOut] = fans(shape);
    const limit = Math.sqrt(3 / Math.max(1, (fanIn + fanOut) / 2));
    return randomUniform(shape, { minval: -limit, maxval: limit, seed });
  };
}

function fans(shape: readonly number[]): [number, number] {
  if (shape.length === 0) return [1, 1];
  if (shape.length === 1) return [shape[0] ?? 1, shape[0] ?? 1];
  const field = sizeOf(shape.slice(0, -2));
  return [(shape.at(-2) ?? 1) * field, (shape.at(-1) ?? 1) * field];
}

function uniform(
  shape: readonly number[],
  { value, dtype, name }: { readonly value: number; readonly dtype: OutputDtype; readonly name: string },
): tf.Tensor {
  const graph = getDefaultGraph();
  if (dtype === "string") return addConstant(graph, emptyStrings(shape), name).tensor;
  if (sizeOf(shape) < constantBelow) return addConstant(graph, hostConstant(value, { dtype, shape }), name).tensor;
  const attrs = { shape: [...shape], value, dtype: carrierOf(dtype) };
  return onlyOutput(addKernel(graph, { kernel: "Fill", inputs: [], attrs, name }).operation).tensor;
}

function emptyStrings(shape: readonly number[]): Parameters<typeof addConstant>[1] {
  return { values: Array.from({ length: sizeOf(shape) }, () => new Uint8Array()), shape: [...shape], dtype: "string" };
}
