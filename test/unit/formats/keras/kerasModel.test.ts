// Models as Keras 2 and 3 describe them: layers, what feeds them, and the graph that is drawn of them.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { graphOfKerasModel, parseKerasModel } from "#formats/keras/kerasModel";

const text = (name: string): string => readFileSync(new URL(`../../../fixtures/formats/keras/${name}.json`, import.meta.url), "utf8");
const drawn = (name: string) => graphOfKerasModel(parseKerasModel(text(name))).nodes.map((node) => [node.name, node.inputs]);

test("a sequential model is a chain, its input layer included", () => {
  const { className, name, layers } = parseKerasModel(text("chain"));
  expect([className, name]).toEqual(["Sequential", "chain"]);
  expect(layers.map((layer) => [layer.name, layer.className, layer.inputs])).toEqual([
    ["conv_input", "InputLayer", []], ["conv", "Conv1D", ["conv_input"]], ["flat", "Flatten", ["conv"]], ["d", "Dense", ["flat"]],
  ]);
  expect(layers[0]?.shape).toEqual([-1, 8, 4]);
});

test("what goes into a model goes into its first layer, and its last layer's output leaves it", () => {
  expect(drawn("two_heads")).toEqual([
    ["two_heads/seq", []], ["two_heads/lstm", ["two_heads/seq"]], ["two_heads/pool", ["two_heads/seq"]],
    ["two_heads/cat", ["two_heads/lstm", "two_heads/pool"]], ["two_heads/inner/in1_input", ["two_heads/cat"]],
    ["two_heads/inner/in1", ["two_heads/inner/in1_input"]], ["two_heads/inner/in2", ["two_heads/inner/in1"]],
    ["two_heads/tanh", ["two_heads/inner/in2"]],
  ]);
});

test("Keras 3 tells inputs by the history of tensors, and TensorBoard draws the same", () => {
  expect(drawn("keras3_functional")).toEqual([
    ["net/feats", []], ["net/a", ["net/feats"]], ["net/sub/input_layer", ["net/a"]], ["net/sub/d", ["net/sub/input_layer"]],
    ["net/sub/ln", ["net/sub/d"]], ["net/res", ["net/a", "net/sub/ln"]], ["net/out", ["net/res"]],
  ]);
});

test("functional models of Keras 2 keep their edges", () => {
  const { layers } = parseKerasModel(text("keras2_functional"));
  expect(layers.map((layer) => layer.name)).toEqual(["x", "stem", "bn", "inner", "cat", "drop", "head"]);
  expect(layers.find((layer) => layer.name === "cat")?.inputs.length).toBe(2);
  const names = new Set(drawn("keras2_functional").map(([name]) => name));
  for (const [, inputs] of drawn("keras2_functional")) for (const input of inputs ?? []) expect(names).toContain(input);
});

describe("what is no model is refused", () => {
  test.each(["", "{", "[]", "null", '{"class_name":"Functional"}', '{"class_name":"Model","config":{"layers":3}}'])("%j", (bad) => {
    expect(() => parseKerasModel(bad)).toThrow(FormatError);
  });
  test("models within models without end", () => {
    let model: object = { class_name: "Sequential", config: { name: "m", layers: [] } };
    for (let i = 0; i < 200; i++) model = { class_name: "Sequential", config: { name: "m", layers: [model] } };
    expect(() => parseKerasModel(JSON.stringify(model))).toThrow(/too deep/);
    const call = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    expect(() => parseKerasModel(`{"class_name":"Functional","config":{"layers":[{"class_name":"A","inbound_nodes":${call}}]}}`)).toThrow(/too deep/);
  });
});
