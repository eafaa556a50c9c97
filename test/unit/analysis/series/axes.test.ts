import { describe, expect, test } from "vitest";
import { activeClock } from "#analysis/series/activeTime";
import { axisColumn, type AxisSources } from "#analysis/series/axisColumn";
import { summarize, pointNear } from "#analysis/series/curveSummary";
import { sliceGroup } from "#analysis/series/groupMean";
import { ScalarSeries } from "#analysis/series/scalarSeries";
import { viewSeries, type SeriesView } from "#analysis/series/seriesView";
import { sliceSeries } from "#analysis/series/slice";
import type { AxisKind, SliceRequest } from "#model/scalars";

const plain = { weight: 0, timed: false, bridge: false };

function seriesOf(points: readonly (readonly [step: number, value: number, seconds?: number])[]): ScalarSeries {
  const series = new ScalarSeries();
  for (const [step, value, seconds] of points) series.append({ step, value, wallTimeSeconds: seconds ?? step });
  return series;
}
function viewOn(series: ScalarSeries, axis: AxisKind = { kind: "step" }, sources: Partial<AxisSources> = {}): SeriesView {
  return viewSeries(series, axisColumn(series, axis, { firstSeconds: 0, clock: () => activeClock(series, []), tag: () => undefined, ...sources }), { smoothing: plain });
}
const request: SliceRequest = { tag: "loss", axis: { kind: "step" }, smoothing: plain, log: false, pixels: 100, raw: true, clip: true };

describe("training time", () => {
  // Every 10 s, then a pause of an hour, then on.
  const times = [0, 10, 20, 30, 3630, 3640, 3650];

  test("leaves out gaps far longer than the usual", () => {
    const clock = activeClock(seriesOf(times.map((seconds, step) => [step, 1, seconds])), []);
    expect(times.map(clock)).toEqual([0, 10, 20, 30, 30, 40, 50]);
  });
  test("stands still within a pause and goes on behind the last point", () => {
    const clock = activeClock(seriesOf(times.map((seconds, step) => [step, 1, seconds])), []);
    expect([clock(1000), clock(3660)]).toEqual([30, 60]);
  });
  test("leaves out all of the time between a session's last point and the next one's first", () => {
    const clock = activeClock(seriesOf([0, 10, 20, 50, 60].map((seconds, step) => [step, 1, seconds])), [45]);
    expect([clock(20), clock(50), clock(60)]).toEqual([20, 20, 30]);
  });
  test("leaves out the time before a restart", () => {
    const clock = activeClock(seriesOf([[0, 1, 0], [1, 1, 10], [2, 1, 20], [1, 1, 55], [2, 1, 65]]), []);
    expect([clock(20), clock(55), clock(65)]).toEqual([20, 20, 30]);
  });
  test("does not take a slow log for one pause after the other", () => {
    const clock = activeClock(seriesOf([0, 600, 1200, 1800].map((seconds, step) => [step, 1, seconds])), []);
    expect(clock(1800)).toBe(1800);
  });
});

describe("another tag as the axis", () => {
  const epoch = seriesOf([[0, 0, 0], [10, 1, 10], [20, 2, 20]]);

  test("has its value by the time a point was recorded", () => {
    const loss = seriesOf([[5, 1, 5], [10, 2, 10], [15, 3, 15], [25, 4, 25]]);
    expect([...viewOn(loss, { kind: "tag", tag: "epoch" }, { tag: () => epoch }).x]).toEqual([0, 1, 1, 2]);
  });
  test("counts the value of the same step although it was written a little later", () => {
    const loss = seriesOf([[10, 2, 9.99], [20, 3, 19.99]]);
    expect([...viewOn(loss, { kind: "tag", tag: "epoch" }, { tag: () => epoch }).x]).toEqual([1, 2]);
  });
  test("that falls, as a learning rate does, puts the points in the order of their places", () => {
    const rate = seriesOf([[0, 0.3, 0], [1, 0.2, 1], [2, 0.1, 2]]);
    const loss = seriesOf([[0, 5, 0], [1, 6, 1], [2, 7, 2]]);
    const view = viewOn(loss, { kind: "tag", tag: "rate" }, { tag: () => rate });
    const { smoothed } = sliceSeries(view, request, { revision: 1, spikes: [], oneStep: false });
    expect([[...smoothed.x], [...smoothed.y], view.permuted]).toEqual([[0.1, 0.2, 0.3], [7, 6, 5], true]);
  });
  test("that is not there leaves nothing to draw", () => {
    const slice = sliceSeries(viewOn(epoch, { kind: "tag", tag: "gone" }), request, { revision: 1, spikes: [], oneStep: false });
    expect([slice.extent, slice.smoothed.x.length, slice.inRange]).toEqual([undefined, 0, 0]);
  });
});

test("relative time counts from the run's first event", () => {
  expect([...viewOn(seriesOf([[0, 1, 105], [1, 1, 107]]), { kind: "relative" }, { firstSeconds: 100 }).x]).toEqual([5, 7]);
});

describe("a curve in a few numbers", () => {
  const view = viewOn(seriesOf([[0, 5], [1, 9], [2, 100], [1, 8], [2, NaN], [3, 1]]));

  test("counts what stands", () => {
    expect(summarize(view, 2)).toMatchObject({ points: 4, nonFinite: 1, min: { step: 3, value: 1 }, max: { step: 1, value: 8 }, last: { step: 3 }, at: { step: 2, value: NaN } });
  });
  test("has the speed since the last restart, and none of a single moment", () => {
    const speed = (points: Parameters<typeof seriesOf>[0]) => summarize(viewOn(seriesOf(points))).stepsPerSecond;
    expect(speed([[0, 1, 0], [10, 1, 1], [20, 1, 2], [10, 1, 500], [30, 1, 510]])).toBe(2);
    expect([speed([]), speed([[0, 1, 0]]), speed([[0, 1, 7], [1, 1, 7]])]).toEqual([undefined, undefined, undefined]);
  });
  test("has no value at a step before it began", () => {
    expect(summarize(viewOn(seriesOf([[5, 1]])), 4).at).toBeUndefined();
  });
  test("has a nearest point, of what stands", () => {
    expect([pointNear(view, 1.2)?.value, pointNear(view, 99)?.step, pointNear(viewOn(seriesOf([])), 3)]).toEqual([8, 3, undefined]);
  });
});

describe("a group", () => {
  const members = [0, 1, 2].map((offset) => viewOn(seriesOf(Array.from({ length: 11 }, (_, step) => [step * 10, step + offset] as const))));

  test("has the mean of its members and their sample standard deviation", () => {
    const { x, mean, spread, n } = sliceGroup(members, { ...request, from: 0, to: 100, pixels: 10 });
    expect([x[0], mean[0], spread[0], n[0]]).toEqual([5, 1.5, 1, 3]);
  });
  test("ends where fewer than two members go on", () => {
    const { mean, n } = sliceGroup([...members.slice(0, 1), viewOn(seriesOf([[0, 1], [50, 1]]))], { ...request, from: 0, to: 100, pixels: 10 });
    expect([n[9], mean[9]]).toEqual([1, NaN]);
  });
  test("has one last value, whatever part of it is cut and how wide", () => {
    for (const change of [{ pixels: 10 }, { pixels: 7 }, { pixels: 10, to: 40 }]) expect(sliceGroup(members, { ...request, from: 0, to: 100, ...change }).last).toBe(11);
    expect(sliceGroup([viewOn(seriesOf([]))], { ...request, from: 0, to: 100, pixels: 10 }).last).toBeUndefined();
  });
});
