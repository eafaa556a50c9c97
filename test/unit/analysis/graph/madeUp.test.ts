import { describe, expect, test } from "vitest";
import { levelOf } from "#analysis/graph/levelOf";
import { wholeGraph } from "#analysis/graph/madeUp";
import { nodeFacts } from "#analysis/graph/nodeFacts";
import { oddities } from "#analysis/graph/oddities";
import { pathBetween } from "#analysis/graph/path";
import { wholeScopeTree, type ScopeTree } from "#analysis/graph/scopeTree";
import { searchGraph } from "#analysis/graph/search";
import type { GraphFunction } from "#model/graph";
import { foreign, graph } from "./graphs";

const names = (tree: ScopeTree): string[] => tree.model.nodes.map(({ name, inputs }) => [name, ...inputs].join(" "));
const twice: GraphFunction = { name: "twice", arguments: [{ name: "x", dtype: "float32" }], results: ["two:z:0"], nodes: graph("two Mul x x").nodes };
const calling = (lines: string, calls: Record<string, readonly (readonly [string, string])[]>, library: readonly GraphFunction[]): ScopeTree =>
  wholeScopeTree({ ...graph(lines, Object.fromEntries(Object.entries(calls).map(([name, list]) => [name, { calls: list }]))), functions: library.length, library });

describe("a function opens in the place of its call", () => {
  test("one below the call's name, arguments from the call's inputs, the call from the results", () => {
    const tree = calling("a Const\nc PartitionedCall a ^a\nout Relu c", { c: [["f", "twice"]] }, [twice]);
    expect(names(tree)).toEqual(["a", "c c/two:0 ^a", "out c", "c/x a", "c/two c/x c/x"]);
    expect(levelOf(tree, "").nodes.map(({ name, kind, ops, function: called }) => [name, kind, ops, called])).toEqual([["a", "constant", 1, undefined], ["c", "scope", 3, "twice"], ["out", "operation", 1, undefined]]);
    expect(levelOf(tree, "c").edges.map(({ from, to }) => `${from} → ${to}`)).toEqual(["c/two → c/(c)", "c/x → c/two"]);
    expect(nodeFacts(tree, "c")).toMatchObject({ function: "twice", inputs: [{ name: "a" }], outputs: [{ name: "out" }] });
    expect(nodeFacts(tree, "c/x").attrs).toEqual([["dtype", "float32"]]);
    expect(pathBetween(tree, "a", "out")).toMatchObject({ found: true, steps: [{ name: "a" }, { name: "c/x" }, { name: "c/two" }, { name: "c/(c)" }, { name: "out" }] });
  });
  test("two by the attributes that name them; the call's first input is the condition", () => {
    const tree = calling("p Const\na Const\nif If p a", { if: [["then_branch", "twice"], ["else_branch", "twice"]] }, [twice]);
    expect(names(tree)).toEqual(["p", "a", "if p if/then_branch/two:0 if/else_branch/two:0", "if/then_branch/x a", "if/then_branch/two if/then_branch/x if/then_branch/x", "if/else_branch/x a", "if/else_branch/two if/else_branch/x if/else_branch/x"]);
    expect(levelOf(tree, "if").nodes.map(({ label, alike }) => [label, alike])).toEqual([["(if)", undefined], ["then_branch", "A"], ["else_branch", "A"]]);
  });
  test("beside what the graph has below the call's name, under a name of its own", () => {
    expect(names(calling("c PartitionedCall\nc/x Const", { c: [["f", "twice"]] }, [twice]))).toContain("c/f/x");
    expect(names(calling("c PartitionedCall\nc/x Const\nc/f Const", { c: [["f", "twice"]] }, [twice]))).toContain("c/f_1/x");
  });
  test("and one that calls itself stays closed, which is said", () => {
    const self: GraphFunction = { name: "self", arguments: [], results: ["again"], nodes: graph("again PartitionedCall", { again: { calls: [["f", "self"]] } }).nodes };
    const tree = calling("c PartitionedCall", { c: [["f", "self"]] }, [self]);
    expect(names(tree)).toEqual(["c c/again", "c/again"]);
    expect(oddities(tree)).toMatchObject([{ kind: "unopenedFunction", names: ["c/again"], count: 1 }]);
  });
  test("those that nothing calls stand aside in a scope of their own", () => {
    const tree = calling("functions Const", {}, [twice]);
    expect(names(tree)).toEqual(["functions", "functions_1/twice/x", "functions_1/twice/two functions_1/twice/x functions_1/twice/x"]);
    expect(levelOf(tree, "").nodes.at(-1)).toMatchObject({ name: "functions_1", aside: "Functions that nothing here calls" });
  });
  test("a hundred functions that each call the next one twice open no further than can be shown", () => {
    const constants = graph(Array.from({ length: 1000 }, (_, at) => `k${at} Const`).join("\n")).nodes;
    const library = Array.from({ length: 100 }, (_, at): GraphFunction => ({
      name: `f${at}`, arguments: [], results: ["one"], nodes: [...constants, ...graph("one Call\nother Call").nodes.map((node) => ({ ...node, calls: [["f", `f${at + 1}`] as const] }))],
    }));
    const { nodes, unopened } = wholeGraph({ nodes: graph("c Call", { c: { calls: [["f", "f0"]] } }).nodes, functions: 100, library });
    expect(nodes.length).toBeLessThanOrEqual(50_001);
    expect(unopened.length).toBeGreaterThan(0);
  });
});

describe("functions that TensorFlow wrote", () => {
  test("of a loop: condition and body, a branch within it", () => {
    const tree = wholeScopeTree(foreign("while.pb"));
    expect(levelOf(tree, "loop").nodes.filter(({ kind }) => kind === "scope").map(({ label, function: called }) => [label, called])).toEqual([["body", "loop_body_819"], ["cond", "loop_cond_818"]]);
    expect(tree.scopes.has("loop/body/cond/then_branch")).toBe(true);
    expect(oddities(tree)).toEqual([]);
  });
  test("of a Keras model as SavedModel: what serves stands in the drawing, what saves aside", () => {
    const tree = wholeScopeTree(foreign("keras-saved-model.pb.gz"));
    expect(levelOf(tree, "").nodes.filter(({ aside }) => aside === undefined).map(({ name }) => name)).toContain("StatefulPartitionedCall");
    expect(searchGraph(tree, { text: "type:conv2d", from: 0, count: 10, within: [] }).total).toBeGreaterThan(0);
    expect(tree.scopes.get("conv2d")?.parameters).toBeGreaterThan(2);
  });
});

describe("what is not there", () => {
  const tree = wholeScopeTree(graph("net/a Add gone:1 ^net/lost\nnet/b Relu net/a"));
  test("stands in the drawing, but is no operation of the graph", () => {
    expect(levelOf(tree, "").nodes.map(({ name, missing, ops }) => [name, missing, ops])).toEqual([["net", undefined, 2], ["gone", true, 1]]);
    expect(levelOf(tree, "net").edges.map(({ from, to, control }) => [from, to, control])).toEqual([["net/lost", "net/a", true], ["net/a", "net/b", false]]);
    expect(nodeFacts(tree, "gone")).toMatchObject({ missing: true, outputs: [{ name: "net/a" }] });
  });
  test("is said, with who takes it", () => {
    expect(oddities(tree)).toMatchObject([{ kind: "missingInput", count: 1, names: ["net/a"] }]);
    expect(oddities(wholeScopeTree(foreign("torch.pb")))).toMatchObject([{ kind: "missingInput" }]);
  });
});

test("of equal names each has a box of its own", () => {
  const tree = wholeScopeTree(graph("twin Const\ntwin Relu x\nx Const\ntwin Add x x"));
  expect(levelOf(tree, "").nodes.map(({ name, op }) => [name, op])).toEqual([["twin", "Const"], ["twin (2)", "Relu"], ["x", "Const"], ["twin (3)", "Add"]]);
  expect(nodeFacts(tree, "twin (3)")).toMatchObject({ op: "Add", inputs: [{ name: "x" }] });
});
