import { describe, expect, test } from "vitest";
import { ScalarSeries } from "#analysis/series/scalarSeries";
import { debiasedAverage } from "#analysis/smoothing/debiasedAverage";
import { smoothSeries, usualDistance } from "#analysis/smoothing/smoothSeries";
import { correctZeroStart } from "#analysis/smoothing/zeroStart";

function seriesOf(points: readonly (readonly [step: number, value: number])[]): ScalarSeries {
  const series = new ScalarSeries();
  for (const [step, value] of points) series.append({ step, value, wallTimeSeconds: step });
  return series;
}
const rounded = (values: Iterable<number>): number[] => Array.from(values, (value) => Number(value.toPrecision(12)));
const wave = Array.from({ length: 60 }, (_, index) => [index * 50, Math.sin(index)] as const);
const plain = { weight: 0.9, timed: false, bridge: false };

describe("an average by steps", () => {
  test("is TensorBoard's where the steps are even", () => {
    expect(rounded(smoothSeries(seriesOf(wave), { ...plain, timed: true }))).toEqual(rounded(debiasedAverage(Float64Array.from(wave, ([, value]) => value), 0.9)));
  });
  test("forgets by steps: after a long gap the new value is all that counts", () => {
    const gap = seriesOf([...wave, [1_000_000, 7], [1_000_050, 7]]);
    expect(smoothSeries(gap, { ...plain, timed: true }).at(-1)).toBeCloseTo(7, 6);
    expect(smoothSeries(gap, plain).at(-1)).toBeLessThan(2);
  });
  test("does not change what was drawn when the run goes on", () => {
    const long = Array.from({ length: 500 }, (_, index) => [index < 200 ? index * 50 : 10_000 + index, Math.cos(index)] as const);
    const whole = smoothSeries(seriesOf(long), { ...plain, timed: true });
    expect([...smoothSeries(seriesOf(long.slice(0, 200)), { ...plain, timed: true })]).toEqual([...whole.subarray(0, 200)]);
  });
  test("bears points that share a step, and values that are no numbers", () => {
    const values = smoothSeries(seriesOf([[0, 1], [0, 2], [1, NaN], [2, 3]]), { ...plain, timed: true });
    expect([values[0], Number.isFinite(values[1]), values[2], Number.isFinite(values[3])]).toEqual([1, true, NaN, true]);
  });
  test("takes the middle distance of the first points for the usual one", () => {
    expect(usualDistance(seriesOf(wave))).toBe(50);
    expect(usualDistance(seriesOf([[4, 1]]))).toBe(1);
  });
});

describe("an average across a restart", () => {
  const restarted = seriesOf([[0, 1], [1, 2], [2, 30], [1, 4], [2, 5]]);

  test("goes on from what stood before it, not from what was superseded", () => {
    expect(rounded(smoothSeries(restarted, { ...plain, bridge: true }).subarray(3))).toEqual(rounded(debiasedAverage(Float64Array.of(1, 4, 5), 0.9).subarray(1)));
  });
  test("begins anew unless that is asked for", () => {
    expect(smoothSeries(restarted, plain)[3]).toBe(4);
  });
});

describe("an average that started at 0", () => {
  // TensorFlow's own: train/ema_loss and train/raw_loss of an estimator with decay 0.99, averaged once a step, recorded every five.
  const steps = Float64Array.of(1, 6, 11, 16, 21, 26);
  const recorded = Float64Array.of(0, 0.6798062324523926, 1.122381329536438, 1.5805569887161255, 2.046205997467041, 2.405724287033081);
  const decay = 1 - Math.fround(1 - Math.fround(0.99));

  test("is divided by the weight it has gathered, counted from where it was still 0", () => {
    const corrected = correctZeroStart({ steps, values: recorded }, decay);
    expect(corrected[0]).toBeNaN();
    for (const [at, updates] of [5, 10, 15, 20, 25].entries()) expect(corrected[at + 1]).toBeCloseTo((recorded[at + 1] ?? NaN) / (1 - decay ** updates), 12);
    expect(corrected[1]).toBeGreaterThan(13);
  });
  test("equals a debiased average of the values, whatever was recorded of it", () => {
    const values = Float64Array.from({ length: 300 }, (_, index) => 5 + Math.sin(index));
    let shadow = 0;
    const shadows = values.map((value) => (shadow -= (shadow - value) * (1 - 0.99)));
    const corrected = correctZeroStart({ steps: values.map((_, index) => index + 1), values: shadows }, 0.99);
    const reference = debiasedAverage(values, 0.99);
    for (let at = 0; at < values.length; at++) expect(corrected[at]).toBeCloseTo(reference[at] ?? NaN, 12);
  });
});
