// Momentum, plain or Nesterov's: each variable moves along a decaying sum of its gradients.
import * as tf from "@tensorflow/tfjs-core";
import { boolAttr } from "../graph/attrs";
import type { NodeReaders } from "../graph/fileNode";
import type { Graph } from "../graph/graph";
import type { Operation, Output } from "../graph/operation";
import type { Variable } from "../scope/variable";
import { addUpdate, updateReaders, type Update } from "./applyOperation";
import { hyperparameter, Optimizer, type Hyperparameter, type UpdateStep } from "./optimizer";

/** Rarely changed settings of momentum. */
export interface MomentumOptions {
  /** Looks ahead along the momentum. */
  readonly useNesterov?: boolean;
  /** Name of the slots and of the updates' scope; `Momentum` unless given. */
  readonly name?: string;
}

/** TF1's MomentumOptimizer: `a = momentum * a + gradient; v -= learningRate * a`. The slot "momentum" is `<variable>/Momentum`. */
export class MomentumOptimizer extends Optimizer {
  readonly #values: readonly [Hyperparameter, Hyperparameter];
  readonly #nesterov: boolean;

  /** Each setting is a number, or a scalar tensor that is computed anew in each step. */
  constructor(learningRate: Hyperparameter, momentum: Hyperparameter, { useNesterov = false, name = "Momentum" }: MomentumOptions = {}) {
    super(name);
    this.#values = [learningRate, momentum];
    this.#nesterov = useNesterov;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) this.slot(variable, "momentum");
  }

  protected override hyperparameters(graph: Graph): readonly Output[] {
    const [rate, momentum] = this.#values;
    return [hyperparameter(graph, rate, "learning_rate"), hyperparameter(graph, momentum, "momentum")];
  }

  protected override update({ graph, gradient, variable, hyper }: UpdateStep): Operation {
    const [rate, momentum] = hyper as [Output, Output];
    const nesterov = this.#nesterov;
    return addUpdate(graph, {
      type: "ApplyMomentum",
      state: [variable, this.slot(variable, "momentum")],
      inputs: [rate, gradient, momentum],
      attrs: [["use_nesterov", boolAttr(nesterov)]],
      compute: momentumOf(nesterov),
    });
  }
}

/** ApplyMomentum in a file. */
export const momentumReaders: NodeReaders = updateReaders("ApplyMomentum", (node) => ({ state: 2, compute: momentumOf(node.bool("use_nesterov")) }));

function momentumOf(nesterov: boolean): Update["compute"] {
  return (state, inputs) => moved(state as [tf.Tensor, tf.Tensor], inputs as [tf.Tensor, tf.Tensor, tf.Tensor], nesterov);
}

function moved(
  [value, sum]: readonly [tf.Tensor, tf.Tensor],
  [rate, gradient, momentum]: readonly [tf.Tensor, tf.Tensor, tf.Tensor],
  nesterov: boolean,
): tf.Tensor[] {
  const next = tf.add(tf.mul(sum, momentum), gradient);
  const way = nesterov ? tf.add(tf.mul(gradient, rate), tf.mul(tf.mul(next, momentum), rate)) : tf.mul(next, rate);
  return [tf.sub(value, way), next];
}
