// How lines get onto a canvas, seen through the SVG that the same drawing writes.
import { describe, expect, test } from "vitest";
import type { Theme } from "#kit/theme";
import { drawPlot } from "../../../../webview/curves/ink";
import type { PlotLine, PlotModel } from "../../../../webview/curves/plotModel";
import { SvgInk } from "../../../../webview/curves/svgInk";
import { line } from "./made";

const theme: Theme = {
  highContrast: false, reduceMotion: true, background: "white", foreground: "black", secondary: "grey", axis: "grey", grid: "grey", error: "red", warning: "orange", font: "sans-serif",
  series: [{ color: "blue", dash: [] }, { color: "green", dash: [6, 3] }],
};

/** The paths of one line over an area of a pixel per unit. */
function drawn(change: Partial<PlotLine>, length: number): readonly { readonly points: readonly string[]; readonly offset: number }[] {
  const ink = new SvgInk({ font: "", measureText: () => ({ width: 0 }) as TextMetrics });
  const axis = { min: 0, ticks: [], labels: [], scale: "linear" } as const;
  const empty = { raw: undefined, band: undefined, superseded: undefined, group: undefined, end: undefined, nonFinite: [], above: [], below: [] };
  const model: PlotModel = {
    x: { ...axis, max: length }, y: { ...axis, max: 100 }, narrow: false, restarts: [], spikes: [], damaged: [],
    lines: [{ key: "a", style: 0, strong: false, dim: false, smoothed: line([]), ...empty, ...change }],
  };
  drawPlot(ink, model, { area: { left: 0, right: length, top: 0, bottom: 100 }, theme });
  const paths = [...ink.document({ width: length, height: 100, background: "white" }).matchAll(/<path d="(M[^"]+)" fill="none"([^>]*)>/g)];
  return paths.map(([, path = "", rest = ""]) => ({ points: path.split(/(?=[ML])/), offset: Number(/dashoffset="([^"]+)"/.exec(rest)?.[1] ?? 0) }));
}

const straight = (count: number) => Array.from({ length: count }, (_, at) => [at, 50] as const);

describe("a long line", () => {
  test("is drawn in stretches that begin where the one before ended, and leaves no point out", () => {
    const paths = drawn({ smoothed: line(straight(1000)) }, 999);
    expect(paths.length).toBeGreaterThan(1);
    paths.slice(1).forEach(({ points }, at) => expect(points[0]?.slice(1)).toBe(paths[at]?.points.at(-1)?.slice(1)));
    expect(new Set(paths.flatMap(({ points }) => points.map((point) => point.slice(1)))).size).toBe(1000);
  });

  test("has dashes that go on from one stretch to the next", () => {
    const paths = drawn({ smoothed: line(straight(1000)), style: 1 }, 999);
    let length = 0;
    for (const { points, offset } of paths) {
      expect(offset).toBe(length);
      length += points.length - 1;
    }
    expect(length).toBe(999);
  });

  test("begins its dashes anew with each piece", () => {
    const paths = drawn({ smoothed: line(straight(1000), [300]), style: 1 }, 999);
    const piece = paths.find(({ points }) => points[0] === "M300 50");
    expect(piece?.offset).toBe(0);
  });
});

test("a piece of one point is a point, at the end of a stretch too", () => {
  const paths = drawn({ smoothed: line(straight(514), [255, 256, 512, 513]) }, 513);
  const dots = paths.flatMap(({ points }) => points.filter((point, at) => point.startsWith("L") && points[at - 1] === `M${Number(point.slice(1).split(" ")[0]) - 0.5} 50`));
  expect(dots).toEqual(["L255.5 50", "L512.5 50", "L513.5 50"]);
});
