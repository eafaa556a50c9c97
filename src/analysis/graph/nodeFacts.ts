// The facts of one box for its card: what is inside, what comes in, what goes out.
import { UserError } from "#base/errors";
import type { NodeFacts, NodeLink } from "#model/graph";
import { kindOf, operationName, operationNamed } from "./box";
import { childHolding, childScope, isMissing, operationsIn, type Scope, type ScopeTree } from "./scopeTree";
import { shapeText } from "./shapeText";
import { sourceAttribute, sourceOf } from "./sourceAttribute";

/**
 * Facts by the name a level shows. A scope's links lead to the widest boxes outside of it, an operation's to operations.
 * Throws UserError for a name that the graph does not hold.
 */
export function nodeFacts(tree: ScopeTree, name: string): NodeFacts {
  const scope = tree.scopes.get(name);
  const operation = scope && scope !== tree.root ? scope.own : operationNamed(tree, name);
  if (scope && scope !== tree.root) return scopeFacts(tree, scope);
  if (operation === undefined) throw new UserError(`There is nothing named “${name}” in this graph.`);
  return operationFacts(tree, operation);
}

function operationFacts(tree: ScopeTree, index: number): NodeFacts {
  const node = tree.model.nodes[index];
  if (!node) throw new Error("an index of the graph has its node");
  const { name } = operationName(tree, index);
  const kind = kindOf(tree, { operation: index });
  const links = new Links(tree, (other) => operationName(tree, other).name);
  const home = tree.scopeOf[index];
  const isOwn = kind === "variable" && home?.own === index;
  links.addInputs([index], new Set([index]));
  return {
    name, kind, op: node.op, ops: 1,
    variables: kind === "variable" ? 1 : 0,
    parameters: kind === "variable" ? elements(node.shapes[0]) : 0,
    ...(node.device ? { device: node.device } : {}),
    attrs: [...node.attrs].filter(([key]) => key !== sourceAttribute),
    ...links.done(),
    ...firstSource(tree, [index]),
    ...(isOwn ? { ops: home.ops } : {}),
    ...(isMissing(tree, index) ? { missing: true } : {}),
  };
}

function scopeFacts(tree: ScopeTree, scope: Scope): NodeFacts {
  const kind = kindOf(tree, { scope, operation: scope.own });
  const inside = operationsIn(scope);
  const own = kind === "variable" && scope.own !== undefined ? tree.model.nodes[scope.own] : undefined;
  const links = new Links(tree, (other) => outsideName(tree, scope, other));
  links.addInputs(inside, new Set(inside));
  const devices = new Set(inside.map((index) => tree.model.nodes[index]?.device ?? ""));
  const [device] = devices.size === 1 ? devices : [];
  return {
    name: scope.name, kind,
    ...(own ? { op: own.op } : {}),
    ops: scope.ops, variables: scope.variables, parameters: scope.parameters,
    ...(device ? { device } : {}),
    ...(tree.made.bodies.has(scope.name) ? { function: tree.made.bodies.get(scope.name) } : {}),
    attrs: own ? [...own.attrs].filter(([key]) => key !== sourceAttribute) : [],
    ...links.done(),
    ...firstSource(tree, inside),
  };
}

/** The widest box that holds the other end but not this scope. */
function outsideName(tree: ScopeTree, scope: Scope, other: number): string {
  const home = tree.scopeOf[other] ?? tree.root;
  for (let around = scope.parent; around; around = around.parent) {
    const child = childScope(around, home);
    if (child) return child.name;
    if (childHolding(tree, around, other) === other) break;
  }
  return operationName(tree, other).name;
}

interface GrowingLink {
  readonly name: string;
  readonly tensors: Set<string>;
  readonly shape: string | undefined;
}

/** Collects what enters and leaves a set of operations, one link per far end. */
class Links {
  readonly #inputs = new Map<string, GrowingLink>();
  readonly #outputs = new Map<string, GrowingLink>();
  readonly #controls = new Map<string, GrowingLink>();

  constructor(
    readonly tree: ScopeTree,
    readonly nameOf: (operation: number) => string,
  ) {}

  addInputs(inside: readonly number[], within: ReadonlySet<number>): void {
    for (const index of inside) {
      for (const { from, output, control } of this.tree.inputs[index] ?? []) {
        if (from < 0 || within.has(from)) continue;
        add(control ? this.#controls : this.#inputs, this.nameOf(from), this.#tensor(from, output));
      }
      for (const consumer of this.tree.consumers[index] ?? []) {
        if (!within.has(consumer)) this.#addOutput(index, consumer);
      }
    }
  }

  done(): Pick<NodeFacts, "inputs" | "outputs" | "controlInputs"> {
    return { inputs: linksOf(this.#inputs), outputs: linksOf(this.#outputs), controlInputs: linksOf(this.#controls) };
  }

  #addOutput(index: number, consumer: number): void {
    for (const { from, output, control } of this.tree.inputs[consumer] ?? []) {
      if (from === index && !control) add(this.#outputs, this.nameOf(consumer), this.#tensor(index, output));
    }
  }

  #tensor(operation: number, output: number): { readonly key: string; readonly shape: string | undefined } {
    return { key: `${operation}:${output}`, shape: shapeText(this.tree.model.nodes[operation]?.shapes[output]) };
  }
}

function add(links: Map<string, GrowingLink>, name: string, { key, shape }: { readonly key: string; readonly shape: string | undefined }): void {
  const link = links.get(name) ?? { name, tensors: new Set<string>(), shape };
  link.tensors.add(key);
  links.set(name, link);
}

function linksOf(links: ReadonlyMap<string, GrowingLink>): NodeLink[] {
  return [...links.values()].map(({ name, tensors, shape }) =>
    tensors.size === 1 && shape !== undefined ? { name, shape, tensors: 1 } : { name, tensors: tensors.size });
}

/** The line that made the first operation inside that tells one. */
function firstSource(tree: ScopeTree, inside: readonly number[]): Pick<NodeFacts, "source"> {
  for (const index of inside) {
    const source = sourceOf(tree.model.nodes[index]);
    if (source) return { source };
  }
  return {};
}

function elements(shape: readonly number[] | undefined): number {
  if (!shape || shape.some((size) => size < 0)) return 0;
  return shape.reduce((product, size) => product * size, 1);
}
