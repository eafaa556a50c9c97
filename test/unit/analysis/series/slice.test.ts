import { describe, expect, test } from "vitest";
import { PixelColumns } from "#analysis/series/pixelColumns";
import { ScalarSeries } from "#analysis/series/scalarSeries";
import { viewSeries } from "#analysis/series/seriesView";
import { sliceSeries } from "#analysis/series/slice";
import { debiasedAverage } from "#analysis/smoothing/debiasedAverage";
import type { Slice, SliceRequest } from "#model/scalars";
import { Random } from "../../../support/random";

function seriesOf(points: readonly (readonly [step: number, value: number])[]): ScalarSeries {
  const series = new ScalarSeries();
  for (const [step, value] of points) series.append({ step, value, wallTimeSeconds: step + 0.5 });
  return series;
}

function slice(series: ScalarSeries, { weight = 0, ...request }: Partial<SliceRequest> & { readonly weight?: number } = {}): Slice {
  const whole: SliceRequest = { tag: "loss", axis: { kind: "step" }, pixels: 100, smoothing: { weight, timed: false, bridge: false }, log: false, raw: true, clip: true, ...request };
  return sliceSeries(viewSeries(series, series.steps, whole), whole, { revision: 3, spikes: [], oneStep: false });
}

const noise = (index: number): number => Math.sin(index * 12.9898) * 43758.5453 % 1;
const long = seriesOf(Array.from({ length: 100_000 }, (_, step) => [step, noise(step)] as const));

describe("thinning", () => {
  test("a short series is drawn whole", () => {
    const { smoothed: raw, drawn, thinned, total, inRange, extent } = slice(seriesOf([[0, 1], [10, 2], [20, 0]]));
    expect({ x: [...raw.x], y: [...raw.y], drawn, thinned, total, inRange, extent }).toEqual({
      x: [0, 10, 20], y: [1, 2, 0], drawn: 3, thinned: false, total: 3, inRange: 3, extent: [0, 20],
    });
  });

  test.each([[0, 99_999, 90], [1234.5, 77_000, 333], [50_000, 50_400, 97], [10, 99_000, 1], [0, 99_999, 5000]])(
    "from %d to %d at %d pixels every column has at most four points, and the exact least and greatest", (from, to, pixels) => {
      const columns = new PixelColumns({ left: from, right: to, pixels });
      const { smoothed, drawn, inRange } = slice(long, { from, to, pixels });
      const shown = Array.from(long.steps).filter((step) => step >= from && step <= to);
      const wanted = extremesPerColumn(shown, shown.map(noise), (step) => columns.columnOf(step));
      const lineX = Array.from(smoothed.x).filter((step) => step >= from && step <= to);
      const got = extremesPerColumn(lineX, lineX.map(noise), (step) => columns.columnOf(step));
      expect(got.map(({ min, max }) => [min, max])).toEqual(wanted.map(({ min, max }) => [min, max]));
      expect(Math.max(...got.flatMap(({ count }) => count))).toBeLessThanOrEqual(4);
      expect([inRange, drawn]).toEqual([shown.length, lineX.length]);
    },
  );

  test.each([[0, 99_999, 90], [40_000, 60_000, 555]])("from %d to %d at %d pixels the band is the exact least and greatest raw value of each column", (from, to, pixels) => {
    const columns = new PixelColumns({ left: from, right: to, pixels });
    const { band, raw } = slice(long, { from, to, pixels, weight: 0.9 });
    const shown = Array.from(long.steps).filter((step) => step >= from && step <= to);
    const wanted = extremesPerColumn(shown, shown.map(noise), (step) => columns.columnOf(step));
    expect([...(band?.low ?? [])]).toEqual(wanted.map(({ min }) => min));
    expect([...(band?.high ?? [])]).toEqual(wanted.map(({ max }) => max));
    expect(raw.x).toHaveLength(0);
  });

  test("a logarithmic axis has columns of equal ratio", () => {
    const columns = new PixelColumns({ left: 1, right: 99_999, pixels: 50, log: true });
    const { smoothed } = slice(long, { from: 1, to: 99_999, pixels: 50, log: true });
    const counts = extremesPerColumn(Array.from(smoothed.x), Array.from(smoothed.y), (step) => columns.columnOf(step)).flatMap(({ count }) => count);
    expect(Math.max(...counts)).toBeLessThanOrEqual(5);
    expect(columns.edge(25)).toBeCloseTo(Math.sqrt(99_999), 6);
  });

  test("raw values are left out where nobody wants them", () => {
    const { band, raw } = slice(long, { weight: 0.9, raw: false });
    expect([band, raw.x.length]).toEqual([undefined, 0]);
  });

  test("the usual range is told where a value axis leaves outliers out", () => {
    const wild = seriesOf(Array.from({ length: 100 }, (_, step) => [step, step === 50 ? 1000 : step % 3] as const));
    expect([slice(wild).usual, slice(wild, { clip: false }).usual]).toEqual([[-2, 4], undefined]);
  });

  test("points beyond the ends of the value axis are counted, all of them", () => {
    const { above, below } = slice(long, { limits: [-0.5, 0.9], weight: 0.9 });
    const values = Array.from(long.values);
    expect({ above, below }).toEqual({ above: values.filter((value) => value > 0.9).length, below: values.filter((value) => value < -0.5).length });
  });

  test("the drawn points are points of the series in their order, first and last among them", () => {
    const { smoothed: raw } = slice(long, { pixels: 50 });
    expect([...raw.x]).toEqual([...raw.x].sort((one, other) => one - other));
    expect(Array.from(raw.x, (step) => noise(step))).toEqual([...raw.y]);
    expect([raw.x[0], raw.x.at(-1)]).toEqual([0, 99_999]);
  });

  test("a series of one step falls into one column", () => {
    const { smoothed: raw } = slice(seriesOf(Array.from({ length: 50 }, (_, index) => [0, index] as const)));
    expect([...raw.y]).toEqual([0, 49]);
  });
});

describe("smoothing", () => {
  test("runs over all points before thinning, so a zoom shows the same values", () => {
    const all = debiasedAverage(Float64Array.from(long.values), 0.99);
    const { smoothed } = slice(long, { from: 5000, to: 5020, pixels: 500, weight: 0.99 });
    expect([...smoothed.y]).toEqual([...all.subarray(4999, 5022)]);
  });

  test("starts anew at a restart and at a counter that began again", () => {
    const { smoothed, restarts } = slice(seriesOf([[0, 1], [1, 2], [2, 3], [1, 9], [2, 5], [0, 8]]), { weight: 0.5 });
    expect([...smoothed.y].map((value) => Number(value.toFixed(4)))).toEqual([1, 9, 6.3333, 8]);
    expect([...smoothed.breaks]).toEqual([1, 3]);
    expect(restarts.map(({ step }) => step)).toEqual([1]);
  });

  test("of weight 0 is the raw line, which is told once", () => {
    const { raw, smoothed } = slice(seriesOf([[0, 1], [1, 5]]));
    expect([[...smoothed.y], [...raw.y]]).toEqual([[1, 5], []]);
  });
});

describe("a range", () => {
  test("includes its edges and adds the next point on either side to the lines only", () => {
    const { smoothed: raw, inRange, drawn, total } = slice(seriesOf([[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]]), { from: 1.5, to: 3 });
    expect({ x: [...raw.x], inRange, drawn, total }).toEqual({ x: [1, 2, 3, 4], inRange: 2, drawn: 2, total: 5 });
  });

  test("that holds no point still shows the line that crosses it", () => {
    const { smoothed: raw, inRange, breaks } = { ...slice(seriesOf([[0, 0], [10, 1]]), { from: 4, to: 6 }), breaks: 0 };
    expect({ x: [...raw.x], inRange, breaks }).toEqual({ x: [0, 10], inRange: 0, breaks: 0 });
  });
});

describe("what is not finite", () => {
  test("breaks the lines, is counted, and its first steps are named", () => {
    const points = [[0, 1], [1, NaN], [2, 2], [3, Infinity], [4, 3]] as const;
    const { smoothed: raw, nonFinite, nonFiniteCount, drawn, thinned } = slice(seriesOf(points));
    expect({ y: [...raw.y], breaks: [...raw.breaks], nonFinite, nonFiniteCount, drawn, thinned }).toEqual({
      y: [1, 2, 3], breaks: [1, 2], nonFiniteCount: 2, drawn: 3, thinned: false,
      nonFinite: [{ x: 1, step: 1, value: NaN }, { x: 3, step: 3, value: Infinity }],
    });
  });

  test.each([1, 2, 3])("breaks a line that is drawn whole wherever it stands, and nowhere else (seed %i)", (seed) => {
    const random = new Random(seed);
    const points = Array.from({ length: 200 }, (_, step) => [step, random.unit() < 0.3 ? NaN : random.unit()] as const);
    const { smoothed: raw } = slice(seriesOf(points), { pixels: 1000, from: 3, to: 190 });
    // The nearest point outside on either side belongs to the line.
    const near = points.slice(2, 192);
    const finite = near.filter(([, value]) => Number.isFinite(value));
    expect([...raw.x]).toEqual(finite.map(([step]) => step));
    expect([...raw.breaks]).toEqual(finite.flatMap(([step], at) => (at > 0 && step - (finite[at - 1]?.[0] ?? 0) > 1 ? [at] : [])));
  });

  test("breaks a line within one pixel column too, where few points lie there", () => {
    const { smoothed: raw } = slice(seriesOf([[0, 1], [1, NaN], [2, 2]]), { pixels: 1 });
    expect({ y: [...raw.y], breaks: [...raw.breaks] }).toEqual({ y: [1, 2], breaks: [1] });
  });

  test("never makes a column hold more than four points", () => {
    const points = Array.from({ length: 400 }, (_, step) => [step, step % 2 ? NaN : step] as const);
    expect(slice(seriesOf(points), { pixels: 1 }).raw.x.length).toBeLessThanOrEqual(4);
  });

  test("leaves a series of nothing else empty", () => {
    const { smoothed: raw, nonFiniteCount, last } = slice(seriesOf([[0, NaN], [1, NaN]]));
    expect({ x: raw.x.length, nonFiniteCount, last: last?.step }).toEqual({ x: 0, nonFiniteCount: 2, last: 1 });
  });
});

describe("restarts", () => {
  const series = seriesOf([[0, 1], [1, 2], [2, 3], [3, 4], [2, 30], [3, 40]]);

  test("leave the superseded tail apart and out of the counts", () => {
    const { smoothed: raw, superseded, total, restarts } = slice(series);
    expect({ raw: [...raw.x], tail: [...superseded.x], total, restarts: restarts.map(({ step }) => step) }).toEqual({
      raw: [0, 1, 2, 3], tail: [2, 3], total: 4, restarts: [2],
    });
    expect([...raw.breaks]).toEqual([2]);
  });

  test("end the run at the last standing point", () => {
    expect(slice(series).last).toEqual({ x: 3, step: 3, value: 40, smoothed: 40, wallTimeSeconds: 3.5 });
  });
});

test("an empty series gives an empty slice", () => {
  const { smoothed: raw, extent, total, last } = slice(seriesOf([]));
  expect({ points: raw.x.length, extent, total, last }).toEqual({ points: 0, extent: undefined, total: 0, last: undefined });
});

interface ColumnFacts { min: number; max: number; count: number }

function extremesPerColumn(steps: number[], values: number[], place: (step: number) => number): ColumnFacts[] {
  const columns: ColumnFacts[] = [];
  steps.forEach((step, index) => {
    const value = values[index] ?? NaN;
    const { min, max, count } = columns[place(step)] ?? { min: Infinity, max: -Infinity, count: 0 };
    columns[place(step)] = { min: Math.min(min, value), max: Math.max(max, value), count: count + 1 };
  });
  return columns;
}
