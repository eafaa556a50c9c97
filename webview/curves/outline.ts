// A line that goes up and down in every pixel column, drawn as one shape: what its strokes would cover, at a fifth of their price.
import type { Ink } from "./ink";
import { strokePoints, type PixelPoints } from "./stroke";

/** Columns of one shape: fewer are not worth one, and a browser without a graphics card has hard work with many more corners. */
const fewest = 8;
const most = 128;
/** A column that is part of a shape holds so many points, reaches over so many pixels, and shares so much of the lesser reach with the one before. */
const leastPoints = 3;
const leastReach = 4;
const leastShared = 0.5;
/** Mean height of a round end, of half the line's width. */
const roundEnd = Math.PI / 4;

/**
 * Draws pieces of a line: stretches of full columns as shapes, all else by strokes. Columns are those of the canvas, a pixel wide, for which
 * the line was thinned; in a shape a line stands in the middle of its column.
 */
export class Outline {
  /** The columns that are being gathered: where the line comes highest and lowest in each. */
  readonly #top = new Float64Array(most);
  readonly #bottom = new Float64Array(most);
  #count = 0;
  /** Of the first. */
  #left = 0;

  constructor(
    private readonly ink: Ink,
    private readonly points: PixelPoints,
  ) {}

  /** Draws the points from index `from` up to before `to`, which are one piece. */
  draw(from: number, to: number): void {
    const { x } = this.points;
    // Points before `drawn` are; those from `begin` on are in the columns that are being gathered.
    let drawn = from;
    let begin = from;
    const strokeRest = (end: number): void => {
      if (end > drawn) strokePoints(this.ink, this.points, { from: Math.max(from, drawn - 1), to: Math.min(to, end + 1), dashed: false });
    };
    const fill = (next: number): boolean => {
      if (this.#count < fewest) return false;
      strokeRest(begin);
      this.#fill();
      drawn = next;
      return true;
    };
    this.#count = 0;
    for (let at = from, end = from; at < to; at = end) {
      const column = Math.floor(x[at] ?? 0);
      end = at + 1;
      while (end < to && (x[end] ?? 0) < column + 1 && (x[end] ?? 0) >= column) end++;
      if (this.#count === most && fill(at)) {
        this.#keepLast();
        begin = at;
      }
      if (this.#gather(column, at, end)) continue;
      fill(at);
      this.#count = 0;
      begin = this.#gather(column, at, end) ? at : end;
    }
    if (!fill(to)) strokeRest(to);
  }

  /** Takes the points of a column, unless strokes are better for it. */
  #gather(column: number, from: number, to: number): boolean {
    if (to - from < leastPoints) return false;
    const { y } = this.points;
    let top = y[from] ?? 0;
    let bottom = top;
    for (let at = from + 1; at < to; at++) {
      const row = y[at] ?? 0;
      if (row < top) top = row;
      else if (row > bottom) bottom = row;
    }
    if (bottom - top < leastReach) return false;
    const count = this.#count;
    if (count === 0) this.#left = column;
    else if (column !== this.#left + count || !this.#joins(top, bottom)) return false;
    this.#top[count] = top;
    this.#bottom[count] = bottom;
    this.#count++;
    return true;
  }

  #joins(top: number, bottom: number): boolean {
    const above = this.#top[this.#count - 1] ?? 0;
    const below = this.#bottom[this.#count - 1] ?? 0;
    return Math.min(bottom, below) - Math.max(top, above) >= leastShared * Math.min(bottom - top, below - above);
  }

  /** The next shape goes on from the last column of the one before. */
  #keepLast(): void {
    const last = this.#count - 1;
    this.#top[0] = this.#top[last] ?? 0;
    this.#bottom[0] = this.#bottom[last] ?? 0;
    this.#left += last;
    this.#count = 1;
  }

  /** Along the upper ends and back along the lower ones. */
  #fill(): void {
    const { ink } = this;
    const half = ink.lineWidth / 2;
    // What a line's width reaches beyond its column.
    const beyond = half - 0.5;
    const end = half * roundEnd;
    const [left, right] = [this.#left, this.#left + this.#count];
    ink.beginPath();
    ink.moveTo(left - beyond, (this.#top[0] ?? 0) - end);
    for (let at = 1; at < this.#count; at++) {
      const [before, here] = [(this.#top[at - 1] ?? 0) - end, (this.#top[at] ?? 0) - end];
      const edge = left + at + (before <= here ? beyond : -beyond);
      ink.lineTo(edge, before);
      ink.lineTo(edge, here);
    }
    ink.lineTo(right + beyond, (this.#top[this.#count - 1] ?? 0) - end);
    ink.lineTo(right + beyond, (this.#bottom[this.#count - 1] ?? 0) + end);
    for (let at = this.#count - 1; at > 0; at--) {
      const [before, here] = [(this.#bottom[at - 1] ?? 0) + end, (this.#bottom[at] ?? 0) + end];
      const edge = left + at + (before >= here ? beyond : -beyond);
      ink.lineTo(edge, here);
      ink.lineTo(edge, before);
    }
    ink.lineTo(left - beyond, (this.#bottom[0] ?? 0) + end);
    ink.closePath();
    ink.fill();
  }
}
