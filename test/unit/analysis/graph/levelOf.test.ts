import { describe, expect, test } from "vitest";
import { letterOf } from "#analysis/graph/alike";
import { levelOf } from "#analysis/graph/levelOf";
import { buildScopeTree } from "#analysis/graph/scopeTree";
import type { GraphLevel, GraphModel } from "#model/graph";
import { graph, pix2pix, small } from "./graphs";

function open(model: GraphModel, scope = ""): GraphLevel {
  return levelOf(buildScopeTree(model), scope);
}

function edges({ edges }: GraphLevel): string[] {
  return edges.map(({ from, to, tensors, control, variables, shape }) =>
    [`${from} -> ${to}`, control ? "control" : `${tensors}`, variables ? "variables" : "", shape ?? ""].filter(Boolean).join(" "));
}

const kinds = ({ nodes }: GraphLevel): Record<string, string> => Object.fromEntries(nodes.map(({ name, kind }) => [name, kind]));
const asides = ({ nodes }: GraphLevel): Record<string, string> =>
  Object.fromEntries(nodes.flatMap(({ name, aside }) => (aside === undefined ? [] : [[name, aside]])));

describe("a small training graph", () => {
  const top = open(graph(small, { w: { shapes: [[2, 3]] } }));

  test("names its boxes by what they are", () => {
    expect(kinds(top)).toEqual({
      data: "operation", w: "variable", net: "scope", loss: "scope", train: "scope", step: "group", init: "group",
      save: "scope", tags: "scope", loss_1: "operation",
    });
  });

  test("bundles edges between boxes, marks those that carry variables, and draws none for an update", () => {
    expect(edges(top)).toEqual([
      "data -> net 1", "w -> net 1 variables", "net -> loss 1", "loss -> train 1", "data -> train 1",
      "train -> step control", "w -> init control", "w -> save 2 variables", "tags -> loss_1 1", "loss -> loss_1 1",
    ]);
  });

  test("says who reads and who updates which variables", () => {
    const box = (name: string) => top.nodes.find((node) => node.name === name);
    expect([box("net")?.reads, box("train")?.updates, box("save")?.updates, box("w")?.reads]).toEqual([["w"], ["w"], ["w"], []]);
  });

  test("puts aside what no step runs, and says when it runs", () => {
    expect(asides(top)).toEqual({
      init: "Only at start", save: "Only when saving", tags: "Only in summary steps", loss_1: "Only in summary steps",
    });
  });

  test("counts operations, variables and parameters", () => {
    expect(top.nodes.find(({ name }) => name === "w")).toMatchObject({ op: "VariableV2", ops: 4, variables: 1, parameters: 6, shape: "2×3" });
  });
});

describe("an operation with the name of a scope", () => {
  const model = graph("x Const\na Relu x\na/inner Relu a\na/b Relu a/inner");

  test("lives in that scope, in brackets", () => {
    expect(open(model, "a").nodes.map(({ name, label }) => [name, label])).toEqual([["a/(a)", "(a)"], ["a/inner", "inner"], ["a/b", "b"]]);
    expect(edges(open(model, "a"))).toEqual(["a/(a) -> a/inner 1", "a/inner -> a/b 1"]);
  });

  test("stays one operation when only constants are beside it", () => {
    expect(kinds(open(graph("x Const\nadd AddV2 x add/y\nadd/y Const")))).toEqual({ x: "constant", add: "operation" });
  });
});

describe("variables", () => {
  test("alone in a scope make it a box of variables", () => {
    const model = graph("d/w VarHandleOp\nd/w/Assign AssignVariableOp d/w d/w/zero\nd/w/zero Const\nnet/read ReadVariableOp d/w");
    const top = open(model);
    expect(kinds(top)).toEqual({ d: "variables", net: "scope" });
    expect(top.nodes[1]?.reads).toEqual(["d"]);
    expect(edges(top)).toEqual(["d -> net 1 variables"]);
  });

  test("outside of the opened scope are named by the widest scope that does not hold it", () => {
    const model = graph("d/layer/w VariableV2\nd/layer/w/read Identity d/layer/w\nnet/one/mul Relu d/layer/w/read\nnet/two/x Relu net/one/mul");
    expect(open(model, "net").nodes[0]?.reads).toEqual(["d"]);
  });

  test("living in another variable's scope, as slots do, belong to that one", () => {
    const model = graph("w VariableV2\nw/Adam VariableV2\nw/Adam_1 VariableV2", { w: { shapes: [[2]] }, "w/Adam": { shapes: [[2]] } });
    expect(open(model).nodes).toMatchObject([{ name: "w", variables: 1, parameters: 2, ops: 3 }]);
  });
});

describe("what a graph may do to us", () => {
  test("an input that is not there draws no edge", () => {
    expect(edges(open(graph("a Relu nowhere:3\nb Relu ^gone a")))).toEqual(["a -> b 1"]);
  });

  test("a cycle is drawn as it is", () => {
    expect(edges(open(graph("a Merge b\nb NextIteration a")))).toEqual(["b -> a 1", "a -> b 1"]);
  });

  test("a name of slashes and a name given twice neither hang nor vanish", () => {
    expect(open(graph("/ Relu\n//a Relu\nb Relu\nb Relu a")).nodes.reduce((sum, { ops }) => sum + ops, 0)).toBe(4);
  });

  test("a name with thousands of parts opens", () => {
    const deep = Array.from({ length: 5000 }, () => "s").join("/");
    expect(open(graph(`${deep} Relu`)).nodes).toMatchObject([{ name: "s", ops: 1 }]);
  });

  test("an operation without a name has a word all the same", () => {
    const plain = { op: "Const", inputs: [], device: "", attrs: new Map(), shapes: [] };
    expect(open({ nodes: ["", "a/"].map((name) => ({ ...plain, name })), functions: 0 }).nodes.map(({ label }) => label)).toContain("(no name)");
  });

  test("an empty graph has an empty level", () => {
    expect(open({ nodes: [], functions: 0 })).toEqual({ scope: "", nodes: [], edges: [], entering: [], leaving: [], resting: [] });
  });

  test("a name that is no scope is refused with a sentence", () => {
    expect(() => open(graph("a Relu"), "nowhere")).toThrow("There is no scope “nowhere” in this graph.");
  });
});

test("a box connected to most of its many siblings goes aside", () => {
  const ends = Array.from({ length: 12 }, (_, index) => `end${index} Relu hub`).join("\n");
  expect(asides(open(graph(`hub Relu\n${ends}`)))).toEqual({ hub: "Connected to most" });
});

test("letters go on after Z", () => {
  expect([0, 25, 26, 27].map(letterOf)).toEqual(["A", "Z", "AA", "AB"]);
});

describe("pix2pix as TensorFlow wrote it", () => {
  const tree = buildScopeTree(pix2pix());
  const top = levelOf(tree, "");

  test("shows 17 of its 40 top-level boxes as what each step runs", () => {
    expect(top.nodes).toHaveLength(40);
    expect(top.nodes.filter(({ aside }) => aside === undefined).map(({ name }) => name)).toEqual([
      "load_images", "input_images", "target_images", "batch", "generator", "real_discriminator", "discriminator",
      "fake_discriminator", "discriminator_loss", "generator_loss", "discriminator_train", "generator_train",
      "ExponentialMovingAverage", "global_step", "add", "Assign", "group_deps",
    ]);
  });

  test("says of the rest when it runs", () => {
    const words = asides(top);
    expect([words["save"], words["Merge"], words["init"], words["predict_fake_summary"], words["encode_images"]]).toEqual([
      "Only when saving", "Only in summary steps", "Only at start", "Only in summary steps", "Only for encode_images",
    ]);
  });

  test("shows the discriminator's variables once, read by its two uses and updated by its training", () => {
    const box = (name: string) => top.nodes.find((node) => node.name === name);
    expect(box("discriminator")).toMatchObject({ kind: "variables", variables: 22 });
    expect([box("real_discriminator")?.reads, box("fake_discriminator")?.reads]).toEqual([["discriminator"], ["discriminator"]]);
    expect([box("discriminator_train")?.updates, box("generator_train")?.updates]).toEqual([["discriminator"], ["generator"]]);
    expect([box("real_discriminator")?.alike, box("fake_discriminator")?.alike]).toEqual(["B", "B"]);
  });

  test("shows that the generator trains after the discriminator", () => {
    expect(top.edges).toContainEqual({
      from: "discriminator_train", to: "generator_train", tensors: 0, control: true, variables: false,
    });
  });

  test("opens the generator into its chain with skips, alike boxes lettered", () => {
    const level = levelOf(tree, "generator");
    const letter = Object.fromEntries(level.nodes.map(({ label, alike }) => [label, alike]));
    expect(new Set([2, 3, 4, 5, 6, 7, 8].map((number) => letter[`encoder_${number}`]))).toEqual(new Set(["A"]));
    expect([letter["encoder_1"], letter["decoder_8"], letter["decoder_7"], letter["decoder_2"]]).toEqual([undefined, undefined, "B", "C"]);
    expect(level.edges.filter(({ to }) => to === "generator/decoder_3")).toMatchObject([
      { from: "generator/decoder_4", to: "generator/decoder_3", tensors: 1, control: false, variables: false, shape: "1×32×32×16" },
      { from: "generator/encoder_3", to: "generator/decoder_3", tensors: 1, control: false, variables: false, shape: "1×32×32×16" },
    ]);
    expect(level.edges).toHaveLength(22);
  });
});
