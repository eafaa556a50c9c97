// A graph in numbers: scopes, edges, what crosses between top-level scopes, operation types (`trainscope graph --json`).
import type { GraphModel, GraphSummary, ScopeSummary } from "#model/graph";
import { isVariable } from "./operationKinds";
import { buildScopeTree, type Scope, type ScopeTree } from "./scopeTree";

/**
 * Scopes down to `depth`, with full names, in the graph's order. An operation with a scope's name counts in that scope. Edges
 * are inputs as written; `crossScope` counts distinct tensors between top-level scopes, an operation outside of any scope
 * standing for itself.
 */
export function graphSummary(model: GraphModel, depth: number): GraphSummary {
  const tree = buildScopeTree(model);
  const edges = { data: 0, control: 0 };
  const crossing = new Map<string, { from: string; to: string; tensors: Set<string> }>();
  tree.inputs.forEach((list, index) => {
    const to = topLevelName(tree, index);
    for (const { from, output, control } of list) {
      edges[control ? "control" : "data"]++;
      if (control || from < 0) continue;
      const source = topLevelName(tree, from);
      if (source === to) continue;
      const key = `${source}\n${to}`;
      const crossed = crossing.get(key) ?? { from: source, to, tensors: new Set<string>() };
      crossing.set(key, crossed);
      crossed.tensors.add(`${from}:${output}`);
    }
  });
  const ops = new Map<string, number>();
  for (const { op } of model.nodes) ops.set(op, (ops.get(op) ?? 0) + 1);
  return {
    nodes: model.nodes.length,
    scopes: childrenOf(tree.root, Math.max(1, Math.floor(depth))),
    edges,
    crossScope: [...crossing.values()].map(({ from, to, tensors }) => ({ from, to, tensors: tensors.size })),
    ops: Object.fromEntries([...ops].sort(([one], [other]) => (one < other ? -1 : 1))),
    functions: model.functions,
    variables: model.nodes.filter(({ op }) => isVariable(op)).length,
  };
}

function topLevelName(tree: ScopeTree, index: number): string {
  let at = tree.scopeOf[index];
  if (!at || at === tree.root) return tree.model.nodes[index]?.name ?? "";
  while (at.parent && at.parent !== tree.root) at = at.parent;
  return at.name;
}

function childrenOf(scope: Scope, depth: number): ScopeSummary[] {
  return [...scope.children.values()].map((child) => {
    const summary = { name: child.name, nodes: child.ops };
    return depth > 1 && child.children.size > 0 ? { ...summary, children: childrenOf(child, depth - 1) } : summary;
  });
}
