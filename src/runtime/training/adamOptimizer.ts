// Adam with TF1's formula, names and state: two slots a variable, two powers an optimizer, one ApplyAdam a variable.
import * as tf from "@tensorflow/tfjs-core";
import { onlyOutput } from "../graph/constants";
import { controlDependencies, group } from "../graph/controlDependencies";
import { backendName, runKernel } from "../graph/engine";
import type { NodeReaders } from "../graph/fileNode";
import type { Graph } from "../graph/graph";
import { opOf } from "../graph/graphTensor";
import { addKernel } from "../graph/kernelOperation";
import type { Operation, Output } from "../graph/operation";
import { Variable } from "../scope/variable";
import { addUpdate, updateReaders } from "./applyOperation";
import { hyperparameter, Optimizer, type FinishStep, type Hyperparameter, type UpdateStep } from "./optimizer";

/** TF1's AdamOptimizer. Slots are `<variable>/Adam` (m) and `<variable>/Adam_1` (v). */
export class AdamOptimizer extends Optimizer {
  readonly #values: readonly [Hyperparameter, Hyperparameter, Hyperparameter, Hyperparameter];
  #powers: readonly [Variable, Variable] | undefined;

  /** Each setting is a number, or a scalar tensor that is computed anew in each step, such as a schedule's. */
  constructor(
    learningRate: Hyperparameter = 0.001,
    beta1: Hyperparameter = 0.9,
    { beta2 = 0.999, epsilon = 1e-8, name = "Adam" }: AdamOptions = {},
  ) {
    super(name);
    this.#values = [learningRate, beta1, beta2, epsilon];
  }

  /** The powers of the two betas that correct the start. */
  get betaPowers(): readonly [Variable, Variable] | undefined {
    return this.#powers;
  }

  protected override nonSlotVariables(): readonly Variable[] {
    return this.#powers ?? [];
  }

  protected override createSlots(variables: readonly Variable[]): void {
    const [, beta1, beta2] = this.#values;
    this.#powers ??= [power(beta1, "beta1_power"), power(beta2, "beta2_power")];
    for (const variable of variables) {
      this.slot(variable, "m");
      this.slot(variable, "v");
    }
  }

  protected override hyperparameters(graph: Graph): readonly Output[] {
    const names = ["learning_rate", "beta1", "beta2", "epsilon"];
    return this.#values.map((value, index) => hyperparameter(graph, value, names[index] ?? ""));
  }

  protected override update({ graph, gradient, variable, hyper }: UpdateStep): Operation {
    const powers = (this.#powers ?? []).map((each) => each.readOutput());
    const state = [variable, this.slot(variable, "m"), this.slot(variable, "v")];
    return addUpdate(graph, { type: "ApplyAdam", state, inputs: [...powers, ...hyper, gradient], compute: adam });
  }

  protected override finish({ updates, hyper, name }: FinishStep): Operation {
    const [, beta1, beta2] = hyper;
    const [power1, power2] = this.#powers ?? [];
    if (!beta1 || !beta2 || !power1 || !power2) throw new Error("Adam's powers are made before its updates");
    const grown = controlDependencies(updates, () => [grow(power1, beta1), grow(power2, beta2)]);
    return group([...updates, ...grown], { name });
  }
}

/** ApplyAdam in a file. */
export const adamReaders: NodeReaders = updateReaders("ApplyAdam", (node) =>
  node.bool("use_nesterov") ? node.refuse("is Adam with Nesterov's momentum") : { state: 3, compute: adam });

/** Rarely changed settings of Adam. */
export interface AdamOptions {
  /** How slowly the mean of the squared gradients forgets; 0.999 unless given. */
  readonly beta2?: Hyperparameter;
  /** Added to the root that divides; 1e-8 unless given. */
  readonly epsilon?: Hyperparameter;
  /** Name of the slots and of the updates' scope; `Adam` unless given. */
  readonly name?: string;
}

function power(beta: Hyperparameter, name: string): Variable {
  return new Variable(beta, { name, trainable: false });
}

function grow(variable: Variable, beta: Output): Operation {
  const { graph } = variable.op;
  const inputs = [["a", variable.readOutput()], ["b", beta]] as const;
  const product = onlyOutput(addKernel(graph, { kernel: "Multiply", inputs }).operation);
  return opOf(variable.assign(product.tensor));
}

/**
 * TF's formula, rounded after each operation; a backend may bring all of it as one kernel called ApplyAdam, with inputs
 * `var, m, v, grad, power1, power2, rate, beta1, beta2, epsilon` and outputs `[var, m, v]`.
 */
function adam(state: readonly tf.Tensor[], inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const [variable, m, v] = state as [tf.Tensor, tf.Tensor, tf.Tensor];
  const [power1, power2, rate, beta1, beta2, epsilon, grad] = inputs;
  if (!power1 || !power2 || !rate || !beta1 || !beta2 || !epsilon || !grad) throw new TypeError("ApplyAdam takes ten inputs");
  if (tf.getKernel("ApplyAdam", backendName())) {
    return runKernel("ApplyAdam", { var: variable, m, v, grad, power1, power2, rate, beta1, beta2, epsilon });
  }
  const alpha = tf.div(tf.mul(rate, tf.sqrt(tf.sub(1, power2))), tf.sub(1, power1));
  const nextM = tf.add(m, tf.mul(tf.sub(grad, m), tf.sub(1, beta1)));
  const nextV = tf.add(v, tf.mul(tf.sub(tf.square(grad), v), tf.sub(1, beta2)));
  return [tf.sub(variable, tf.div(tf.mul(nextM, alpha), tf.add(tf.sqrt(nextV), epsilon))), nextM, nextV];
}
