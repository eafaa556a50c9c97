// Plain gradient descent: each variable moves against its gradient, one operation a variable.
import * as tf from "@tensorflow/tfjs-core";
import { typeAttr } from "../graph/attrs";
import { onlyOutput } from "../graph/constants";
import type { Graph } from "../graph/graph";
import type { Operation, Output } from "../graph/operation";
import { hyperparameter, Optimizer, type Hyperparameter, type UpdateStep } from "./optimizer";
import { tensorOf, updated } from "./updateInputs";

/** TF1's GradientDescentOptimizer: `v -= learningRate * gradient`. */
export class GradientDescentOptimizer extends Optimizer {
  readonly #learningRate: Hyperparameter;

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
    const reference = onlyOutput(variable.op);
    return graph.createOperation({
      type: "ApplyGradientDescent",
      inputs: [reference, ...hyper, gradient],
      attrs: new Map([["T", typeAttr(variable.declaredDtype)]]),
      outputs: [reference],
      execute: ([target, rate, slope]) => {
        const variableValue = updated(target);
        variableValue.write(
          tf.tidy(() => tf.sub(tensorOf(target), tf.mul(tensorOf(slope), tensorOf(rate)))),
        );
        return [variableValue];
      },
    });
  }
}
