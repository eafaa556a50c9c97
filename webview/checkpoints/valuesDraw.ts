// Ink of the heat map of values: zero is the background, blue below it and orange above, what is no number is a shape.
import type { TensorSlice } from "#model/checkpointLook";
import { mix, over, parseColor, type Rgba } from "#kit/color";
import type { Cell, ValuesState } from "./values";

/** Sides of a cell, in CSS pixels. */
const [leastSide, mostSide] = [3, 24];
/** A shape in a smaller cell could not be told from another. */
const leastShape = 7;
const otherwise: Rgba = [128, 128, 128, 1];

/** Paints the heat map that stands in the page, if there is one. */
export function paintValues(root: ParentNode, values: ValuesState | undefined): void {
  const canvas = root.querySelector<HTMLCanvasElement>("canvas.values-map");
  const box = canvas?.parentElement;
  const context = canvas?.getContext("2d");
  if (!canvas || !box || !context || !values?.slice) return;
  const { slice } = values;
  const side = sideOf(slice, { width: box.clientWidth, height: box.clientHeight });
  const [width, height] = [slice.columns.cells * side, slice.rows.cells * side];
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const ink = readInk();
  drawCells(context, slice, { side, ink });
  drawMarks(context, slice, { side, ink });
  if (values.cell) drawFrame(context, values.cell, { side, ink });
}

/** As large as the box has room for, all cells square. */
function sideOf({ rows, columns }: Pick<TensorSlice, "rows" | "columns">, { width, height }: { readonly width: number; readonly height: number }): number {
  return Math.max(leastSide, Math.min(mostSide, Math.floor(Math.min(width / Math.max(1, columns.cells), height / Math.max(1, rows.cells)))));
}

/** The cell at a place on the canvas; undefined beside it. */
export function cellAt({ rows, columns }: TensorSlice, { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): Cell | undefined {
  const [row, column] = [Math.floor((y / height) * rows.cells), Math.floor((x / width) * columns.cells)];
  return row >= 0 && row < rows.cells && column >= 0 && column < columns.cells ? { row, column } : undefined;
}

interface Ink {
  readonly ground: Rgba;
  readonly below: Rgba;
  readonly above: Rgba;
  readonly shape: string;
  readonly frame: string;
}

function readInk(): Ink {
  const style = getComputedStyle(document.body);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const ground = parseColor(token("--vscode-editor-background")) ?? otherwise;
  const color = (name: string): Rgba => over(parseColor(token(name)) ?? otherwise, ground);
  return { ground, below: color("--vscode-charts-blue"), above: color("--vscode-charts-orange"), shape: token("--vscode-foreground"), frame: token("--vscode-focusBorder") };
}

interface Brush {
  readonly side: number;
  readonly ink: Ink;
}

/** Zero in the middle: the greatest distance from it, on either side, has the full colour. */
export function scaleOf({ range: { least, greatest } }: Pick<TensorSlice, "range">): number {
  const most = Math.max(Math.abs(least), Math.abs(greatest));
  return Number.isFinite(most) ? most : 0;
}

function drawCells(context: CanvasRenderingContext2D, slice: TensorSlice, { side, ink }: Brush): void {
  const [columns, rows] = [slice.columns.cells, slice.rows.cells];
  if (columns * rows === 0) return;
  const most = scaleOf(slice) || 1;
  const pixels = new ImageData(columns, rows);
  for (let at = 0; at < slice.mean.length; at++) {
    const value = slice.mean[at] ?? NaN;
    const share = Number.isNaN(value) ? 0 : Math.min(1, Math.abs(value) / most);
    const [red, green, blue] = mix(ink.ground, value < 0 ? ink.below : ink.above, share);
    pixels.data.set([red, green, blue, 255], 4 * at);
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext("2d")?.putImageData(pixels, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, columns * side, rows * side);
}

/** NaN is a cross, ∞ a triangle upwards, −∞ one downwards; in cells too small for a shape, a plain spot of the foreground. What was not read has a stroke. */
function drawMarks(context: CanvasRenderingContext2D, { marks, columns }: TensorSlice, { side, ink }: Brush): void {
  context.fillStyle = ink.shape;
  context.strokeStyle = ink.shape;
  context.lineWidth = 1.5;
  for (const [at, mark] of marks.entries()) {
    if (mark === 0) continue;
    const [x, y] = [(at % columns.cells) * side, Math.floor(at / columns.cells) * side];
    if (mark === 4) context.fillRect(x, y + side / 2, side / 2, 0.5);
    else if (side < leastShape) context.fillRect(x, y, side, side);
    else if (mark === 1) stroke(context, [[x + 2, y + 2, x + side - 2, y + side - 2], [x + side - 2, y + 2, x + 2, y + side - 2]]);
    else fill(context, mark === 2 ? [x + 2, y + side - 2, x + side - 2, y + side - 2, x + side / 2, y + 2] : [x + 2, y + 2, x + side - 2, y + 2, x + side / 2, y + side - 2]);
  }
}

function stroke(context: CanvasRenderingContext2D, lines: readonly (readonly [number, number, number, number])[]): void {
  context.beginPath();
  for (const [x, y, toX, toY] of lines) {
    context.moveTo(x, y);
    context.lineTo(toX, toY);
  }
  context.stroke();
}

function fill(context: CanvasRenderingContext2D, [x, y, x2, y2, x3, y3]: readonly [number, number, number, number, number, number]): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x2, y2);
  context.lineTo(x3, y3);
  context.fill();
}

/** Two lines, one of them always seen. */
function drawFrame(context: CanvasRenderingContext2D, { row, column }: Cell, { side, ink }: Brush): void {
  const [x, y] = [column * side, row * side];
  context.lineWidth = 3;
  context.strokeStyle = `rgb(${ink.ground.slice(0, 3).join(" ")})`;
  context.strokeRect(x - 1.5, y - 1.5, side + 3, side + 3);
  context.lineWidth = 1.5;
  context.strokeStyle = ink.frame;
  context.strokeRect(x - 1, y - 1, side + 2, side + 2);
}
