import { describe, expect, test } from "vitest";
import { Column, ColumnPool } from "#analysis/series/column";
import { RunColumns, ScalarSeries, type ScalarPoint, type SeriesMark } from "#analysis/series/scalarSeries";
import { Random } from "../../../support/random";

function columnOf(pool: ColumnPool, ...numbers: number[]): Column {
  const column = new Column(pool);
  for (const number of numbers) column.push(number);
  return column;
}

const told = (column: Column): number[] => [...column.numbers];

describe("columns of one pool", () => {
  test("lie in memory once as long as they hold the same", () => {
    const pool = new ColumnPool();
    const one = columnOf(pool, 1, NaN, 3, 4);
    const other = columnOf(pool, 1, NaN, 3);
    expect(other.numbers.buffer).toBe(one.numbers.buffer);
    expect([told(one), told(other), other.work]).toEqual([[1, NaN, 3, 4], [1, NaN, 3], 0]);
  });

  test("part where they differ, also in the sign of a zero, and find others that go on like them", () => {
    const pool = new ColumnPool();
    const one = columnOf(pool, 1, 2, 0);
    const two = columnOf(pool, 1, 2, -0, 5);
    const three = columnOf(pool, 1, 2, -0);
    expect(two.numbers.buffer).not.toBe(one.numbers.buffer);
    expect(three.numbers.buffer).toBe(two.numbers.buffer);
    expect([told(one), told(two), told(three)]).toEqual([[1, 2, 0], [1, 2, -0, 5], [1, 2, -0]]);
  });

  test("that were all cut are written on where they lie", () => {
    const pool = new ColumnPool();
    const columns = [columnOf(pool, 1, 2, 3), columnOf(pool, 1, 2, 3)];
    const { buffer } = columnOf(pool, 1, 2).numbers;
    for (const column of columns) column.cut(2);
    for (const column of columns) column.push(4);
    expect(columns.map((column) => column.numbers.buffer === buffer && column.work === 0)).toEqual([true, true]);
    expect(columns.map(told)).toEqual([[1, 2, 4], [1, 2, 4]]);
  });

  test("keep what they hold when another that was cut goes on otherwise", () => {
    const pool = new ColumnPool();
    const one = columnOf(pool, 1, 2, 3);
    const two = columnOf(pool, 1, 2, 3);
    one.cut(1);
    one.push(9);
    expect([told(one), told(two)]).toEqual([[1, 9], [1, 2, 3]]);
  });

  test("cost linear time, also where each in turn goes its own way ahead of the others", () => {
    const pool = new ColumnPool();
    const columns = Array.from({ length: 200 }, () => new Column(pool));
    columns.forEach((leader, turn) => {
      for (let number = 0; number < 10; number++) for (const column of columns) column.push(number);
      leader.push(turn + 0.5);
      for (const column of columns) if (column !== leader) column.push(-1);
    });
    const sum = (of: (column: Column) => number): number => columns.reduce((all, column) => all + of(column), 0);
    expect(sum(({ work }) => work)).toBeLessThan(10 * sum(({ length }) => length));
    columns.forEach((column, turn) => expect(told(column).filter((number) => !Number.isInteger(number))).toEqual([turn + 0.5]));
  });
});

describe("series of one run", () => {
  /** What a series holds, in a form that shows every difference. */
  const all = ({ steps, values, wallTimeSeconds, segments, length }: ScalarSeries): unknown => ({ steps: [...steps], values: [...values], times: [...wallTimeSeconds], segments, length });

  test.each([1, 2, 3])("hold at every moment what they would hold alone (%d)", (seed) => {
    const random = new Random(seed);
    const columns = new RunColumns();
    const tags = Array.from({ length: 6 }, () => ({ shared: new ScalarSeries(columns), alone: new ScalarSeries(), marks: [] as (readonly [SeriesMark, SeriesMark])[] }));
    let step = 0;
    const append = ({ shared, alone }: (typeof tags)[number], point: ScalarPoint): void => {
      for (const series of [shared, alone]) series.append(point);
    };
    for (let round = 0; round < 250; round++) {
      const some = tags.filter(() => random.below(4) > 0);
      const what = random.below(12);
      if (what === 0) for (const tag of some) tag.marks.push([tag.shared.mark(), tag.alone.mark()]);
      else if (what === 1) {
        for (const { shared, alone, marks } of random.below(2) ? some : tags) {
          const [one, other] = marks.splice(random.below(marks.length + 1)).shift() ?? [];
          if (!one || !other) continue;
          shared.rollback(one);
          alone.rollback(other);
        }
      } else if (what === 2) for (const { shared, alone } of tags) for (const series of [shared, alone]) series.supersedeFrom(step - 3);
      else {
        step = random.below(20) === 0 ? Math.max(0, step - random.below(8)) : step + random.below(3);
        const wallTimeSeconds = random.below(9) === 0 ? NaN : step + random.below(2);
        for (const [at, tag] of (what < 10 ? tags : some).entries()) append(tag, { step, value: random.unit(), wallTimeSeconds: what === 4 ? at : wallTimeSeconds });
      }
      expect(tags.map(({ shared }) => all(shared))).toEqual(tags.map(({ alone }) => all(alone)));
    }
  });
});
