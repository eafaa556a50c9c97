// trainscope scalars: patterns for tags, points with and without what a restart superseded.
import { expect, test } from "vitest";
import type { Smoothing } from "#model/scalars";
import { curvePoints } from "#host/reader/curvePoints";
import { TagSeries } from "#host/reader/tagSeries";
import { globPattern } from "#cli/commands/scalars";

test("a star stands for any text, also across slashes, and everything else for itself", () => {
  expect(["loss", "train/loss", "losses"].map((tag) => globPattern("*loss").test(tag))).toEqual([true, true, false]);
  expect(globPattern("a?c").test("a/c")).toBe(true);
  expect(globPattern("a.c").test("abc")).toBe(false);
  expect(globPattern("w[0]+").test("w[0]+")).toBe(true);
  expect(globPattern("*").test("two\nlines")).toBe(true);
});

const of = (weight: number): Smoothing => ({ weight, timed: false, bridge: false });

function restarted(): TagSeries {
  const series = new TagSeries({ plugin: "scalars", kind: "scalar", inFiles: true });
  [1, 2, 3, 2, 3].forEach((step, index) => series.addFromFile({ step, value: index, wallTimeSeconds: 100 + index }));
  series.settle();
  return series;
}

test("what a restart superseded is left out, or told as superseded", () => {
  const stands = [...curvePoints(restarted(), { smoothing: of(0), superseded: false })];
  expect(stands.map(({ step, value }) => [step, value])).toEqual([[1, 0], [2, 3], [3, 4]]);
  const all = [...curvePoints(restarted(), { smoothing: of(0), superseded: true })];
  expect(all.map(({ value, superseded }) => [value, superseded])).toEqual([[0, false], [1, true], [2, true], [3, false], [4, false]]);
});

test("smoothing begins anew after a restart", () => {
  const points = [...curvePoints(restarted(), { smoothing: of(0.5), superseded: false })];
  expect(points.map(({ smoothed }) => smoothed)).toEqual([0, 3, (3 * 0.5 * 0.5 + 4 * 0.5) / (1 - 0.5 ** 2)]);
});
