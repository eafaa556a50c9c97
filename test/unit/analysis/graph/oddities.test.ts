import { describe, expect, test } from "vitest";
import { oddities } from "#analysis/graph/oddities";
import { buildScopeTree } from "#analysis/graph/scopeTree";
import { graph, pix2pix, small } from "./graphs";

const of = (lines: string) => oddities(buildScopeTree(graph(lines)));

describe("what is odd is said", () => {
  test("a circle, and one of a single operation", () => {
    expect(of("a Add c\nb Relu a\nc Relu b\nd Relu c")).toEqual([{
      kind: "cycle", names: ["a", "b", "c"], count: 3, text: "3 operations feed each other in a circle: a, b, c. One edge is drawn backwards.",
    }]);
    expect(of("self Identity self")).toMatchObject([{ kind: "cycle", text: "One operation feeds itself: self. One edge is drawn backwards." }]);
    expect(of("self Identity self\na Relu b\nb Relu a")).toMatchObject([{ count: 3, text: "2 circles of operations that feed each other, the first of self. One edge of each is drawn backwards." }]);
  });
  test("inputs that the graph does not hold", () => {
    expect(of("a Add gone:1 ^lost\nb Relu gone")).toEqual([{
      kind: "missingInput", names: ["a", "b"], count: 2, text: "2 operations take 2 inputs that the graph does not hold, such as “gone”.",
    }]);
  });
  test("names that occur twice, and no name at all", () => {
    expect(of("a Const\na Const\na Relu")).toMatchObject([{ kind: "duplicateName", count: 2 }]);
    expect(oddities(buildScopeTree({ functions: 0, nodes: [{ name: "", op: "Const", inputs: [], device: "", attrs: new Map(), shapes: [] }] }))).toMatchObject([{ kind: "emptyName", count: 1 }]);
  });
  test("names of 10,000 characters and operations 500 scopes deep", () => {
    expect(of(`${"n".repeat(10_000)} Const`)).toMatchObject([{ kind: "longName", text: "One name is longer than 300 characters, the longest 10,000; drawn cut in the middle." }]);
    expect(of(`${"s/".repeat(500)}leaf Const`)).toMatchObject([{ kind: "longName" }, { kind: "deepName", text: "One operation lies more than 50 scopes deep, the deepest 500." }]);
  });
});

test("characters that are not seen", () => {
  const named = (name: string) => oddities(buildScopeTree({ functions: 0, nodes: [{ name, op: "Const", inputs: [], device: "", attrs: new Map(), shapes: [] }] }));
  for (const name of ["bell\u0007", "a\nb", "rtl\u202egnp.exe", "\u2066x\u2069"]) expect(named(name)).toMatchObject([{ kind: "unseenCharacter", names: [name] }]);
  expect(named("größe/シグモイド")).toEqual([]);
});

describe("nothing is odd about", () => {
  test("a loop, a queue, or an ordinary graph", () => {
    expect(of("x Const\nenter Enter x\nmerge Merge enter next\nnext NextIteration merge")).toEqual([]);
    expect(of("x Const\nq FIFOQueueV2\nput QueueEnqueueV2 q x\nget QueueDequeueV2 q")).toEqual([]);
    expect(of(small)).toEqual([]);
  });
  test("pix2pix, by either writer", () => {
    expect(oddities(buildScopeTree(pix2pix()))).toEqual([]);
    expect(oddities(buildScopeTree(pix2pix("port")))).toEqual([]);
  });
});
