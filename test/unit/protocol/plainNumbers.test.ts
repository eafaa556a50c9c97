import { expect, test } from "vitest";
import { packNumbers, unpackNumbers } from "#protocol/plainNumbers";

test("what JSON has no word for comes through a border of JSON, everything else as it is", () => {
  const message = { values: [NaN, 1, -Infinity, Infinity], text: "NaN", deep: { none: null, missing: undefined, list: [{ value: NaN }] }, flag: true };
  expect(unpackNumbers(JSON.parse(JSON.stringify(packNumbers(message))))).toEqual(message);
});

test("a column of numbers is not walked through", () => {
  const column = Float64Array.of(1, NaN);
  expect((packNumbers({ column }) as { column: unknown }).column).toBe(column);
  expect((unpackNumbers({ column }) as { column: unknown }).column).toBe(column);
});

test("many columns share one buffer, since of many buffers a border loses the last", () => {
  const message = { lines: Array.from({ length: 300 }, (_, at) => ({ x: Float64Array.of(at, NaN), low: Float32Array.of(0.5, 1, 2), breaks: Uint32Array.of(at), none: new Float64Array(0) })), bytes: Uint8Array.of(1, 2, 3) };
  const packed = packNumbers(message) as typeof message;
  expect(packed).toEqual(message);
  const columns = [packed.bytes, ...packed.lines.flatMap(({ x, low, breaks, none }) => [x, low, breaks, none])];
  expect(new Set(columns.map(({ buffer }) => buffer)).size).toBe(1);
});
