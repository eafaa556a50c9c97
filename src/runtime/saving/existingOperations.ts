// The operations of a Saver that are in the graph already, and what they save and restore (SV-11).
import type { SaverDef } from "#formats/graphDef/metaGraphDef";
import { ValueError } from "../graph/errors";
import type { Graph } from "../graph/graph";
import { outputOf } from "../graph/graphTensor";
import type { Operation, Output } from "../graph/operation";
import { variableOf } from "../scope/existingVariables";
import type { Saveable } from "./saveables";
import type { SaveOperations } from "./saveOperations";
import { tensorsOf, variableBehind } from "./saveNodes";

/** Finds them by the names of the definition; `scope` is the name scope that they were imported under, with its slash. */
export function existingOperations(graph: Graph, def: SaverDef, scope: string): { readonly operations: SaveOperations; readonly saveables: readonly Saveable[] } {
  if (!def.saveTensorName) throw new ValueError("The saverDef must specify a saveTensorName.");
  if (!def.restoreOpName) throw new ValueError("The saverDef must specify a restoreOpName.");
  const operations = {
    filename: outputOf(graph.getTensorByName(scope + def.filenameTensorName)),
    save: outputOf(graph.getTensorByName(scope + def.saveTensorName)),
    restoreAll: graph.getOperationByName(scope + def.restoreOpName),
  };
  const saveables = assignmentsOf(operations.restoreAll).map(saveableOf);
  if (saveables.length === 0) throw new ValueError(`${operations.restoreAll.name} restores no variables.`);
  return { operations, saveables };
}

/** What an operation waits for that assigns, also through others that only wait. */
function assignmentsOf({ controlInputs }: Operation): Operation[] {
  return controlInputs.flatMap((input) => (input.type === "NoOp" ? assignmentsOf(input) : input.type.startsWith("Assign") ? [input] : []));
}

function saveableOf({ name, inputs: [target, value] }: Operation): Saveable {
  const variable = variableBehind(target);
  const restored = restoredBy(value);
  if (!variable || !restored) throw new ValueError(`${name} does not restore a variable from a checkpoint.`);
  const stored = tensorsOf(restored.operation, restored.operation.outputs)[restored.index];
  if (!stored) throw new ValueError(`${restored.name} has no name in a checkpoint.`);
  return { ...stored, variable: variableOf(variable) };
}

function restoredBy(value: Output | undefined): Output | undefined {
  if (!value || value.operation.type === "RestoreV2") return value;
  return ["Identity", "Reshape"].includes(value.operation.type) ? restoredBy(value.operation.inputs[0]) : undefined;
}
