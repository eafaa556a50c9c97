import { describe, expect, test } from "vitest";
import { bandOf, nearestIndex, pointsOf, readAt, valueRange } from "../../../../webview/curves/lines";
import { line, slice } from "./made";

test("a break opens a gap before its point", () => {
  expect(pointsOf(line([[0, 1], [1, 2], [5, 3]], [0, 2]))).toEqual([{ x: 0, y: 1 }, { x: 1, y: 2 }, { x: 5, y: NaN }, { x: 5, y: 3 }]);
});

describe("the band", () => {
  test("holds least and greatest of each pixel column", () => {
    const band = bandOf(line([[0, 5], [1, 1], [2, 9], [10, 4], [11, 3]]), { from: 0, to: 20, pixels: 2 });
    expect(band.low.map(({ y }) => y)).toEqual([1, 3]);
    expect(band.high.map(({ y }) => y)).toEqual([9, 4]);
  });
  test("never leaves out a value, at any width", () => {
    const values = Array.from({ length: 200 }, (_, index) => [index, Math.sin(index * 12.9898) * 40] as const);
    for (const pixels of [1, 3, 17, 500]) {
      const { low, high } = bandOf(line(values), { from: 0, to: 199, pixels });
      expect(Math.min(...low.map(({ y }) => y))).toBe(Math.min(...values.map(([, y]) => y)));
      expect(Math.max(...high.map(({ y }) => y))).toBe(Math.max(...values.map(([, y]) => y)));
      expect(low.every(({ y }, index) => y <= (high[index]?.y ?? NaN))).toBe(true);
    }
  });
  test("is cut where the line is", () => {
    const { low } = bandOf(line([[0, 1], [1, 2], [2, 3]], [1]), { from: 0, to: 100, pixels: 1 });
    expect(low.map(({ y }) => y)).toEqual([1, NaN, 2]);
  });
});

describe("the range of values", () => {
  const shown = slice({ raw: line([[0, -2], [10, 0.5], [20, NaN], [30, 8]]), smoothed: line([[0, 1]]) });

  test("takes raw and smoothed and leaves out what is not finite", () => {
    expect(valueRange(shown, { positive: false })).toEqual([-2, 8]);
  });
  test("takes only positive values for a logarithmic axis", () => {
    expect(valueRange(shown, { positive: true })).toEqual([0.5, 8]);
  });
  test("looks only at the visible steps", () => {
    expect(valueRange(shown, { positive: false, steps: { from: 5, to: 25 } })).toEqual([0.5, 0.5]);
  });
});

test.each([[-5, 0], [4, 0], [6, 1], [15, 1], [16, 2], [99, 2]])("nearest to %d is point %d", (step, index) => {
  expect(nearestIndex(Float64Array.of(0, 10, 20), step)).toBe(index);
});

test("there is no nearest point of nothing", () => {
  expect(nearestIndex(new Float64Array(), 3)).toBe(-1);
  expect(readAt(slice({ smoothed: line([]) }), 3, 1)).toBeUndefined();
});

test("a reading is the raw value of its step, or the range near it when thinned", () => {
  expect(readAt(slice(), 110, 10)).toEqual({ step: 100, smoothed: 0.5, raw: 0.5 });
  const thinned = slice({ thinned: true, raw: line([[95, 0.2], [100, 0.9], [180, 7]]) });
  expect(readAt(thinned, 110, 10)).toEqual({ step: 100, smoothed: 0.5, rawRange: [0.2, 0.9] });
});
