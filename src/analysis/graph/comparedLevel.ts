// A level of two graphs joined: its boxes and edges marked with what happened to them.
import type { GraphLevel, LevelEdge, LevelNode } from "#model/graph";
import { operationName, operationNamed } from "./box";
import { changesByScope, type ComparedGraph } from "./comparedGraph";
import { levelOf } from "./levelOf";
import { parseInput } from "./references";
import { childHolding, type Scope } from "./scopeTree";

/** As `levelOf`, with marks. */
export function comparedLevel(compared: ComparedGraph, name: string): GraphLevel {
  const level = levelOf(compared.tree, name);
  const scope = compared.tree.scopes.get(name) ?? compared.tree.root;
  const edges = edgeChanges(compared, scope);
  const marked = (edge: LevelEdge): LevelEdge => {
    const change = edges(edge);
    return change ? { ...edge, change } : edge;
  };
  return {
    ...level, nodes: level.nodes.map((node) => ({ ...node, ...markOf(compared, node) })),
    edges: level.edges.map(marked), entering: level.entering.map(marked), leaving: level.leaving.map(marked),
  };
}

/** What happened to a box: to all of it, or within it. */
export function markOf(compared: ComparedGraph, { name }: Pick<LevelNode, "name">): Pick<LevelNode, "change" | "was"> {
  const scope = compared.tree.scopes.get(name);
  const was = compared.renamed.get(name);
  const before = was === undefined ? {} : { was };
  if (!scope || scope === compared.tree.root) {
    const operation = operationNamed(compared.tree, name) ?? -1;
    const change = compared.changes[operation];
    const old = compared.was.get(operation)?.name;
    return change ? { change, ...(old === undefined || old === compared.tree.model.nodes[operation]?.name ? {} : { was: old }) } : {};
  }
  const { added = 0, removed = 0, changed = 0, all = 0 } = changesByScope(compared).get(scope) ?? {};
  if (all > 0 && added === all) return { change: "added" };
  if (all > 0 && removed === all) return { change: "removed" };
  if (added + removed + changed > 0) return { change: "changed", ...before };
  return was === undefined ? {} : { change: "renamed", ...before };
}

/** An edge between boxes came or went if all that it bundles did. */
function edgeChanges({ tree, changes, inputs }: ComparedGraph, scope: Scope): (edge: LevelEdge) => LevelEdge["change"] {
  const counts = new Map<string, { added: number; removed: number; all: number }>();
  const nameOf = (operation: number): string => {
    const child = childHolding(tree, scope, operation);
    return child === undefined ? scope.name : typeof child === "number" ? operationName(tree, child).name : child.name;
  };
  tree.inputs.forEach((list, consumer) => {
    const differing = inputs.get(consumer);
    const to = nameOf(consumer);
    list.forEach(({ from }, place) => {
      if (from < 0) return;
      const key = `${nameOf(from)}\n${to}`;
      const count = counts.get(key) ?? { added: 0, removed: 0, all: 0 };
      counts.set(key, count);
      count.all++;
      const input = tree.model.nodes[consumer]?.inputs[place] ?? "";
      if (changes[consumer] === "added" || changes[from] === "added" || differing?.added.has(input)) count.added++;
      else if (changes[consumer] === "removed" || changes[from] === "removed" || differing?.removed.has(input)) count.removed++;
    });
  });
  return ({ from, to }) => {
    const { added = 0, removed = 0, all = 0 } = counts.get(`${from}\n${to}`) ?? {};
    if (all > 0 && added === all) return "added";
    return all > 0 && removed === all ? "removed" : undefined;
  };
}

/** Boxes that feed an operation in only one of the graphs, as shown. */
export function inputNames({ tree }: ComparedGraph, inputs: ReadonlySet<string>): readonly string[] {
  return [...inputs].map((input) => {
    const { from } = parseInput(input, tree.indexOf);
    return from < 0 ? input : operationName(tree, from).name;
  });
}
