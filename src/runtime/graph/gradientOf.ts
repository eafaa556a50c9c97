// The gradient function of a kernel: tfjs's own, or TensorFlow's where tfjs's differs or uses a kernel TensorFlow lacks.
import * as tf from "@tensorflow/tfjs-core";
import { engineInside, type KernelAttrs } from "./engine";

type Gradient = NonNullable<ReturnType<typeof tf.getGradient>>;

/** How a kernel's result changes with its inputs; undefined where nobody says. */
export function gradientOf(kernel: string): Gradient | undefined {
  return own[kernel] ?? tf.getGradient(kernel);
}

/**
 * Those of the runtime's own kernels are TensorFlow's (python/ops/nn_grad.py). tfjs masks with its kernel Step, which no TensorFlow can import, and takes the slope of |x| at 0 as -1 where
 * TensorFlow takes 0 (core/ops/math_grad.cc, AbsGrad). The values are tfjs's everywhere else.
 */
const own: Readonly<Record<string, Gradient>> = {
  Abs: { kernelName: "Abs", inputsToSave: ["x"], gradFunc: (dy, [x]) => ({ x: () => tf.mul(one(dy), tf.sign(of(x))) }) },
  BiasAdd: {
    kernelName: "BiasAdd",
    gradFunc: (dy) => ({ value: () => one(dy), bias: () => recorded("BiasAddGrad", { dy: one(dy) })[0] as tf.Tensor }),
  },
  FusedBatchNormV3: {
    kernelName: "FusedBatchNormV3",
    inputsToSave: ["x", "scale", "mean", "variance"],
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dys, [x, scale, oldMean, oldVariance, mean, variance, reserved], attrs) => {
      const inputs = { dy: one(dys), x: of(x), scale: of(scale), mean: of(mean), variance: of(variance), reserved: of(reserved) };
      let made: tf.Tensor[] | undefined;
      const part = (index: number) => of((made ??= recorded("FusedBatchNormGradV3", inputs, attrs))[index]);
      const none = (unused: tf.Tensor | undefined) => tf.zerosLike(of(unused));
      return { x: () => part(0), scale: () => part(1), offset: () => part(2), mean: () => none(oldMean), variance: () => none(oldVariance) };
    },
  },
  L2Loss: { kernelName: "L2Loss", inputsToSave: ["t"], gradFunc: (dy, [t]) => ({ t: () => tf.mul(of(t), one(dy)) }) },
  SelectV2: {
    kernelName: "SelectV2",
    inputsToSave: ["condition"],
    gradFunc: (dy, [condition]) => {
      const chosen = (which: tf.Tensor) => tf.mul(one(dy), tf.cast(which, "float32"));
      return {
        condition: () => tf.cast(tf.zerosLike(of(condition)), "float32"),
        t: () => chosen(of(condition)),
        e: () => tf.sum(chosen(tf.logicalNot(of(condition)))),
      };
    },
  },
  Relu: { kernelName: "Relu", inputsToSave: ["x"], gradFunc: (dy, [x]) => ({ x: () => tf.mul(one(dy), positive(of(x))) }) },
  Relu6: {
    kernelName: "Relu6",
    inputsToSave: ["x"],
    gradFunc: (dy, [x]) => ({ x: () => tf.mul(one(dy), tf.mul(tf.cast(tf.lessEqual(of(x), 6), "float32"), positive(of(x)))) }),
  },
};

/** A kernel as a node: gradients are made while a graph is built. */
function recorded(kernel: string, inputs: Record<string, tf.Tensor>, attrs?: object): tf.Tensor[] {
  return [engineInside().runKernel(kernel, inputs, attrs as KernelAttrs)].flat();
}

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
