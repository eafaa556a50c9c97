// Initializers: functions from a shape and a type to a variable's first value (TF1's *_initializer).
import type * as tf from "@tensorflow/tfjs-core";
import { addConstant, constant, hostConstant, onlyOutput, type ConstantValue } from "../graph/constants";
import { carrierOf, sizeOf, type OutputDtype } from "../graph/dtypes";
import { ValueError } from "../graph/errors";
import { getDefaultGraph } from "../graph/graph";
import { addKernel } from "../graph/kernelOperation";
import { randomNormal, randomUniform, truncatedNormal } from "../graph/randomOps";
import { orthogonal } from "./orthogonal";
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
  options: SeedOption & { readonly mean?: number; readonly stddev?: number } = {},
): Initializer {
  return (shape) => randomNormal(shape, { stddev: 1, ...options });
}

/** Uniform numbers in [minval, maxval): [0, 1) unless said otherwise. */
export function randomUniformInitializer(
  options: SeedOption & { readonly minval?: number; readonly maxval?: number } = {},
): Initializer {
  return (shape) => randomUniform(shape, options);
}

/** Normal numbers within two standard deviations. */
export function truncatedNormalInitializer(
  options: SeedOption & { readonly mean?: number; readonly stddev?: number } = {},
): Initializer {
  return (shape) => truncatedNormal(shape, { stddev: 1, ...options });
}

/** The seed of an initializer: of its random operation (TF1's op seed). */
export interface SeedOption {
  /** With the graph's seed it makes the numbers the same in each process; without one they follow from the graph's seed alone, or are new each time. */
  readonly seed?: number;
}

/** How a variance scaling initializer draws. */
export interface VarianceScalingOptions extends SeedOption {
  /** What the variance is multiplied by; 1 unless given. */
  readonly scale?: number;
  /** By what the scale is divided: inputs of a unit, its outputs, or their mean. */
  readonly mode?: "fan_in" | "fan_out" | "fan_avg";
  /** Default: truncated_normal. */
  readonly distribution?: "truncated_normal" | "untruncated_normal" | "uniform";
}

/** The standard deviation of a unit normal that is cut at two. */
const truncatedStddev = 0.87962566103423978;

/** Numbers of variance `scale / fan`; the parts of a partitioned variable scale as the whole does. */
export function varianceScalingInitializer(
  { scale = 1, mode = "fan_in", distribution = "truncated_normal", seed }: VarianceScalingOptions = {},
): Initializer {
  if (!(scale > 0)) throw new ValueError(`scale must be a positive number, not ${scale}`);
  return (shape, _dtype, partition) => {
    const [fanIn, fanOut] = fans(partition?.fullShape ?? shape);
    const fan = mode === "fan_in" ? fanIn : mode === "fan_out" ? fanOut : (fanIn + fanOut) / 2;
    const variance = scale / Math.max(1, fan);
    if (distribution === "uniform") {
      const limit = Math.sqrt(3 * variance);
      return randomUniform(shape, { minval: -limit, maxval: limit, seed });
    }
    const stddev = Math.sqrt(variance);
    if (distribution === "untruncated_normal") return randomNormal(shape, { stddev, seed });
    return truncatedNormal(shape, { stddev: stddev / truncatedStddev, seed });
  };
}

/** Uniform numbers within ±sqrt(6 / (fan in + fan out)): TF1's default for floating-point variables. */
export function glorotUniformInitializer({ seed }: SeedOption = {}): Initializer {
  return varianceScalingInitializer({ mode: "fan_avg", distribution: "uniform", seed });
}

/** Truncated normal numbers of variance 2 / (fan in + fan out). */
export function glorotNormalInitializer({ seed }: SeedOption = {}): Initializer {
  return varianceScalingInitializer({ mode: "fan_avg", seed });
}

/** Uniform numbers within ±sqrt(6 / fan in). */
export function heUniformInitializer({ seed }: SeedOption = {}): Initializer {
  return varianceScalingInitializer({ scale: 2, distribution: "uniform", seed });
}

/** Truncated normal numbers of variance 2 / fan in. */
export function heNormalInitializer({ seed }: SeedOption = {}): Initializer {
  return varianceScalingInitializer({ scale: 2, seed });
}

/** Uniform numbers within ±sqrt(3 / fan in). */
export function lecunUniformInitializer({ seed }: SeedOption = {}): Initializer {
  return varianceScalingInitializer({ distribution: "uniform", seed });
}

/** Truncated normal numbers of variance 1 / fan in. */
export function lecunNormalInitializer({ seed }: SeedOption = {}): Initializer {
  return varianceScalingInitializer({ seed });
}

/** Uniform numbers within ±factor * sqrt(3 / inputs), which keep the size of what flows through. */
export function uniformUnitScalingInitializer({ factor = 1, seed }: SeedOption & { readonly factor?: number } = {}): Initializer {
  return (shape, _dtype, partition) => {
    const inputs = sizeOf((partition?.fullShape ?? shape).slice(0, -1));
    const limit = Math.sqrt(3 / Math.max(1, inputs)) * factor;
    return randomUniform(shape, { minval: -limit, maxval: limit, seed });
  };
}

/** Rows or columns, whichever are fewer, at right angles to each other and of length `gain`; of two dimensions or more. */
export function orthogonalInitializer({ gain = 1, seed }: SeedOption & { readonly gain?: number } = {}): Initializer {
  return (shape) => {
    if (shape.length < 2) throw new ValueError("The tensor to initialize must be at least two-dimensional");
    return orthogonal(shape, { gain, seed });
  };
}

/** `gain` on the diagonal of a matrix, zeros elsewhere; a part is cut from the whole's. */
export function identityInitializer({ gain = 1 }: { readonly gain?: number } = {}): Initializer {
  return (shape, dtype, partition) => {
    const [rows = 0, columns = 0] = shape;
    if ((partition?.fullShape ?? shape).length !== 2) {
      throw new ValueError("Identity matrix initializer can only be used for 2D matrices.");
    }
    const [down = 0, across = 0] = partition?.offset ?? [];
    const values = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      const column = row + down - across;
      if (column >= 0 && column < columns) values[row * columns + column] = gain;
    }
    return constant(values, { shape, dtype });
  };
}

/** Inputs and outputs of one unit of a layer, as its weights' shape tells them: of a convolution per position. */
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
