// One update of a moving average, in float32 and with one rounding an operation as TensorFlow (EM-5 to EM-8).
import * as tf from "@tensorflow/tfjs-core";
import { controlDependencies } from "../graph/controlDependencies";
import { getDefaultGraph } from "../graph/graph";
import type { Operation } from "../graph/operation";
import { opOf } from "../graph/graphTensor";
import { getVariable } from "../scope/getVariable";
import { zerosInitializer } from "../scope/initializers";
import type { Variable } from "../scope/variable";
import { getVariableScope, variableScope } from "../scope/variableScope";

/** What an average is updated with. */
export interface AverageUpdate {
  /** The average. */
  readonly shadow: Variable;
  readonly value: tf.Tensor;
  /** The decay of this run, a float32 scalar. */
  readonly decay: tf.Tensor;
  readonly zeroDebias: boolean;
}

/** `shadow -= (shadow - value) * (1 - decay)`, 1 - decay in float32 before all else (EM-7); an AssignSub or Assign. */
export function assignMovingAverage({ shadow, value, decay, zeroDebias }: AverageUpdate): Operation {
  return getDefaultGraph().withinNameScope("AssignMovingAvg", (scope) => {
    const share = tf.sub(1, decay);
    if (zeroDebias) return debiased({ shadow, value, share, scope });
    return opOf(shadow.assignSub(tf.mul(tf.sub(shadow, value), share), { name: scope }));
  });
}

/** EM-8: a biased average from zero and the number of updates; the first update gives exactly the value. */
function debiased(update: { shadow: Variable; value: tf.Tensor; share: tf.Tensor; scope: string }): Operation {
  const { shadow, value, share, scope } = update;
  const [biased, localStep] = variableScope(shadow.op.name, () => [
    debiasVariable("biased", shadow.shape),
    debiasVariable("local_step", []),
  ]) as [Variable, Variable];
  const newBiased = biased.assignSub(tf.mul(tf.sub(biased, value), share));
  const newStep = localStep.assignAdd(1);
  const factor = tf.sub(1, tf.pow(tf.sub(1, share), newStep));
  const average = controlDependencies([newBiased], () => tf.div(newBiased, factor));
  return opOf(shadow.assign(average, { name: scope }));
}

/** A second set of the same name outside of reuse gets `_1` (EM-13). */
function debiasVariable(name: string, shape: readonly number[]): Variable {
  const scope = getVariableScope();
  const taken = new Set(scope.globalVariables().map(({ op }) => op.name));
  let unique = name;
  for (let index = 1; !scope.reuse && taken.has(`${scope.name}/${unique}`); index++) unique = `${name}_${index}`;
  return getVariable(unique, { shape, initializer: zerosInitializer(), trainable: false });
}
