// The layers of pix2pix, with the variable names that TensorFlow's layers give.
import * as tf from "@tensorflow/tfjs";
import {
  biasAdd,
  constant,
  dropout as dropoutOperation,
  fusedBatchNorm,
  getDefaultGraph,
  getVariable,
  GraphKeys,
  nameScope,
  onesInitializer,
  opOf,
  randomNormalInitializer,
  variableScope,
  zerosInitializer,
} from "trainscope";

/** What the layers must know of the program's options. */
export interface LayerOptions {
  readonly separable_conv: boolean;
  /** Probability that dropout keeps a value. The original's is 0.5; 1 turns dropout off, for comparisons. */
  readonly keep_probability?: number;
}

const init = () => randomNormalInitializer({ mean: 0, stddev: 0.02 });

function channelsOf(x: tf.Tensor4D): number {
  return x.shape[3];
}

function convolution(
  scope: string,
  x: tf.Tensor4D,
  spec: { out: number; stride: number; pad: "same" | "valid" },
): tf.Tensor4D {
  return variableScope(scope, () => {
    const kernel = getVariable("kernel", { shape: [4, 4, channelsOf(x), spec.out], initializer: init() });
    const bias = getVariable("bias", { shape: [spec.out], initializer: zerosInitializer() });
    return biasAdd(tf.conv2d(x, kernel as unknown as tf.Tensor4D, spec.stride, spec.pad), bias);
  });
}

function separableConvolution(x: tf.Tensor4D, spec: { out: number; stride: number }): tf.Tensor4D {
  return variableScope("separable_conv2d", () => {
    const depthwise = getVariable("depthwise_kernel", { shape: [4, 4, channelsOf(x), 1], initializer: init() });
    const pointwise = getVariable("pointwise_kernel", { shape: [1, 1, channelsOf(x), spec.out], initializer: init() });
    const bias = getVariable("bias", { shape: [spec.out], initializer: zerosInitializer() });
    const between = tf.depthwiseConv2d(x, depthwise as unknown as tf.Tensor4D, spec.stride, "same");
    return biasAdd(tf.conv2d(between, pointwise as unknown as tf.Tensor4D, 1, "valid"), bias);
  });
}

/** A convolution of the discriminator, after an explicit padding by one pixel on each side. */
export function discrimConv(x: tf.Tensor4D, out: number, stride: number): tf.Tensor4D {
  const padded = tf.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  return convolution("conv2d", padded, { out, stride, pad: "valid" });
}

/** Halves height and width. */
export function genConv(x: tf.Tensor4D, out: number, { separable_conv }: LayerOptions): tf.Tensor4D {
  return separable_conv
    ? separableConvolution(x, { out, stride: 2 })
    : convolution("conv2d", x, { out, stride: 2, pad: "same" });
}

/** Doubles height and width. */
export function genDeconv(x: tf.Tensor4D, out: number, { separable_conv }: LayerOptions): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  if (separable_conv) {
    return separableConvolution(tf.image.resizeNearestNeighbor(x, [height * 2, width * 2]), { out, stride: 1 });
  }
  return variableScope("conv2d_transpose", () => {
    const kernel = getVariable("kernel", { shape: [4, 4, out, channels], initializer: init() });
    const bias = getVariable("bias", { shape: [out], initializer: zerosInitializer() });
    const shape: [number, number, number, number] = [batch, height * 2, width * 2, out];
    return biasAdd(tf.conv2dTranspose(x, kernel as unknown as tf.Tensor4D, shape, 2, "same"), bias);
  });
}

/** x where it is positive, a * x elsewhere, as a sum of x and |x|. */
export function lrelu(x: tf.Tensor4D, a: number): tf.Tensor4D {
  return nameScope("lrelu", () => {
    const same = tf.clone(x);
    return tf.add(tf.mul(0.5 * (1 + a), same), tf.mul(0.5 * (1 - a), tf.abs(same)));
  });
}

const epsilon = 1e-5;
const momentum = 0.1;

/** Batch normalisation that always uses the statistics of the batch at hand, also when testing. */
export function batchnorm(x: tf.Tensor4D): tf.Tensor4D {
  return variableScope("batch_normalization", () => {
    const shape = [channelsOf(x)];
    const gamma = getVariable("gamma", { shape, initializer: randomNormalInitializer({ mean: 1, stddev: 0.02 }) });
    const beta = getVariable("beta", { shape, initializer: zerosInitializer() });
    const movingMean = getVariable("moving_mean", { shape, initializer: zerosInitializer(), trainable: false });
    const movingVariance = getVariable("moving_variance", { shape, initializer: onesInitializer(), trainable: false });
    const statistics = { mean: movingMean, variance: movingVariance };
    const { y, batchMean, batchVariance } = fusedBatchNorm(x, { scale: gamma, offset: beta, epsilon, ...statistics });
    const kept = constant(momentum);
    // As in the original, the updates of the moving values are made and never run.
    for (const [moving, value] of [
      [movingMean, batchMean],
      [movingVariance, batchVariance],
    ] as const) {
      const update = nameScope("AssignMovingAvg", (scope) => {
        const decay = tf.sub(1, kept);
        return moving.assignSub(tf.mul(tf.sub(moving, value), decay), { name: scope });
      });
      getDefaultGraph().addToCollection(GraphKeys.UPDATE_OPS, opOf(update));
    }
    return y;
  });
}

/** Sets values to zero at random and scales up the others; active when testing as well. */
export function dropout(x: tf.Tensor4D, { keep_probability = 0.5 }: LayerOptions): tf.Tensor4D {
  return dropoutOperation(x, { keepProb: keep_probability });
}
