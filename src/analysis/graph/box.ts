// A box of one level: a scope or a single operation, and what it is.
import type { LevelNode } from "#model/graph";
import { lastPart } from "#model/scopedName";
import { isConstant, isNoOp, isVariable } from "./operationKinds";
import type { Scope, ScopeTree } from "./scopeTree";

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

/** An opened scope. */
export interface LevelBoxes {
  /** In the order in which the graph made them. */
  readonly boxes: readonly Box[];
  /** By operation: the place of its box in the list; -1 for one that lives elsewhere. */
  readonly placeOf: Int32Array;
}

/** The boxes of an opened scope, and which operation is in which. */
export function boxesOf(tree: ScopeTree, scope: Scope): LevelBoxes {
  const children = [...scope.children.values()];
  const childOf = new Int32Array(tree.model.nodes.length).fill(-1);
  children.forEach((child, at) => fillWithin(childOf, child, at));
  for (const index of scope.direct) childOf[index] = children.length;
  const insides = new Map<Scope, number[]>();
  const boxes: Box[] = [];
  const places = new Int32Array(children.length);
  const placeOf = childOf.map((at, index) => {
    if (at < 0) return -1;
    const child = children[at];
    if (!child) return boxes.push({ ...operationName(tree, index), operation: index, inside: [index] }) - 1;
    const inside = insides.get(child);
    if (inside) inside.push(index);
    else {
      const first = [index];
      insides.set(child, first);
      places[at] = boxes.push({ name: child.name, label: child.label, scope: child, operation: child.own, inside: first }) - 1;
    }
    return places[at] ?? -1;
  });
  return { boxes, placeOf };
}

function fillWithin(childOf: Int32Array, child: Scope, at: number): void {
  const waiting = [child];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const index of next.direct) childOf[index] = at;
    for (const inner of next.children.values()) waiting.push(inner);
  }
}

/** In place of an empty name: every box has a word, for the eye and for the ear. */
const unnamed = "(no name)";

/** The name under which a single operation is shown: bracketed when a scope has the same name, numbered when an earlier operation has. */
export function operationName(tree: ScopeTree, index: number): { readonly name: string; readonly label: string } {
  const name = tree.renamed.get(index) ?? tree.model.nodes[index]?.name ?? "";
  const home = tree.scopeOf[index];
  if (home?.own === index) return { name: `${home.name}/(${home.label})`, label: `(${home.label})` };
  return { name, label: lastPart(name) || unnamed };
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
