import { describe, expect, test } from "vitest";
import { foldedEdges } from "#analysis/diagram/folding";
import { edge, node } from "../../webview/graph/made";

const nodes = [node("batch"), node("model"), node("loss"), node("train", { updates: ["model"] })];
const forward = [edge("batch", "model"), edge("model", "loss"), edge("loss", "train", { tensors: 3 })];
const folded = (...more: readonly ReturnType<typeof edge>[]) => [...(foldedEdges(nodes, [...forward, ...more]).get("train") ?? [])].map(({ from }) => from);

describe("edges into a box that updates variables", () => {
  test("fold when they come from two rows above or more", () => {
    expect(folded(edge("batch", "train"), edge("model", "train", { tensors: 60 }))).toEqual(["batch", "model"]);
  });
  test("keep the lane of the nearest source, and of very many tensors", () => {
    expect(folded()).toEqual([]);
    expect(folded(edge("model", "train", { tensors: 354 }))).toEqual([]);
  });
  test("keep what waits: a control edge is the order of things", () => {
    expect(folded(edge("batch", "train", { tensors: 0, control: true }))).toEqual([]);
  });
  test("never fold into a box that only reads", () => {
    expect(foldedEdges(nodes.map((one) => ({ ...one, updates: [] })), [...forward, edge("batch", "train")]).size).toBe(0);
  });
  test("do not need an order: a cycle is folded like any graph", () => {
    expect(folded(edge("train", "batch"), edge("batch", "train"), edge("train", "train"), edge("gone", "train"))).toEqual(expect.any(Array));
  });
});
