// Axes on a screen or on paper: the horizontal lines of values, the line of places, and the labels that have room.
import type { Theme } from "#kit/theme";
import type { Area, Ink } from "./ink";
import { pixelsOf } from "./pixels";
import type { LabelledAxis, PlotModel } from "./plotModel";

/** Sizes that screen and paper do not share, in pixels. */
export interface AxisLook {
  /** A font of the canvas, with its size. */
  readonly font: string;
  /** From the line of places to the middle of its labels. */
  readonly labelsBelow: number;
  /** Length of the marks at labelled places. */
  readonly mark: number;
}

/** A label beside which its neighbours have room. */
export interface PlacedLabel {
  readonly text: string;
  /** The tick that it is of. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** Between the labels of values and the plot. */
const besideValues = 8;
/** At least so far are two labels apart. */
const apart = 8;
/** How far a label may reach beyond the plot on either side: below the labels of values there is room. */
const overhang = { left: 30, right: 8 };

/** The labels of the axis of places, measured in the ink's font: below their places as far as there is room, and every second, third ... where all would touch. */
export function placeLabelsOf(ink: Pick<Ink, "measureText">, axis: LabelledAxis, { left, right }: Pick<Area, "left" | "right">): readonly PlacedLabel[] {
  const toX = pixelsOf(axis, left, right);
  const all = axis.ticks.map((tick, index): PlacedLabel => {
    const text = axis.labels[index] ?? "";
    const { width } = ink.measureText(text);
    const at = toX(tick);
    const from = Math.max(left - overhang.left, Math.min(right + overhang.right - width, at - width / 2));
    return { text, at, from, to: from + width };
  });
  for (let every = 1; every < all.length; every++) {
    const kept = all.filter((_, index) => index % every === 0);
    if (kept.every(({ from }, index) => index === 0 || from - (kept[index - 1]?.to ?? 0) >= apart)) return kept;
  }
  return all.slice(0, 1);
}

/** Draws both axes of a plot; lines and marks of the curves go over them. */
export function drawAxes(ink: Ink, { x, y }: Pick<PlotModel, "x" | "y">, { theme, area, look }: { readonly theme: Theme; readonly area: Area; readonly look: AxisLook }): void {
  ink.save();
  ink.font = look.font;
  ink.fillStyle = theme.secondary;
  ink.lineWidth = 1;
  ink.textBaseline = "middle";
  ink.textAlign = "right";
  ink.strokeStyle = theme.grid;
  const toY = pixelsOf(y, area.bottom, area.top);
  y.ticks.forEach((tick, index) => {
    const row = Math.round(toY(tick)) + 0.5;
    if (!(row >= area.top - 1 && row <= area.bottom + 1)) return;
    drawLine(ink, [area.left, row], [area.right, row]);
    ink.fillText(y.labels[index] ?? "", area.left - besideValues, row);
  });
  ink.strokeStyle = theme.axis;
  drawLine(ink, [area.left, area.bottom + 0.5], [area.right, area.bottom + 0.5]);
  ink.textAlign = "left";
  for (const { text, at, from } of placeLabelsOf(ink, x, area)) {
    const column = Math.round(at) + 0.5;
    if (look.mark > 0) drawLine(ink, [column, area.bottom], [column, area.bottom + look.mark]);
    ink.fillText(text, from, area.bottom + look.labelsBelow);
  }
  ink.restore();
}

function drawLine(ink: Ink, from: readonly [number, number], to: readonly [number, number]): void {
  ink.beginPath();
  ink.moveTo(from[0], from[1]);
  ink.lineTo(to[0], to[1]);
  ink.stroke();
}
