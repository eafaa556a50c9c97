// Numbers, sizes and times as native parts of the window write them.
import { expect, test } from "vitest";
import { ago, bytes, counted, timeLeft, value } from "#extension/words";

test.each<[number, string]>([
  [0.42105, "0.421"], [2.311, "2.31"], [14.06, "14.1"], [0, "0"], [-3, "−3.00"], [0.2, "0.200"], [1234.5, "1,235"], [0.000032, "3.2e-5"], [1_234_567, "1.2e6"],
  [Number.NaN, "NaN"], [Number.POSITIVE_INFINITY, "∞"], [Number.NEGATIVE_INFINITY, "−∞"],
])("the value %d is written %s", (amount, text) => {
  expect(value(amount)).toBe(text);
});

test.each<[number, string]>([[0, "0 B"], [999, "999 B"], [6100, "6.1 kB"], [48_400_000, "48.4 MB"], [274_000_000, "274 MB"], [1_004_000_000, "1.0 GB"]])(
  "%d bytes are written %s",
  (amount, text) => {
    expect(bytes(amount)).toBe(text);
  },
);

test.each<[number, string]>([[5, "just now"], [61, "1 min ago"], [3599, "59 min ago"], [7200, "2 h ago"], [3 * 86_400, "3 d ago"], [-9, "just now"]])(
  "%d seconds are %s",
  (age, text) => {
    expect(ago(1000 - age, 1000)).toBe(text);
  },
);

test.each<[number, string]>([[0, "1 s"], [40, "40 s"], [2280, "38 min"], [5 * 3600, "5 h"], [3 * 86_400, "3 d"]])("%d seconds to come are %s", (seconds, text) => {
  expect(timeLeft(seconds)).toBe(text);
});

test("one is singular, anything else is not", () => {
  expect([counted(1, "checkpoint"), counted(0, "checkpoint"), counted(1200, "checkpoint")]).toEqual(["1 checkpoint", "0 checkpoints", "1,200 checkpoints"]);
});
