// What the graph knows of a variable, without knowing the class: its own operation and how to read it.
import type { OutputDtype } from "./dtypes";
import type * as tf from "@tensorflow/tfjs-core";
import type { Operation, Output } from "./operation";

/** The part of a variable that graph, session and gradients need. */
export interface VariableMark {
  /** The type that is saved and drawn; tfjs's own `dtype` carries it. */
  readonly declaredDtype: OutputDtype;
  /** The variable's own operation, whose output is the reference. */
  readonly op: Operation;
  /** The read of an operation that is given the variable itself; a resource variable makes a new one, so named. */
  readOutput(name?: string): Output;
  /** Reads are snapshots made where they are needed. */
  readonly useResource: boolean;
  /** All reads made so far: where gradients with respect to the variable end. */
  readonly reads: readonly Output[];
}

const marked = new WeakSet<object>();

/** Declares an object to be a variable. */
export function markVariable(variable: tf.Tensor & VariableMark): void {
  marked.add(variable);
}

/** Whether a tensor is one of this runtime's variables. */
export function isVariable(value: unknown): value is tf.Tensor & VariableMark {
  return typeof value === "object" && value !== null && marked.has(value);
}

const composites = new WeakMap<object, () => Output>();

/** Declares a tensor to be made of several outputs; `join` adds what makes one of them, at each use. */
export function markComposite(tensor: tf.Tensor, join: () => Output): void {
  composites.set(tensor, join);
}

/** The joined output of a composite tensor, made for this use; undefined for any other tensor. */
export function joinComposite(tensor: tf.Tensor): Output | undefined {
  return composites.get(tensor)?.();
}

/** Whether a tensor is made of several outputs. */
export function isComposite(tensor: tf.Tensor): boolean {
  return composites.has(tensor);
}
