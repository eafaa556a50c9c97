// TF1's functions that change a variable; each gives the variable as it is behind the change.
import type * as tf from "@tensorflow/tfjs-core";
import type { ConstantValue } from "../graph/constants";
import type { Variable } from "./variable";

/** Options of the assignments. */
export interface AssignOptions {
  /** Name of the operation; made unique. */
  readonly name?: string;
}

/** Replaces the value of a variable. */
export function assign<R extends tf.Rank>(variable: Variable<R>, value: tf.Tensor | ConstantValue, options?: AssignOptions): tf.Tensor<R> {
  return variable.assign(value, options);
}

/** Adds to a variable in place. */
export function assignAdd<R extends tf.Rank>(variable: Variable<R>, value: tf.Tensor | ConstantValue, options?: AssignOptions): tf.Tensor<R> {
  return variable.assignAdd(value, options);
}

/** Subtracts from a variable in place. */
export function assignSub<R extends tf.Rank>(variable: Variable<R>, value: tf.Tensor | ConstantValue, options?: AssignOptions): tf.Tensor<R> {
  return variable.assignSub(value, options);
}
