// The variables that belong to a box: those inside, else those that it reads.
import type { BoxVariables, GraphVariable } from "#model/graph";
import { operationNamed } from "./box";
import { isVariable } from "./operationKinds";
import { operationsIn, type ScopeTree } from "./scopeTree";
import { shapeText } from "./shapeText";

/** The largest first. Slots and averages within a variable's scope are not among them. An unknown name has none. */
export function boxVariables(tree: ScopeTree, name: string): BoxVariables {
  const scope = tree.scopes.get(name);
  const operation = operationNamed(tree, name);
  const inside = scope ? operationsIn(scope) : operation === undefined ? [] : [operation];
  const own = variablesAmong(tree, inside);
  const found = own.length > 0 ? own : variablesAmong(tree, inside.flatMap((index) => readBy(tree, index)));
  return { variables: [...found].sort((one, other) => other.elements - one.elements), inside: own.length > 0 };
}

function variablesAmong(tree: ScopeTree, operations: readonly number[]): readonly GraphVariable[] {
  return [...new Set(operations)].flatMap((index): GraphVariable[] => {
    const node = tree.model.nodes[index];
    const owner = tree.variableOf[index];
    const main = owner === index || (typeof owner === "object" && owner.own === index);
    if (!node || !isVariable(node.op) || !main) return [];
    const [sizes] = node.shapes;
    const shape = shapeText(sizes);
    // A resource's handle is stored under its shared name.
    const stored = node.attrs.get("shared_name");
    return [{
      name: node.name, stored: stored === undefined || stored === "" ? node.name : stored,
      elements: !sizes || sizes.some((size) => size < 0) ? 0 : sizes.reduce((product, size) => product * size, 1), ...(shape !== undefined && { shape }),
    }];
  });
}

/** Variables whose value goes into an operation, also through the operation that reads it. */
function readBy(tree: ScopeTree, operation: number): readonly number[] {
  return (tree.inputs[operation] ?? []).flatMap(({ from, control }) => {
    const owner = control || from < 0 ? undefined : tree.variableOf[from];
    return owner === undefined ? [] : typeof owner === "number" ? [owner] : owner.own === undefined ? [] : [owner.own];
  });
}
