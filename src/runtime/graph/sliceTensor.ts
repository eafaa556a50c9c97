// Part of a constant or tensor as an operation of the graph.
import * as tf from "@tensorflow/tfjs-core";
import { addConstant, hostConstant, onlyOutput, type ConstantValue } from "./constants";
import { getDefaultGraph } from "./graph";
import { addKernel } from "./kernelOperation";
import { outputFor } from "./record";

/** The elements of `value` from `offset` on, as many in each dimension as `shape` says. */
export function sliceTensor(
  value: ConstantValue | tf.Tensor,
  { offset, shape }: { readonly offset: readonly number[]; readonly shape: readonly number[] },
): tf.Tensor {
  const graph = getDefaultGraph();
  const whole = value instanceof tf.Tensor ? outputFor(graph, value) : addConstant(graph, hostConstant(value), "Const");
  const attrs = { begin: [...offset], size: [...shape] };
  return onlyOutput(addKernel(graph, { kernel: "Slice", inputs: [["x", whole]], attrs }).operation).tensor;
}
