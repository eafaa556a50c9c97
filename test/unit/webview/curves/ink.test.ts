// How lines get onto a canvas, seen through the SVG that the same drawing writes.
import { describe, expect, test } from "vitest";
import type { Polyline } from "#model/scalars";
import type { Theme } from "#kit/theme";
import { drawPlot } from "../../../../webview/curves/ink";
import type { PlotLine, PlotModel } from "../../../../webview/curves/plotModel";
import { SvgInk } from "../../../../webview/curves/svgInk";
import { Random } from "../../../support/random";
import { line } from "./made";

const theme: Theme = {
  highContrast: false, reduceMotion: true, background: "white", foreground: "black", secondary: "grey", axis: "grey", grid: "grey", error: "red", warning: "orange", font: "sans-serif",
  series: [{ color: "blue", dash: [] }, { color: "green", dash: [6, 3] }],
};

/** One line over an area of a pixel per unit, upside down, as SVG. */
function svg(change: Partial<PlotLine>, length: number, shapes = false): string {
  const ink = new SvgInk({ font: "", measureText: () => ({ width: 0 }) as TextMetrics });
  const axis = { min: 0, ticks: [], labels: [], scale: "linear" } as const;
  const empty = { raw: undefined, band: undefined, superseded: undefined, group: undefined, end: undefined, nonFinite: [], above: [], below: [] };
  const model: PlotModel = {
    x: { ...axis, max: length }, y: { ...axis, max: 100 }, narrow: false, restarts: [], spikes: [], damaged: [],
    lines: [{ key: "a", style: 0, strong: false, dim: false, smoothed: line([]), ...empty, ...change }],
  };
  drawPlot(ink, model, { area: { left: 0, right: length, top: 0, bottom: 100 }, theme, shapes });
  return ink.document({ width: length, height: 100, background: "white" });
}

/** The strokes of a line. */
function drawn(change: Partial<PlotLine>, length: number): readonly { readonly points: readonly string[]; readonly offset: number }[] {
  return strokesOf(svg(change, length));
}

function strokesOf(document: string): readonly { readonly points: readonly string[]; readonly offset: number }[] {
  const paths = [...document.matchAll(/<path d="(M[^"]+)" fill="none"([^>]*)>/g)];
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

describe("a line that goes up and down in every pixel column", () => {
  const width = 1.75;
  /** What a round end adds in the mean. */
  const end = (width / 2) * (Math.PI / 4);

  /** Corners of the shapes. */
  function shapesOf(document: string): readonly (readonly (readonly [number, number])[])[] {
    return [...document.matchAll(/<path d="(M[^"]+)Z" fill="blue"/g)].map(([, path = ""]) => path.split(/(?=[ML])/).map((corner) => corner.slice(1).split(" ").map(Number) as [number, number]));
  }

  /** Where a shape begins and ends in the middle of a column. */
  function reach(corners: readonly (readonly [number, number])[], x: number): readonly [number, number] | undefined {
    const rows = corners.flatMap(([fromX, y], at) => {
      const [toX, row] = corners[(at + 1) % corners.length] ?? [0, 0];
      return row === y && Math.min(fromX, toX) <= x && Math.max(fromX, toX) >= x ? [y] : [];
    });
    return rows.length === 0 ? undefined : [Math.min(...rows), Math.max(...rows)];
  }

  /** Four points in each of so many columns, about the middle. */
  function rough(columns: number, random: Random): readonly (readonly [number, number])[] {
    return Array.from({ length: 4 * columns }, (_, at) => [at / 4 + 0.1, (at % 2 === 0 ? 60 : 40) + 8 * (random.unit() - 0.5)] as const);
  }

  /** Least and greatest rows of a column. */
  function extremes({ x, y }: Polyline, column: number): readonly [number, number] {
    const rows = [...y].filter((_, at) => Math.floor(x[at] ?? 0) === column).map((value) => 100 - value);
    return [Math.min(...rows), Math.max(...rows)];
  }

  test.each([1, 2])("is drawn as shapes that reach to the least and the greatest of each column, and no farther than a round end (seed %i)", (seed) => {
    const smoothed = line(rough(150, new Random(seed)));
    const document = svg({ smoothed }, 150, true);
    const shapes = shapesOf(document);
    expect(strokesOf(document)).toEqual([]);
    for (let column = 0; column < 150; column++) {
      const [top, bottom] = extremes(smoothed, column);
      const found = shapes.flatMap((corners) => [reach(corners, column + 0.5) ?? []].filter(({ length }) => length > 0));
      expect(found.length).toBeGreaterThan(0);
      for (const [from = NaN, to = NaN] of found) {
        expect(from).toBeCloseTo(top - end, 1);
        expect(to).toBeCloseTo(bottom + end, 1);
      }
    }
  });

  test("is drawn as shapes of wider columns where it was thinned for fewer, as while an axis moves", () => {
    const smoothed = line(rough(20, new Random(1)).map(([x, y]) => [2 * x, y] as const));
    const document = svg({ smoothed, columns: 20 }, 40, true);
    expect(strokesOf(document)).toEqual([]);
    const [corners = []] = shapesOf(document);
    expect([Math.min(...corners.map(([x]) => x)), Math.max(...corners.map(([x]) => x))]).toEqual([0, 40]);
    for (let column = 0; column < 20; column++) {
      const rows = [...smoothed.y].slice(4 * column, 4 * column + 4).map((value) => 100 - value);
      const [from = NaN, to = NaN] = reach(corners, 2 * column + 1) ?? [];
      expect([from, to]).toEqual([expect.closeTo(Math.min(...rows) - end, 1), expect.closeTo(Math.max(...rows) + end, 1)]);
    }
  });

  test("is as wide as a line at both ends", () => {
    const corners = shapesOf(svg({ smoothed: line(rough(20, new Random(1))) }, 20, true)).flat();
    expect(Math.min(...corners.map(([x]) => x))).toBeCloseTo(0.5 - width / 2, 1);
    expect(Math.max(...corners.map(([x]) => x))).toBeCloseTo(19.5 + width / 2, 1);
  });

  test("is stroked before and behind, from and to the points of the shape", () => {
    const middle = rough(20, new Random(1)).map(([x, y]) => [x + 10, y] as const);
    const smoothed = line([...straight(10), ...middle, ...straight(40).slice(30)]);
    const document = svg({ smoothed }, 40, true);
    expect(shapesOf(document)).toHaveLength(1);
    const [before, behind, ...more] = strokesOf(document);
    const point = (at: number): string => `${Number((smoothed.x[at] ?? 0).toFixed(2))} ${Number((100 - (smoothed.y[at] ?? 0)).toFixed(2))}`;
    expect([before?.points.length, before?.points.at(-1)]).toEqual([11, `L${point(10)}`]);
    expect([behind?.points.length, behind?.points[0]]).toEqual([11, `M${point(89)}`]);
    expect(more).toEqual([]);
  });

  test.each([
    ["where it is steep and smooth", Array.from({ length: 400 }, (_, at) => [at / 4, at / 4] as const), 0],
    ["where it hardly moves", Array.from({ length: 400 }, (_, at) => [at / 4, 50 + (at % 2)] as const), 0],
    ["in few columns", rough(7, new Random(1)), 0],
    ["with dashes", rough(100, new Random(1)), 1],
  ])("is stroked %s", (_, points, style) => {
    const document = svg({ smoothed: line(points), style }, 100, true);
    expect(shapesOf(document)).toEqual([]);
    expect(strokesOf(document).reduce((sum, stretch) => sum + stretch.points.length - 1, 1)).toBe(points.length);
  });

  test("is stroked in pictures that are not for the screen", () => {
    expect(shapesOf(svg({ smoothed: line(rough(100, new Random(1))) }, 100))).toEqual([]);
  });

  test("has no shape over a gap", () => {
    const document = svg({ smoothed: line(rough(40, new Random(1)), [80]) }, 40, true);
    expect(shapesOf(document)).toHaveLength(2);
    expect(strokesOf(document)).toEqual([]);
  });
});
