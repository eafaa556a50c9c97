// Plain `tf.Variable`s met while a graph is built: what happens to them is decided by the scopes, which lie above.
import * as tf from "@tensorflow/tfjs-core";
import { isComposite, isVariable, type VariableMark } from "./variableMark";

/** What a graph does with plain variables. */
export interface PlainVariables {
  /** The graph's variable that stands for a plain one. */
  of(plain: tf.Variable): tf.Tensor & VariableMark;
  /** `plain.assign(value)` while the graph is built. */
  assign(plain: tf.Variable, value: tf.Tensor): void;
  /** A plain variable was made from a value that only the graph has. */
  made(plain: tf.Variable, initial: tf.Tensor): void;
}

let plainVariables: PlainVariables | undefined;

/** Says who stands for plain variables. */
export function setPlainVariables(handler: PlainVariables): void {
  plainVariables = handler;
}

/** Who stands for plain variables. */
export function getPlainVariables(): PlainVariables {
  if (!plainVariables) throw new Error("scope/plainVariables was not loaded");
  return plainVariables;
}

/** The variable of the graph that a tensor is or stands for; undefined for anything else. */
export function graphVariable(tensor: tf.Tensor): (tf.Tensor & VariableMark) | undefined {
  if (isVariable(tensor)) return tensor;
  return tensor instanceof tf.Variable && !isComposite(tensor) ? getPlainVariables().of(tensor) : undefined;
}
