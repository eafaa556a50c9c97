// Adam with TF1's formula, names and state: two slots a variable, two powers an optimizer, one ApplyAdam a variable.
import * as tf from "@tensorflow/tfjs-core";
import { typeAttr } from "../graph/attrs";
import { onlyOutput } from "../graph/constants";
import { controlDependencies, group } from "../graph/controlDependencies";
import { backendName, runKernel } from "../graph/engine";
import type { Graph } from "../graph/graph";
import { opOf } from "../graph/graphTensor";
import { addKernel } from "../graph/kernelOperation";
import type { Held, Operation, Output } from "../graph/operation";
import { Variable } from "../scope/variable";
import { hyperparameter, Optimizer, type FinishStep, type Hyperparameter, type UpdateStep } from "./optimizer";
import { tensorOf, updated } from "./updateInputs";

/** TF1's AdamOptimizer. Slots are `<variable>/Adam` (m) and `<variable>/Adam_1` (v). */
export class AdamOptimizer extends Optimizer {
  readonly #values: readonly [Hyperparameter, Hyperparameter, Hyperparameter, Hyperparameter];
  #powers: readonly [Variable, Variable] | undefined;

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

  override variables(): Variable[] {
    return [...(this.#powers ?? []), ...super.variables()];
  }

  protected override createSlots(variables: readonly Variable[]): void {
    const [, beta1, beta2] = this.#values;
    this.#powers ??= [power(beta1, "beta1_power"), power(beta2, "beta2_power")];
    for (const variable of variables) {
      this.zerosSlot(variable, "m");
      this.zerosSlot(variable, "v");
    }
  }

  protected override hyperparameters(graph: Graph): readonly Output[] {
    const names = ["learning_rate", "beta1", "beta2", "epsilon"];
    return this.#values.map((value, index) => hyperparameter(graph, value, names[index] ?? ""));
  }

  protected override update({ graph, gradient, variable, hyper }: UpdateStep): Operation {
    const reference = onlyOutput(variable.op);
    const slots = [this.zerosSlot(variable, "m"), this.zerosSlot(variable, "v")].map((slot) => onlyOutput(slot.op));
    const powers = (this.#powers ?? []).map((each) => each.readOutput());
    return graph.createOperation({
      type: "ApplyAdam",
      inputs: [reference, ...slots, ...powers, ...hyper, gradient],
      attrs: new Map([["T", typeAttr(variable.declaredDtype)]]),
      outputs: [reference],
      execute: applyAdam,
    });
  }

  protected override finish({ updates, hyper, name }: FinishStep): Operation {
    const [, beta1, beta2] = hyper;
    const [power1, power2] = this.#powers ?? [];
    if (!beta1 || !beta2 || !power1 || !power2) throw new Error("Adam's powers are made before its updates");
    const grown = controlDependencies(updates, () => [grow(power1, beta1), grow(power2, beta2)]);
    return group([...updates, ...grown], { name });
  }
}

/** Rarely changed settings of Adam. */
export interface AdamOptions {
  readonly beta2?: Hyperparameter;
  readonly epsilon?: Hyperparameter;
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
 * Inputs: variable, m, v (references), beta1_power, beta2_power, learning rate, beta1, beta2, epsilon, gradient.
 * TF's formula, rounded after each operation; a backend may bring all of it as one kernel called ApplyAdam, with inputs
 * `var, m, v, grad, power1, power2, rate, beta1, beta2, epsilon` and outputs `[var, m, v]`.
 */
function applyAdam(inputs: readonly Held[]): readonly Held[] {
  const [target, m, v] = inputs.slice(0, 3).map(updated);
  const [power1, power2, rate, beta1, beta2, epsilon, grad] = inputs.slice(3).map(tensorOf);
  if (!target || !m || !v || !power1 || !power2 || !rate || !beta1 || !beta2 || !epsilon || !grad) {
    throw new TypeError("ApplyAdam takes ten inputs");
  }
  const state = { var: tensorOf(target), m: tensorOf(m), v: tensorOf(v), grad };
  const [nextVar, nextM, nextV] = tf.tidy(() => {
    if (tf.getKernel("ApplyAdam", backendName())) {
      return runKernel("ApplyAdam", { ...state, power1, power2, rate, beta1, beta2, epsilon });
    }
    const alpha = tf.div(tf.mul(rate, tf.sqrt(tf.sub(1, power2))), tf.sub(1, power1));
    const newM = tf.add(state.m, tf.mul(tf.sub(grad, state.m), tf.sub(1, beta1)));
    const newV = tf.add(state.v, tf.mul(tf.sub(tf.square(grad), state.v), tf.sub(1, beta2)));
    return [tf.sub(state.var, tf.div(tf.mul(newM, alpha), tf.add(tf.sqrt(newV), epsilon))), newM, newV];
  });
  if (!nextVar || !nextM || !nextV) throw new TypeError("ApplyAdam gives three values");
  target.write(nextVar);
  m.write(nextM);
  v.write(nextV);
  return [target];
}
