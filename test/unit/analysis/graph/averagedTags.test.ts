import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { averagedTags } from "#analysis/graph/averagedTags";
import { parseGraphDef } from "#formats/graphDef/graphDef";
import { graphModelOf } from "#formats/graphDef/graphModel";
import type { GraphNode } from "#model/graph";

const text = readFileSync(new URL("../../../fixtures/analysis/graphs/averaged-loss.pbtxt", import.meta.url), "utf8");
const { nodes } = graphModelOf(parseGraphDef(text));
const changed = (name: string, change: Partial<GraphNode>): GraphNode[] => nodes.map((node) => (node.name === name ? { ...node, ...change } : node));

describe("a loss that an estimator averages in its graph", () => {
  test("is found by the operations around it, with the decay that float32 makes of 0.99", () => {
    expect(averagedTags({ nodes })).toEqual([
      { tag: "train/ema_loss", shadow: "mean_squared_error/value/ExponentialMovingAverage", decay: 1 - Math.fround(1 - Math.fround(0.99)) },
    ]);
  });
  test("is not one whose shadow begins at another value than 0", () => {
    expect(averagedTags({ nodes: changed("mean_squared_error/value/ExponentialMovingAverage/Initializer/zeros", { attrs: new Map([["value", "3 (float32)"]]) }) })).toEqual([]);
  });
  test("is not one whose decay depends on the step", () => {
    expect(averagedTags({ nodes: changed("ExponentialMovingAverage/decay", { op: "Minimum" }) })).toEqual([]);
  });
  test("is not one that is never updated", () => {
    expect(averagedTags({ nodes: nodes.filter(({ op }) => op !== "AssignSubVariableOp") })).toEqual([]);
  });
});

test("a graph that goes round in circles ends", () => {
  const node = (name: string, op: string, ...inputs: string[]): GraphNode => ({ name, op, inputs, device: "", attrs: new Map([["value", "loss (string)"]]), shapes: [] });
  expect(averagedTags({ nodes: [node("tags", "Const"), node("a", "Identity", "b"), node("b", "Identity", "a"), node("summary", "ScalarSummary", "tags", "a")] })).toEqual([]);
});
