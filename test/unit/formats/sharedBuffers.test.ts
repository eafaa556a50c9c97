import { expect, test } from "vitest";
import { decodeTensor } from "#formats/bundle/decodeTensor";
import { decodeSummary } from "#formats/events/decodeSummary";
import { encodeSummary } from "#formats/events/encodeSummary";

/** Bytes in the middle of a larger memory, as a Node Buffer out of its pool: its `slice` does not copy. */
function inPool(bytes: Uint8Array): Buffer {
  const pool = Buffer.alloc(bytes.length + 16, 0xff);
  pool.set(bytes, 3);
  return pool.subarray(3, 3 + bytes.length);
}

test("a histogram is read out of a pooled Buffer", () => {
  const value = { kind: "histogram" as const, min: 0, max: 2, num: 3, sum: 3, sumSquares: 5, limits: Float64Array.of(0, 1, 2), counts: Float64Array.of(1, 1, 1) };
  expect(decodeSummary(inPool(encodeSummary([{ tag: "h", value }])))).toMatchObject([{ tag: "h", value }]);
});

test("a tensor is read out of a pooled Buffer", () => {
  expect(decodeTensor("float64", inPool(new Uint8Array(Float64Array.of(1, 2).buffer)))).toEqual(Float64Array.of(1, 2));
});
