import { expect, test } from "vitest";
import { packNumbers, unpackNumbers } from "#protocol/plainNumbers";

test("what JSON has no word for comes through a border of JSON, everything else as it is", () => {
  const message = { values: [NaN, 1, -Infinity, Infinity], text: "NaN", deep: { none: null, missing: undefined, list: [{ value: NaN }] }, flag: true };
  expect(unpackNumbers(JSON.parse(JSON.stringify(packNumbers(message))))).toEqual(message);
});

test("columns of numbers are not walked through", () => {
  const column = Float64Array.of(1, NaN);
  expect((packNumbers({ column }) as { column: unknown }).column).toBe(column);
  expect((unpackNumbers({ column }) as { column: unknown }).column).toBe(column);
});
