// Plain gradient descent: each variable moves against its gradient, one operation a variable.
import * as tf from "@tensorflow/tfjs-core";
import type { NodeReaders } from "../graph/fileNode";
import type { Graph } from "../graph/graph";
import type { Operation, Output } from "../graph/operation";
import { addUpdate, updateReaders } from "./applyOperation";
import { hyperparameter, Optimizer, type Hyperparameter, type UpdateStep } from "./optimizer";

/** TF1's GradientDescentOptimizer: `v -= learningRate * gradient`. */
export class GradientDescentOptimizer extends Optimizer {
  readonly #learningRate: Hyperparameter;

  /** `learningRate` is a number, or a scalar tensor that is computed anew in each step, such as a schedule's. */
  constructor(learningRate: Hyperparameter, { name = "GradientDescent" }: { readonly name?: string } = {}) {
    super(name);
    this.#learningRate = learningRate;
  }

  protected override createSlots(): void {
    // Gradient descent keeps nothing.
  }

  protected override hyperparameters(graph: Graph): readonly Output[] {
    return [hyperparameter(graph, this.#learningRate, "learning_rate")];
  }

  protected override update({ graph, gradient, variable, hyper }: UpdateStep): Operation {
    return addUpdate(graph, {
      type: "ApplyGradientDescent",
      state: [variable],
      inputs: [...hyper, gradient],
      compute: descent,
    });
  }
}

/** ApplyGradientDescent in a file. */
export const gradientDescentReaders: NodeReaders = updateReaders("ApplyGradientDescent", () => ({ state: 1, compute: descent }));

function descent([value]: readonly tf.Tensor[], [rate, slope]: readonly tf.Tensor[]): tf.Tensor[] {
  return [tf.sub(value as tf.Tensor, tf.mul(slope as tf.Tensor, rate as tf.Tensor))];
}
