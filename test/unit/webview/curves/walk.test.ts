import { describe, expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { lastBefore, nearestCheckpoint, placeOfCheckpoint, ticksOf } from "../../../../webview/curves/ticks";
import { dataTable, marksOf, moved } from "../../../../webview/curves/walk";
import { checkpoint, line, slice } from "./made";

const checkpoints = [checkpoint(100), checkpoint(180)];
const numbers = numbersFor("en", "UTC");
const ticks = ticksOf(checkpoints, { axis: { kind: "step" }, slice: slice(), openPrefix: undefined, numbers });

describe("walking by key", () => {
  const shown = slice({ restarts: [{ x: 50, step: 50, value: 1 }], spikes: [{ x: 150, step: 150, value: 9 }] });
  const marks = marksOf(shown, ticks);

  test("begins at the newest point, or at the first", () => {
    expect(moved(shown, [], { move: "previous" })).toBe(200);
    expect(moved(shown, [], { move: "first" })).toBe(0);
  });
  test("goes from point to point and stops at the ends", () => {
    expect(moved(shown, [], { place: 200, move: "previous" })).toBe(100);
    expect(moved(shown, [], { place: 200, move: "next" })).toBe(200);
    expect(moved(shown, [], { place: 0, move: "previous" })).toBe(0);
  });
  test("goes from mark to mark: restarts, checkpoints, spikes", () => {
    expect(moved(shown, marks, { place: 0, move: "nextMark" })).toBe(50);
    expect(moved(shown, marks, { place: 50, move: "nextMark" })).toBe(100);
    expect(moved(shown, marks, { place: 180, move: "previousMark" })).toBe(150);
    expect(moved(shown, marks, { place: 200, move: "nextMark" })).toBe(200);
  });
  test("stops where a record was lost", () => {
    expect(moved(shown, marksOf(shown, ticks, [27]), { place: 0, move: "nextMark" })).toBe(27);
  });
  test("leads nowhere without points", () => {
    expect(moved(slice({ smoothed: line([]) }), [], { move: "next" })).toBeUndefined();
  });
});

test("the nearest checkpoint is by steps, and one without a step is never it", () => {
  expect(nearestCheckpoint(checkpoints, 150)?.step).toBe(180);
  expect(nearestCheckpoint([checkpoint(5, { step: undefined })], 5)).toBeUndefined();
});

test("the last good checkpoint before a spike is complete and earlier", () => {
  expect(lastBefore([...checkpoints, checkpoint(140, { complete: false })], 180)?.step).toBe(100);
  expect(lastBefore(checkpoints, 100)).toBeUndefined();
});

test("a checkpoint stands at its step or its time, and nowhere on other axes", () => {
  expect([{ kind: "step" }, { kind: "wall" }, { kind: "relative" }, { kind: "tag", tag: "lr" }].map((axis) => placeOfCheckpoint(checkpoint(100), axis as { kind: "step" }, slice()))).toEqual([100, 1100, 300, undefined]);
});

describe("the data table", () => {
  const many = line(Array.from({ length: 1001 }, (_, index) => [index, index / 10] as const));
  const hour = ticksOf([checkpoint(500, { kept: "hourMark" })], { axis: { kind: "step" }, slice: slice(), openPrefix: undefined, numbers });
  const long = slice({ raw: many, smoothed: many, restarts: [{ x: 333, step: 333, value: 1 }] });
  const table = dataTable(long, marksOf(long, hour));

  test("has the newest first, marks, and every round step", () => {
    expect(table.every).toBe(100);
    expect(table.rows.map(({ place }) => place)).toEqual([1000, 900, 800, 700, 600, 500, 400, 333, 300, 200, 100, 0]);
  });
  test("names its marks", () => {
    expect(table.rows.filter(({ mark }) => mark !== "").map(({ place, mark }) => [place, mark])).toEqual([[500, "hour mark"], [333, "restart"]]);
  });
  test("keeps the step of a mark where the line is thinned, with what is drawn near it", () => {
    const coarse = line([[0, 1], [90, 2], [200, 3]]);
    const band = { x: Float64Array.of(90), low: Float64Array.of(2), high: Float64Array.of(4), breaks: new Uint32Array() };
    const rows = dataTable(slice({ raw: line([]), smoothed: coarse, band }), marksOf(slice(), ticks)).rows;
    expect(rows.find(({ place }) => place === 100)).toMatchObject({ smoothed: 2, rawRange: [2, 4] });
  });
  test("is empty without points", () => {
    expect(dataTable(slice({ smoothed: line([]) }), []).rows).toEqual([]);
  });
});
