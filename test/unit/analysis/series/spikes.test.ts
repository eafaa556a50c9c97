import { describe, expect, test } from "vitest";
import { ScalarSeries } from "#analysis/series/scalarSeries";
import { viewSeries } from "#analysis/series/seriesView";
import { spikesOf } from "#analysis/series/spikes";
import { usualRange } from "#analysis/series/usualRange";
import { Random } from "../../../support/random";

function seriesOf(length: number, value: (index: number) => number): ScalarSeries {
  const series = new ScalarSeries();
  for (let step = 0; step < length; step++) series.append({ step, value: value(step), wallTimeSeconds: step });
  return series;
}
/** Roughly normal. */
const noise = (random: Random): number => random.unit() + random.unit() + random.unit() + random.unit() - 2;

describe("a spike", () => {
  test("is where a curve rises abruptly and stays, and is told once", () => {
    const random = new Random(1);
    expect(spikesOf(seriesOf(3000, (step) => 2 + noise(random) * 0.3 + (step >= 1500 && step < 1560 ? 8 : 0)))).toEqual([1500]);
  });
  test("is not one wild value, nor four", () => {
    const random = new Random(2);
    expect(spikesOf(seriesOf(3000, (step) => 2 + noise(random) * 0.3 + (step % 500 < 4 ? 50 : 0)))).toEqual([]);
  });
  test("is not a slow rise, a fall, or the beginning", () => {
    const random = new Random(3);
    expect(spikesOf(seriesOf(5000, (step) => step / 1000 + noise(random)))).toEqual([]);
    expect(spikesOf(seriesOf(5000, (step) => 10 * Math.exp(-step / 500) + noise(random) * 0.1))).toEqual([]);
    expect(spikesOf(seriesOf(100, (step) => (step > 50 ? 100 : noise(random))))).toEqual([]);
  });
  test("is never seen in noise: not in 400,000 points, even, lopsided or with long tails", () => {
    const random = new Random(4);
    for (const value of [() => noise(random), () => -Math.log(1 - random.unit()), () => Math.tan(Math.PI * (random.unit() - 0.5)), () => random.below(2)]) {
      expect(spikesOf(seriesOf(100_000, value))).toEqual([]);
    }
  });
  test("is looked for in what stands only, and past values that are no numbers", () => {
    const random = new Random(5);
    const series = seriesOf(1000, (step) => (step % 7 === 0 ? NaN : noise(random)) + (step >= 900 ? 30 : 0));
    series.append({ step: 800, value: 0, wallTimeSeconds: 0 });
    expect(spikesOf(series)).toEqual([]);
  });
});

describe("the usual range", () => {
  const rangeOf = (series: ScalarSeries, weight = 0.9): readonly [number, number] | undefined => {
    const view = viewSeries(series, series.steps, { smoothing: { weight, timed: false, bridge: false } });
    return usualRange(view, [{ from: 0, to: series.length }]);
  };

  test("leaves out a wild value", () => {
    const random = new Random(6);
    const [low, high] = rangeOf(seriesOf(1000, (step) => (step === 500 ? 1000 : noise(random)))) ?? [];
    expect(low).toBeLessThan(-1);
    // The smoothed line must be seen, also where the wild value lifts it.
    expect(high).toBeGreaterThan(90);
    expect(high).toBeLessThan(110);
  });
  test("is not told where all values lie within, nor for a constant or a few", () => {
    const random = new Random(7);
    expect(rangeOf(seriesOf(1000, () => noise(random)))).toBeUndefined();
    expect(rangeOf(seriesOf(1000, () => 3))).toBeUndefined();
    expect(rangeOf(seriesOf(10, (step) => (step === 5 ? 1e9 : 1)))).toBeUndefined();
  });
});
