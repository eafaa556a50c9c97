import { describe, expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { aroundBoxes } from "#analysis/diagram/around";
import { boxWords } from "#analysis/diagram/boxes";
import { asideLinks, drawingOf, edgeLabel, edgeWords, layoutRequest, type Drawing } from "#analysis/diagram/drawing";
import { placeLabels, wholeOf } from "#analysis/diagram/labels";
import { layoutGraph } from "#analysis/diagram/layout";
import { asideGroups, type GraphState, type Happening } from "../../../../webview/graph/state";
import { treeSections, treeStep } from "../../../../webview/graph/treeRows";
import { walk, type WalkKey } from "../../../../webview/graph/walk";
import { after, edge, inside, level, measure, node, opened, top, openedWith } from "./made";

const numbers = numbersFor("en", "UTC");
const draw = (state: GraphState): Drawing => drawingOf(state, layoutGraph(layoutRequest(state, { measure, numbers })), { measure, numbers });
const names = ({ boxes }: Drawing): readonly string[] => boxes.map(({ box }) => box.node.name);

describe("what is drawn", () => {
  test("is what runs in each step", () => {
    expect(names(draw(after(opened)))).toEqual(["batch", "generator"]);
  });
  test("is inside of an open scope, too", () => {
    const state = after(opened, { kind: "expand", scope: "generator", open: true }, inside);
    expect(names(draw(state))).toEqual(["batch", "generator", "generator/conv"]);
  });
  test("is also what was revealed from aside", () => {
    expect(names(draw(after(opened, { kind: "reveal", name: "save" })))).toEqual(["batch", "generator", "save"]);
  });
  test("is all of a level of which nothing runs in each step", () => {
    const idle = level("", [node("a", { aside: "Only at start" })]);
    expect(names(draw(after(openedWith(idle))))).toEqual(["a"]);
  });
  test("lights the lines of the selection", () => {
    const drawing = draw(after(opened, { kind: "select", name: "batch" }));
    expect(drawing.edges.map(({ key, lit }) => [key, lit])).toEqual([["batch → generator", true]]);
  });
});

describe("aside", () => {
  test("is grouped by when it runs, and shrinks as boxes are brought in", () => {
    expect(asideGroups(after(opened)).map(({ title, rows }) => [title, rows.length])).toEqual([["Only when saving", 1]]);
    expect(asideGroups(after(opened, { kind: "reveal", name: "save" }))).toEqual([]);
  });
  test("marks what the selection is tied to, with the number of tensors", () => {
    expect(asideLinks(top, "generator").get("save")).toBe(208);
    expect(asideLinks(top, undefined).size).toBe(0);
  });
});

describe("words of an edge", () => {
  test("are its shape, or how much it carries, or that it waits", () => {
    expect(edgeLabel(edge("a", "b", { shape: "1×2" }), numbers)).toBe("[1,2]");
    expect(edgeLabel(edge("a", "b", { tensors: 354 }), numbers)).toBe("354 tensors");
    expect(edgeLabel(edge("a", "b", { tensors: 0, control: true }), numbers)).toBe("runs after");
    expect(edgeLabel(edge("a", "b"), numbers)).toBe("");
  });
  test("name both ends in the status line", () => {
    expect(edgeWords(edge("a", "b", { tensors: 0, control: true }), numbers)).toBe("b runs after a");
    expect(edgeWords(edge("a", "b", { shape: "1×2" }), numbers)).toBe("a → b, 1 tensor, [1,2]");
    expect(edgeWords(edge("a", "b", { shape: "1×256×256", tensor: "a/Conv2D:0", dtype: "float32" }), numbers)).toBe("a/Conv2D:0 → b, float32, [1,256,256], 262 kB");
    expect(edgeWords(edge("a", "b", { shape: "?×3", tensor: "a/x:1", dtype: "string" }), numbers)).toBe("a/x:1 → b, string, [?,3]");
    expect(edgeWords(edge("a", "b", { tensors: 3, control: true }), numbers)).toBe("a → b, 3 tensors, and runs after it");
  });
});

describe("labels", () => {
  const everywhere = { left: -1e4, top: -1e4, right: 1e4, bottom: 1e4 };
  const waits = level("", [node("first"), node("second")], [edge("first", "second", { tensors: 0, control: true })]);
  test("stand off all boxes", () => {
    const drawing = draw(after(openedWith(waits)));
    const [label] = placeLabels(drawing.edges, drawing.boxes, wholeOf(drawing, 16));
    if (!label) throw new Error("there is room for the label");
    for (const { at } of drawing.boxes) {
      const apart = label.x >= at.x + at.width || label.x + label.width <= at.x || label.y >= at.y + at.height || label.y + 16 <= at.y;
      expect(apart).toBe(true);
    }
  });
  test("stand where they are seen whole, beside the part of a line that is in view", () => {
    const [edge] = draw(after(openedWith(waits), { kind: "select", name: "first" })).edges;
    if (!edge) throw new Error("there is an edge");
    const room = { left: 0, top: 400, right: 300, bottom: 500 };
    const lane = (x: number) => placeLabels([{ ...edge, at: { ...edge.at, points: [[x, 0], [x, 1000]] } }], [], room);
    for (const x of [10, 150, 290]) {
      const [label] = lane(x);
      if (!label) throw new Error("there is room for the label");
      expect(label.x >= room.left && label.x + label.width <= room.right && label.y >= room.top && label.y + 16 <= room.bottom).toBe(true);
    }
  });
  test("of lit edges may lie over another line where it is tight, but never over a box", () => {
    const tight = draw(after(openedWith(waits), { kind: "select", name: "first" }));
    const [edge] = tight.edges;
    if (!edge) throw new Error("there is an edge");
    const net = Array.from({ length: 40 }, (_, at) => ({ ...edge, key: `line ${at}`, lit: false, labelled: false, at: { ...edge.at, points: [[-400, at * 8] as const, [400, at * 8] as const] } }));
    expect(placeLabels([edge, ...net], tight.boxes, everywhere)).toHaveLength(1);
    expect(placeLabels([{ ...edge, lit: false }, ...net], tight.boxes, everywhere)).toHaveLength(0);
    const wall = tight.boxes.map((drawn) => ({ ...drawn, at: { ...drawn.at, x: -1e4, y: -1e4, width: 2e4, height: 2e4 } }));
    expect(placeLabels(tight.edges, wall, everywhere)).toHaveLength(0);
  });
});

test("a box is told with its place among its siblings and with who feeds, reads and updates it", () => {
  const shared = level("", [
    node("d", { kind: "variables", variables: 22 }), node("real", { reads: ["d"] }), node("fake", { reads: ["d"] }), node("train", { updates: ["d"] }),
  ], [edge("d", "real", { variables: true }), edge("d", "fake", { variables: true }), edge("real", "train"), edge("fake", "train")]);
  const around = aroundBoxes(draw(after(openedWith(shared))));
  expect(around.get("d")).toEqual({ position: 1, siblings: 4, inputs: 0, outputs: 2, readBy: ["real", "fake"], updatedBy: ["train"] });
  expect(around.get("train")).toMatchObject({ position: 4, inputs: 2 });
  expect(boxWords(node("d", { kind: "variables", variables: 22 }), { open: false, numbers, around: around.get("d") })).toBe("d, variables, 22 variables. 0 inputs, 2 outputs. Read by real, fake. Updated by train. Collapsed.");
});

describe("walking", () => {
  const chain = level("", [node("a"), node("b"), node("c"), node("d")], [edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d")]);
  const drawing = draw(after(openedWith(chain)));
  const go = (from: string | undefined, key: WalkKey) => walk(drawing, from, key);

  test("begins at the first box", () => {
    expect(go(undefined, "ArrowDown")).toBe("a");
    expect(go("d", "Home")).toBe("a");
  });
  test("goes by row and within it", () => {
    expect([go("b", "ArrowRight"), go("c", "ArrowLeft"), go("b", "ArrowDown"), go("b", "ArrowUp")]).toEqual(["c", "b", "d", "a"]);
    expect(go("d", "ArrowDown")).toBeUndefined();
  });
  test("Escape leads to the scope around", () => {
    const open = draw(after(opened, { kind: "expand", scope: "generator", open: true }, inside));
    expect(walk(open, "generator/conv", "Escape")).toBe("generator");
    expect(walk(open, "generator", "Escape")).toBeUndefined();
  });
  test("Down leads into an open scope, Up from its first row to its header, and past its last row to what stands below it", () => {
    const inner = level("b", [node("b/one"), node("b/two")], [edge("b/one", "b/two")]);
    const open = draw(after(openedWith(chain), { kind: "expand", scope: "b", open: true }, { kind: "levelsCame", levels: [inner] }));
    expect([walk(open, "b", "ArrowDown"), walk(open, "b/one", "ArrowDown"), walk(open, "b/one", "ArrowUp"), walk(open, "b/two", "ArrowDown")]).toEqual(["b/one", "b/two", "b", "d"]);
    expect(walk(open, "b/one", "ArrowRight")).toBe("c");
  });
});

describe("the tree", () => {
  const state = after(opened, { kind: "expand", scope: "generator", open: true }, inside);
  const sections = treeSections(state);
  const rows = sections.flatMap((section) => section.rows);

  test("has what runs each step first and aside last", () => {
    expect(sections.map(({ title, count }) => [title, count])).toEqual([["Runs each step", 2], ["Only when saving", 1]]);
    expect(rows.map(({ node: { name }, depth }) => [name, depth])).toEqual([["batch", 0], ["generator", 0], ["generator/conv", 1], ["generator/init", 1], ["save", 0]]);
  });
  test("is walked like any tree", () => {
    expect(treeStep(rows, "batch", "ArrowDown")).toEqual({ select: "generator" });
    expect(treeStep(rows, "generator", "ArrowRight")).toEqual({ select: "generator/conv" });
    expect(treeStep(rows, "generator", "ArrowLeft")).toEqual({ expand: { name: "generator", open: false } });
    expect(treeStep(rows, "generator/conv", "ArrowLeft")).toEqual({ select: "generator" });
    expect(treeStep(rows, "save", "ArrowRight")).toEqual({ expand: { name: "save", open: true } });
    expect(treeStep(rows, "save", "ArrowDown")).toEqual({ select: "save" });
    expect(treeStep(rows, undefined, "ArrowDown")).toEqual({ select: "batch" });
    expect(treeStep(rows, "generator/conv", "Enter")).toEqual({});
  });
});

describe("folded edges", () => {
  const training = level(
    "", [node("batch"), node("model"), node("loss"), node("train", { updates: ["model"] })],
    [edge("batch", "model"), edge("model", "loss"), edge("loss", "train"), edge("batch", "train")],
  );
  const folded: Happening = openedWith(training);

  test("are a count in their box, and lines only while an end is selected", () => {
    const quiet = draw(after(folded));
    expect(quiet.boxes.find(({ box }) => box.node.name === "train")?.box.more).toBe("+1 edge");
    expect(quiet.edges.map(({ key }) => key)).not.toContain("batch → train");
    expect(draw(after(folded, { kind: "select", name: "train" })).edges.map(({ key }) => key)).toContain("batch → train");
  });
  test("do not move a box when they unfold", () => {
    const before = layoutRequest(after(folded), { measure, numbers });
    expect(layoutRequest(after(folded, { kind: "select", name: "train" }), { measure, numbers })).toEqual(before);
  });
});
