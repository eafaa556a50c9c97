// Values of a rank among many.
import { expect, test } from "vitest";
import { valueOfRank } from "#analysis/series/ranks";
import { Random } from "../../../support/random";

test.each([1, 2, 3, 4])("the value of each rank is the one that stands there in order (seed %i)", (seed) => {
  const random = new Random(seed);
  const values = Float64Array.from({ length: 200 }, () => Math.floor(random.unit() * (seed === 1 ? 5 : 1000)));
  const ordered = values.toSorted();
  for (let rank = 0; rank < values.length; rank++) expect(valueOfRank(values.slice(), rank)).toBe(ordered[rank]);
});

test("a greater rank is looked for behind a lesser one that is in its place", () => {
  const random = new Random(7);
  const values = Float64Array.from({ length: 500 }, () => random.unit());
  const ordered = values.toSorted();
  expect([valueOfRank(values, 10), valueOfRank(values, 490, 10)]).toEqual([ordered[10], ordered[490]]);
});

test.each([[[1, 1, 1, 1]], [[1, 2, 3, 4]], [[4, 3, 2, 1]], [[5]]])("order and equal values make no difference: %j", (given) => {
  const ordered = [...given].sort((one, other) => one - other);
  given.forEach((_, rank) => expect(valueOfRank(Float64Array.from(given), rank)).toBe(ordered[rank]));
});
