import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { debiasedAverage, halfLife, smoothRange } from "#analysis/smoothing/debiasedAverage";

type Written = number | string;
interface Case {
  readonly y: readonly Written[];
  readonly smoothed: readonly { readonly weight: Written; readonly y: readonly Written[] }[];
}

const fixture = new URL("../../../fixtures/analysis/smoothing.json.gz", import.meta.url);
const { series } = JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as { series: readonly Case[] };

describe("TensorBoard's own smoothing function", () => {
  test.each(series.map((one, index) => [index, one] as const))("series %i is smoothed to the same bits", (_, one) => {
    const values = Float64Array.from(one.y, Number);
    for (const { weight, y } of one.smoothed) {
      const wanted = Float64Array.from(y, Number);
      const got = debiasedAverage(values, Number(weight));
      expect({ weight, bits: bitsOf(got) }).toEqual({ weight, bits: bitsOf(wanted) });
    }
  });
});

test("a range is smoothed as if it were a series of its own", () => {
  const values = Float64Array.of(9, 1, 2, 4, 9);
  const into = new Float64Array(5);
  smoothRange(values, { from: 1, to: 4 }, { weight: 0.5, into });
  expect([...into.subarray(1, 4)]).toEqual([...debiasedAverage(values.slice(1, 4), 0.5)]);
  expect([into[0], into[4]]).toEqual([0, 0]);
});

test("the half-life of weight 0.9 at one point per 50 steps is 329 steps", () => {
  expect(Math.round(halfLife(0.9, 50))).toBe(329);
  expect(halfLife(0, 50)).toBe(0);
  expect(halfLife(1, 50)).toBe(Infinity);
});

/** Bit patterns, all NaN alike. */
function bitsOf(values: Float64Array): string[] {
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) return "NaN";
    return new BigUint64Array(Float64Array.of(value).buffer).toString();
  });
}
