import { describe, expect, test } from "vitest";
import { inSight, byPlace, nearestIndex, readAt, valueRange } from "../../../../webview/curves/lines";
import type { Drawn } from "../../../../webview/curves/state";
import { chosen, line, slice } from "./made";

const x = { min: 0, max: 200 };
const drawn = (change: Parameters<typeof slice>[0]): Drawn => ({ key: "", revision: 1, chosen, slice: slice(change) });

describe("the range of values", () => {
  const shown = drawn({ raw: line([[0, -2], [10, 0.5], [20, NaN], [30, 8]]), smoothed: line([[0, 1]]) });

  test("takes raw and smoothed and leaves out what is not finite", () => {
    expect(valueRange([shown], { positive: false, x, clip: false })).toEqual({ low: -2, high: 8, lowest: -2, clipped: false });
  });
  test("takes only positive values for a logarithmic axis", () => {
    expect(valueRange([shown], { positive: true, x, clip: false })).toMatchObject({ low: 0.5, high: 8, lowest: -2 });
  });
  test("looks only at what is in view", () => {
    expect(valueRange([shown], { positive: false, x: { min: 5, max: 25 }, clip: false })).toMatchObject({ low: 0.5, high: 0.5 });
  });
  test("leaves outliers out when they are clipped, and says so", () => {
    const wild = drawn({ raw: line([[0, 1], [10, 2], [20, 900]]), smoothed: line([[0, 1]]), usual: [0, 4] });
    expect(valueRange([wild], { positive: false, x, clip: true })).toMatchObject({ low: 1, high: 4, clipped: true });
    expect(valueRange([wild, shown], { positive: false, x, clip: true })).toMatchObject({ low: -2, high: 8, clipped: true });
    expect(valueRange([wild], { positive: false, x, clip: false })).toMatchObject({ low: 1, high: 900, clipped: false });
  });
  test("takes a band, and the spread of a group", () => {
    const band = { x: Float64Array.of(5), low: Float64Array.of(-9), high: Float64Array.of(9), breaks: new Uint32Array() };
    expect(valueRange([drawn({ raw: line([]), band })], { positive: false, x, clip: false })).toMatchObject({ low: -9, high: 9 });
    const group = { x: Float64Array.of(5), mean: Float64Array.of(3), spread: Float64Array.of(1), n: Uint16Array.of(2), extent: [0, 9] as const, last: 3 };
    expect(valueRange([{ key: "", revision: 1, chosen, group }], { positive: false, x, clip: true })).toMatchObject({ low: 2, high: 4 });
  });
});

test.each([[-5, 0], [4, 0], [6, 1], [15, 1], [16, 2], [99, 2]])("nearest to %d is point %d", (step, index) => {
  expect(nearestIndex(Float64Array.of(0, 10, 20), step)).toBe(index);
});

test("there is no nearest point of nothing", () => {
  expect(nearestIndex(new Float64Array(), 3)).toBe(-1);
  expect(readAt(slice({ smoothed: line([]) }), 3)).toBeUndefined();
});

test("a reading is the raw value of its place, or the range of its column when thinned", () => {
  expect(readAt(slice(), 110)).toEqual({ x: 100, smoothed: 0.5, raw: 0.5 });
  const band = { x: Float64Array.of(50, 104), low: Float64Array.of(0, 0.2), high: Float64Array.of(1, 0.9), breaks: new Uint32Array() };
  expect(readAt(slice({ band }), 110)).toEqual({ x: 100, smoothed: 0.5, rawRange: [0.2, 0.9] });
});

test("a line that goes back over its places is read in their order", () => {
  expect([...byPlace(line([[0, 1], [10, 2], [5, 3]])).x]).toEqual([0, 5, 10]);
});

test("of a line that reaches beyond the axis the part in sight is drawn, with a point beyond on either side and its breaks", () => {
  const whole = line([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 6]], [1, 3, 4]);
  expect(inSight(whole, { min: 2.5, max: 3.5 })).toEqual(line([[2, 3], [3, 4], [4, 5]], [1, 2]));
  expect(inSight(whole, { min: 0, max: 5 })).toBe(whole);
  expect(inSight(whole, { min: 7, max: 9 })).toEqual(line([[5, 6]]));
  // A counter that began again comes back into sight.
  const again = line([[8, 1], [2, 2], [9, 3], [3, 4], [10, 5], [11, 6]], [1, 3]);
  expect(inSight(again, { min: 2, max: 4 })).toEqual(line([[8, 1], [2, 2], [9, 3], [3, 4], [10, 5]], [1, 3]));
});
