// The box of a graph that a tag or a variable leads to.
import type { GraphTie } from "#model/graph";
import { operationName } from "./box";
import { isVariable } from "./operationKinds";
import type { ScopeTree } from "./scopeTree";
import { summaryTags } from "./summaryTags";

/** A box's name; what the graph does not hold leads to the innermost scope of its name; undefined where there is none. */
export function placeOf(tree: ScopeTree, tie: GraphTie): string | undefined {
  if ("tag" in tie) return summaryTags(tree).find(({ tag }) => tag === tie.tag)?.node ?? innermostScope(tree, tie.tag);
  const { nodes } = tree.model;
  const stored = tree.indexOf.get(tie.variable) ?? nodes.findIndex(({ op, attrs }) => isVariable(op) && attrs.get("shared_name") === tie.variable);
  // Slots and averages are within the variable that they belong to.
  const owner = tree.variableOf[stored];
  if (typeof owner === "object") return owner.name;
  return owner === undefined ? innermostScope(tree, tie.variable) : operationName(tree, owner).name;
}

function innermostScope(tree: ScopeTree, name: string): string | undefined {
  for (let end = name.length; end > 0; end = name.lastIndexOf("/", end - 1)) {
    const scope = name.slice(0, end);
    if (tree.scopes.has(scope)) return scope;
  }
  return undefined;
}
