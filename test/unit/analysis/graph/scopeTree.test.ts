import { describe, expect, test } from "vitest";
import { parseInput } from "#analysis/graph/references";
import { buildScopeTree, childHolding, childScope, givesVariable, operationsIn } from "#analysis/graph/scopeTree";
import { graph } from "./graphs";

describe("inputs", () => {
  const known = new Map([["a", 0], ["net/b", 1], ["odd:name", 2]]);
  test.each([
    ["a", { from: 0, output: 0, control: false }],
    ["net/b:3", { from: 1, output: 3, control: false }],
    ["^net/b", { from: 1, output: 0, control: true }],
    ["odd:name", { from: 2, output: 0, control: false }],
    ["gone:1", { from: -1, output: 1, control: false }],
    ["^gone", { from: -1, output: 0, control: true }],
  ])("%s", (input, parsed) => {
    expect(parseInput(input, known)).toEqual(parsed);
  });
});

describe("scopes", () => {
  const tree = buildScopeTree(graph("a/b/x Relu\na/y Relu\nz Relu\na/b Add\nv VariableV2\nv/read Identity v\nv/Adam VariableV2\nv/Adam/read Identity v/Adam", {
    v: { shapes: [[2, 3]] }, "v/Adam": { shapes: [[2, 3]] },
  }));
  const scope = (name: string) => {
    const found = tree.scopes.get(name);
    if (!found) throw new Error(`no scope ${name}`);
    return found;
  };

  test("hold their operations at any depth, in the graph's order, and the one of their own name", () => {
    expect(operationsIn(scope("a"))).toEqual([0, 1, 3]);
    expect([scope("a/b").own, scope("a/b").direct, scope("a/b").label]).toEqual([3, [0, 3], "b"]);
    expect([tree.root.ops, scope("a").ops]).toEqual([8, 3]);
  });

  test("find the child that holds an operation", () => {
    expect(childHolding(tree, tree.root, 0)).toBe(scope("a"));
    expect(childHolding(tree, scope("a"), 1)).toBe(1);
    expect(childHolding(tree, scope("a"), 2)).toBeUndefined();
    expect(childScope(scope("a"), scope("v"))).toBeUndefined();
  });

  test("of a variable own its slots and reads: one variable, its own elements", () => {
    expect(tree.variableOf.slice(4)).toEqual([scope("v"), scope("v"), scope("v"), scope("v")]);
    expect([tree.root.variables, tree.root.parameters, scope("v").opsOfVariables]).toEqual([1, 6, 4]);
    expect([4, 5, 6, 7, 0].map((index) => givesVariable(tree, index))).toEqual([true, true, true, true, false]);
  });

  test("of unknown sizes count no parameters", () => {
    expect(buildScopeTree(graph("v VariableV2", { v: { shapes: [[-1, 3]] } })).root.parameters).toBe(0);
  });
});

test("consumers are named once, and what enqueues feeds the queue", () => {
  const { consumers } = buildScopeTree(graph("x Const\nq FIFOQueueV2\nput QueueEnqueueV2 q x x\nget QueueDequeueV2 q"));
  expect(consumers).toEqual([[2], [2, 3], [1], []]);
});
