// The gradient function of a kernel: tfjs's own, or TensorFlow's where tfjs's differs or uses a kernel TensorFlow lacks.
import * as tf from "@tensorflow/tfjs-core";

type Gradient = NonNullable<ReturnType<typeof tf.getGradient>>;

/** How a kernel's result changes with its inputs; undefined where nobody says. */
export function gradientOf(kernel: string): Gradient | undefined {
  return own[kernel] ?? tf.getGradient(kernel);
}

/**
 * tfjs masks with its kernel Step, which no TensorFlow can import, and takes the slope of |x| at 0 as -1 where
 * TensorFlow takes 0 (core/ops/math_grad.cc, AbsGrad). The values are tfjs's everywhere else.
 */
const own: Readonly<Record<string, Gradient>> = {
  Abs: { kernelName: "Abs", inputsToSave: ["x"], gradFunc: (dy, [x]) => ({ x: () => tf.mul(one(dy), tf.sign(of(x))) }) },
  Relu: { kernelName: "Relu", inputsToSave: ["x"], gradFunc: (dy, [x]) => ({ x: () => tf.mul(one(dy), positive(of(x))) }) },
  Relu6: {
    kernelName: "Relu6",
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(one(dy), tf.mul(tf.cast(tf.lessEqual(of(x), 6), "float32"), positive(of(x)))) }),
  },
};

function positive(x: tf.Tensor): tf.Tensor {
  return tf.cast(tf.greater(x, 0), "float32");
}

function one(dy: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(dy) ? of(dy[0]) : dy;
}

function of(tensor: tf.Tensor | undefined): tf.Tensor {
  if (!tensor) throw new TypeError("a gradient gets what it asked to save");
  return tensor;
}
