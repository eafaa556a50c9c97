// tfjs's fused kernels taken apart: a graph has the product or convolution, the bias and the activation, as TensorFlow's layers make them.
import * as tf from "@tensorflow/tfjs-core";
import { engineInside, type KernelAttrs, type KernelInputs } from "./engine";

/** The kernel at the heart of each fused one. */
const hearts: Readonly<Record<string, string>> = {
  _FusedMatMul: "BatchMatMul",
  FusedConv2D: "Conv2D",
  FusedDepthwiseConv2D: "DepthwiseConv2dNative",
};

/** Whether `unfused` takes this kernel apart. */
export function isFused(kernel: string): boolean {
  return kernel in hearts;
}

/** What a fused kernel computes, as calls of plain ones. */
export function unfused(kernel: string, inputs: KernelInputs, attrs: KernelAttrs): tf.Tensor {
  const { bias, preluActivationWeights, ...operands } = inputs as Readonly<Record<string, tf.Tensor | undefined>>;
  const { activation, leakyreluAlpha, ...rest } = attrs;
  const heart = engineInside().runKernel(hearts[kernel] ?? kernel, operands, rest) as tf.Tensor;
  const alongChannels = bias?.rank === 1 && bias.size === heart.shape.at(-1);
  const added = !bias ? heart : alongChannels ? (engineInside().runKernel("BiasAdd", { value: heart, bias }) as tf.Tensor) : tf.add(heart, bias);
  return activate(added, { activation, leakyreluAlpha, preluActivationWeights });
}

interface Activation {
  readonly activation: unknown;
  readonly leakyreluAlpha: unknown;
  readonly preluActivationWeights: tf.Tensor | undefined;
}

function activate(x: tf.Tensor, { activation, leakyreluAlpha, preluActivationWeights }: Activation): tf.Tensor {
  switch (activation) {
    case "relu": return tf.relu(x);
    case "relu6": return tf.relu6(x);
    case "elu": return tf.elu(x);
    case "sigmoid": return tf.sigmoid(x);
    case "leakyrelu": return tf.leakyRelu(x, Number(leakyreluAlpha));
    case "prelu": return tf.prelu(x, preluActivationWeights ?? tf.scalar(0));
    default: return x;
  }
}
