import { expect, test } from "vitest";
import { numbersFor } from "#kit/numbers";
import { plotModel, type PlotWishes } from "../../../../webview/curves/plotModel";
import { line, slice } from "./made";

const wishes: PlotWishes = {
  x: { min: 0, max: 200, ticks: [0, 100, 200] }, scale: "linear", pixels: 100, narrow: false, smoothing: 0.9, numbers: numbersFor("en", "UTC"), locale: "en",
};

test("without data there are axes only", () => {
  const model = plotModel(undefined, wishes);
  expect([model.smoothed, model.raw, model.x.labels]).toEqual([[], [], ["0", "100", "200"]]);
});

test("raw points are a thin line, or a band once thinned, never both", () => {
  const all = plotModel(slice(), wishes);
  expect([all.raw.length, all.low.length]).toEqual([3, 0]);
  const thinned = plotModel(slice({ thinned: true }), wishes);
  expect([thinned.raw.length, thinned.low.length, thinned.high.length]).toEqual([0, 3, 3]);
});

test("without smoothing there is one line, not two on each other", () => {
  expect(plotModel(slice(), { ...wishes, smoothing: 0 }).raw).toEqual([]);
});

test("marks and the end dot outside of the range are left out", () => {
  const model = plotModel(slice({ restarts: [50, 900], nonFinite: [{ step: 901, value: NaN }], last: { step: 900, value: 1, smoothed: 1, wallTimeSeconds: 0 } }), wishes);
  expect([model.restarts, model.nonFinite, model.end]).toEqual([[50], [], undefined]);
});

test("the value axis follows the visible steps", () => {
  const spike = slice({ raw: line([[0, 1], [100, 2], [500, 900]]), smoothed: line([[0, 1]]) });
  expect(plotModel(spike, wishes).y.max).toBe(2);
});

test("a narrow plot writes steps short and has fewer values", () => {
  const model = plotModel(slice(), { ...wishes, narrow: true, x: { min: 0, max: 8000, ticks: [0, 4000, 8000] } });
  expect(model.x.labels).toEqual(["0", "4k", "8k"]);
});
