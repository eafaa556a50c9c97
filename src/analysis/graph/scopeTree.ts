// The tree of name scopes over a graph's operations, and its edges resolved to operations.
import type { GraphModel, GraphNode } from "#model/graph";
import { lastPart } from "#model/scopedName";
import { nothingMadeUp, wholeGraph, type WholeGraph } from "./madeUp";
import { isEnqueue, isQueue, isRead, isVariable } from "./operationKinds";
import { inputsOf, inputsWithStandIns, namesOf, type Input } from "./references";

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

export interface ScopeTree {
  /** The graph as it is shown: with the bodies of functions and what stands for missing inputs. */
  readonly model: GraphModel;
  /** The graph as it was given. */
  readonly given: GraphModel;
  /** `known`: all operations but stand-ins for missing inputs, which come after them. */
  readonly made: Omit<WholeGraph, "nodes"> & { readonly known: number };
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
  children: Map<string, GrowingScope>;
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
  const whole = wholeGraph(given);
  const { indexOf, again } = namesOf(whole.nodes);
  const { inputs, standIns } = inputsWithStandIns(whole.nodes, indexOf);
  return treeOf(given, whole, { indexOf, again, inputs, standIns });
}

/** The tree of a graph's own operations. Names that occur twice keep their first operation for references. */
export function buildScopeTree(model: GraphModel): ScopeTree {
  const { indexOf, again } = namesOf(model.nodes);
  return treeOf(model, nothingMadeUp(model), { indexOf, again, inputs: inputsOf(model.nodes, indexOf), standIns: [] });
}

interface References {
  readonly indexOf: ReadonlyMap<string, number>;
  /** Operations whose name an earlier one has. */
  readonly again: readonly number[];
  readonly inputs: readonly (readonly Input[])[];
  readonly standIns: readonly GraphNode[];
}

function treeOf(given: GraphModel, { nodes: known, ...made }: WholeGraph, { indexOf, again, inputs, standIns }: References): ScopeTree {
  const nodes = standIns.length === 0 ? known : [...known, ...standIns];
  const { root, scopes, scopeOf } = grow(nodes);
  const variableOf = variablesAround(nodes, { scopes, scopeOf });
  tally(known, { scopes, scopeOf, variableOf });
  return {
    model: { ...given, nodes }, given, made: { ...made, known: known.length }, root, scopes, indexOf, scopeOf, inputs, variableOf,
    renamed: renamed(again, nodes, indexOf), consumers: consumersOf(nodes, inputs),
  };
}

function grow(nodes: readonly GraphNode[]): Grown & { readonly root: GrowingScope } {
  const root = newScope("", undefined);
  const scopes = new Map<string, GrowingScope>([["", root]]);
  // Neighbours mostly live together.
  let last = { around: "", scope: root };
  const containers = nodes.map(({ name }) => {
    const { around } = splitName(name);
    if (around !== last.around) last = { around, scope: scopeFor(around, scopes) };
    return last.scope;
  });
  const scopeOf = containers.map((container, index) => {
    const same = container.children.size === 0 ? undefined : container.children.get(splitName(nodes[index]?.name ?? "").last);
    if (same) same.own ??= index;
    return same ?? container;
  });
  scopeOf.forEach((scope, index) => scope.direct.push(index));
  return { root, scopes, scopeOf };
}

/** `a/b` and `c` of `a/b/c`. */
function splitName(name: string): { readonly around: string; readonly last: string } {
  const plain = name.endsWith("/") ? name.replace(/\/+$/, "") : name;
  const slash = plain.lastIndexOf("/");
  return { around: plain.slice(0, Math.max(0, slash)), last: plain.slice(slash + 1) };
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

/** Most scopes have none. */
const noChildren = new Map<string, GrowingScope>();

function newScope(name: string, parent: GrowingScope | undefined): GrowingScope {
  return {
    name, parent, label: lastPart(name), depth: parent ? parent.depth + 1 : 0,
    children: noChildren, direct: [], ops: 0, variables: 0, parameters: 0, opsOfVariables: 0,
  };
}

/** The scope of this name, made with all around it that are not there yet. */
function scopeFor(written: string, scopes: Map<string, GrowingScope>): GrowingScope {
  const name = written.startsWith("/") || written.includes("//") ? written.split("/").filter(Boolean).join("/") : written;
  const missing: string[] = [];
  let at = name;
  let found = scopes.get(at);
  while (!found) {
    missing.push(at);
    at = at.slice(0, Math.max(0, at.lastIndexOf("/")));
    found = scopes.get(at);
  }
  for (const inner of missing.reverse()) {
    const child = newScope(inner, found);
    if (found.children === noChildren) found.children = new Map();
    found.children.set(child.label, child);
    scopes.set(inner, child);
    found = child;
  }
  return found;
}

interface Grown {
  /** Parents before their children. */
  readonly scopes: ReadonlyMap<string, GrowingScope>;
  readonly scopeOf: readonly GrowingScope[];
}

/** By operation: the outermost scope of a variable that it lives in, or itself where it is one without a scope. */
function variablesAround(nodes: readonly GraphNode[], { scopes, scopeOf }: Grown): ScopeTree["variableOf"] {
  const outermost = new Map<Scope, Scope | undefined>();
  for (const scope of scopes.values()) {
    const around = scope.parent && outermost.get(scope.parent);
    outermost.set(scope, around ?? (scope.own !== undefined && isVariable(nodes[scope.own]?.op ?? "") ? scope : undefined));
  }
  return scopeOf.map((home, index) => outermost.get(home) ?? (isVariable(nodes[index]?.op ?? "") ? index : undefined));
}

function tally(nodes: readonly GraphNode[], { scopes, scopeOf, variableOf }: Grown & Pick<ScopeTree, "variableOf">): void {
  nodes.forEach((node, index) => {
    const home = scopeOf[index];
    const owner = variableOf[index];
    if (!home) return;
    home.ops++;
    if (owner === undefined) return;
    home.opsOfVariables++;
    if (owner !== index && (typeof owner !== "object" || owner.own !== index)) return;
    home.variables++;
    home.parameters += elementsOf(node);
  });
  for (const scope of [...scopes.values()].reverse()) {
    if (!scope.parent) continue;
    for (const count of ["ops", "opsOfVariables", "variables", "parameters"] as const) scope.parent[count] += scope[count];
  }
}

/** Elements of the first output; 0 where a dimension is unknown. */
function elementsOf({ shapes: [shape] }: GraphNode): number {
  if (!shape || shape.some((size) => size < 0)) return 0;
  return shape.reduce((product, size) => product * size, 1);
}

/** What nothing takes from shares one list. */
const none: readonly number[] = [];

/** A queue also counts as a consumer of what enqueues into it: that is how values get to the other side. */
function consumersOf(nodes: readonly GraphNode[], inputs: readonly (readonly Input[])[]): (readonly number[])[] {
  const consumers = new Map<number, number[]>();
  const add = (from: number, to: number): void => {
    const list = consumers.get(from);
    if (!list) consumers.set(from, [to]);
    else if (list.at(-1) !== to) list.push(to);
  };
  inputs.forEach((list, index) => {
    for (const { from } of list) if (from >= 0) add(from, index);
    const first = list[0]?.from ?? -1;
    if (isEnqueue(nodes[index]?.op ?? "") && isQueue(nodes[first]?.op ?? "")) add(index, first);
  });
  return nodes.map((_, index) => consumers.get(index) ?? none);
}
