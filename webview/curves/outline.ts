// A line that goes up and down in every pixel column, drawn as one shape: what its strokes would cover, at a fifth of their price.
import type { Ink } from "./ink";
import type { PixelPoints } from "./pixels";
import { strokePoints } from "./stroke";

/** Columns of one shape: fewer are not worth one, and a browser without a graphics card has hard work with many more corners. */
const fewest = 8;
const most = 128;
/** A column that is part of a shape holds so many points, reaches over so many pixels, and shares so much of the lesser reach with the one before. */
const leastPoints = 3;
const leastReach = 4;
const leastShared = 0.5;
/** Mean height of a round end, of half the line's width. */
const roundEnd = Math.PI / 4;

/** The columns that are being gathered: where the line comes highest and lowest in each. One outline is drawn at a time. */
const tops = new Float64Array(most);
const bottoms = new Float64Array(most);

/** The columns for which a line was thinned, in pixels: where the first begins, and how wide each is. */
export interface ColumnPlaces {
  readonly left: number;
  readonly width: number;
}

/** Draws pieces of a line: stretches of full columns as shapes, all else by strokes. In a shape a line stands in the middle of its column. */
export class Outline {
  /** How many columns are gathered, and which is the first. */
  #count = 0;
  #first = 0;

  constructor(
    private readonly ink: Ink,
    private readonly points: PixelPoints,
    private readonly columns: ColumnPlaces,
  ) {}

  /** Draws the points from index `from` up to before `to`, which are one piece. */
  draw(from: number, to: number): void {
    const { x, y } = this.points;
    const { left, width } = this.columns;
    // Points before `drawn` are; those from `begin` on are in the columns that are being gathered.
    let drawn = from;
    let begin = from;
    const strokeRest = (end: number): void => {
      if (end > drawn) strokePoints(this.ink, this.points, { from: Math.max(from, drawn - 1), to: Math.min(to, end + 1), dashed: false });
    };
    const fill = (next: number): void => {
      strokeRest(begin);
      this.#fill();
      drawn = next;
    };
    this.#count = 0;
    for (let at = from, end = from; at < to; at = end) {
      const column = Math.floor(((x[at] ?? 0) - left) / width);
      const edge = left + (column + 1) * width;
      let top = y[at] ?? 0;
      let bottom = top;
      for (end = at + 1; end < to; end++) {
        const place = x[end] ?? 0;
        if (place >= edge || place < edge - width) break;
        const row = y[end] ?? 0;
        if (row < top) top = row;
        else if (row > bottom) bottom = row;
      }
      const full = end - at >= leastPoints && bottom - top >= leastReach;
      const goesOn = full && column === this.#first + this.#count && this.#joins(top, bottom);
      if (this.#count >= fewest && (!goesOn || this.#count === most)) {
        fill(at);
        if (goesOn) {
          this.#keepLast();
          begin = at;
        }
      }
      if (!goesOn) {
        this.#count = 0;
        this.#first = column;
        begin = at;
      }
      if (full) {
        tops[this.#count] = top;
        bottoms[this.#count] = bottom;
        this.#count++;
      }
    }
    if (this.#count >= fewest) fill(to);
    else strokeRest(to);
  }

  /** Whether a column goes on where the one before it is. */
  #joins(top: number, bottom: number): boolean {
    if (this.#count === 0) return false;
    const above = tops[this.#count - 1] ?? 0;
    const below = bottoms[this.#count - 1] ?? 0;
    return Math.min(bottom, below) - Math.max(top, above) >= leastShared * Math.min(bottom - top, below - above);
  }

  /** The next shape goes on from the last column of the one before. */
  #keepLast(): void {
    const last = this.#count - 1;
    tops[0] = tops[last] ?? 0;
    bottoms[0] = bottoms[last] ?? 0;
    this.#first += last;
    this.#count = 1;
  }

  /** Along the upper ends and back along the lower ones. */
  #fill(): void {
    const { ink, columns: { left, width } } = this;
    const count = this.#count;
    const half = ink.lineWidth / 2;
    // What a line's width reaches beyond its column.
    const beyond = Math.max(0, half - width / 2);
    const end = half * roundEnd;
    const first = left + this.#first * width;
    const last = first + count * width;
    let before = (tops[0] ?? 0) - end;
    ink.beginPath();
    ink.moveTo(first - beyond, before);
    for (let at = 1; at < count; at++) {
      const here = (tops[at] ?? 0) - end;
      const edge = first + at * width + (before <= here ? beyond : -beyond);
      ink.lineTo(edge, before);
      ink.lineTo(edge, here);
      before = here;
    }
    ink.lineTo(last + beyond, before);
    let here = (bottoms[count - 1] ?? 0) + end;
    ink.lineTo(last + beyond, here);
    for (let at = count - 1; at > 0; at--) {
      const next = (bottoms[at - 1] ?? 0) + end;
      const edge = first + at * width + (next >= here ? beyond : -beyond);
      ink.lineTo(edge, here);
      ink.lineTo(edge, next);
      here = next;
    }
    ink.lineTo(first - beyond, here);
    ink.closePath();
    ink.fill();
  }
}
