// Adagrad: steps shrink with the sum of all squared gradients so far.
import * as tf from "@tensorflow/tfjs-core";
import { boolAttr } from "../graph/attrs";
import { ValueError } from "../graph/errors";
import type { NodeReaders } from "../graph/fileNode";
import type { Graph } from "../graph/graph";
import type { Operation, Output } from "../graph/operation";
import { constantInitializer } from "../scope/initializers";
import type { Variable } from "../scope/variable";
import { addUpdate, updateReaders } from "./applyOperation";
import { hyperparameter, Optimizer, type Hyperparameter, type UpdateStep } from "./optimizer";

/** Settings of Adagrad. */
export interface AdagradOptions {
  /** What the sums begin with; above zero. */
  readonly initialAccumulatorValue?: number;
  /** Name of the slots and of the updates' scope; `Adagrad` unless given. */
  readonly name?: string;
}

/** TF1's AdagradOptimizer: `a += gradient²; v -= learningRate * gradient / sqrt(a)`. The slot "accumulator" is `<variable>/Adagrad`. */
export class AdagradOptimizer extends Optimizer {
  readonly #learningRate: Hyperparameter;
  readonly #initial: number;

  /** `learningRate` is a number, or a scalar tensor that is computed anew in each step. ValueError where the sums would begin at 0 or below. */
  constructor(learningRate: Hyperparameter, { initialAccumulatorValue = 0.1, name = "Adagrad" }: AdagradOptions = {}) {
    super(name);
    if (!(initialAccumulatorValue > 0)) throw new ValueError(`initialAccumulatorValue must be positive: ${initialAccumulatorValue}`);
    this.#learningRate = learningRate;
    this.#initial = initialAccumulatorValue;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) this.slot(variable, "accumulator", constantInitializer(this.#initial));
  }

  protected override hyperparameters(graph: Graph): readonly Output[] {
    return [hyperparameter(graph, this.#learningRate, "learning_rate")];
  }

  protected override update({ graph, gradient, variable, hyper }: UpdateStep): Operation {
    return addUpdate(graph, {
      type: "ApplyAdagrad",
      state: [variable, this.slot(variable, "accumulator")],
      inputs: [...hyper, gradient],
      attrs: [["update_slots", boolAttr(true)]],
      compute: adagrad,
    });
  }
}

/** ApplyAdagrad in a file. */
export const adagradReaders: NodeReaders = updateReaders("ApplyAdagrad", (node) =>
  node.bool("update_slots", true) ? { state: 2, compute: adagrad } : node.refuse("leaves its slots as they are"));

function adagrad(state: readonly tf.Tensor[], inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const [value, sum] = state as [tf.Tensor, tf.Tensor];
  const [rate, slope] = inputs as [tf.Tensor, tf.Tensor];
  const next = tf.add(sum, tf.square(slope));
  return [tf.sub(value, tf.mul(tf.mul(slope, rate), tf.rsqrt(next))), next];
}
