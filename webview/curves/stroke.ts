// Strokes along a line's points in pixels.
import type { Ink } from "./ink";
import type { PixelPoints } from "./pixels";

/** Points of a line that are drawn as one path: a browser without a graphics card takes eight times as long for a crowded one at once. */
const strokeAtOnce = 256;

/** Draws the points from index `from` up to before `to`, one piece of a line, in stretches. Dashes go on from one to the next. */
export function strokePoints(ink: Ink, { x, y }: PixelPoints, { from, to, dashed }: { readonly from: number; readonly to: number; readonly dashed: boolean }): void {
  let length = 0;
  for (let at = from; at === from || at < to - 1; at += strokeAtOnce - 1) {
    const end = Math.min(to, at + strokeAtOnce);
    ink.beginPath();
    ink.moveTo(x[at] ?? 0, y[at] ?? 0);
    for (let next = at + 1; next < end; next++) ink.lineTo(x[next] ?? 0, y[next] ?? 0);
    // A piece of one point is a point, not nothing.
    if (to - from === 1) ink.lineTo((x[at] ?? 0) + 0.5, y[at] ?? 0);
    ink.lineDashOffset = length;
    ink.stroke();
    if (dashed) for (let next = at + 1; next < end; next++) length += Math.hypot((x[next] ?? 0) - (x[next - 1] ?? 0), (y[next] ?? 0) - (y[next - 1] ?? 0));
  }
}
