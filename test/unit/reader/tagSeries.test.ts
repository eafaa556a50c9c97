import { describe, expect, test } from "vitest";
import { Pyramid } from "#analysis/series/pyramid";
import { noSources, TagSeries } from "#host/reader/tagSeries";

const point = (step: number, value = step / 10) => ({ step, value, wallTimeSeconds: 1000 + step });

function series(): TagSeries {
  return new TagSeries("scalars", "scalar", true);
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
  const tag = new TagSeries("images", "image", true);
  tag.addFromFile(point(1));
  expect(tag.info("pictures")).toEqual({ tag: "pictures", plugin: "images", kind: "image", points: 1, superseded: 0 });
});
