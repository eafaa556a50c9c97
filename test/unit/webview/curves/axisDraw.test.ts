// Which labels an axis of places has room for, and where values stand in pixels and back.
import { describe, expect, test } from "vitest";
import { placeLabelsOf } from "../../../../webview/curves/axisDraw";
import { pixelsOf, valuesOf } from "../../../../webview/curves/pixels";

/** Ten pixels for each letter. */
const ink = { measureText: (text: string) => ({ width: 10 * text.length }) as TextMetrics };

function shown(labels: readonly string[], width: number): readonly { readonly text: string; readonly from: number; readonly to: number }[] {
  const ticks = labels.map((_, at) => at);
  return placeLabelsOf(ink, { min: 0, max: labels.length - 1, ticks, labels, scale: "linear" }, { left: 100, right: 100 + width }).map(({ text, from, to }) => ({ text, from, to }));
}

describe("the labels of an axis of places", () => {
  test("stand below their places, the last as far as there is room", () => {
    expect(shown(["0", "500", "1,000"], 200)).toEqual([{ text: "0", from: 95, to: 105 }, { text: "500", from: 185, to: 215 }, { text: "1,000", from: 258, to: 308 }]);
  });

  test.each([[180, ["0", "100", "200", "300", "400"]], [140, ["0", "200", "400"]], [60, ["0", "300"]], [20, ["0"]]])("are left out evenly where %d pixels are too few for all", (width, wanted) => {
    const labels = shown(["0", "100", "200", "300", "400"], width);
    expect(labels.map(({ text }) => text)).toEqual(wanted);
    labels.slice(1).forEach(({ from }, at) => expect(from - (labels[at]?.to ?? 0)).toBeGreaterThanOrEqual(8));
  });

  test("of which there are none are none", () => {
    expect(shown([], 100)).toEqual([]);
  });
});

test.each([["linear", -5, 20], ["log", 0.001, 1000]] as const)("a pixel of a %s axis leads back to its value", (scale, min, max) => {
  const axis = { min, max, scale };
  for (const pixel of [10, 50, 123.4, 210]) expect(pixelsOf(axis, 10, 210)(valuesOf(axis, 10, 210)(pixel))).toBeCloseTo(pixel, 9);
});
