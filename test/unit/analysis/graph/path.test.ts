import { describe, expect, test } from "vitest";
import { pathBetween } from "#analysis/graph/path";
import { buildScopeTree } from "#analysis/graph/scopeTree";
import { graph, pix2pix, small } from "./graphs";

const tree = buildScopeTree(graph(small, { "loss/square": { shapes: [[2, 3]] } }));

describe("a path", () => {
  test("is the shortest along tensors", () => {
    expect(pathBetween(tree, "net/mul", "loss/mean")).toEqual({
      found: true, reversed: false, control: false,
      steps: [{ name: "net/mul" }, { name: "net/add/(add)", by: "data" }, { name: "loss/square", by: "data" }, { name: "loss/mean", by: "data", shape: "2×3" }],
    });
  });
  test("goes backwards where nothing leads forwards", () => {
    expect(pathBetween(tree, "loss/square", "net/add")).toMatchObject({ reversed: true, control: false, steps: [{ name: "net/add/(add)" }, { name: "loss/square" }] });
  });
  test("takes control edges only where there is no other way", () => {
    expect(pathBetween(tree, "loss", "step")).toMatchObject({
      control: true, steps: [{ name: "loss/mean" }, { name: "train/gradients/mul", by: "data" }, { name: "train/update", by: "data" }, { name: "step", by: "control" }],
    });
  });
  test("leads through a queue", () => {
    const queue = buildScopeTree(graph("x Const\nq FIFOQueueV2\nput QueueEnqueueV2 q x\nget QueueDequeueV2 q"));
    expect(pathBetween(queue, "x", "get")).toMatchObject({ steps: [{ name: "x" }, { name: "put", by: "data" }, { name: "q", by: "queue" }, { name: "get", by: "data" }] });
  });
  test("is not there between what no edge joins, nor between a scope and what lies in it", () => {
    expect(pathBetween(tree, "net", "save/RestoreV2")).toEqual({ found: false, why: "No edges lead from “net” to “save/RestoreV2”, nor back." });
    expect(pathBetween(tree, "net", "net/mul")).toMatchObject({ found: false, why: expect.stringContaining("not apart") as string });
  });
  test("needs names of the graph", () => {
    expect(() => pathBetween(tree, "net", "nowhere")).toThrow("There is nothing named “nowhere” in this graph.");
  });
});

test("of pix2pix leads from the batch through generator and discriminator to its loss", () => {
  const path = pathBetween(buildScopeTree(pix2pix()), "batch", "generator_loss");
  expect(path).toMatchObject({ found: true, reversed: false, control: false });
  const far = pathBetween(buildScopeTree(pix2pix()), "generator/encoder_1", "discriminator_train");
  expect(far.found && far.steps.map(({ name }) => name.split("/")[0])).toContain("fake_discriminator");
});
