// The tree of name scopes over a graph's operations, and its edges resolved to operations.
import type { GraphModel, GraphNode } from "#model/graph";
import { nothingMadeUp, wholeGraph, type WholeGraph } from "./madeUp";
import { isEnqueue, isQueue, isRead, isVariable } from "./operationKinds";

/** One name scope. An operation with the same name as a scope lives in that scope, labelled with brackets: `a/(a)`. */
export interface Scope {
  /** Full name without the trailing slash; empty for the whole graph. */
  readonly name: string;
  readonly label: string;
  readonly parent?: Scope;
  readonly depth: number;
  readonly children: ReadonlyMap<string, Scope>;
  /** Operations directly inside, by index, in the graph's order. */
  readonly direct: readonly number[];
  /** The operation of the same name. */
  readonly own?: number;
  /** Operations inside, at any depth. */
  readonly ops: number;
  /** Variables inside, at any depth; what lives within another variable's scope (slots) belongs to that one. */
  readonly variables: number;
  /** Elements of these variables, as far as their shapes are known. */
  readonly parameters: number;
  /** Operations that are, or live within the scope of, a variable. */
  readonly opsOfVariables: number;
}

/** One input of an operation. */
export interface Input {
  /** Index of the producer; -1 where the graph has no such operation. */
  readonly from: number;
  readonly output: number;
  readonly control: boolean;
}

export interface ScopeTree {
  /** The graph as it is shown: with the bodies of functions and what stands for missing inputs. */
  readonly model: GraphModel;
  /** The graph as it was given. */
  readonly given: GraphModel;
  readonly made: Omit<WholeGraph, "nodes">;
  readonly root: Scope;
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly indexOf: ReadonlyMap<string, number>;
  /** Names of operations whose own name an earlier one has: `a (2)`. */
  readonly renamed: ReadonlyMap<number, string>;
  /** By operation: the scope that it lives in. */
  readonly scopeOf: readonly Scope[];
  readonly inputs: readonly (readonly Input[])[];
  /** By operation: who takes any of its outputs, control included; each once. */
  readonly consumers: readonly (readonly number[])[];
  /** By operation: the scope of the variable that it belongs to, or the operation itself where that has no scope. */
  readonly variableOf: readonly (Scope | number | undefined)[];
}

interface GrowingScope extends Scope {
  readonly children: Map<string, GrowingScope>;
  readonly parent?: GrowingScope;
  readonly direct: number[];
  own?: number;
  ops: number;
  variables: number;
  parameters: number;
  opsOfVariables: number;
}

/** The tree of a graph with the bodies of its functions, and stand-ins for inputs that it does not hold. */
export function wholeScopeTree(given: GraphModel): ScopeTree {
  const { nodes, ...made } = wholeGraph(given);
  return { ...treeOf({ ...given, nodes }, made), given };
}

/** The tree of a graph's own operations. Names that occur twice keep their first operation for references. */
export function buildScopeTree(model: GraphModel): ScopeTree {
  const { nodes: _nodes, ...made } = nothingMadeUp(model);
  return { ...treeOf(model, made), given: model };
}

function treeOf(model: GraphModel, made: ScopeTree["made"]): Omit<ScopeTree, "given"> {
  const root = newScope("", undefined);
  const scopes = new Map<string, GrowingScope>([["", root]]);
  const indexOf = new Map<string, number>();
  const again: number[] = [];
  const containers = model.nodes.map(({ name }, index) => {
    if (indexOf.has(name)) again.push(index);
    else indexOf.set(name, index);
    return scopeFor(partsOf(name).slice(0, -1), { root, scopes });
  });
  const scopeOf = containers.map((container, index) => {
    const name = partsOf(model.nodes[index]?.name ?? "").join("/");
    const same = scopes.get(name);
    if (!same || same === root) return container;
    same.own ??= index;
    return same;
  });
  scopeOf.forEach((scope, index) => scope.direct.push(index));
  const inputs = model.nodes.map((node) => node.inputs.map((input) => parseInput(input, indexOf)));
  const variableOf = scopeOf.map((scope, index) => outermostVariable(scope, index, model));
  tally({ ...model, nodes: model.nodes.slice(0, made.known) }, scopeOf, variableOf);
  return { model, made, renamed: renamed(again, model.nodes, indexOf), root, scopes, indexOf, scopeOf, inputs, consumers: consumersOf(model.nodes, inputs), variableOf };
}

function renamed(again: readonly number[], nodes: readonly GraphNode[], indexOf: ReadonlyMap<string, number>): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const times = new Map<string, number>();
  for (const index of again) {
    const { name } = nodes[index] ?? { name: "" };
    let number = times.get(name) ?? 2;
    while (indexOf.has(`${name} (${number})`)) number++;
    times.set(name, number + 1);
    names.set(index, `${name} (${number})`);
  }
  return names;
}

/** Whether it only stands for an input that the graph does not hold. */
export function isMissing({ made }: ScopeTree, operation: number | undefined): boolean {
  return operation !== undefined && operation >= made.known;
}

/** Splits `^name`, `name:1` or `name`. */
export function parseInput(input: string, indexOf: ReadonlyMap<string, number>): Input {
  const plain = indexOf.get(input);
  if (plain !== undefined) return { from: plain, output: 0, control: false };
  if (input.startsWith("^")) return { from: indexOf.get(input.slice(1)) ?? -1, output: 0, control: true };
  const [, name = input, output = "0"] = /^(.*):(\d+)$/s.exec(input) ?? [];
  return { from: indexOf.get(name) ?? -1, output: Number(output), control: false };
}

/** The child of `scope` that holds an operation: a scope, the operation itself, or nothing when it lives elsewhere. */
export function childHolding(tree: ScopeTree, scope: Scope, operation: number): Scope | number | undefined {
  const home = tree.scopeOf[operation];
  if (!home) return undefined;
  return home === scope ? operation : childScope(scope, home);
}

/** The child scope of `scope` that `inner` is or lies in. */
export function childScope(scope: Scope, inner: Scope): Scope | undefined {
  let at: Scope | undefined = inner;
  while (at && at.depth > scope.depth + 1) at = at.parent;
  return at?.parent === scope ? at : undefined;
}

/** All operations at any depth, in the graph's order. */
export function operationsIn(scope: Scope): number[] {
  const found: number[] = [];
  const waiting: Scope[] = [scope];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const index of next.direct) found.push(index);
    waiting.push(...next.children.values());
  }
  return found.sort((one, other) => one - other);
}

/** Whether an output of this operation is the value, or the handle, of the variable that it belongs to. */
export function givesVariable(tree: ScopeTree, operation: number): boolean {
  const node = tree.model.nodes[operation];
  if (!node || tree.variableOf[operation] === undefined) return false;
  if (isVariable(node.op)) return true;
  const source = tree.inputs[operation]?.[0];
  return isRead(node.op) && source !== undefined && source.from >= 0 && isVariable(tree.model.nodes[source.from]?.op ?? "");
}

function partsOf(name: string): string[] {
  return name.split("/").filter((part) => part !== "");
}

function newScope(name: string, parent: GrowingScope | undefined): GrowingScope {
  return {
    name, parent, label: name.slice(name.lastIndexOf("/") + 1), depth: parent ? parent.depth + 1 : 0,
    children: new Map(), direct: [], ops: 0, variables: 0, parameters: 0, opsOfVariables: 0,
  };
}

interface Growing {
  readonly root: GrowingScope;
  readonly scopes: Map<string, GrowingScope>;
}

function scopeFor(parts: readonly string[], { root, scopes }: Growing): GrowingScope {
  let scope = root;
  for (const part of parts) {
    let child = scope.children.get(part);
    if (!child) {
      child = newScope(scope === root ? part : `${scope.name}/${part}`, scope);
      scope.children.set(part, child);
      scopes.set(child.name, child);
    }
    scope = child;
  }
  return scope;
}

function outermostVariable(home: GrowingScope, index: number, model: GraphModel): GrowingScope | number | undefined {
  let found: GrowingScope | undefined;
  for (let at: GrowingScope | undefined = home; at; at = at.parent) {
    if (at.own !== undefined && isVariable(model.nodes[at.own]?.op ?? "")) found = at;
  }
  return found ?? (isVariable(model.nodes[index]?.op ?? "") ? index : undefined);
}

function tally(model: GraphModel, scopeOf: readonly GrowingScope[], variableOf: readonly (Scope | number | undefined)[]): void {
  model.nodes.forEach((_, index) => {
    const home = scopeOf[index];
    const owner = variableOf[index];
    const isTheVariable = owner === index || (typeof owner === "object" && owner.own === index);
    const elements = isTheVariable ? elementsOf(model.nodes[index]) : 0;
    for (let at: GrowingScope | undefined = home; at; at = at.parent) {
      at.ops++;
      if (owner !== undefined) at.opsOfVariables++;
      if (isTheVariable) at.variables++;
      at.parameters += elements;
    }
  });
}

/** Elements of the first output; 0 where a dimension is unknown. */
function elementsOf(node: GraphNode | undefined): number {
  const shape = node?.shapes[0];
  if (!shape || shape.some((size) => size < 0)) return 0;
  return shape.reduce((product, size) => product * size, 1);
}

/** A queue also counts as a consumer of what enqueues into it: that is how values get to the other side. */
function consumersOf(nodes: readonly GraphNode[], inputs: readonly (readonly Input[])[]): number[][] {
  const consumers = nodes.map((): number[] => []);
  const add = (from: number, to: number): void => {
    const known = consumers[from];
    if (known && known.at(-1) !== to) known.push(to);
  };
  inputs.forEach((list, index) => {
    for (const { from } of list) add(from, index);
    const first = list[0]?.from ?? -1;
    if (isEnqueue(nodes[index]?.op ?? "") && isQueue(nodes[first]?.op ?? "")) add(index, first);
  });
  return consumers;
}
