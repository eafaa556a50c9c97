import { expect, test } from "vitest";
import type { VariableStatistics } from "#model/checkpointLook";
import { brokenOf, distanceOf, histogramPath } from "../../../../webview/checkpoints/statistics";

const figures = (name: string, change: Partial<VariableStatistics> = {}): VariableStatistics => ({
  name, count: 4, min: 0, max: 1, mean: 0.5, std: 0.1, norm: 1, nan: 0, infinite: 0, zeros: 0, histogram: { least: 0, greatest: 1, counts: [1] }, ...change,
});
const all = (...list: readonly VariableStatistics[]): ReadonlyMap<string, VariableStatistics> => new Map(list.map((one) => [one.name, one]));

test("the distance of a scope's averages is that of all their values together", () => {
  const statistics = all(
    figures("a/w", { norm: 3, shadow: { name: "a/w/ExponentialMovingAverage", distance: 0.1 } }), figures("a/b", { norm: 4, shadow: { name: "a/b/ExponentialMovingAverage", distance: 0 } }),
    figures("ab/w", { shadow: { name: "ab/w/ExponentialMovingAverage", distance: 9 } }),
  );
  expect(distanceOf(statistics, "a")).toBeCloseTo(0.3 / 5);
  expect(distanceOf(statistics, "none")).toBeUndefined();
});

test("the highest bar of a histogram fills its box, and a few values still show", () => {
  expect(histogramPath({ least: 0, greatest: 1, counts: [100, 1, 0] }, { width: 30, height: 16 })).toBe("M0 16V0H9V16ZM10 16V15H19V16ZM20 16V15.5H29V16Z");
});

test("what holds NaN or inf is named", () => {
  expect(brokenOf(all(figures("a"), figures("b", { nan: 1 }), figures("c", { infinite: 2 }))).map(({ name }) => name)).toEqual(["b", "c"]);
});
