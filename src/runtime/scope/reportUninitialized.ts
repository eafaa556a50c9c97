// Which variables have no value yet: TensorFlow's own chain of operations, so that TensorFlow can import the graph.
import * as tf from "@tensorflow/tfjs-core";
import { intAttr, listAttr, typeAttr } from "../graph/attrs";
import { addConstant, onlyOutput } from "../graph/constants";
import { getDefaultGraph, type Graph } from "../graph/graph";
import type { NodeReaders } from "../graph/fileNode";
import type { OperationBehaviour, Output, Value } from "../graph/operation";
import { onValues } from "../graph/variableValues";
import { isVariableInitialized, type Variable } from "./variable";
import { globalVariables, localVariables } from "./variables";

/**
 * Names of those variables that have no value in the session, as strings' bytes; by default of all global and local
 * variables. The shape tells how many were asked about, the fetched list is as long as there are names.
 */
export function reportUninitializedVariables(
  list: readonly Variable[] = [...globalVariables(), ...localVariables()],
): tf.Tensor {
  const graph = getDefaultGraph();
  return graph.withinNameScope("report_uninitialized_variables", () => {
    const values = list.map(({ op }) => new TextEncoder().encode(op.name));
    const names = addConstant(graph, { values, shape: [list.length], dtype: "string" }, "Const");
    return (list.length === 0 ? names : masked(graph, names, list)).tensor;
  });
}

function masked(graph: Graph, names: Output, list: readonly Variable[]): Output {
  const count = list.length;
  const initialized = graph.createOperation({
    type: "Pack",
    name: "stack",
    inputs: list.map((variable) => isVariableInitialized(variable)),
    attrs: new Map([["T", typeAttr("bool")], ["N", intAttr(count)], ["axis", intAttr(0)]]),
    outputs: [{ dtype: "bool", shape: [count] }],
    run: (flags) => [tf.stack(flags.map(tensor))],
  });
  const missing = graph.createOperation({
    type: "LogicalNot",
    inputs: [onlyOutput(initialized)],
    outputs: [{ dtype: "bool", shape: [count] }],
    run: ([flags]) => [tf.logicalNot(tensor(flags))],
  });
  return graph.withinNameScope("boolean_mask", () => chosen(graph, names, onlyOutput(missing)));
}

/** The elements of `names` at which `mask` is true. */
function chosen(graph: Graph, names: Output, mask: Output): Output {
  const [count = 0] = mask.shape;
  const places = graph.createOperation({
    type: "Where",
    inputs: [mask],
    attrs: new Map([["T", typeAttr("bool")]]),
    ...finding(count),
  });
  const flat = graph.createOperation({
    type: "Squeeze",
    inputs: [onlyOutput(places)],
    attrs: new Map([["T", typeAttr("int64")], ["squeeze_dims", listAttr([intAttr(1)])]]),
    ...flattening(count),
  });
  const axis = addConstant(graph, { values: Int32Array.of(0), shape: [], dtype: "int32" }, "GatherV2/axis");
  return onlyOutput(graph.createOperation({
    type: "GatherV2",
    inputs: [names, onlyOutput(flat), axis],
    attrs: new Map([
      ["Tparams", typeAttr("string")], ["Tindices", typeAttr("int64")], ["Taxis", typeAttr("int32")], ["batch_dims", intAttr(0)],
    ]),
    ...picking(count),
  }));
}

/** The same operations in a file. Those of their types that are kernels are left to these. */
export const uninitializedReaders: NodeReaders = {
  Where: (node) => (node.input(0).shape.length === 1 ? finding(node.input(0).shape[0] ?? 0) : node.refuse("looks for places in more than one dimension")),
  Squeeze: (node) => (node.input(0).dtype === "int64" && node.input(0).shape.length === 2 ? flattening(node.input(0).shape[0] ?? 0) : undefined),
  GatherV2: (node) => (node.input(0).dtype === "string" ? picking(node.outputShape(0)[0] ?? 0) : undefined),
};

/** The places at which flags are true; at most so many. */
function finding(count: number): OperationBehaviour {
  return { outputs: [{ dtype: "int64", shape: [count, 1] }], execute: onValues(async ([flags]) => [placesOf(await tensor(flags).data<"bool">())]) };
}

function flattening(count: number): OperationBehaviour {
  return { outputs: [{ dtype: "int64", shape: [count] }], execute: onValues(([found]) => [tf.reshape(tensor(found), [tensor(found).size])]) };
}

function picking(count: number): OperationBehaviour {
  return {
    outputs: [{ dtype: "string", shape: [count] }],
    execute: onValues(async ([all, found]) => [Array.from(await tensor(found).data<"int32">(), (place) => (all as Uint8Array[])[place] ?? new Uint8Array())]),
  };
}

function placesOf(flags: ArrayLike<number>): tf.Tensor {
  const places = Array.from(flags).flatMap((flag, place) => (flag ? [place] : []));
  return tf.tensor2d(places, [places.length, 1], "int32");
}

function tensor(value: Value | undefined): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  throw new TypeError("a tensor is wanted here");
}
