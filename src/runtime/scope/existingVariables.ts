// Variables of operations that are in the graph already: each operation is one variable, whoever asks for it.
import type { VariableDef } from "#formats/graphDef/metaGraphDef";
import { onlyOutput } from "../graph/constants";
import { ValueError } from "../graph/errors";
import type { Graph } from "../graph/graph";
import { outputOf } from "../graph/graphTensor";
import type { Operation, Output } from "../graph/operation";
import { Variable, VariableNodes } from "./variable";

const variablesOfGraph = Symbol("variables by operation");

/** The variable whose own operation this is; `told` is what a file says of it beyond its operations. */
export function variableOf(operation: Operation, told?: VariableDef): Variable {
  const { graph } = operation;
  const known = graph.part<Map<Operation, Variable>>(variablesOfGraph, () => new Map());
  const found = known.get(operation) ?? inCollections(graph, operation) ?? existing(operation, told);
  known.set(operation, found);
  return found;
}

function inCollections(graph: Graph, operation: Operation): Variable | undefined {
  const all = graph.getAllCollectionKeys().flatMap((key) => graph.getCollection(key));
  return all.find((item): item is Variable => item instanceof Variable && item.op === operation);
}

function existing(operation: Operation, told: VariableDef | undefined): Variable {
  const { graph } = operation;
  const users = graph.operations.filter(({ inputs: [first] }) => first?.operation === operation);
  const named = told && graph.findOperation(told.initializerName);
  const initializer = named ?? users.find(({ name, type }) => name === `${operation.name}/Assign` && type.startsWith("Assign"));
  const snapshot = told?.snapshotName ? outputOf(graph.getTensorByName(told.snapshotName)) : undefined;
  const reads = users.filter(({ type }) => type === "Identity" || type === "ReadVariableOp").map(onlyOutput);
  const [first, ...others] = snapshot ? [snapshot, ...reads.filter((read) => read !== snapshot)] : reads;
  if (!initializer?.inputs[1] || !first) throw new ValueError(`${operation.name} is a variable without the operations that initialize and read it.`);
  const nodes = new VariableNodes(onlyOutput(operation), initializer, [first, ...others] satisfies [Output, ...Output[]]);
  return new Variable(nodes, {
    trainable: told?.trainable ?? false,
    useResource: operation.type === "VarHandleOp",
    ...(told?.slice && { saveSlice: told.slice }),
  });
}
