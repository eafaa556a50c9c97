// Histogram summaries against the bytes of TensorFlow's own HistogramSummary kernel.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeSummary } from "#formats/events/decodeSummary";
import { histogramOf } from "#runtime/summaries/histogram";

interface Recorded { values: number[]; summary: string }
const { hist } = JSON.parse(
  readFileSync(new URL("../../../fixtures/summaries/kernels.json", import.meta.url), "utf8"),
) as { hist: Recorded[] };

describe("buckets are TensorFlow's", () => {
  test.each(hist.map((each, index) => [index, each] as const))("values %i", (_, { values, summary }) => {
    const [value] = decodeSummary(new Uint8Array(Buffer.from(summary, "base64")));
    expect(histogramOf("h", values)).toEqual(value?.value);
  });
});

test("ten falls between 9.94 and 10.93", () => {
  const { limits, counts } = histogramOf("h", [10]);
  expect([...counts]).toEqual([0, 1, 0]);
  expect(limits[0]).toBeCloseTo(9.9381, 4);
  expect(limits[1]).toBeCloseTo(10.9319, 4);
  expect(limits[2]).toBe(Number.MAX_VALUE);
});

test("a value that is not finite is refused by the name of the summary", () => {
  expect(() => histogramOf("weights", [1, Number.NaN])).toThrow("Nan in summary histogram for: weights");
  expect(() => histogramOf("weights", [Number.NEGATIVE_INFINITY])).toThrow("Infinity in summary histogram for: weights");
});
