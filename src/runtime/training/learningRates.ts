// Learning rates that change with the global step (TF1's tf.train.*_decay), as tensors of the graph.
import * as tf from "@tensorflow/tfjs-core";
import { ValueError } from "../graph/errors";
import { getDefaultGraph } from "../graph/graph";
import { buildingGraph } from "../graph/trace";

/** A learning rate: a scalar of the graph, computed anew in each run. */
export type LearningRate = tf.Tensor<tf.Rank.R0>;

/** What every schedule begins with. */
export interface DecayOptions {
  /** The rate at step 0. */
  readonly learningRate: number | tf.Tensor;
  /** The global step, or any scalar that counts. */
  readonly globalStep: tf.Tensor;
  /** In how many steps one period of the schedule ends. */
  readonly decaySteps: number;
  /** Name scope of the operations. */
  readonly name?: string;
}

/** Options of schedules that may go in steps. */
export interface StairOptions extends DecayOptions {
  /** What the rate is multiplied with, or divided by, per `decaySteps`. */
  readonly decayRate: number | tf.Tensor;
  /** Changes the rate once a period only. */
  readonly staircase?: boolean;
}

/** `learningRate * decayRate ^ (step / decaySteps)`. */
export function exponentialDecay({ name = "ExponentialDecay", decayRate, ...options }: StairOptions): LearningRate {
  return inScope(name, () => scaled(options, tf.pow(decayRate, periods(options))));
}

/** `learningRate * e ^ (-decayRate * step / decaySteps)`. */
export function naturalExpDecay({ name = "NaturalExpDecay", decayRate, ...options }: StairOptions): LearningRate {
  return inScope(name, () => scaled(options, tf.exp(tf.mul(tf.neg(decayRate), periods(options)))));
}

/** `learningRate / (1 + decayRate * step / decaySteps)`. */
export function inverseTimeDecay({ name = "InverseTimeDecay", decayRate, ...options }: StairOptions): LearningRate {
  return inScope(name, () => tf.div(options.learningRate, tf.add(1, tf.mul(decayRate, periods(options)))));
}

/** `values[i]` up to and including step `boundaries[i]`, the last value behind all of them. */
export function piecewiseConstant(
  { x, boundaries, values, name = "PiecewiseConstant" }: {
    readonly x: tf.Tensor;
    readonly boundaries: readonly number[];
    readonly values: readonly number[];
    readonly name?: string;
  },
): LearningRate {
  if (boundaries.length !== values.length - 1) {
    throw new ValueError("The length of boundaries should be 1 less than the length of values");
  }
  const dtype = x.dtype === "int32" ? "int32" : "float32";
  return inScope(name, () =>
    boundaries.reduceRight<tf.Tensor>(
      (later, boundary, at) => tf.where(tf.lessEqual(x, tf.scalar(boundary, dtype)), tf.scalar(values[at] ?? 0), later),
      tf.scalar(values.at(-1) ?? 0),
    ),
  );
}

/** From `learningRate` to `endLearningRate` along a polynomial; with `cycle` it starts again, longer each time. */
export function polynomialDecay(
  { name = "PolynomialDecay", endLearningRate = 0.0001, power = 1, cycle = false, ...options }: DecayOptions & {
    readonly endLearningRate?: number | tf.Tensor;
    readonly power?: number | tf.Tensor;
    readonly cycle?: boolean;
  },
): LearningRate {
  const { learningRate, globalStep, decaySteps } = options;
  return inScope(name, () => {
    const now = tf.cast(globalStep, "float32");
    // At step zero one period is under way, although the quotient is zero.
    const rounds = cycle ? tf.maximum(tf.ceil(tf.div(now, decaySteps)), 1) : tf.scalar(1);
    const length = tf.mul(rounds, decaySteps);
    const part = tf.div(cycle ? now : tf.minimum(now, decaySteps), length);
    return tf.add(tf.mul(tf.sub(learningRate, endLearningRate), tf.pow(tf.sub(1, part), power)), endLearningRate);
  });
}

/** Along half a cosine from `learningRate` to `alpha` times it. */
export function cosineDecay(
  { name = "CosineDecay", alpha = 0, ...options }: DecayOptions & { readonly alpha?: number },
): LearningRate {
  return inScope(name, () => scaled(options, lifted(halfCosine(ended(options)), alpha)));
}

/** Cosine decay that starts again: each period `tMul` times as long and from `mMul` times as high as the one before. */
export function cosineDecayRestarts(
  { name = "SGDRDecay", tMul = 2, mMul = 1, alpha = 0, ...options }: DecayOptions & {
    readonly tMul?: number;
    readonly mMul?: number;
    readonly alpha?: number;
  },
): LearningRate {
  return inScope(name, () => {
    const done = tf.div(tf.cast(options.globalStep, "float32"), options.decaySteps);
    const restarts = tMul === 1 ? tf.floor(done) : tf.floor(tf.div(tf.log(tf.sub(1, tf.mul(done, 1 - tMul))), Math.log(tMul)));
    const length = tf.pow(tMul, restarts);
    const before = tMul === 1 ? restarts : tf.div(tf.sub(1, length), 1 - tMul);
    const height = tf.mul(tf.pow(mMul, restarts), halfCosine(tf.div(tf.sub(done, before), length)));
    return scaled(options, lifted(height, alpha));
  });
}

/** A linear decay bent by a cosine of `numPeriods` periods. */
export function linearCosineDecay(
  { name = "LinearCosineDecay", numPeriods = 0.5, alpha = 0, beta = 0.001, ...options }: DecayOptions & {
    readonly numPeriods?: number;
    readonly alpha?: number;
    readonly beta?: number;
  },
): LearningRate {
  return inScope(name, () => {
    const done = ended(options);
    const bent = tf.mul(tf.add(alpha, tf.sub(1, done)), halfCosine(tf.mul(done, 2 * numPeriods)));
    return scaled(options, tf.add(bent, beta));
  });
}

type Plain = Omit<DecayOptions, "name">;

/** How many periods have passed. */
function periods({ globalStep, decaySteps, staircase = false }: Plain & { readonly staircase?: boolean }): tf.Tensor {
  const passed = tf.div(tf.cast(globalStep, "float32"), decaySteps);
  return staircase ? tf.floor(passed) : passed;
}

/** How much of the one period has passed, at most all of it. */
function ended({ globalStep, decaySteps }: Plain): tf.Tensor {
  return tf.div(tf.minimum(tf.cast(globalStep, "float32"), decaySteps), decaySteps);
}

function halfCosine(part: tf.Tensor): tf.Tensor {
  return tf.mul(0.5, tf.add(1, tf.cos(tf.mul(Math.PI, part))));
}

function lifted(height: tf.Tensor, alpha: number): tf.Tensor {
  return tf.add(tf.mul(1 - alpha, height), alpha);
}

function scaled({ learningRate }: Plain, factor: tf.Tensor): tf.Tensor {
  return tf.mul(learningRate, factor);
}

function inScope(name: string, make: () => tf.Tensor): LearningRate {
  return buildingGraph(() => getDefaultGraph().withinNameScope(name, make)) as LearningRate;
}
