import { describe, expect, test } from "vitest";
import { buildScopeTree } from "#analysis/graph/scopeTree";
import { searchGraph } from "#analysis/graph/search";
import { graph, pix2pix, small } from "./graphs";

const tree = buildScopeTree(graph(small, {
  "net/mul": { shapes: [[1, -1, 3]], device: "/job:worker/GPU:0", attrs: new Map([["T", "float32"]]) },
  "loss/mean": { shapes: [[]] },
}));
const all = (text: string, within: readonly string[] = []) => searchGraph(tree, { text, from: 0, count: 1000, within });
const names = (text: string): string[] => all(text).matches.map(({ name }) => name);

describe("a search finds boxes", () => {
  test.each<[string, readonly string[]]>([
    ["loss/", ["loss/mean", "loss/square"]],
    ["LOSS", ["loss", "loss_1", "loss/mean", "tags/loss", "loss/square"]],
    ["type:mul", ["net/mul", "train/gradients/mul"]],
    ["name:mul", ["net/mul", "train/gradients/mul"]],
    ["gpu", ["net/mul"]],
    ["device:worker float32", ["net/mul"]],
    ["[1,?,3]", ["net/mul"]],
    ["shape:1x?", ["net/mul"]],
    ["shape:scalar", ["loss/mean"]],
    ["mul device:nowhere", []],
    ["  ", []],
  ])("%s", (text, found) => {
    expect(new Set(names(text))).toEqual(new Set(found));
  });

  test("by their own name first, then scopes, then the shortest", () => {
    expect(names("loss")).toEqual(["loss", "tags/loss", "loss_1", "loss/mean", "loss/square"]);
  });

  test("once where an operation is all of the scope of its name, bracketed where there is more", () => {
    expect(names("name:w/")).toEqual(["w/read", "w/start", "w/Assign"]);
    expect(all("type:variable").matches).toEqual([{ name: "w", kind: "variable", op: "VariableV2", ops: 4 }]);
    expect(names("type:addv2")).toEqual(["net/add"]);
  });
});

test("matches in closed boxes are counted at the innermost of them", () => {
  expect(all("mul", ["net", "train", "train/gradients", "save"]).inside).toEqual([["net", 1], ["train/gradients", 1]]);
});

test("all of a large graph's matches are counted and come part by part, none twice", () => {
  const large = buildScopeTree(pix2pix());
  const part = (from: number) => searchGraph(large, { text: "conv", from, count: 500, within: [] });
  const { total } = part(0);
  const found = Array.from({ length: Math.ceil(total / 500) }, (_, at) => part(at * 500).matches).flat();
  expect(total).toBeGreaterThan(1000);
  expect(new Set(found.map(({ name }) => name)).size).toBe(total);
});
