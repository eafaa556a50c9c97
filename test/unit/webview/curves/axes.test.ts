import { describe, expect, test } from "vitest";
import { axisLabels, fixedAxis, linearAxis, logAxis, logLabels, niceStep, stepAxis, timeAxis } from "../../../../webview/curves/axes";

test.each([[0.03, 0.05], [0.1, 0.1], [1.1, 2], [2.4, 2.5], [3, 5], [7, 10], [1900, 2000]])("the round step from %d is %d", (least, step) => {
  expect(niceStep(least)).toBeCloseTo(step, 10);
});

describe("a linear axis", () => {
  test("holds its data between round ends", () => {
    expect(linearAxis(0.21, 0.97, 4)).toEqual({ min: 0.2, max: 1, ticks: [0.2, 0.4, 0.6, 0.8, 1] });
  });
  test("stays as it is while data moves inside of it", () => {
    expect(linearAxis(0.25, 0.9, 4)).toEqual(linearAxis(0.21, 0.97, 4));
  });
  test("makes room around a constant", () => {
    const { min, max } = linearAxis(5, 5, 4);
    expect([min < 5, max > 5]).toEqual([true, true]);
  });
  test("is there without data, too", () => {
    expect(linearAxis(Infinity, -Infinity, 4).ticks).toEqual([0, 0.5, 1]);
  });
  test("has labels with equal decimals and a true minus", () => {
    expect(axisLabels(linearAxis(-0.5, 1, 4), "en")).toEqual(["−0.5", "0.0", "0.5", "1.0"]);
    expect(axisLabels(linearAxis(0, 4, 4), "en")).toEqual(["0", "1", "2", "3", "4"]);
    expect(axisLabels({ min: 0, max: 2e-5, ticks: [0, 1e-5, 2e-5] }, "en")).toEqual(["0", "1e-5", "2e-5"]);
  });
});

describe("a logarithmic axis", () => {
  test("has 1-2-5 steps over a decade or two", () => {
    expect(logAxis(0.2, 4).ticks).toEqual([0.2, 0.5, 1, 2, 5]);
  });
  test("has decades over many", () => {
    expect(logAxis(1e-5, 10).ticks).toEqual([1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10]);
  });
  test("is there for data without a positive value", () => {
    expect(logAxis(Infinity, -Infinity).min).toBeGreaterThan(0);
    expect(logAxis(0, 3).min).toBeGreaterThan(0);
  });
  test("writes each label with the digits it needs", () => {
    expect(logLabels({ min: 1e-5, max: 10, ticks: [1e-5, 0.01, 10] }, "en")).toEqual(["1e-5", "0.01", "10"]);
  });
});

describe("the step axis", () => {
  test("begins at zero when the run does, and ends at a round step", () => {
    expect(stepAxis(1, 12_400, { zoomed: false, count: 7 })).toEqual({ min: 0, max: 12_500, ticks: [0, 2000, 4000, 6000, 8000, 10_000, 12_000] });
  });
  test("does not show what a late beginning never had", () => {
    expect(stepAxis(9000, 12_000, { zoomed: false, count: 5 }).min).toBe(9000);
  });
  test("begins below steps that are negative", () => {
    expect(stepAxis(-200, 190, { zoomed: false, count: 5 })).toMatchObject({ min: -200, max: 200, ticks: [-200, -100, 0, 100, 200] });
  });
  test("shows a zoom exactly", () => {
    expect(stepAxis(3, 17, { zoomed: true, count: 5 })).toEqual({ min: 3, max: 17, ticks: [5, 10, 15] });
  });
  test("has whole steps only, and room for a single one", () => {
    expect(stepAxis(0, 3, { zoomed: false, count: 7 }).ticks).toEqual([0, 1, 2, 3]);
    expect(stepAxis(7, 7, { zoomed: false, count: 7 })).toEqual({ min: 7, max: 8, ticks: [7] });
  });
});

describe("an axis of time", () => {
  test("has labels at times that people count in", () => {
    expect(timeAxis(0, 5400, { count: 6 }).ticks).toEqual([0, 900, 1800, 2700, 3600, 4500, 5400]);
    expect(timeAxis(0, 7, { count: 7 }).ticks).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
  test("counts from local midnight", () => {
    expect(timeAxis(0, 86_400, { count: 4, offset: 3600 }).ticks).toEqual([3600, 25_200, 46_800, 68_400]);
  });
});

test("an axis whose ends were typed has them, and round labels between", () => {
  expect(fixedAxis([0.13, 0.87], { log: false, count: 4 })).toEqual({ min: 0.13, max: 0.87, ticks: [0.2, 0.4, 0.6, 0.8] });
  const log = fixedAxis([0.15, 90], { log: true, count: 4 });
  expect([log.min, log.max, log.ticks.every((tick) => tick >= 0.15 && tick <= 90)]).toEqual([0.15, 90, true]);
});
