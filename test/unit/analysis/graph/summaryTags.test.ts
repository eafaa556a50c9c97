import { describe, expect, test } from "vitest";
import { boxVariables } from "#analysis/graph/boxVariables";
import { buildScopeTree } from "#analysis/graph/scopeTree";
import { placeOf } from "#analysis/graph/placeOf";
import { sourceLines } from "#analysis/graph/sourceLines";
import { summaryTags } from "#analysis/graph/summaryTags";
import { graph, pix2pix, small } from "./graphs";

const tree = buildScopeTree(pix2pix());

describe("pix2pix's summaries", () => {
  const tags = new Map(summaryTags(tree).map(({ tag, node, scalar }) => [tag, { node, scalar }]));
  test("lead behind the moving averages to the losses that they average", () => {
    expect(tags.get("discriminator_loss_1")).toEqual({ node: "discriminator_loss/Mean/(Mean)", scalar: true });
    expect(tags.get("generator_loss_L1")).toEqual({ node: "generator_loss/Mean_1/(Mean_1)", scalar: true });
  });
  test("lead to the variables whose values they record", () => {
    expect(tags.get("generator/encoder_2/conv2d/kernel/values")).toEqual({ node: "generator/encoder_2/conv2d/kernel/read", scalar: false });
  });
  test("are all found but the merging ones", () => expect(tags.size).toBe(162));
});

test("summaries of TensorFlow 2 name their tag and value behind the writer and the step; a tag that is no constant is left out", () => {
  const constant = { attrs: new Map([["value", "loss (string)"]]) };
  const lines = "writer SummaryWriter\nstep Const\ntag Const\nloss Mean\nw WriteScalarSummary writer step tag loss\nnoTag Placeholder\ns ScalarSummary noTag loss";
  expect(summaryTags(buildScopeTree(graph(lines, { tag: constant })))).toEqual([{ tag: "loss", node: "loss", scalar: true }]);
});

describe("the variables of a box", () => {
  test("are those inside, largest first, without the optimizer's slots", () => {
    const { variables, inside } = boxVariables(tree, "generator");
    expect([variables.length, inside]).toEqual([88, true]);
    expect(variables[0]).toEqual({ name: "generator/decoder_7/conv2d_transpose/kernel", stored: "generator/decoder_7/conv2d_transpose/kernel", elements: 32768, shape: "4×4×32×64" });
  });
  test("of a scope or an operation without any are those that it reads", () => {
    expect(boxVariables(tree, "real_discriminator")).toMatchObject({ inside: false, variables: { length: 22 } });
    expect(boxVariables(tree, "generator/encoder_2/conv2d/Conv2D").variables.map(({ name }) => name)).toEqual(["generator/encoder_2/conv2d/kernel"]);
  });
  test("of a resource are stored under its shared name", () => {
    const made = graph("v VarHandleOp", { v: { attrs: new Map([["shared_name", "layer/kernel"]]), shapes: [[2, 3]] } });
    expect(boxVariables(buildScopeTree(made), "v").variables).toEqual([{ name: "v", stored: "layer/kernel", elements: 6, shape: "2×3" }]);
  });
  test("of an unknown name are none", () => expect(boxVariables(tree, "nowhere").variables).toEqual([]));
});

test("a line of a script leads to the scope around all that it made, or to the boxes of the whole graph", () => {
  const at = (line: number): { attrs: Map<string, string> } => ({ attrs: new Map([["_trainscope_source", `/home/ann/a.ts:${line}`]]) });
  const made = graph(small, { "net/mul": at(3), "net/add": at(3), "loss/square": at(5), "train/gradients/mul": at(4), "loss/mean": at(4), data: at(2) });
  expect(sourceLines(buildScopeTree(made))).toEqual([{
    file: "/home/ann/a.ts",
    lines: [
      { line: 2, ops: 1, places: ["data"], more: 0 }, { line: 3, ops: 2, places: ["net"], more: 0 },
      { line: 4, ops: 2, places: ["loss", "train"], more: 0 }, { line: 5, ops: 1, places: ["loss/square"], more: 0 },
    ],
  }]);
});

describe("the box of something in another view", () => {
  test("is of a tag the operation whose value it records, else the innermost scope of its name", () => {
    expect(placeOf(tree, { tag: "generator_loss_GAN" })).toBe("generator_loss/Mean/(Mean)");
    expect(placeOf(tree, { tag: "generator/nothing/like/this" })).toBe("generator");
    expect(placeOf(tree, { tag: "lr" })).toBeUndefined();
  });
  test("is of a variable, and of a slot or an average below it, the variable", () => {
    expect(placeOf(tree, { variable: "generator/encoder_2/conv2d/kernel/Adam" })).toBe("generator/encoder_2/conv2d/kernel");
    expect(placeOf(tree, { variable: "global_step" })).toBe("global_step");
  });
});
