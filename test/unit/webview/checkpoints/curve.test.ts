import { describe, expect, test } from "vitest";
import type { CheckpointMetric } from "#model/checkpointOutlook";
import { numbersFor } from "#kit/numbers";
import { curveModel, scaleTicks } from "../../../../webview/checkpoints/curve";
import { stripModel } from "../../../../webview/checkpoints/strip";
import { checkpoint, now, snapshot } from "./made";

const numbers = numbersFor("en", "UTC");
const box = { top: 92, bottom: 148, numbers };

function metric(values: readonly number[], breaks: readonly number[] = []): CheckpointMetric {
  const column = Float64Array.from(values);
  const wallTimeSeconds = Float64Array.from(values, (_, index) => now - (values.length - index) * 60);
  return { tag: "loss", better: "lower", smoothing: 0.9, tags: ["loss"], curve: { wallTimeSeconds, raw: column, smoothed: column, breaks: Uint32Array.from(breaks) } };
}

function model(made: CheckpointMetric, checkpoints = [checkpoint(12_000, { metric: { raw: 0.2, smoothed: 0.2 } })]) {
  return curveModel(made, stripModel(snapshot({ checkpoints, metric: made }), { width: 1240, gutter: 100, numbers }), box);
}

describe("the curve under the strip", () => {
  test("begins anew at a restart and around what is not finite", () => {
    const strokes = (path: string | undefined): number => path?.split("M").length ?? 0;
    expect(strokes(model(metric([0.5, 0.4, 0.3, 0.2], [2]))?.smoothed)).toBe(3);
    expect(strokes(model(metric([0.5, 0.4, NaN, 0.2]))?.smoothed)).toBe(3);
  });
  test("stays between its two heights", () => {
    const heights = [...(model(metric([3, 1e9, -2, 1]))?.raw ?? "").matchAll(/ (\d+(?:\.\d+)?)/g)].map(([, y]) => Number(y));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(92);
    expect(Math.max(...heights)).toBeLessThanOrEqual(148);
  });
  test("is logarithmic only where all is positive and spreads", () => {
    expect([model(metric([1, 0.1]))?.log, model(metric([1, 0.9]))?.log, model(metric([1, -0.1]))?.log]).toEqual([true, false, false]);
  });
  test("has a ring for each checkpoint that has a value", () => {
    const rings = model(metric([0.5, 0.2]), [checkpoint(12_000, { metric: { raw: 0.3, smoothed: 0.25 } }), checkpoint(11_500)])?.rings;
    expect(rings?.map(({ prefix, value }) => [prefix, value])).toEqual([["model-12000", 0.25]]);
  });
  test("is left out where nothing was recorded in the shown part", () => {
    expect(model(metric([NaN, NaN]))).toBeUndefined();
  });
});

test.each([
  [{ low: 0.096, high: 0.33, log: true }, [0.1, 0.2, 0.3]],
  [{ low: 0.001, high: 100, log: true }, [0.001, 0.1, 10]],
  [{ low: 0, high: 10, log: false }, [0, 5, 10]],
  [{ low: -3, high: 3, log: false }, [-2, 0, 2]],
])("a scale of %j is told by %j", (range, ticks) => {
  const shown = scaleTicks(range);
  expect(shown.length).toBeLessThanOrEqual(3);
  expect(shown.map((value) => Number(value.toPrecision(3)))).toEqual(ticks);
});
