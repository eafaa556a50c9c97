import { expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { cellText, cellWords, heatRows, shareOf } from "../../../../webview/checkpoints/heat";

const numbers = numbersFor("en", "UTC");
const map = {
  scopes: ["generator", "generator/encoder_1", "generator/encoder_7", "discriminator"],
  columns: [{ from: "model-8500", to: "model-9000", relative: [0.05, 0.075, NaN, undefined], nonFinite: [4, 0, 4, 0] }],
};
const rows = (open: readonly string[]) => heatRows(map, { open: new Set(open), measure: "perThousand", steps: () => 500 });

test("scopes are rows, what lies below them only when they are open", () => {
  expect(rows([]).map(({ name, depth, open }) => [name, depth, open])).toEqual([["generator", 0, false], ["discriminator", 0, undefined]]);
  expect(rows(["generator"]).map(({ name, depth }) => [name, depth])).toEqual([["generator", 0], ["encoder_1", 1], ["encoder_7", 1], ["discriminator", 0]]);
});

test("a cell is the change in percent per thousand steps, or as it is", () => {
  expect(rows([])[0]?.cells[0]?.percent).toBeCloseTo(10);
  expect(heatRows(map, { open: new Set(), measure: "between", steps: () => 500 })[0]?.cells[0]?.percent).toBeCloseTo(5);
});

test("what is not a number marks its row and says so aloud", () => {
  const [generator, encoder, broken, other] = rows(["generator"]);
  const words = (row: typeof generator): string => (row?.cells[0] ? cellWords(row, row.cells[0], { from: "8,500", to: "9,000", measure: "perThousand", numbers }) : "");
  expect([generator?.broken, encoder?.broken]).toEqual([true, false]);
  expect(words(encoder)).toBe("encoder_1, 8,500 to 9,000, 15 percent per 1,000 steps.");
  expect(words(broken)).toBe("encoder_7, 8,500 to 9,000, NaN: not a number, in 4 values.");
  expect(words(other)).toBe("discriminator, 8,500 to 9,000, not in both.");
});

test("the colour grows with the logarithm from 0.1 to 30 percent", () => {
  expect([0, 0.1, 30, 1e9, NaN, undefined].map(shareOf).map((share) => Number(share.toFixed(2)))).toEqual([0.04, 0.04, 0.6, 0.6, 0.04, 0.04]);
  expect(shareOf(3)).toBeGreaterThan(shareOf(1));
});

test("two digits are printed, and words for what is no number", () => {
  expect([43.6, 9.96, 9.94, 0.04, Infinity, NaN, undefined].map((percent) => cellText(percent, numbers))).toEqual(["44", "10", "9.9", "0.0", "inf", "NaN", "–"]);
});
