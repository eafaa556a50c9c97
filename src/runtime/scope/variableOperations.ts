// What the operations around a variable do, made by a script or read from a file: hold, read, assign, update, ask.
import * as tf from "@tensorflow/tfjs-core";
import { carrierOf } from "../graph/dtypes";
import { shareTensor } from "../graph/engine";
import type { FileNode, NodeReaders } from "../graph/fileNode";
import { earlyAttr } from "../graph/graphDef";
import { passing } from "../graph/identity";
import type { Held, OperationBehaviour, Output, OutputSpec, Value } from "../graph/operation";
import { valueOf, VariableReference } from "../graph/variableValues";

/** Types of the operations that are variables. */
export const variableTypes: readonly string[] = ["VariableV2", "Variable", "VarHandleOp"];

/** The ways in which an operation changes a variable. */
export type UpdateKind = "Assign" | "AssignAdd" | "AssignSub";

/** A variable's own operation gives a reference to what the session holds. */
export function holdingVariable(output: OutputSpec): OperationBehaviour {
  return { outputs: [output], execute: (_inputs, { session }, self) => [session.reference(self)] };
}

/** Replaces a variable's value, or changes it in place; of a reference variable the result is the reference. */
export function updatingVariable(kind: UpdateKind, variable: Output): OperationBehaviour {
  const resource = isResource(variable);
  return {
    outputs: resource ? [] : [variable],
    execute: ([target, given]) => {
      const reference = referenceOf(target);
      if (given === undefined) throw new TypeError(`${kind} lacks its value`);
      if (kind === "Assign") reference.put(ownShare(valueOf(given)));
      else writeInPlace(reference, kind === "AssignAdd" ? tf.add : tf.sub, valueOf(given));
      return resource ? [] : [reference];
    },
  };
}

/** A reference variable's read passes its box on; a snapshot is a value of its own. */
export function readingVariable(variable: Output, snapshot: boolean): OperationBehaviour {
  return {
    outputs: [variable],
    execute: ([reference]) => {
      const box = referenceOf(reference).box();
      return [snapshot ? ownShare(box.value) : box.hold()];
    },
  };
}

/** Whether a variable has a value. */
export const askingVariable: OperationBehaviour = {
  outputs: [{ dtype: "bool", shape: [] }],
  execute: ([reference]) => [tf.scalar(referenceOf(reference).initialized, "bool")],
};

/** Operations on variables in a file. */
export const variableReaders: NodeReaders = {
  VariableV2: heldIn,
  Variable: heldIn,
  VarHandleOp: heldIn,
  Assign: (node) => updatingVariable("Assign", node.input(0)),
  AssignAdd: (node) => updatingVariable("AssignAdd", node.input(0)),
  AssignSub: (node) => updatingVariable("AssignSub", node.input(0)),
  AssignVariableOp: (node) => updatingVariable("Assign", node.input(0)),
  AssignAddVariableOp: (node) => updatingVariable("AssignAdd", node.input(0)),
  AssignSubVariableOp: (node) => updatingVariable("AssignSub", node.input(0)),
  ReadVariableOp: (node) => ({ ...readingVariable(node.input(0), true), early: node.bool(earlyAttr) }),
  IsVariableInitialized: () => askingVariable,
  VarIsInitializedOp: () => askingVariable,
  Identity: (node) => {
    const input = node.input(0);
    if (givesReference(input)) return { ...readingVariable(input, node.bool(earlyAttr)), early: node.bool(earlyAttr) };
    return input.dtype === "string" ? passing(input) : undefined;
  },
};

function heldIn(node: FileNode): OperationBehaviour {
  const dtype = node.dtype("dtype");
  carrierOf(dtype);
  return holdingVariable({ dtype, shape: node.shape("shape") });
}

/** A variable itself, or its reference on a branch or out of an assignment. */
function givesReference({ operation, index }: Output): boolean {
  const { type } = operation;
  if (variableTypes.includes(type)) return true;
  if (type === "RefSwitch" || (type === "Switch" && operation.inputs[0] !== undefined && givesReference(operation.inputs[0]))) return true;
  return index === 0 && (/^Assign(Add|Sub)?$/.test(type) || /^Apply/.test(type));
}

function isResource({ operation }: Output): boolean {
  return operation.type === "VarHandleOp";
}

function referenceOf(held: Held | undefined): VariableReference {
  if (!(held instanceof VariableReference)) throw new TypeError("an operation lacks the variable that it works on");
  return held;
}

function writeInPlace(reference: VariableReference, operator: typeof tf.add, given: Value): void {
  const { value } = reference.box();
  if (!(value instanceof tf.Tensor) || !(given instanceof tf.Tensor)) throw new TypeError("strings cannot be added");
  reference.write(operator(value, given));
}

/** The same value with an owner of its own. */
function ownShare(value: Value): Value {
  return value instanceof tf.Tensor ? shareTensor(value) : value;
}
