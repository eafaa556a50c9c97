import { expect, test } from "vitest";
import { graphSummary } from "#analysis/graph/graphSummary";
import { graph, pix2pix, small } from "./graphs";

test("counts operations per scope, inputs, types and variables", () => {
  expect(graphSummary(graph(small), 1)).toEqual({
    nodes: 19,
    scopes: [
      { name: "w", nodes: 4 }, { name: "net", nodes: 3 }, { name: "loss", nodes: 2 }, { name: "train", nodes: 2 },
      { name: "save", nodes: 3 }, { name: "tags", nodes: 1 },
    ],
    edges: { data: 18, control: 2 },
    crossScope: [
      { from: "data", to: "net", tensors: 1 }, { from: "w", to: "net", tensors: 1 }, { from: "net", to: "loss", tensors: 1 },
      { from: "loss", to: "train", tensors: 1 }, { from: "data", to: "train", tensors: 1 }, { from: "w", to: "train", tensors: 1 },
      { from: "w", to: "save", tensors: 2 }, { from: "tags", to: "loss_1", tensors: 1 }, { from: "loss", to: "loss_1", tensors: 1 },
    ],
    ops: {
      AddV2: 1, ApplyGradientDescent: 1, Assign: 2, Const: 3, Identity: 1, Mean: 1, Mul: 2, NoOp: 2, Placeholder: 1, RestoreV2: 1,
      SaveV2: 1, ScalarSummary: 1, Square: 1, VariableV2: 1,
    },
    functions: 0,
    variables: 1,
  });
});

test("goes down to the depth asked for, with full names", () => {
  const [scope] = graphSummary(graph("a/b/c Relu\na/d Relu"), 2).scopes;
  expect(scope).toEqual({ name: "a", nodes: 2, children: [{ name: "a/b", nodes: 1 }] });
});

test("counts an operation with a scope's name in that scope", () => {
  expect(graphSummary(graph("a Relu\na/b Relu"), 1).scopes).toEqual([{ name: "a", nodes: 2 }]);
});

test("counts a tensor that crosses once, however many take it", () => {
  const { crossScope, edges } = graphSummary(graph("a/x Relu\nb/y Relu a/x\nb/z Add a/x a/x:1"), 1);
  expect({ crossScope, edges }).toEqual({ crossScope: [{ from: "a", to: "b", tensors: 2 }], edges: { data: 3, control: 0 } });
});

test("of pix2pix finds 5134 operations and 270 variables", () => {
  const { nodes, variables, ops, scopes } = graphSummary(pix2pix(), 1);
  expect({ nodes, variables, adam: ops["ApplyAdam"], generator: scopes.find(({ name }) => name === "generator") }).toEqual({
    nodes: 5134, variables: 270, adam: 76, generator: { name: "generator", nodes: 1674 },
  });
});
