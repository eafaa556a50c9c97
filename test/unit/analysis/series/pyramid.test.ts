import { expect, test } from "vitest";
import { Pyramid } from "#analysis/series/pyramid";
import { Random } from "../../../support/random";

function columnOf(random: Random, length: number): Float64Array {
  return Float64Array.from({ length }, () => (random.chance(9) ? random.pick([NaN, Infinity, -Infinity]) : random.below(40) - 20));
}

function plain(values: Float64Array, from: number, to: number): { least: number; greatest: number } {
  const found = { least: -1, greatest: -1 };
  for (let at = from; at < to; at++) {
    const value = values[at] ?? NaN;
    if (!Number.isFinite(value)) continue;
    if (found.least < 0 || value < (values[found.least] ?? NaN)) found.least = at;
    if (found.greatest < 0 || value > (values[found.greatest] ?? NaN)) found.greatest = at;
  }
  return found;
}

test.each([1, 2, 3])("any part has the least and the greatest that a look at each value finds, the earliest of equal ones (seed %d)", (seed) => {
  const random = new Random(seed);
  for (const length of [0, 1, 15, 16, 17, 255, 256, 257, 5000]) {
    const values = columnOf(random, length);
    const pyramid = new Pyramid(values);
    for (let round = 0; round < 60; round++) {
      const [one, other] = [random.below(length + 1), random.below(length + 1)];
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      expect({ from, to, ...pyramid.extremes(from, to) }).toEqual({ from, to, ...plain(values, from, to) });
      const [low, high] = [random.below(20) - 20, random.below(20)];
      const part = Array.from(values.subarray(from, to)).filter(Number.isFinite);
      expect(pyramid.beyond({ from, to }, low, high)).toEqual({ above: part.filter((value) => value > high).length, below: part.filter((value) => value < low).length });
    }
  }
});

test("a column that grows, or whose end is replaced, is as one that was built at once", () => {
  const random = new Random(7);
  let values = columnOf(random, 900);
  const pyramid = new Pyramid(values);
  for (let round = 0; round < 40; round++) {
    const kept = values.length - random.below(40);
    values = Float64Array.from([...values.subarray(0, kept), ...columnOf(random, random.below(90))]);
    pyramid.update(values, kept);
    const from = random.below(values.length);
    expect(pyramid.extremes(from, values.length)).toEqual(plain(values, from, values.length));
  }
});
