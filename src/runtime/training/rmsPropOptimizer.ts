// RMSProp, plain or centered: steps are divided by a running size of the gradient.
import * as tf from "@tensorflow/tfjs-core";
import type { NodeReaders } from "../graph/fileNode";
import type { Graph } from "../graph/graph";
import type { Operation, Output } from "../graph/operation";
import { onesInitializer } from "../scope/initializers";
import type { Variable } from "../scope/variable";
import { addUpdate, updateReaders } from "./applyOperation";
import { hyperparameter, Optimizer, type Hyperparameter, type UpdateStep } from "./optimizer";

/** Settings of RMSProp. */
export interface RMSPropOptions {
  /** How slowly the running mean of the squares forgets. */
  readonly decay?: Hyperparameter;
  /** Share of the last step that is added to the next; 0 unless given. */
  readonly momentum?: Hyperparameter;
  /** Added under the root that divides; 1e-10 unless given. */
  readonly epsilon?: Hyperparameter;
  /** Divides by the deviation from the running mean instead of by the size. */
  readonly centered?: boolean;
  /** Name of the slots and of the updates' scope; `RMSProp` unless given. */
  readonly name?: string;
}

/** TF1's RMSPropOptimizer. Slots are "rms" (from ones, `<variable>/RMSProp`), where centered "mg", and "momentum". */
export class RMSPropOptimizer extends Optimizer {
  readonly #values: readonly (readonly [name: string, value: Hyperparameter])[];
  readonly #centered: boolean;

  /** Each setting is a number, or a scalar tensor that is computed anew in each step. */
  constructor(
    learningRate: Hyperparameter,
    { decay = 0.9, momentum = 0, epsilon = 1e-10, centered = false, name = "RMSProp" }: RMSPropOptions = {},
  ) {
    super(name);
    this.#values = [["learning_rate", learningRate], ["decay", decay], ["momentum", momentum], ["epsilon", epsilon]];
    this.#centered = centered;
  }

  protected override createSlots(variables: readonly Variable[]): void {
    for (const variable of variables) {
      this.slot(variable, "rms", onesInitializer());
      if (this.#centered) this.slot(variable, "mg");
      this.slot(variable, "momentum");
    }
  }

  protected override hyperparameters(graph: Graph): readonly Output[] {
    return this.#values.map(([name, value]) => hyperparameter(graph, value, name));
  }

  protected override update({ graph, gradient, variable, hyper }: UpdateStep): Operation {
    const [rms, momentum] = [this.slot(variable, "rms"), this.slot(variable, "momentum")];
    const inputs = [...hyper, gradient];
    if (!this.#centered) {
      return addUpdate(graph, { type: "ApplyRMSProp", state: [variable, rms, momentum], inputs, compute: plain });
    }
    const state = [variable, this.slot(variable, "mg"), rms, momentum];
    return addUpdate(graph, { type: "ApplyCenteredRMSProp", state, inputs, compute: centered });
  }
}

/** RMSProp's updates in a file. */
export const rmsPropReaders: NodeReaders = {
  ...updateReaders("ApplyRMSProp", () => ({ state: 3, compute: plain })),
  ...updateReaders("ApplyCenteredRMSProp", () => ({ state: 4, compute: centered })),
};

type Inputs = readonly [rate: tf.Tensor, rho: tf.Tensor, momentum: tf.Tensor, epsilon: tf.Tensor, gradient: tf.Tensor];

function plain(state: readonly tf.Tensor[], inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const [value, ms, mom] = state as [tf.Tensor, tf.Tensor, tf.Tensor];
  const [rate, rho, momentum, epsilon, gradient] = inputs as Inputs;
  const nextMs = towards(ms, tf.square(gradient), rho);
  const nextMom = tf.add(tf.mul(mom, momentum), tf.div(tf.mul(gradient, rate), tf.sqrt(tf.add(nextMs, epsilon))));
  return [tf.sub(value, nextMom), nextMs, nextMom];
}

function centered(state: readonly tf.Tensor[], inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const [value, mg, ms, mom] = state as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const [rate, rho, momentum, epsilon, gradient] = inputs as Inputs;
  const [nextMs, nextMg] = [towards(ms, tf.square(gradient), rho), towards(mg, gradient, rho)];
  const variance = tf.add(tf.sub(nextMs, tf.square(nextMg)), epsilon);
  const nextMom = tf.add(tf.mul(mom, momentum), tf.div(tf.mul(gradient, rate), tf.sqrt(variance)));
  return [tf.sub(value, nextMom), nextMg, nextMs, nextMom];
}

function towards(mean: tf.Tensor, value: tf.Tensor, rho: tf.Tensor): tf.Tensor {
  return tf.add(mean, tf.mul(tf.sub(value, mean), tf.sub(1, rho)));
}
