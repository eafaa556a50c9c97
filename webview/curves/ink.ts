// Draws the lines and marks of a plot on anything that draws like a canvas: the screen, a picture, a text of SVG.
import type { Band, GroupSlice, Polyline } from "#model/scalars";
import type { SeriesStyle, Theme } from "#kit/theme";
import { Outline } from "./outline";
import { PixelPoints, pixelsOf } from "./pixels";
import type { PlotLine, PlotModel } from "./plotModel";
import { strokePoints } from "./stroke";

/** What drawing needs of a canvas. */
export type Ink = Pick<
  CanvasRenderingContext2D,
  | "save" | "restore" | "beginPath" | "moveTo" | "lineTo" | "closePath" | "stroke" | "fill" | "arc" | "clip" | "setLineDash" | "fillText" | "measureText"
  | "strokeStyle" | "fillStyle" | "lineDashOffset" | "lineWidth" | "lineJoin" | "globalAlpha" | "font" | "textAlign" | "textBaseline"
>;

/** Edges of a plot's area in pixels. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Shares of opacity, and widths in pixels, of the design. High contrast knows no opacity. */
const shares = { raw: 0.3, strongBand: 0.2, band: 0.12, superseded: 0.45, group: 0.18, dim: 0.35 };
const widths = { strong: 1.75, highContrast: 3, casing: 5, thin: 1, superseded: 1.25 };

/** Where and how a plot is drawn. */
export interface PlotPlace {
  readonly area: Area;
  readonly theme: Theme;
  /** Lines that fill their pixel columns are drawn as shapes, which is cheap and, at a screen's size, as true; else all by strokes. */
  readonly shapes?: boolean;
}

interface Drawing extends PlotPlace {
  readonly ink: Ink;
  readonly model: PlotModel;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** How a line is drawn. */
interface Pen {
  readonly color: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly opacity: number;
  /** Of how many pixel columns the line's points are; all of the plot's where left out. */
  readonly columns?: number | undefined;
}

/** Draws all lines, bands below lines and dim ones below all, then the marks. */
export function drawPlot(ink: Ink, model: PlotModel, place: PlotPlace): void {
  const { area } = place;
  const drawing: Drawing = {
    ...place, ink, model, x: pixelsOf(model.x, area.left, area.right), y: pixelsOf(model.y, area.bottom, area.top),
  };
  const lines = [...model.lines].sort((one, other) => Number(other.dim) - Number(one.dim) || Number(one.strong) - Number(other.strong));
  ink.save();
  ink.beginPath();
  // Half a line may stand over the edge.
  for (const [x, y] of [[area.left, area.top - 2], [area.right, area.top - 2], [area.right, area.bottom + 1], [area.left, area.bottom + 1]] as const) ink.lineTo(x, y);
  ink.closePath();
  ink.clip();
  // A round one is drawn as a fan of its own, which doubles the time of a crowded line; at these widths nobody sees the difference.
  ink.lineJoin = "bevel";
  for (const line of lines) if (!line.dim) drawSpread(drawing, line);
  for (const line of lines) if (!line.dim) drawRaw(drawing, line);
  for (const line of lines) drawLine(drawing, line);
  ink.restore();
  drawMarks(drawing, model, lines);
}

function styleOf({ theme }: Drawing, { style }: PlotLine): SeriesStyle {
  return theme.series[style] ?? { color: theme.foreground, dash: [] };
}

function drawSpread(drawing: Drawing, line: PlotLine): void {
  const { ink, theme } = drawing;
  const { color } = styleOf(drawing, line);
  const { band, group } = line;
  if (theme.highContrast) {
    const pen = { color, width: widths.thin, dash: [1, 2], opacity: 1 };
    if (band && line.strong) for (const edge of [band.low, band.high]) strokeLine(drawing, { ...band, y: edge }, pen);
    if (group) for (const sign of [-1, 1]) strokeLine(drawing, edgeOf(group, sign), pen);
    return;
  }
  ink.save();
  ink.fillStyle = color;
  ink.globalAlpha = group ? shares.group : line.strong ? shares.strongBand : shares.band;
  if (band) fillBetween(drawing, band);
  if (group) fillBetween(drawing, { x: group.x, low: edgeOf(group, -1).y, high: edgeOf(group, 1).y, breaks: gapsOf(group) });
  ink.restore();
}

function edgeOf(group: GroupSlice, sign: number): Polyline {
  return { x: group.x, y: group.mean.map((mean, at) => mean + sign * (group.spread[at] ?? NaN)), breaks: gapsOf(group) };
}

/** Where a mean begins again after columns without one. */
function gapsOf({ mean }: GroupSlice): Uint32Array {
  const breaks: number[] = [];
  mean.forEach((value, at) => {
    if (!Number.isNaN(value) && at > 0 && Number.isNaN(mean[at - 1] ?? NaN)) breaks.push(at);
  });
  return Uint32Array.from(breaks);
}

function drawRaw(drawing: Drawing, line: PlotLine): void {
  const { highContrast } = drawing.theme;
  const { color, dash } = styleOf(drawing, line);
  const { columns } = line;
  if (line.raw) strokeLine(drawing, line.raw, { color, width: widths.thin, dash: highContrast ? [1, 2] : [], opacity: highContrast ? 1 : shares.raw, columns });
  if (!line.superseded || line.superseded.x.length === 0) return;
  strokeLine(drawing, line.superseded, highContrast ? { color, width: widths.thin, dash: [1, 3], opacity: 1 } : { color, width: widths.superseded, dash, opacity: shares.superseded, columns });
}

function drawLine(drawing: Drawing, line: PlotLine): void {
  const { background, highContrast } = drawing.theme;
  const { color, dash } = styleOf(drawing, line);
  const smoothed = line.group ? { x: line.group.x, y: line.group.mean, breaks: gapsOf(line.group) } : line.smoothed;
  const { columns } = line;
  if (highContrast && !line.dim) strokeLine(drawing, smoothed, { color: background, width: widths.casing, dash: [], opacity: 1, columns });
  strokeLine(drawing, smoothed, {
    color, dash, columns, width: highContrast ? (line.dim ? widths.thin : widths.highContrast) : widths.strong, opacity: line.dim && !highContrast ? shares.dim : 1,
  });
}

/** Of the line that is being drawn. */
const points = new PixelPoints();

function strokeLine({ ink, model, area, shapes }: Drawing, line: Polyline, { color, width, dash, opacity, columns }: Pen): void {
  points.place(line, { x: { ...model.x, from: area.left, to: area.right }, y: { ...model.y, from: area.bottom, to: area.top } });
  ink.save();
  ink.strokeStyle = ink.fillStyle = color;
  ink.lineWidth = width;
  ink.globalAlpha = opacity;
  ink.setLineDash([...dash]);
  const dashed = dash.length > 0;
  const outline = shapes && !dashed ? new Outline(ink, points, { left: area.left, width: columns ? (area.right - area.left) / columns : 1 }) : undefined;
  points.eachPiece(line.breaks, (from, to) => {
    if (outline) outline.draw(from, to);
    else strokePoints(ink, points, { from, to, dashed });
  });
  ink.restore();
}

function fillBetween({ ink, x: toX, y: toY, area }: Drawing, { x, low, high, breaks }: Band): void {
  const floor = (value: number): number => {
    const pixel = toY(value);
    return Number.isNaN(pixel) || pixel === Infinity ? area.bottom : pixel;
  };
  const ends = [...breaks, x.length];
  let from = 0;
  for (const to of ends) {
    ink.beginPath();
    let drawn = 0;
    for (let at = from; at < to; at++) {
      if (!Number.isFinite(high[at] ?? NaN)) continue;
      // Half a pixel on either side: a column is a pixel wide, and one by itself must be seen.
      if (drawn++ === 0) ink.moveTo(toX(x[at] ?? 0) - 0.5, floor(high[at] ?? 0));
      ink.lineTo(toX(x[at] ?? 0), floor(high[at] ?? 0));
    }
    for (let at = to - 1, first = true; at >= from; at--) {
      if (!Number.isFinite(low[at] ?? NaN)) continue;
      if (first) ink.lineTo(toX(x[at] ?? 0) + 0.5, floor(high[at] ?? 0));
      if (first) ink.lineTo(toX(x[at] ?? 0) + 0.5, floor(low[at] ?? 0));
      first = false;
      ink.lineTo(toX(x[at] ?? 0), floor(low[at] ?? 0));
    }
    if (drawn > 0) ink.fill();
    from = to;
  }
}

function drawMarks(drawing: Drawing, model: PlotModel, lines: readonly PlotLine[]): void {
  const { ink, theme, area, x } = drawing;
  ink.save();
  ink.lineWidth = 1;
  ink.font = `11px ${theme.font}`;
  ink.strokeStyle = ink.fillStyle = theme.secondary;
  ink.setLineDash([1, 3]);
  for (const restart of model.restarts) {
    const at = Math.round(x(restart.x)) + 0.5;
    path(ink, [[at, area.top - (model.narrow ? 0 : 16)], [at, area.bottom]]);
    if (model.narrow) continue;
    const { width } = ink.measureText("restart");
    if (at - width - 5 > area.left) ink.fillText("restart", at - width - 5, area.top - 9);
    else ink.fillText("restart", at + 5, area.top - 9);
  }
  ink.setLineDash([]);
  ink.strokeStyle = theme.warning;
  ink.lineWidth = 2;
  for (const place of spaced(model.damaged.map(x))) path(ink, [[place, area.bottom - 3], [place, area.bottom + 5]]);
  for (const line of lines) {
    if (line.dim) continue;
    ink.fillStyle = styleOf(drawing, line).color;
    for (const place of spaced(line.above.map(x))) triangle(ink, [place, area.top - 1], { height: -7, fill: true });
    for (const place of spaced(line.below.map(x))) triangle(ink, [place, area.bottom + 1], { height: 7, fill: true });
    ink.strokeStyle = theme.error;
    ink.lineWidth = 1.25;
    for (const place of spaced(line.nonFinite.map(x))) if (place >= area.left && place <= area.right) triangle(ink, [place, area.bottom - 4], { height: -8, fill: false });
  }
  for (const line of lines) drawEnd(drawing, line);
  ink.restore();
}

/** Marks so far apart that each is seen. */
function spaced(places: readonly number[]): readonly number[] {
  const kept: number[] = [];
  for (const place of places) if (kept.length === 0 || place - (kept.at(-1) ?? 0) >= 6) kept.push(place);
  return kept;
}

/** `height` above (negative) or below `tip`: filled ones point up at the upper edge, outlined ones down at the lower. */
function triangle(ink: Ink, [x, y]: readonly [number, number], { height, fill }: { readonly height: number; readonly fill: boolean }): void {
  const half = 4;
  const [tip, base] = fill ? [y + height, y] : [y, y + height];
  ink.beginPath();
  ink.moveTo(x, tip);
  ink.lineTo(x + half, base);
  ink.lineTo(x - half, base);
  ink.closePath();
  if (fill) ink.fill();
  else ink.stroke();
}

function drawEnd(drawing: Drawing, line: PlotLine): void {
  const { ink, theme, area } = drawing;
  if (!line.end || line.dim) return;
  const [x, y] = [drawing.x(line.end.x), drawing.y(line.end.y)];
  if (!Number.isFinite(y) || y < area.top - 4 || y > area.bottom + 4) return;
  const { color } = styleOf(drawing, line);
  ink.beginPath();
  ink.arc(x, y, 3.5, 0, 2 * Math.PI);
  ink.fillStyle = line.end.live ? color : theme.background;
  ink.strokeStyle = line.end.live ? theme.background : color;
  ink.lineWidth = 1.25;
  ink.fill();
  ink.stroke();
}

function path(ink: Ink, points: readonly (readonly [number, number])[]): void {
  ink.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? ink.moveTo(x, y) : ink.lineTo(x, y)));
  ink.stroke();
}
