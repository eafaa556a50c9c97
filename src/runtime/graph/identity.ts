// Passing a tensor on as a new one: TF1's identity, stop_gradient and placeholder_with_default.
import * as tf from "@tensorflow/tfjs-core";
import { shapeAttr, typeAttr } from "./attrs";
import { addConstant, hostConstant, onlyOutput, type ConstantValue } from "./constants";
import { getDefaultGraph } from "./graph";
import { addKernel } from "./kernelOperation";
import type { NodeReaders } from "./fileNode";
import type { OperationBehaviour, Output } from "./operation";
import { outputFor } from "./record";

/** Options of operations that pass a tensor on. */
export interface PassOptions {
  /** Of the operation, made unique; by the function otherwise. */
  readonly name?: string;
}

/** The same value under a name of its own: what control dependencies or a fetch can take hold of. */
export function identity<T extends tf.Tensor>(x: T, { name = "Identity" }: PassOptions = {}): T {
  const graph = getDefaultGraph();
  const inputs = [["x", outputFor(graph, x)]] as const;
  return onlyOutput(addKernel(graph, { kernel: "Identity", name, inputs }).operation).tensor as T;
}

/** The same value, as a constant to gradients. */
export function stopGradient<T extends tf.Tensor>(x: T, { name = "StopGradient" }: PassOptions = {}): T {
  return passOn(outputFor(getDefaultGraph(), x), "StopGradient", name) as T;
}

/** A tensor that may be fed, and else has the value of `input`. */
export function placeholderWithDefault<R extends tf.Rank = tf.Rank>(
  input: tf.Tensor<R> | ConstantValue,
  { name = "PlaceholderWithDefault" }: PassOptions = {},
): tf.Tensor<R> {
  const graph = getDefaultGraph();
  const output = input instanceof tf.Tensor ? outputFor(graph, input) : addConstant(graph, hostConstant(input), `${name}/input`);
  return passOn(output, "PlaceholderWithDefault", name) as tf.Tensor<R>;
}

function passOn(input: Output, type: "StopGradient" | "PlaceholderWithDefault", name: string): tf.Tensor {
  const attrs: [string, ReturnType<typeof typeAttr>][] =
    type === "StopGradient" ? [["T", typeAttr(input.dtype)]] : [["dtype", typeAttr(input.dtype)], ["shape", shapeAttr(input.shape)]];
  const operation = getDefaultGraph().createOperation({
    type,
    name,
    inputs: [input],
    attrs: new Map(attrs),
    ...passing(input),
  });
  return onlyOutput(operation).tensor;
}

/** Operations in a file that give what they are given, but to gradients. */
export const passReaders: NodeReaders = {
  StopGradient: (node) => passing(node.input(0)),
  PreventGradient: (node) => passing(node.input(0)),
  PlaceholderWithDefault: (node) => passing(node.input(0)),
};

/** What an operation does that hands its first input on. */
export function passing(input: Output): OperationBehaviour {
  return { outputs: [input], execute: (held) => held.slice(0, 1) };
}
