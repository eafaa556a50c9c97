import { expect, test } from "vitest";
import { svgOf } from "#analysis/diagram/withoutPage";
import { buildScopeTree } from "#analysis/graph/scopeTree";
import { graph, small } from "../graph/graphs";

const svg = (lines: string, depth = 1) => svgOf(buildScopeTree(graph(lines)), { depth, title: "a & b" });

test("depth opens scopes that run in each step", () => {
  expect(svg(small)).not.toContain("<title>net/mul</title>");
  expect(svg(small, 2)).toContain("<title>net/mul</title>");
});
test("names are text, whatever they hold", () => {
  const text = svg('<script> Placeholder\nx"&y Identity <script>\n\u0001 Const');
  expect(text).toContain("<title>a &amp; b</title>");
  expect(text).toContain("<title>&lt;script&gt;</title>");
  expect(text).toContain("<title>x&quot;&amp;y</title>");
  expect(text).not.toContain("\u0001");
});
test("circles, missing inputs and twins of a name are drawn", () => {
  const text = svg("a Merge b gone\nb NextIteration a\nb Const\nself Identity self");
  for (const name of ["a", "b", "self"]) expect(text).toContain(`<title>${name}</title>`);
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
});
test("more boxes than a drawing can hold are refused in words", () => {
  expect(() => svg(Array.from({ length: 401 }, (_, index) => `n${index} Const`).join("\n"))).toThrow("The graph has 401 boxes outside of scopes; a drawing can hold 400.");
});
