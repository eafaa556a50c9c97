// A box of one level: a scope or a single operation, and what it is.
import type { LevelNode } from "#model/graph";
import { isConstant, isNoOp, isVariable } from "./operationKinds";
import { operationsIn, type Scope, type ScopeTree } from "./scopeTree";

/** A child of an opened scope. */
export interface Box {
  /** Full name; an operation with the same name as its scope is `scope/(label)`. */
  readonly name: string;
  readonly label: string;
  readonly scope?: Scope;
  /** The operation itself, or the one of the scope's name. */
  readonly operation?: number;
  /** All operations inside, in the graph's order. */
  readonly inside: readonly number[];
}

/** The boxes of an opened scope in the order in which the graph made them. */
export function boxesOf(tree: ScopeTree, scope: Scope): Box[] {
  const scopes = [...scope.children.values()].map((child): Box => ({
    name: child.name, label: child.label, scope: child, operation: child.own, inside: operationsIn(child),
  }));
  const operations = scope.direct.map((index): Box => ({ ...operationName(tree, index), operation: index, inside: [index] }));
  return [...scopes, ...operations].sort((one, other) => (one.inside[0] ?? 0) - (other.inside[0] ?? 0));
}

/** The name under which a single operation is shown: bracketed when a scope has the same name, numbered when an earlier operation has. */
export function operationName(tree: ScopeTree, index: number): { readonly name: string; readonly label: string } {
  const name = tree.renamed.get(index) ?? tree.model.nodes[index]?.name ?? "";
  const home = tree.scopeOf[index];
  if (home?.own === index) return { name: `${home.name}/(${home.label})`, label: `(${home.label})` };
  return { name, label: name.slice(name.lastIndexOf("/") + 1) };
}

/** The operation that a shown name stands for. */
export function operationNamed(tree: ScopeTree, shown: string): number | undefined {
  const bracketed = /^(.*)\/\(([^/]*)\)$/s.exec(shown);
  const own = bracketed && tree.indexOf.get(shown) === undefined ? tree.scopes.get(bracketed[1] ?? "")?.own : undefined;
  if (own !== undefined) return own;
  const known = tree.indexOf.get(shown);
  if (known !== undefined || tree.renamed.size === 0) return known;
  return [...tree.renamed].find(([, name]) => name === shown)?.[0];
}

/** What kind of box it is: by operation types, and by whether anything but variables is inside. */
export function kindOf(tree: ScopeTree, { scope, operation }: Pick<Box, "scope" | "operation">): LevelNode["kind"] {
  const type = operation === undefined ? "" : (tree.model.nodes[operation]?.op ?? "");
  if (scope) {
    if (isVariable(type)) return "variable";
    if (operation !== undefined && onlyConstantsBeside(tree, scope)) return "operation";
    return scope.opsOfVariables === scope.ops && scope.variables > 0 ? "variables" : "scope";
  }
  if (isVariable(type)) return "variable";
  if (isConstant(type)) return "constant";
  const inputs = operation === undefined ? [] : (tree.inputs[operation] ?? []);
  return isNoOp(type) && inputs.length > 0 && inputs.every(({ control }) => control) ? "group" : "operation";
}

/** An operation with its constants in a scope of its name (`add`, `add/y`) is one operation to the eye. */
function onlyConstantsBeside(tree: ScopeTree, scope: Scope): boolean {
  return scope.children.size === 0
    && scope.direct.every((index) => index === scope.own || isConstant(tree.model.nodes[index]?.op ?? ""));
}
