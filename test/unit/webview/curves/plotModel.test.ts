import { describe, expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { plotModel, type PlotModel } from "../../../../webview/curves/plotModel";
import { viewOf } from "../../../../webview/curves/requests";
import type { CurvesState, Drawn, Happening } from "../../../../webview/curves/state";
import { after, chosen, curvesRun, line, opened, slice } from "./made";

const numbers = numbersFor("en", "UTC");
const came = (...all: readonly (readonly [string, Partial<Drawn>])[]): Happening => ({
  kind: "drawnCame", drawn: new Map(all.map(([name, one]) => [`/runs/${name}\0loss`, { key: "step\n", revision: 5, chosen, ...one }])),
});
function modelOf(state: CurvesState, narrow = false): PlotModel {
  const view = viewOf(state, 5);
  const [chart] = view.charts;
  if (!chart) throw new Error("there is one chart");
  return plotModel(view, chart, { narrow, numbers, locale: "en" });
}

test("without data there are axes only", () => {
  const model = modelOf(after(opened()));
  expect([model.lines, model.x.labels, model.y.labels.every((label) => label === "")]).toEqual([[], ["0", "50", "100", "150", "200"], true]);
});

describe("a line", () => {
  test("ends in a dot that is live, then hollow, and has none once the run has ended", () => {
    const endOf = (run: object, nowSeconds = 0) => modelOf(after(opened([curvesRun("a", { run: { ...curvesRun("a").run, ...run } })]), came(["a", { slice: slice() }]), { kind: "clock", nowSeconds })).lines[0]?.end?.live;
    expect([endOf({ lastWallTimeSeconds: 0 }), endOf({ lastWallTimeSeconds: 0 }, 1000), endOf({ state: "finished" })]).toEqual([true, false, undefined]);
  });
  test("of a single point ends in a dot, which would not be seen without", () => {
    const one = slice({ total: 1, inRange: 1, raw: line([[7, 3]]), smoothed: line([[7, 3]]), last: { x: 7, step: 7, value: 3, smoothed: 3, wallTimeSeconds: 0 } });
    expect(modelOf(after(opened([curvesRun("a", { run: { ...curvesRun("a").run, state: "finished" } })]), came(["a", { slice: one }]))).lines[0]?.end).toEqual({ x: 7, y: 3, live: true });
  });
  test("on a logarithmic axis has marks where values have no place on it", () => {
    const zeros = line([[0, 1], [100, 0], [200, 0.1]]);
    const state = after(opened(undefined, { y: "log" }), came(["a", { slice: slice({ raw: zeros, smoothed: zeros, below: 1 }) }]));
    expect(modelOf(state).lines[0]?.below).toEqual([100]);
  });
  test("has marks where raw values reach beyond the axis", () => {
    const state = after(opened(undefined, { charts: { loss: { limits: [0.4, 0.8] } } }), came(["a", { slice: slice({ above: 1, below: 1 }) }]));
    expect(modelOf(state).lines[0]).toMatchObject({ above: [0], below: [200] });
    expect(modelOf(state).y).toMatchObject({ min: 0.4, max: 0.8 });
  });
  test("has raw values beside it for one or two runs, and for the one that is pointed at", () => {
    const runs = ["a", "b", "c"].map((name) => curvesRun(name));
    const all = came(["a", { slice: slice() }], ["b", { slice: slice() }], ["c", { slice: slice() }]);
    expect(modelOf(after(opened(runs.slice(0, 2)), all)).lines.map(({ raw }) => raw !== undefined)).toEqual([true, true]);
    expect(modelOf(after(opened(runs), all)).lines.map(({ raw }) => raw !== undefined)).toEqual([false, false, false]);
    const pointed = modelOf(after(opened(runs), all, { kind: "pointed", dir: "/runs/b" }));
    expect(pointed.lines.map(({ raw, dim }) => [raw !== undefined, dim])).toEqual([[false, true], [true, false], [false, true]]);
  });
  test("keeps its superseded tail unless that is switched off", () => {
    const superseded = line([[150, 1]]);
    const tailOf = (settings: object) => modelOf(after(opened(undefined, settings), came(["a", { slice: slice({ superseded }) }]))).lines[0]?.superseded;
    expect([tailOf({}), tailOf({ superseded: false })]).toEqual([superseded, undefined]);
  });
});

test("restarts are those of the focused run that are in view", () => {
  const restarts = [{ x: 50, step: 50, value: 1 }, { x: 900, step: 900, value: 1 }];
  const state = after(opened([curvesRun("a"), curvesRun("b")]), came(["a", { slice: slice() }], ["b", { slice: slice({ restarts }) }]));
  expect(modelOf(state).restarts).toEqual([]);
  expect(modelOf(after(opened([curvesRun("b"), curvesRun("a")]), came(["b", { slice: slice({ restarts }) }]))).restarts.map(({ x }) => x)).toEqual([50]);
});

test("a record that was lost is marked behind the step before it, on the axis of steps only", () => {
  const damaged = [curvesRun("a", { damage: [{ file: "events", offset: 4096, reason: "badDataCrc", afterStep: 27 }, { file: "events", offset: 9000, reason: "badDataCrc" }] })];
  expect(modelOf(after(opened(damaged), came(["a", { slice: slice() }]))).damaged).toEqual([27]);
  expect(modelOf(after(opened(damaged), { kind: "set", change: { x: { kind: "wall" } } })).damaged).toEqual([]);
});

test("the value axis follows what is in view", () => {
  const spike = slice({ raw: line([[0, 1], [100, 2], [500, 900]]), smoothed: line([[0, 1]]) });
  expect(modelOf(after(opened(), came(["a", { slice: spike }]))).y.max).toBe(2);
});

test("a narrow plot writes steps short", () => {
  const long = slice({ extent: [0, 8000] });
  expect(modelOf(after(opened(), came(["a", { slice: long }])), true).x.labels).toContain("4k");
});
