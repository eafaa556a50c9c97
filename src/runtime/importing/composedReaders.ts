// Operations that TensorFlow has kernels for and tfjs composes of others, gradients mostly: what each computes, for graphs that TensorFlow wrote.
import * as tf from "@tensorflow/tfjs-core";
import type { FileNode, NodeReaders, ReadNode } from "../graph/fileNode";
import { onValues } from "../graph/variableValues";

type Tensors = readonly [tf.Tensor, tf.Tensor];

/** Of an output y and the gradient of it (TensorFlow: cwise_op_*.cc, `…Grad(y, dy)`). */
const ofOutput = (slope: (y: tf.Tensor) => tf.Tensor) => ofTwo(([y, dy]) => tf.mul(dy, slope(y)));

/** Of the gradient of an output and the input x, which passes where `slope` says (TensorFlow: relu_op.cc, softplus_op.cc). */
const ofInput = (slope: (x: tf.Tensor, node: FileNode) => tf.Tensor) => ofTwo(([dy, x], node) => tf.mul(dy, slope(x, node)));

/** Of logits and of labels of their shape, or of one class each: losses, and the gradient of the logits (TensorFlow: xent_op.h). */
const crossEntropy = (labelsLike: (labels: tf.Tensor, classes: number) => tf.Tensor) => (node: FileNode): ReadNode => {
  const { dtype, shape } = node.input(0);
  const compute = ([logits, labels]: Tensors): tf.Tensor[] => {
    const wanted = labelsLike(labels, shape.at(-1) ?? 0);
    const logs = tf.logSoftmax(logits);
    return [tf.neg(tf.sum(tf.mul(wanted, logs), -1)), tf.sub(tf.exp(logs), wanted)];
  };
  return { outputs: [{ dtype, shape: shape.slice(0, -1) }, { dtype, shape }], execute: tidily(compute) };
};

/** Such operations in a file. */
export const composedReaders: NodeReaders = {
  TanhGrad: ofOutput((y) => tf.sub(1, tf.square(y))),
  SigmoidGrad: ofOutput((y) => tf.mul(y, tf.sub(1, y))),
  SqrtGrad: ofOutput((y) => tf.div(0.5, y)),
  RsqrtGrad: ofOutput((y) => tf.mul(-0.5, tf.mul(y, tf.square(y)))),
  ReciprocalGrad: ofOutput((y) => tf.neg(tf.square(y))),
  InvGrad: ofOutput((y) => tf.neg(tf.square(y))),
  ReluGrad: ofInput((x) => tf.step(x)),
  Relu6Grad: ofInput((x) => tf.mul(tf.step(x), tf.step(tf.sub(6, x)))),
  LeakyReluGrad: ofInput((x, node) => tf.step(x, node.float("alpha", 0.2))),
  SoftplusGrad: ofInput((x) => tf.sigmoid(x)),
  LogSoftmax: (node) => ({ outputs: [node.input(0)], execute: tidily(([logits]) => [tf.logSoftmax(logits)]) }),
  SoftmaxCrossEntropyWithLogits: crossEntropy((labels) => labels),
  SparseSoftmaxCrossEntropyWithLogits: crossEntropy((labels, classes) => tf.oneHot(tf.cast(labels, "int32"), classes)),
};

function ofTwo(compute: (inputs: Tensors, node: FileNode) => tf.Tensor) {
  return (node: FileNode): ReadNode => {
    const { dtype, shape } = node.input(0);
    return { outputs: [{ dtype, shape }], execute: tidily((inputs) => [compute(inputs, node)]) };
  };
}

function tidily(compute: (inputs: Tensors) => tf.Tensor[]): ReadNode["execute"] {
  return onValues((inputs) => tf.tidy(() => compute(inputs as unknown as Tensors)));
}
