import { describe, expect, test } from "vitest";
import { dataTable, moved, nearestCheckpoint } from "../../../../webview/curves/walk";
import { checkpoint, line, slice } from "./made";

const checkpoints = [checkpoint(100), checkpoint(180)];

describe("walking by key", () => {
  const shown = slice({ restarts: [50] });

  test("begins at the newest point, or at the first", () => {
    expect(moved(shown, [], { move: "previous" })).toBe(200);
    expect(moved(shown, [], { move: "first" })).toBe(0);
  });
  test("goes from point to point and stops at the ends", () => {
    expect(moved(shown, [], { step: 200, move: "previous" })).toBe(100);
    expect(moved(shown, [], { step: 200, move: "next" })).toBe(200);
    expect(moved(shown, [], { step: 0, move: "previous" })).toBe(0);
  });
  test("goes from mark to mark: restarts and checkpoints", () => {
    expect(moved(shown, checkpoints, { step: 0, move: "nextMark" })).toBe(50);
    expect(moved(shown, checkpoints, { step: 50, move: "nextMark" })).toBe(100);
    expect(moved(shown, checkpoints, { step: 200, move: "previousMark" })).toBe(180);
    expect(moved(shown, checkpoints, { step: 200, move: "nextMark" })).toBe(200);
  });
  test("leads nowhere without points", () => {
    expect(moved(slice({ smoothed: line([]) }), [], { move: "next" })).toBeUndefined();
  });
});

test("the nearest checkpoint is by steps, and one without a step is never it", () => {
  expect(nearestCheckpoint(checkpoints, 150)?.step).toBe(180);
  expect(nearestCheckpoint([checkpoint(5, { step: undefined })], 5)).toBeUndefined();
});

describe("the data table", () => {
  const many = line(Array.from({ length: 1001 }, (_, index) => [index, index / 10] as const));
  const table = dataTable(slice({ raw: many, smoothed: many, restarts: [333] }), [checkpoint(500, { kept: "hourMark" })]);

  test("has the newest first, marks, and every round step", () => {
    expect(table.every).toBe(100);
    expect(table.rows.map(({ step }) => step)).toEqual([1000, 900, 800, 700, 600, 500, 400, 333, 300, 200, 100, 0]);
  });
  test("names its marks", () => {
    expect(table.rows.filter(({ mark }) => mark !== "").map(({ step, mark }) => [step, mark])).toEqual([[500, "hour mark"], [333, "restart"]]);
  });
  test("keeps the step of a mark where the line is thinned, with what is drawn near it", () => {
    const coarse = line([[0, 1], [90, 2], [200, 3]]);
    const rows = dataTable(slice({ raw: coarse, smoothed: coarse, thinned: true }), [checkpoint(100)]).rows;
    expect(rows.find(({ mark }) => mark === "newest")).toEqual({ step: 100, smoothed: 2, raw: undefined, rawRange: [2, 2], mark: "newest" });
  });
  test("is empty without points", () => {
    expect(dataTable(slice({ smoothed: line([]) }), checkpoints).rows).toEqual([]);
  });
});
