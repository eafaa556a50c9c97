import { expect, test } from "vitest";
import { printDot } from "#analysis/diagram/dotText";
import { openedView, plainNumbers } from "#analysis/diagram/withoutPage";
import { buildScopeTree } from "#analysis/graph/scopeTree";
import { graph, small } from "../graph/graphs";

const tree = buildScopeTree(graph(small));

test("boxes, edges and open scopes are written in Graphviz's language", () => {
  const dot = printDot(openedView(tree, { scopes: ["net"] }), { title: 'a "small" one', numbers: plainNumbers });
  expect(dot.split("\n")[0]).toBe('digraph "a \\"small\\" one" {');
  expect(dot).toContain('  subgraph "cluster_net" {\n    label="net";');
  expect(dot).toContain('    "net/mul" [label="mul');
  // The edge ends at a box inside, cut at the border of its scope.
  expect(dot).toMatch(/"data" -> "net\/mul" \[(label="[^"]*", )?lhead="cluster_net"\];/);
  expect(dot.match(/\{/g)?.length).toBe(dot.match(/\}/g)?.length);
});

test("the same view is the same text, and names cannot leave their quotes", () => {
  const odd = buildScopeTree(graph("x Const", { x: { name: 'a\\"; b [label=c]\n' } }));
  const print = (): string => printDot(openedView(odd, {}), { title: "t", numbers: plainNumbers });
  expect(print()).toBe(print());
  expect(print()).toContain('"a\\\\\\"; b [label=c]\\n"');
});
