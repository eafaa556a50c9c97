// What an update operation finds among its inputs: tensors to compute with, references to write.
import * as tf from "@tensorflow/tfjs-core";
import type { Held } from "../graph/operation";
import { valueOf, VariableReference } from "../graph/variableValues";

/** The tensor that an input stands for at this moment. */
export function tensorOf(held: Held | undefined): tf.Tensor {
  const value = held === undefined ? undefined : valueOf(held);
  if (!(value instanceof tf.Tensor)) throw new TypeError("an update lacks a number that it needs");
  return value;
}

/** An input that is to be written. */
export function updated(held: Held | undefined): VariableReference {
  if (!(held instanceof VariableReference)) throw new TypeError("an update lacks the variable that it writes");
  return held;
}
