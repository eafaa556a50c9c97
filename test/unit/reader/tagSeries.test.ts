import { describe, expect, test } from "vitest";
import { extremesOf } from "#analysis/series/extremes";
import { Pyramid } from "#analysis/series/pyramid";
import type { ScalarPoint } from "#analysis/series/scalarSeries";
import { viewSeries, type SeriesView } from "#analysis/series/seriesView";
import { spikesOf } from "#analysis/series/spikes";
import { noSources, TagSeries } from "#host/reader/tagSeries";
import { Random } from "../../support/random";

const point = (step: number, value = step / 10) => ({ step, value, wallTimeSeconds: 1000 + step });

function series(): TagSeries {
  return new TagSeries({ plugin: "scalars", kind: "scalar", inFiles: true });
}

function fromFile(tag: TagSeries, ...steps: number[]): void {
  for (const step of steps) tag.addFromFile(point(step));
  tag.settle();
}

function told(tag: TagSeries, ...steps: number[]): void {
  for (const step of steps) tag.addTold(point(step));
}

const steps = (tag: TagSeries): number[] => [...tag.series.steps];

describe("points told by a training and later found in its file", () => {
  test("count once, whichever way the file is cut", () => {
    const tag = series();
    told(tag, 1, 2, 3);
    fromFile(tag, 1, 2);
    expect(steps(tag)).toEqual([1, 2, 3]);
    fromFile(tag, 3, 4);
    expect(steps(tag)).toEqual([1, 2, 3, 4]);
    expect(tag.told).toEqual([]);
  });

  test("are as the file has them", () => {
    const tag = series();
    tag.addTold(point(1, 0.1));
    tag.addFromFile(point(1, Math.fround(0.1)));
    tag.settle();
    expect([...tag.series.values]).toEqual([Math.fround(0.1)]);
  });

  test("count once when the file was faster", () => {
    const tag = series();
    fromFile(tag, 1, 2, 3);
    told(tag, 2, 3, 4);
    expect(steps(tag)).toEqual([1, 2, 3, 4]);
  });

  test("stay behind points that only the file has", () => {
    const tag = series();
    told(tag, 5, 6);
    fromFile(tag, 1, 2, 3);
    expect(steps(tag)).toEqual([1, 2, 3, 5, 6]);
  });

  test("vanish with a later one of theirs: the disk never got them", () => {
    const tag = series();
    told(tag, 1, 2, 3);
    fromFile(tag, 2);
    expect(steps(tag)).toEqual([2, 3]);
  });

  test("of equal steps are matched one by one", () => {
    const tag = series();
    told(tag, 1, 1, 1);
    fromFile(tag, 1, 1);
    expect(steps(tag)).toEqual([1, 1, 1]);
    expect(tag.told).toHaveLength(1);
  });

  test("of another attempt are not taken for those of the last", () => {
    const tag = series();
    fromFile(tag, 80, 81, 82);
    tag.addTold({ step: 81, value: 8.1, wallTimeSeconds: 5000 });
    expect(tag.info("loss")).toMatchObject({ points: 2, superseded: 2, last: { step: 81 } });
  });

  test("that are not numbers count once too", () => {
    const tag = series();
    tag.addFromFile(point(1, NaN));
    tag.settle();
    expect(tag.addTold(point(1, NaN))).toBe(false);
  });
});

test("a restart among told points is undone when the file brings another truth", () => {
  const tag = series();
  fromFile(tag, 1, 2, 3, 4);
  tag.addTold({ step: 2, value: 9, wallTimeSeconds: 9000 });
  expect(tag.info("loss")).toMatchObject({ points: 2, superseded: 3 });
  fromFile(tag, 5);
  expect(tag.series.segments[0]).toMatchObject({ from: 0, to: 5 });
});

test("a START out of a later file supersedes and keeps told points behind it", () => {
  const tag = series();
  fromFile(tag, 1, 2, 3);
  told(tag, 4);
  tag.supersedeFrom(2);
  tag.settle();
  expect(tag.info("loss")).toMatchObject({ points: 2, superseded: 2 });
});

test("figures are computed again after a change only", () => {
  const tag = series();
  fromFile(tag, 1, 2);
  const before = tag.extremes();
  expect(tag.extremes()).toBe(before);
  const view = (weight: number) => tag.view({ axis: { kind: "step" }, smoothing: { weight, timed: false, bridge: false } }, noSources);
  expect(view(0.5)).toBe(view(0.5));
  told(tag, 3);
  expect(tag.extremes().points).toBe(3);
  expect(view(0.5).smoothed.values).toHaveLength(3);
  expect(view(0).raw.extremes(0, 3)).toEqual(new Pyramid(tag.series.values).extremes(0, 3));
});

test("a tag that is no scalar has counts only", () => {
  const tag = new TagSeries({ plugin: "images", kind: "image", inFiles: true });
  tag.addFromFile(point(1));
  expect(tag.info("pictures")).toEqual({ tag: "pictures", plugin: "images", kind: "image", points: 1, superseded: 0 });
});

describe("a series that grows point by point", () => {
  const smoothings = [
    { weight: 0, timed: false, bridge: false }, { weight: 0.9, timed: false, bridge: false }, { weight: 0.9, timed: true, bridge: false }, { weight: 0.9, timed: true, bridge: true },
    { weight: 0.9, timed: false, bridge: true },
  ];
  /** All that a view holds, in a form that shows every difference. */
  const told = ({ x, raw, smoothed, nonFinite, gaps, segments, permuted }: SeriesView, length: number): unknown => ({
    x, values: raw.values, smooth: smoothed.values, nonFinite: [...nonFinite], gaps: [...gaps], segments, permuted,
    extremes: Array.from({ length: 20 }, (_, part) => [raw, smoothed].map((pyramid) => pyramid.extremes(Math.floor((part * length) / 20), length))),
  });

  test.each([1, 4])("is at every moment what a fresh look at all of its points finds (%d)", (seed) => {
    const random = new Random(seed);
    const tag = series();
    let step = 0;
    let level = 1;
    const next = (): ScalarPoint => {
      const kind = random.below(60);
      if (kind === 0) step = Math.max(0, step - random.below(40));
      else if (kind === 1) step = 0;
      else step += 1 + random.below(2);
      if (random.below(50) === 0) level = random.below(3);
      const value = kind === 2 ? NaN : kind === 3 ? Infinity : level === 0 ? 1 : random.unit() + (level === 2 ? 40 : 0);
      return { step, value: Math.fround(value), wallTimeSeconds: step };
    };
    const waiting: ScalarPoint[] = [];
    for (let round = 0; round < 80; round++) {
      const what = random.below(10);
      const count = 1 + random.below(12);
      if (what < 5) {
        for (let at = 0; at < count; at++) {
          const point = next();
          if (tag.addTold(point)) waiting.push(point);
        }
      } else {
        for (const point of waiting.splice(0, count)) tag.addFromFile(point);
        if (waiting.length === 0) for (let at = 0; at < count; at++) tag.addFromFile(next());
        if (what === 9 && random.below(6) === 0) tag.supersedeFrom(Math.max(1, step - random.below(20)));
        tag.settle();
      }
      const { series: all } = tag;
      const smoothing = smoothings[random.below(3)] ?? { weight: 0, timed: false, bridge: false };
      expect(told(tag.view({ axis: { kind: "step" }, smoothing }, noSources), all.length)).toEqual(told(viewSeries(all, all.steps, { smoothing }), all.length));
      expect(tag.spikes()).toEqual(spikesOf(all));
      expect(tag.extremes()).toEqual(extremesOf(all, { pyramid: new Pyramid(all.values), nonFinite: viewSeries(all, all.steps, { smoothing: { weight: 0, timed: false, bridge: false } }).nonFinite }));
    }
  });

  test.each(smoothings)("is smoothed from where it was left, by %o", (smoothing) => {
    const random = new Random(9);
    const tag = series();
    for (let step = 0; step < 2000; step++) {
      tag.addFromFile({ step: step < 900 ? step : step - 200, value: step < 300 ? 2 : step % 97 === 0 ? NaN : random.unit() + (step > 1500 ? 30 : 0), wallTimeSeconds: step });
      tag.settle();
      if (step % 131 !== 0) continue;
      const { series: all } = tag;
      for (const kind of ["wall", "relative"] as const) {
        const { x, smoothed } = tag.view({ axis: { kind }, smoothing }, { ...noSources, firstSeconds: 7, axisVersion: step });
        expect([x, smoothed.values]).toEqual([all.wallTimeSeconds.map((seconds) => seconds - (kind === "wall" ? 0 : 7)), viewSeries(all, all.wallTimeSeconds, { smoothing }).smoothed.values]);
      }
    }
    expect(tag.spikes()).toEqual(spikesOf(tag.series));
  });
});
