// One scope of a graph, opened: its boxes with their facts, and the edges between them.
import { UserError } from "#base/errors";
import type { GraphLevel, LevelNode } from "#model/graph";
import { letters } from "./alike";
import { asideOf } from "./aside";
import { boxesOf, kindOf, operationName, type Box } from "./box";
import { bundleEdges, type Bundles, type LevelPlace } from "./bundles";
import { eachStep } from "./eachStep";
import type { Scope, ScopeTree } from "./scopeTree";
import { shapeText } from "./shapeText";

/**
 * Opens a scope by its full name; "" opens the whole graph. Boxes come in the order in which the graph made them. Edges that
 * cross the border of the scope are not part of it, nor is, between boxes of each step, what runs at other times. Throws UserError for a name that is no scope.
 */
export function levelOf(tree: ScopeTree, name: string): GraphLevel {
  const scope = tree.scopes.get(name);
  if (!scope) throw new UserError(`There is no scope “${name}” in this graph.`);
  const boxes = boxesOf(tree, scope);
  const nameOf = (child: Scope | number): string => (typeof child === "number" ? operationName(tree, child).name : child.name);
  const all = bundleEdges({ tree, scope, nameOf, counts: () => true });
  const aside = asideOf(tree, boxes, all.edges);
  const bundles = bundleEdges({ tree, scope, nameOf, counts: eachStepOnly(tree, boxes) });
  const alike = letters(tree, boxes.filter((box) => !aside.has(box.name) && kindOf(tree, box) === "scope"));
  return { scope: name, nodes: boxes.map((box) => levelNode(tree, box, { bundles, aside, alike })), edges: bundles.edges };
}

/** Between boxes that both work in each step, only what runs in each step counts: a summary there draws no line. */
function eachStepOnly(tree: ScopeTree, boxes: readonly Box[]): LevelPlace["counts"] {
  const step = eachStep(tree);
  if (!step) return () => true;
  const working = new Set(boxes.filter(({ inside }) => inside.some((index) => step.runs[index] === 1)).map(({ name }) => name));
  return (consumer, to, from) => step.runs[consumer] === 1 || !working.has(to) || (from !== undefined && !working.has(from));
}

interface Facts {
  readonly bundles: Bundles;
  readonly aside: ReadonlyMap<string, string>;
  readonly alike: ReadonlyMap<string, string>;
}

function levelNode(tree: ScopeTree, box: Box, { bundles, aside, alike }: Facts): LevelNode {
  const { name, label, scope, operation } = box;
  const kind = kindOf(tree, box);
  const node = operation === undefined ? undefined : tree.model.nodes[operation];
  const letter = alike.get(name);
  const when = aside.get(name);
  const shape = kind === "variables" ? undefined : shapeOf(tree, box, bundles);
  return {
    name, label, kind,
    ...(kind !== "scope" && kind !== "variables" && node ? { op: node.op } : {}),
    ops: box.inside.length,
    variables: scope?.variables ?? (kind === "variable" ? 1 : 0),
    parameters: scope?.parameters ?? (kind === "variable" ? elements(node?.shapes[0]) : 0),
    ...(shape === undefined ? {} : { shape }),
    reads: bundles.reads.get(name) ?? [],
    updates: bundles.updates.get(name) ?? [],
    ...(letter === undefined ? {} : { alike: letter }),
    ...(when === undefined ? {} : { aside: when }),
  };
}

/** Of an operation or variable its own; of a scope that of the tensor its first consumer on the level takes. */
function shapeOf(tree: ScopeTree, { name, scope, operation }: Box, { firstOutput }: Bundles): string | undefined {
  if (operation !== undefined && (!scope || tree.variableOf[operation] === scope)) return shapeText(tree.model.nodes[operation]?.shapes[0]);
  const taken = firstOutput.get(name);
  return taken && shapeText(tree.model.nodes[taken.operation]?.shapes[taken.output]);
}

function elements(shape: readonly number[] | undefined): number {
  if (!shape || shape.some((size) => size < 0)) return 0;
  return shape.reduce((product, size) => product * size, 1);
}
