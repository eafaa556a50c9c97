// Ordering by control edges: control_dependencies, group, tuple, no_op (CD-1 to CD-7).
import type * as tf from "@tensorflow/tfjs-core";
import { typeAttr } from "./attrs";
import { isVariable } from "./variableMark";
import { getDefaultGraph, refusePromise, type Graph } from "./graph";
import { findOutput, opOf } from "./graphTensor";
import type { NodeReaders } from "./fileNode";
import { Operation, type OperationBehaviour } from "./operation";

/** What may stand in a list of control dependencies: an operation, a tensor (its operation) or either's name. */
export type Dependency = Operation | tf.Tensor | string;

/** Each operation made in `body` runs after all of `items`. `null` clears what outer blocks require (CD-4). */
export function controlDependencies<T>(items: readonly Dependency[] | null, body: () => T): T {
  const graph = getDefaultGraph();
  const operations = items?.map((item) => operationOf(graph, item));
  return graph.control.within(operations, () => refusePromise(body()));
}

/** An operation that does nothing but wait for its control inputs. */
export function noOp({ name }: { readonly name?: string } = {}): Operation {
  return getDefaultGraph().createOperation({ type: "NoOp", name: name ?? "NoOp", ...nothing });
}

const nothing: OperationBehaviour = { outputs: [], execute: () => undefined };

/** NoOp in a file. */
export const noOpReaders: NodeReaders = { NoOp: () => nothing };

/** One operation that is done when all of `items` are. */
export function group(items: readonly Dependency[], { name }: { readonly name?: string } = {}): Operation {
  const graph = getDefaultGraph();
  const controlInputs = items.map((item) => operationOf(graph, item));
  return graph.createOperation({
    type: "NoOp",
    name: name ?? "group_deps",
    controlInputs,
    ...nothing,
  });
}

/** The same tensors, each available only when all of them are and `controlInputs` have run. */
export function tuple<T extends tf.Tensor>(
  tensors: readonly T[],
  { name, controlInputs = [] }: { readonly name?: string; readonly controlInputs?: readonly Dependency[] } = {},
): T[] {
  const graph = getDefaultGraph();
  return graph.withinNameScope(name ?? "tuple", () => {
    const gate = group([...tensors, ...controlInputs]);
    return graph.control.within([gate], () => tensors.map((tensor) => passOn(graph, tensor)));
  });
}

/** The operation that a dependency names; for a variable its own operation, neither a read nor an assignment (CD-1). */
function operationOf(graph: Graph, item: Dependency): Operation {
  if (item instanceof Operation) return item;
  if (typeof item === "string") {
    return item.includes(":") ? outputOfName(graph, item) : graph.getOperationByName(item);
  }
  if (isVariable(item)) return item.op;
  if (!findOutput(item)) throw new TypeError("A control dependency must be an operation or a tensor of the graph.");
  return opOf(item);
}

function outputOfName(graph: Graph, name: string): Operation {
  const output = findOutput(graph.getTensorByName(name));
  if (!output) throw new TypeError(`'${name}' is no tensor of this graph.`);
  return output.operation;
}

function passOn<T extends tf.Tensor>(graph: Graph, tensor: T): T {
  const output = findOutput(tensor);
  if (!output) throw new TypeError("tuple takes tensors of the graph.");
  const operation = graph.createOperation({
    type: "Identity",
    name: "control_dependency",
    inputs: [output],
    attrs: new Map([["T", typeAttr(output.dtype)]]),
    outputs: [output],
    execute: (inputs) => inputs,
  });
  return operation.outputs[0]?.tensor as T;
}
