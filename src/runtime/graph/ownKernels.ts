// Kernels that TensorFlow has and TensorFlow.js lacks: their outputs, and how to compute them where no backend brings one.
import * as tf from "@tensorflow/tfjs-core";
import { bicubic } from "./bicubic";
import type { KernelAttrs } from "./engine";
import type { OutputSpec } from "./operation";

/** A kernel of the runtime's own. A backend may register a faster one of the same name, inputs, attributes and outputs. */
export interface OwnKernel {
  /** Outputs for inputs of these types and shapes; a list where the kernel answers with a list. */
  readonly outputs: (inputs: Readonly<Record<string, OutputSpec>>, attrs: KernelAttrs) => OutputSpec | OutputSpec[];
  /** Computes it out of TensorFlow.js's kernels; the results belong to the caller. */
  readonly compute: (inputs: Readonly<Record<string, tf.Tensor>>, attrs: KernelAttrs) => tf.Tensor | tf.Tensor[];
}

/** By TensorFlow's names. */
export const ownKernels: Readonly<Record<string, OwnKernel | undefined>> = {
  /** value + bias along the last axis. */
  BiasAdd: { outputs: ({ value }) => like(value), compute: ({ value, bias }) => tf.add(given(value), given(bias)) },
  /** The diagonal of a square matrix. */
  DiagPart: {
    outputs: ({ input }) => channels(like(input)),
    compute: ({ input }) => tf.sum(tf.mul(given(input), tf.eye(given(input).shape[0] ?? 0)), 1),
  },
  /** Half the sum of the squares. */
  L2Loss: { outputs: ({ t }) => ({ dtype: like(t).dtype, shape: [] }), compute: ({ t }) => tf.mul(tf.sum(tf.square(given(t))), 0.5) },
  /** The sum of all but the last axis. */
  BiasAddGrad: {
    outputs: ({ dy }) => channels(like(dy)),
    compute: ({ dy }) => tf.sum(given(dy), leadingAxes(given(dy))),
  },
  /**
   * Normalises x [batch, height, width, channels] by the statistics of the batch; `mean` and `variance` are not looked at.
   * Gives y, the mean and the variance without bias for moving averages, and what the gradient needs: the mean, the
   * variance, and a number without meaning.
   */
  FusedBatchNormV3: {
    outputs: ({ x }) => [like(x), ...Array.from({ length: 4 }, () => channels(like(x))), { dtype: "float32", shape: [] }],
    compute: batchNorm,
  },
  /** Images [batch, height, width, channels] at the size [height, width]. */
  ResizeBicubic: {
    outputs: ({ images }, { size }) => {
      const [batch = 0, , , channels = 0] = like(images).shape;
      return { dtype: "float32", shape: [batch, ...(size as number[]), channels] };
    },
    compute: ({ images }, { size }) => bicubic(given(images) as tf.Tensor4D, size as [number, number]),
  },
  /** `t` where the condition holds, else the one number `e`: TensorFlow.js's Select wants all of one shape. */
  SelectV2: {
    outputs: ({ t }) => like(t),
    compute: ({ condition, t, e }) => tf.where(given(condition), given(t), given(e)),
  },
  /** Gradients of FusedBatchNormV3 for x, scale and offset. */
  FusedBatchNormGradV3: {
    outputs: ({ x }) => [like(x), channels(like(x)), channels(like(x))],
    compute: batchNormGradient,
  },
};

function batchNorm(inputs: Readonly<Record<string, tf.Tensor>>, { epsilon }: KernelAttrs): tf.Tensor[] {
  const [x, scale, offset] = [given(inputs["x"]) as tf.Tensor4D, given(inputs["scale"]), given(inputs["offset"])];
  const places = x.size / scale.size;
  const mean = tf.mean(x, leadingAxes(x));
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), leadingAxes(x));
  const unbiased = tf.mul(variance, places / Math.max(1, places - 1));
  const y = tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, Number(epsilon)))), scale), offset);
  return [y, mean, unbiased, tf.clone(mean), variance, tf.scalar(0)];
}

function batchNormGradient(inputs: Readonly<Record<string, tf.Tensor>>, { epsilon }: KernelAttrs): tf.Tensor[] {
  const [dy, x, scale] = [given(inputs["dy"]), given(inputs["x"]), given(inputs["scale"])];
  const axes = leadingAxes(x);
  const rate = tf.rsqrt(tf.add(given(inputs["variance"]), Number(epsilon)));
  const normal = tf.mul(tf.sub(x, given(inputs["mean"])), rate);
  const dOffset = tf.sum(dy, axes);
  const dScale = tf.sum(tf.mul(dy, normal), axes);
  const places = x.size / scale.size;
  const centred = tf.sub(tf.sub(dy, tf.div(dOffset, places)), tf.mul(normal, tf.div(dScale, places)));
  return [tf.mul(centred, tf.mul(scale, rate)), dScale, dOffset];
}

function like(spec: OutputSpec | undefined): OutputSpec {
  if (!spec) throw new TypeError("a kernel lacks an input that its shape depends on");
  return { dtype: spec.dtype, shape: spec.shape };
}

function channels({ dtype, shape }: OutputSpec): OutputSpec {
  return { dtype, shape: shape.slice(-1) };
}

function given(tensor: tf.Tensor | undefined): tf.Tensor {
  if (!tensor) throw new TypeError("a kernel was called without one of its inputs");
  return tensor;
}

function leadingAxes({ rank }: tf.Tensor): number[] {
  return Array.from({ length: rank - 1 }, (_, axis) => axis);
}
