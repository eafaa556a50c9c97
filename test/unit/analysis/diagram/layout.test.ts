import { describe, expect, test } from "vitest";
import { bend } from "#analysis/diagram/bend";
import { linePath } from "#analysis/diagram/linePath";
import { headerHeight, layoutGraph, type LayoutEdge, type LayoutLevel, type PlacedNode } from "#analysis/diagram/layout";

const box = (name: string, width = 140, height = 42) => ({ name, width, height });
const line = (from: string, to: string): LayoutEdge => ({ from, to, weight: 2 });
const level = (scope: string, names: readonly string[], edges: readonly LayoutEdge[]): LayoutLevel => ({ scope, nodes: names.map((name) => box(name)), edges });

const overlap = (one: PlacedNode, other: PlacedNode): boolean =>
  one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height;
const placeOf = (nodes: readonly PlacedNode[], name: string): PlacedNode => {
  const found = nodes.find((node) => node.name === name);
  if (!found) throw new Error(`${name} was not placed`);
  return found;
};
const siblingsOverlap = (nodes: readonly PlacedNode[]): boolean =>
  nodes.some((one, index) => nodes.slice(index + 1).some((other) => one.depth === other.depth && overlap(one, other)));

describe("a level", () => {
  const flat = level("", ["load", "a", "b", "join", "loss"], [line("load", "a"), line("load", "b"), line("a", "join"), line("b", "join"), line("join", "loss"), line("load", "loss")]);

  test("runs from top to bottom in the order of execution, and no two boxes overlap", () => {
    const { nodes } = layoutGraph({ levels: [flat] });
    for (const { from, to } of flat.edges) expect(placeOf(nodes, from).y).toBeLessThan(placeOf(nodes, to).y);
    expect(siblingsOverlap(nodes)).toBe(false);
  });
  test("begins at its origin and is as large as all that is in it", () => {
    const { nodes, edges, width, height } = layoutGraph({ levels: [flat] });
    const xs = [...nodes.flatMap((node) => [node.x, node.x + node.width]), ...edges.flatMap(({ points }) => points.map(([x]) => x))];
    expect(Math.min(...xs)).toBeCloseTo(0, 0);
    expect(Math.abs(width - Math.max(...xs))).toBeLessThanOrEqual(1);
    expect(Math.max(...nodes.map((node) => node.y + node.height))).toBeLessThanOrEqual(height);
  });
  test("is the same for the same request", () => {
    expect(layoutGraph({ levels: [flat] })).toEqual(layoutGraph({ levels: [structuredClone(flat)] }));
  });
  test("keeps twins in the order of their creation", () => {
    for (const names of [["load", "a", "b", "join"], ["load", "b", "a", "join"]]) {
      const { nodes } = layoutGraph({ levels: [level("", names, [line("load", "a"), line("load", "b"), line("a", "join"), line("b", "join")])] });
      expect(placeOf(nodes, names[1] ?? "").x).toBeLessThan(placeOf(nodes, names[2] ?? "").x);
    }
  });
  test("each line ends at the edge of its box", () => {
    const { nodes, edges } = layoutGraph({ levels: [flat] });
    for (const { from, to, points } of edges) {
      expect(points[0]?.[1]).toBeCloseTo(placeOf(nodes, from).y + 42, 0);
      expect(points.at(-1)?.[1]).toBeCloseTo(placeOf(nodes, to).y, 0);
    }
  });
  test("lines that carry the same leave their box at one place", () => {
    const shared = level("", ["v", "a", "b"], [{ ...line("v", "a"), port: "variables" }, { ...line("v", "b"), port: "variables" }]);
    const [one, other] = layoutGraph({ levels: [shared] }).edges;
    expect(one?.points[0]?.[0]).toBe(other?.points[0]?.[0]);
  });
});

describe("odd input", () => {
  test("cycles, loops on oneself and missing ends are drawn without fuss", () => {
    const odd = level("", ["a", "b"], [line("a", "b"), line("b", "a"), line("a", "a"), line("gone", "b")]);
    const { nodes, edges } = layoutGraph({ levels: [odd] });
    expect([nodes.length, edges.length]).toEqual([2, 2]);
  });
  test("boxes without edges fill rows instead of one endless line", () => {
    const { nodes, width } = layoutGraph({ levels: [level("", Array.from({ length: 40 }, (_, index) => `lonely_${index}`), [])] });
    expect(siblingsOverlap(nodes)).toBe(false);
    expect(width).toBeLessThanOrEqual(720);
  });
  test("boxes without edges stand beside the others where lines lead out below", () => {
    const inner: LayoutLevel = { ...level("g", ["g/a", "g/b", ...Array.from({ length: 9 }, (_, index) => `g/lonely_${index}`)], [line("g/a", "g/b")]), leaving: ["g/a", "g/b"] };
    const { nodes, edges } = layoutGraph({ levels: [level("", ["g", "out"], [line("g", "out")]), inner] });
    expect(siblingsOverlap(nodes)).toBe(false);
    const leaving = edges.filter(({ to }) => to === "g");
    expect(leaving).toHaveLength(2);
    for (const { points: [[x = 0, y = 0] = []] } of leaving) {
      expect(nodes.filter((node) => node.name.startsWith("g/lonely") && node.x < x && x < node.x + node.width && node.y > y)).toEqual([]);
    }
  });
  test("nothing has no size", () => {
    expect(layoutGraph({ levels: [level("", [], [])] })).toEqual({ width: 0, height: 0, nodes: [], edges: [] });
    expect(layoutGraph({ levels: [] }).nodes).toEqual([]);
  });
});

describe("an open scope", () => {
  const levels = [level("", ["in", "g", "out"], [line("in", "g"), line("g", "out")]), level("g", ["g/a", "g/b"], [line("g/a", "g/b")])];

  test("holds its boxes below its header, and pushes its neighbours away", () => {
    const { nodes } = layoutGraph({ levels });
    const g = placeOf(nodes, "g");
    expect(g.open).toBe(true);
    for (const name of ["g/a", "g/b"]) {
      const inner = placeOf(nodes, name);
      expect(inner.y).toBeGreaterThanOrEqual(g.y + headerHeight(0));
      expect([inner.x >= g.x, inner.x + inner.width <= g.x + g.width, inner.y + inner.height <= g.y + g.height]).toEqual([true, true, true]);
    }
    expect(siblingsOverlap(nodes)).toBe(false);
  });
  test("holds the lanes of its lines, too", () => {
    const skips = level("g", ["g/a", "g/b", "g/c", "g/d"], [line("g/a", "g/b"), line("g/b", "g/c"), line("g/c", "g/d"), line("g/a", "g/d"), line("g/a", "g/c")]);
    const { nodes, edges } = layoutGraph({ levels: [level("", ["in", "g", "out"], [line("in", "g")]), skips] });
    const g = placeOf(nodes, "g");
    for (const [x] of edges.filter(({ from }) => from.startsWith("g/")).flatMap(({ points }) => points)) expect(x >= g.x && x <= g.x + g.width).toBe(true);
  });
});

describe("a chain with nested skips", () => {
  const down = [1, 2, 3, 4, 5].map((index) => `e${index}`);
  const up = [5, 4, 3, 2, 1].map((index) => `d${index}`);
  const chain = [...down, ...up];
  const along = chain.slice(1).map((name, index) => line(chain[index] ?? "", name));
  const skips = [1, 2, 3, 4].map((index) => line(`e${index}`, `d${index}`));

  test("is bent: each pair shares a row, its skip runs level", () => {
    const { nodes, edges } = layoutGraph({ levels: [level("", chain, [...along, ...skips])] });
    for (const index of [1, 2, 3, 4, 5]) expect(placeOf(nodes, `e${index}`).y).toBe(placeOf(nodes, `d${index}`).y);
    for (const skip of skips) {
      const points = edges.find(({ from, to }) => from === skip.from && to === skip.to)?.points ?? [];
      expect(points[0]?.[1]).toBe(points[1]?.[1]);
    }
    expect(siblingsOverlap(nodes)).toBe(false);
  });
  test("runs down at the left and up at the right", () => {
    const { nodes } = layoutGraph({ levels: [level("", chain, [...along, ...skips])] });
    expect(down.map((name) => placeOf(nodes, name).y)).toEqual(down.map((name) => placeOf(nodes, name).y).sort((a, b) => a - b));
    expect(placeOf(nodes, "d1").x).toBeGreaterThan(placeOf(nodes, "e1").x + 140);
  });
  test("is left straight when there are few skips, or they do not nest", () => {
    expect(bend(level("", chain, [...along, ...skips.slice(0, 2)]))).toBeUndefined();
    expect(bend(level("", chain, [...along, ...skips, line("e1", "d3")]))).toBeUndefined();
    expect(bend(level("", [...chain, "other"], [...along, ...skips]))).toBeUndefined();
  });
});

test("a path turns with upright tangents, and runs level within a row", () => {
  expect(linePath([[0, 0], [0, 10]])).toBe("M0 0V10");
  expect(linePath([[0, 0], [30, 0]])).toBe("M0 0H30");
  expect(linePath([[0, 0], [30, 20]])).toBe("M0 0C0 10 30 10 30 20");
  expect(linePath([])).toBe("");
});
