import { expect, test } from "vitest";
import { beginBox, boxTo, higher, lower } from "../../../../webview/curves/keyBox";
import { viewOf, type ChartView, type View } from "../../../../webview/curves/requests";
import type { Settings } from "../../../../webview/curves/settings";
import { after, chosen, opened, slice } from "./made";

function drawn(settings?: Partial<Settings>): { readonly view: View; readonly chart: ChartView } {
  const view = viewOf(after(opened(undefined, settings), { kind: "drawnCame", drawn: new Map([["/runs/a\0loss", { key: "", revision: 5, chosen, slice: slice() }]]) }), 5);
  const [chart] = view.charts;
  if (!chart) throw new Error("there is one chart");
  return { view, chart };
}

test("a box is as high as what is drawn between its ends, and a twentieth more at each side, whichever end comes first", () => {
  const box = { range: { from: 100, to: 200 }, limits: [0.25 - 0.0125, 0.5 + 0.0125] };
  expect(boxTo(beginBox(100), 200, drawn())).toEqual(box);
  expect(boxTo(beginBox(200), 100, drawn())).toEqual(box);
});

test("keys make a box higher or lower, never empty", () => {
  let box = beginBox(0);
  const height = (): number => {
    const [low, high] = boxTo(box, 200, drawn())?.limits ?? [0, 0];
    return high - low;
  };
  const first = height();
  box = higher(box);
  expect(height()).toBeCloseTo(first + 0.15);
  for (let press = 0; press < 20; press++) box = lower(box);
  expect(height()).toBeGreaterThan(0);
});

test("on a logarithmic axis a box stays above zero", () => {
  let box = beginBox(0);
  for (let press = 0; press < 20; press++) box = higher(box);
  expect(boxTo(box, 200, drawn({ y: "log" }))?.limits[0]).toBeGreaterThan(0);
});

test("there is no box without width, and none where nothing is drawn", () => {
  expect(boxTo(beginBox(100), 100, drawn())).toBeUndefined();
  expect(boxTo(beginBox(300), 400, drawn())).toBeUndefined();
});
