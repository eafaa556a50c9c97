import { expect, test } from "vitest";
import { nodeFacts } from "#analysis/graph/nodeFacts";
import { buildScopeTree } from "#analysis/graph/scopeTree";
import { graph, pix2pix, small } from "./graphs";

const tree = buildScopeTree(graph(small, {
  "net/mul": { shapes: [[-1, 3]], device: "/cpu:0", attrs: new Map([["T", "float32"], ["_trainscope_source", "train.ts:12"]]) },
  "net/add": { shapes: [[]] },
}));

test("an operation tells its type, attributes, line, and both ends of its edges", () => {
  expect(nodeFacts(tree, "net/mul")).toEqual({
    name: "net/mul", kind: "operation", op: "Mul", ops: 1, variables: 0, parameters: 0, device: "/cpu:0",
    attrs: [["T", "float32"]],
    inputs: [{ name: "data", tensors: 1 }, { name: "w/read", tensors: 1 }],
    outputs: [{ name: "net/add/(add)", shape: "?×3", tensors: 1 }],
    controlInputs: [],
    source: { file: "train.ts", line: 12 },
  });
});

test("a scope tells what enters and leaves it, by the boxes around it", () => {
  expect(nodeFacts(tree, "net")).toMatchObject({
    name: "net", kind: "scope", ops: 3, variables: 0,
    inputs: [{ name: "data", tensors: 1 }, { name: "w", tensors: 1 }],
    outputs: [{ name: "loss", shape: "scalar", tensors: 1 }],
    source: { file: "train.ts", line: 12 },
  });
});

test("a group tells what it waits for", () => {
  expect(nodeFacts(tree, "step")).toMatchObject({ kind: "group", inputs: [], controlInputs: [{ name: "train/update", tensors: 1 }] });
});

test("a variable tells its readers, with what lives in its scope counted", () => {
  const facts = nodeFacts(tree, "w");
  expect(facts).toMatchObject({ kind: "variable", op: "VariableV2", ops: 4 });
  expect(facts.outputs.map(({ name }) => name)).toEqual(["train", "save", "net"]);
});

test("the bracketed operation of a scope is found by that name", () => {
  expect(nodeFacts(tree, "net/add/(add)")).toMatchObject({ name: "net/add/(add)", op: "AddV2", ops: 1 });
});

test("a name that is not there is refused with a sentence", () => {
  expect(() => nodeFacts(tree, "nothing")).toThrow("There is nothing named “nothing” in this graph.");
});

test("pix2pix's generator hands 354 tensors to its training", () => {
  const { outputs, inputs } = nodeFacts(buildScopeTree(pix2pix()), "generator");
  expect(outputs.find(({ name }) => name === "generator_train")).toEqual({ name: "generator_train", tensors: 354 });
  expect(inputs[0]).toEqual({ name: "batch", shape: "1×256×256×3", tensors: 1 });
});
