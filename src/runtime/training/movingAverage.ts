// One update of a moving average, in float32 and with one rounding an operation as TensorFlow (EM-5 to EM-8, EM-17, EM-18).
import * as tf from "@tensorflow/tfjs-core";
import { cast } from "../graph/cast";
import { constant } from "../graph/constants";
import { controlDependencies } from "../graph/controlDependencies";
import { getDefaultGraph } from "../graph/graph";
import { buildingGraph } from "../graph/trace";
import { getVariable } from "../scope/getVariable";
import { zerosInitializer } from "../scope/initializers";
import type { Variable } from "../scope/variable";
import { getVariableScope, variableScope } from "../scope/variableScope";

/** Options of assignMovingAverage. */
export interface MovingAverageOptions {
  /** Near 1; lower forgets faster. */
  readonly decay: number | tf.Tensor;
  /** Default true: the variable is taken to have started at zero, and the average to be of its updates alone (EM-8). */
  readonly zeroDebias?: boolean;
  /** Name scope, and name of the assignment. */
  readonly name?: string;
}

/**
 * Moves an average towards a value, `variable -= (variable - value) * (1 - decay)`; gives the variable behind it.
 * 1 - decay is rounded to float32 before all else: for a number once, in double until then, for a tensor at each run.
 */
export function assignMovingAverage(
  variable: Variable,
  value: tf.Tensor,
  { decay, zeroDebias = true, name = "AssignMovingAvg" }: MovingAverageOptions,
): tf.Tensor {
  return buildingGraph(() =>
    getDefaultGraph().withinNameScope(name, (scope) => {
      const dtype = variable.declaredDtype;
      const single = typeof decay === "number" ? constant(Math.fround(1 - decay), { name: "decay", dtype }) : tf.sub(1, decay);
      const share = typeof decay === "number" || dtype === "float32" ? single : cast(single, dtype);
      if (zeroDebias) return debiased({ variable, value, share, scope });
      return variable.assignSub(tf.mul(tf.sub(variable, value), share), { name: scope });
    }),
  );
}

/**
 * The average of `value` in which each counts by its `weight`: two averages from zero, of the products and of the
 * weights, and their quotient. Computing it updates both.
 */
export function weightedMovingAverage(
  value: tf.Tensor,
  weight: tf.Tensor,
  { decay, name, collections }: { readonly decay: number | tf.Tensor; readonly name?: string; readonly collections?: readonly string[] },
): tf.Tensor {
  const average = (): tf.Tensor => {
    const kept = { initializer: zerosInitializer(), trainable: false, ...(collections && { collections }) };
    const products = getVariable("value_x_weight", { ...kept, shape: value.shape });
    const weights = getVariable("weight", { ...kept, shape: weight.shape });
    const numerator = assignMovingAverage(products, tf.mul(value, weight), { decay, zeroDebias: false });
    const denominator = assignMovingAverage(weights, weight, { decay, zeroDebias: false });
    return tf.div(numerator, denominator);
  };
  const options = { defaultName: "WeightedMovingAvg" };
  return buildingGraph(() => (name === undefined ? variableScope(null, options, average) : variableScope(name, average)));
}

/** EM-8: a biased average from zero and the number of updates; the first update gives exactly the value. */
function debiased(update: { variable: Variable; value: tf.Tensor; share: tf.Tensor; scope: string }): tf.Tensor {
  const { variable, value, share, scope } = update;
  const [biased, localStep] = variableScope(variable.op.name, () => [
    debiasVariable("biased", variable, variable.shape),
    debiasVariable("local_step", variable, []),
  ]) as [Variable, Variable];
  const newBiased = biased.assignSub(tf.mul(tf.sub(biased, value), share));
  const newStep = localStep.assignAdd(1);
  const factor = tf.sub(1, tf.pow(tf.sub(1, share), newStep));
  const average = controlDependencies([newBiased], () => tf.div(newBiased, factor));
  return variable.assign(average, { name: scope });
}

/** A second set of the same name outside of reuse gets `_1` (EM-13). */
function debiasVariable(name: string, { declaredDtype: dtype }: Variable, shape: readonly number[]): Variable {
  const scope = getVariableScope();
  const taken = new Set(scope.globalVariables().map(({ op }) => op.name));
  let unique = name;
  for (let index = 1; !scope.reuse && taken.has(`${scope.name}/${unique}`); index++) unique = `${name}_${index}`;
  return getVariable(unique, { shape, dtype, initializer: zerosInitializer(), trainable: false });
}
