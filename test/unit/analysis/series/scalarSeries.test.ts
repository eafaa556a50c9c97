import { describe, expect, test } from "vitest";
import { extremesOf, type SeriesExtremes } from "#analysis/series/extremes";
import { Pyramid } from "#analysis/series/pyramid";
import { ScalarSeries } from "#analysis/series/scalarSeries";

function seriesOf(...steps: number[]): ScalarSeries {
  const series = new ScalarSeries();
  steps.forEach((step, index) => series.append({ step, value: index, wallTimeSeconds: 1000 + index }));
  return series;
}

/** Per segment: how it begins, its standing steps, its superseded steps. */
function told(series: ScalarSeries): (readonly [string, number[], number[]])[] {
  return series.segments.map(({ from, to, standing, begins }) =>
    [begins, [...series.steps.subarray(from, standing)], [...series.steps.subarray(standing, to)]] as const);
}

describe("columns", () => {
  test.each([0, 1, 1000, 1e12, Infinity, NaN])("keep all points when %d are expected", (points) => {
    const series = new ScalarSeries();
    for (let step = 0; step < 3000; step++) {
      if (step % 10 === 0) series.expect(points);
      series.append({ step, value: -step, wallTimeSeconds: 2 * step });
    }
    const steps = Array.from({ length: 3000 }, (_, step) => step);
    expect([series.length, series.segments.length]).toEqual([3000, 1]);
    expect([...series.steps]).toEqual(steps);
    expect([...series.values]).toEqual(steps.map((step) => -step));
    expect([...series.wallTimeSeconds]).toEqual(steps.map((step) => 2 * step));
  });
  test("are at most eight times as long as their points, whatever is expected", () => {
    const series = seriesOf(...Array.from({ length: 16 }, (_, step) => step));
    series.expect(1e12);
    series.append({ step: 16, value: 0, wallTimeSeconds: 0 });
    expect(series.steps.buffer.byteLength).toBe(8 * 16 * 8);
  });
});

describe("segments (formats 8)", () => {
  test("rising and equal steps are one segment, all kept", () => {
    expect(told(seriesOf(0, 1, 1, 1, 2))).toEqual([["first", [0, 1, 1, 1, 2], []]]);
  });

  test("a step at or before the segment's first begins the counter again and supersedes nothing", () => {
    expect(told(seriesOf(0, 1, 2, 0, 1, 2))).toEqual([["first", [0, 1, 2], []], ["again", [0, 1, 2], []]]);
    expect(told(seriesOf(5, 6, 3, 4))).toEqual([["first", [5, 6], []], ["again", [3, 4], []]]);
  });

  test("a step back into the segment is a restart: what stood from there on is superseded", () => {
    expect(told(seriesOf(79, 80, 81, 82, 81, 82, 83))).toEqual([
      ["first", [79, 80], [81, 82]],
      ["restart", [81, 82, 83], []],
    ]);
  });

  test("a restart supersedes points of every earlier segment", () => {
    expect(told(seriesOf(0, 5, 9, 0, 4, 8, 3))).toEqual([
      ["first", [0], [5, 9]],
      ["again", [0], [4, 8]],
      ["restart", [3], []],
    ]);
  });

  test("a second restart after the first keeps what lies before it", () => {
    expect(told(seriesOf(0, 1, 2, 3, 4, 2, 3, 4, 3, 4))).toEqual([
      ["first", [0, 1], [2, 3, 4]],
      ["restart", [2], [3, 4]],
      ["restart", [3, 4], []],
    ]);
  });

  test("a START beyond 0 supersedes what came before it, and the next point begins a segment", () => {
    const series = seriesOf(10, 20, 30);
    series.supersedeFrom(20);
    expect(told(series)).toEqual([["first", [10], [20, 30]]]);
    series.append({ step: 40, value: 0, wallTimeSeconds: 0 });
    expect(told(series)).toEqual([["first", [10], [20, 30]], ["restart", [40], []]]);
  });

  test("a START after the last step changes nothing", () => {
    const series = seriesOf(10, 20);
    series.supersedeFrom(21);
    series.append({ step: 21, value: 0, wallTimeSeconds: 0 });
    expect(told(series)).toEqual([["first", [10, 20, 21], []]]);
  });
});

test("a rollback forgets points, segments and what they superseded", () => {
  const series = seriesOf(0, 1, 2);
  const mark = series.mark();
  for (const step of [1, 2, 3]) series.append({ step, value: 9, wallTimeSeconds: 0 });
  series.rollback(mark);
  expect(told(series)).toEqual([["first", [0, 1, 2], []]]);
  expect([...series.values]).toEqual([0, 1, 2]);
});

test("columns grow past any first size and keep every value", () => {
  const series = seriesOf(...Array.from({ length: 1000 }, (_, index) => index));
  expect(series.length).toBe(1000);
  expect(series.values[999]).toBe(999);
  expect(series.wallTimeSeconds[999]).toBe(1999);
});

describe("extremes", () => {
  const extremes = (series: ScalarSeries): SeriesExtremes =>
    extremesOf(series, { pyramid: new Pyramid(series.values), nonFinite: Uint32Array.from(series.values.keys()).filter((index) => !Number.isFinite(series.values[index] ?? NaN)) });

  test("count standing and superseded points apart, and look at standing ones only", () => {
    expect(extremes(seriesOf(0, 1, 2, 1))).toEqual({
      points: 2, superseded: 2, nonFinite: 0,
      first: { step: 0, value: 0 }, last: { step: 1, value: 3 },
      min: { step: 0, value: 0 }, max: { step: 1, value: 3 },
    });
  });

  test("leave least and greatest out where no value is finite", () => {
    const series = new ScalarSeries();
    series.append({ step: 1, value: NaN, wallTimeSeconds: 0 });
    series.append({ step: 2, value: Infinity, wallTimeSeconds: 0 });
    const { min, max, nonFinite, last } = extremes(series);
    expect({ min, max, nonFinite, last }).toEqual({
      min: undefined, max: undefined, nonFinite: 2, last: { step: 2, value: Infinity },
    });
  });

  test("of equal values name the first", () => {
    const series = new ScalarSeries();
    for (const step of [1, 2, 3]) series.append({ step, value: 7, wallTimeSeconds: 0 });
    expect(extremes(series)).toMatchObject({ min: { step: 1 }, max: { step: 1 } });
  });

  test("of an empty series are only counts", () => {
    expect(extremes(new ScalarSeries())).toEqual({ points: 0, superseded: 0, nonFinite: 0 });
  });
});
