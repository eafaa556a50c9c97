// TensorFlow 1's operations that choose: Switch passes a value on to one of two outputs, Merge takes the one that came.
import * as tf from "@tensorflow/tfjs-core";
import { dtypeCode } from "#formats/tensor/dtypes";
import { typeAttr } from "./attrs";
import type { NodeReaders } from "./fileNode";
import type { Graph } from "./graph";
import { untaken, type Held, type Operation, type OperationBehaviour, type Output } from "./operation";
import { valueOf } from "./variableValues";

/** What an operation of this type does with the branch that was not taken: a run with one of these looks out for it. */
export function choosesBranch({ type }: Operation): boolean {
  return type === "Switch" || type === "RefSwitch";
}

/** Whether an operation lies on a branch that was not taken; a Merge only if nothing came at all. */
export function isUntaken({ type }: Operation, inputs: readonly (Held | undefined)[]): boolean {
  return type === "Merge" ? inputs.every((held) => held === untaken) : inputs.includes(untaken);
}

/** Output 0 where the condition is false, output 1 where it is true; of a variable's reference `RefSwitch`. */
export function addSwitch(graph: Graph, { name, data, condition }: { readonly name: string; readonly data: Output; readonly condition: Output }): Operation {
  const isReference = data.operation.type === "VariableV2";
  const isResource = data.operation.type === "VarHandleOp";
  return graph.createOperation({
    type: isReference ? "RefSwitch" : "Switch",
    name,
    inputs: [data, condition],
    attrs: new Map([["T", isResource ? { kind: "type", type: dtypeCode("resource") } : typeAttr(data.dtype)]]),
    ...switching(data),
  });
}

/** The first of `inputs` that came, of one type and shape, and which it was. */
export function addMerge(graph: Graph, name: string, inputs: readonly [Output, ...Output[]]): Operation {
  return graph.createOperation({
    type: "Merge",
    name,
    inputs,
    attrs: new Map([["T", typeAttr(inputs[0].dtype)], ["N", { kind: "int", value: inputs.length }]]),
    ...merging(inputs[0]),
  });
}

/** Switch and Merge in a file. */
export const branchReaders: NodeReaders = {
  Switch: (node) => switching(node.input(0)),
  RefSwitch: (node) => switching(node.input(0)),
  Merge: (node) => merging(node.input(0)),
};

function switching(data: Output): OperationBehaviour {
  return {
    outputs: [data, data],
    execute: async ([value, condition]) => {
      const chosen = valueOf(condition as Held);
      if (!(chosen instanceof tf.Tensor) || value === undefined) throw new TypeError("a Switch lacks its condition");
      const [taken] = await chosen.data<"bool">();
      return taken ? [untaken, value] : [value, untaken];
    },
  };
}

function merging(first: Output): OperationBehaviour {
  return {
    outputs: [first, { dtype: "int32", shape: [] }],
    execute: (held) => {
      const place = held.findIndex((each) => each !== untaken);
      return [held[place] as Held, tf.scalar(place, "int32")];
    },
  };
}
