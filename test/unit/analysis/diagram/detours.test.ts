import { describe, expect, test } from "vitest";
import { detours, type Place } from "#analysis/diagram/detours";
import { flattened } from "#analysis/diagram/linePath";
import type { PlacedEdge } from "#analysis/diagram/layout";

/** Rows of boxes 100 wide and 40 high, 30 apart. */
const rows = (...names: readonly (readonly (string | undefined)[])[]): ReadonlyMap<string, Place> =>
  new Map(names.flatMap((row, y) => row.flatMap((name, x) => (name === undefined ? [] : [[name, { x: x * 130, y: y * 70, width: 100, height: 40 }] as const]))));

const room = { x: 0, y: 0, width: 390, height: 400 };

function wayOf(boxes: ReadonlyMap<string, Place>, lines: readonly PlacedEdge[] = []): PlacedEdge {
  const [way] = detours([{ from: "source", to: "target" }], { boxes, lines, room });
  if (!way) throw new Error("no way");
  return way;
}

/** Boxes that a line runs through. */
function cut({ from, to, points }: PlacedEdge, boxes: ReadonlyMap<string, Place>): readonly string[] {
  const spots = flattened(points).flatMap((spot, index, all) => {
    const next = all[index + 1] ?? spot;
    return Array.from({ length: 20 }, (_, at) => [spot[0] + ((next[0] - spot[0]) * at) / 20, spot[1] + ((next[1] - spot[1]) * at) / 20] as const);
  });
  return [...boxes].flatMap(([name, { x, y, width, height }]) =>
    name !== from && name !== to && spots.some(([atX, atY]) => atX > x && atX < x + width && atY > y && atY < y + height) ? [name] : []);
}

describe("a line without a lane", () => {
  test("goes straight down where nothing stands between", () => {
    const boxes = rows(["source"], [undefined, "other"], ["target"]);
    expect(new Set(wayOf(boxes).points.map(([x]) => x))).toEqual(new Set([50]));
  });

  test("goes around what stands between, and through none of the rows' boxes", () => {
    const boxes = rows(["source", "a", "b"], ["c", "d", undefined], ["e", "f", "g"], [undefined, "target"]);
    const way = wayOf(boxes);
    expect(cut(way, boxes)).toEqual([]);
    expect([way.points[0], way.points.at(-1)?.[1]]).toEqual([[50, 40], 210]);
  });

  test("stays in the room of its level", () => {
    const boxes = rows(["source", "a", "b"], ["c", "d", "e"], ["target"]);
    for (const [x] of wayOf(boxes).points) expect(x >= 0 && x <= room.width).toBe(true);
  });

  test("keeps off lines that run there, and off ports that they use", () => {
    const boxes = rows(["source"], [undefined, "other"], ["target"]);
    const there: PlacedEdge = { from: "source", to: "target", points: [[50, 40], [50, 140]] };
    for (const [x] of wayOf(boxes, [there]).points) expect(Math.abs(x - 50)).toBeGreaterThanOrEqual(8);
  });

  test("several lines into one box end apart", () => {
    const boxes = rows(["a", "b", "c"], [undefined, "d"], [undefined, "target"]);
    const ways = detours(["a", "b", "c"].map((from) => ({ from, to: "target" })), { boxes, lines: [], room });
    expect(new Set(ways.map(({ points }) => points.at(-1)?.[0])).size).toBe(3);
    for (const way of ways) expect(cut(way, boxes)).toEqual([]);
  });
});
