// Where values stand in pixels, on an axis that is linear or logarithmic: one by one, or a whole line at once.
import type { Polyline } from "#model/scalars";
import type { LabelledAxis } from "./plotModel";

/** Ends of an axis in pixels. */
interface Ends {
  readonly from: number;
  readonly to: number;
}

/** What of an axis decides where values stand. */
type Axis = Pick<LabelledAxis, "min" | "max" | "scale">;

/** A mapping of values to pixels; logarithmic axes have no place for what is not positive. */
export function pixelsOf({ min, max, scale }: Axis, from: number, to: number): (value: number) => number {
  if (scale === "log") {
    const low = Math.log(min);
    const size = (to - from) / (Math.log(max) - low || 1);
    return (value) => from + (Math.log(value) - low) * size;
  }
  const size = (to - from) / (max - min || 1);
  return (value) => from + (value - min) * size;
}

/** The way back: the value that stands at a pixel. */
export function valuesOf({ min, max, scale }: Axis, from: number, to: number): (pixel: number) => number {
  const share = (pixel: number): number => (pixel - from) / (to - from || 1);
  if (scale === "log") return (pixel) => min * (max / min) ** share(pixel);
  return (pixel) => min + (max - min) * share(pixel);
}

/** A line's points in pixels, in room that is used again: valid until the next line is placed. */
export class PixelPoints {
  x = new Float64Array(0);
  y = new Float64Array(0);
  length = 0;
  /** Every point has a finite place. */
  whole = true;

  /** `x` and `y` name the axes with their ends. */
  place(line: Pick<Polyline, "x" | "y">, { x, y }: { readonly x: Axis & Ends; readonly y: Axis & Ends }): void {
    const { length } = line.x;
    if (this.x.length < length) {
      this.x = new Float64Array(2 * length);
      this.y = new Float64Array(2 * length);
    }
    this.length = length;
    const wholeX = placeAll(line.x, x, this.x);
    this.whole = placeAll(line.y, y, this.y) && wholeX;
  }

  /** Visits the pieces of the line: `breaks` begin new ones, and points without a finite place, such as 0 on a logarithmic axis, lie between two. */
  eachPiece(breaks: Uint32Array, visit: (from: number, to: number) => void): void {
    const { x, y, length, whole } = this;
    let from = 0;
    const end = (to: number, next: number): void => {
      if (to > from) visit(from, to);
      from = next;
    };
    for (let piece = 0; piece <= breaks.length; piece++) {
      const to = breaks[piece] ?? length;
      for (let at = from; at < to && !whole; at++) if (!Number.isFinite(x[at] ?? NaN) || !Number.isFinite(y[at] ?? NaN)) end(at, at + 1);
      end(to, to);
    }
  }
}

/** As `pixelsOf` does, without a call per value. Whether all places are finite. */
function placeAll(values: Float64Array, { min, max, scale, from, to }: Axis & Ends, into: Float64Array): boolean {
  const { length } = values;
  const log = scale === "log";
  if (log) for (let at = 0; at < length; at++) into[at] = Math.log(values[at] ?? NaN);
  const shares = log ? into : values;
  const low = log ? Math.log(min) : min;
  const size = (to - from) / ((log ? Math.log(max) : max) - low || 1);
  // Becomes NaN with the first that is not finite, and stays so.
  let none = 0;
  for (let at = 0; at < length; at++) {
    const place = from + ((shares[at] ?? NaN) - low) * size;
    into[at] = place;
    none += place - place;
  }
  return none === 0;
}
