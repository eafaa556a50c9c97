// Regularizers: what a variable adds to the loss for being large (tf.contrib.layers' formulas and names).
import * as tf from "@tensorflow/tfjs-core";
import { addConstant, constant, hostConstant, onlyOutput } from "../graph/constants";
import { ValueError } from "../graph/errors";
import { getDefaultGraph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { addKernel } from "../graph/kernelOperation";
import type { Output } from "../graph/operation";
import { outputFor, recordKernel } from "../graph/record";
import { buildingGraph } from "../graph/trace";

/** Makes the penalty of a new variable, a scalar of the graph; null for none. */
export type Regularizer = (weights: tf.Tensor) => tf.Tensor | null;

/** Options of the regularizers. */
export interface RegularizerOptions {
  /** Name scope of the operations. */
  readonly name?: string;
}

/** No penalty, also where the scope has a regularizer. */
export const noRegularizer: Regularizer = () => null;

/** `scale * sum(|w|)`. */
export function l1Regularizer(scale: number, { name = "l1_regularizer" }: RegularizerOptions = {}): Regularizer {
  checkScale(scale);
  if (scale === 0) return noRegularizer;
  return (weights) => penalty(weights, { scale, name }, (w) => tf.sum(tf.abs(w)));
}

/** `scale * sum(w²) / 2`: half of the sum of squares, as TensorFlow's l2_loss. */
export function l2Regularizer(scale: number, { name = "l2_regularizer" }: RegularizerOptions = {}): Regularizer {
  checkScale(scale);
  if (scale === 0) return noRegularizer;
  return (weights) => penalty(weights, { scale, name }, l2Loss);
}

/** The sum of both; a scale of zero leaves its part out. */
export function l1L2Regularizer(
  { l1 = 1, l2 = 1, name = "l1_l2_regularizer" }: RegularizerOptions & { readonly l1?: number; readonly l2?: number } = {},
): Regularizer {
  const parts = [l1Regularizer(l1), l2Regularizer(l2)];
  return (weights) =>
    buildingGraph(() =>
      getDefaultGraph().withinNameScope(name, (scope) => {
        const losses = parts.map((part) => part(weights)).filter((loss) => loss !== null);
        return losses.length === 0 ? null : addN(losses, scope);
      }),
    );
}

/** Half the sum of the squares. */
export function l2Loss(x: tf.Tensor): tf.Tensor {
  return buildingGraph(() => recordKernel("L2Loss", { t: x }) as tf.Tensor);
}

/** Penalties of the variables made so far whose name the regular expression `scope` matches at the start (CL-2). */
export function getRegularizationLosses(scope?: string): tf.Tensor[] {
  return getDefaultGraph().getCollection<tf.Tensor>(GraphKeys.REGULARIZATION_LOSSES, scope);
}

/** The sum of all penalties; zero where there are none. */
export function getRegularizationLoss(
  { scope, name = "total_regularization_loss" }: { readonly scope?: string; readonly name?: string } = {},
): tf.Tensor<tf.Rank.R0> {
  const losses = getRegularizationLosses(scope);
  return (losses.length > 0 ? addN(losses, name) : constant(0)) as tf.Tensor<tf.Rank.R0>;
}

function penalty(
  weights: tf.Tensor,
  { scale, name }: { readonly scale: number; readonly name: string },
  norm: (weights: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const graph = getDefaultGraph();
  return buildingGraph(() =>
    graph.withinNameScope(name, (scope) => {
      const factor = addConstant(graph, hostConstant(scale), "scale");
      const inputs: [string, Output][] = [["a", factor], ["b", outputFor(graph, norm(weights))]];
      return onlyOutput(addKernel(graph, { kernel: "Multiply", name: scope, inputs }).operation).tensor;
    }),
  );
}

/** AddN is one kernel in TensorFlow and tfjs alike; tf.addN alone gives it no name. */
function addN(tensors: readonly tf.Tensor[], name: string): tf.Tensor {
  const graph = getDefaultGraph();
  const inputs = tensors.map((tensor, index) => [String(index), outputFor(graph, tensor)] as const);
  return onlyOutput(addKernel(graph, { kernel: "AddN", name, inputs, list: true }).operation).tensor;
}

function checkScale(scale: number): void {
  if (!(scale >= 0)) throw new ValueError(`Setting a scale less than 0 on a regularizer: ${scale}`);
}
