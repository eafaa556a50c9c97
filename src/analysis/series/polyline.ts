// A line under construction: columns of numbers that grow and are used again, and where a new piece begins.
import type { Polyline } from "#model/scalars";
import type { IndexRange } from "./search";
import type { Thinned } from "./thin";

/** Most lines have no raw points, no band, no superseded ones: a column of numbers is dear to make. */
const none: Polyline = { x: new Float64Array(0), y: new Float64Array(0), breaks: new Uint32Array(0) };

export class PolylineBuilder {
  #x = new Float64Array(256);
  #y = new Float64Array(256);
  readonly #breaks: number[] = [];
  #length = 0;
  #interrupted = false;

  /** Begins a new line in the room of the last. */
  begin(): this {
    this.#breaks.length = this.#length = 0;
    this.#interrupted = false;
    return this;
  }

  get length(): number {
    return this.#length;
  }

  /** The next point begins a new piece. */
  interrupt(): void {
    this.#interrupted = this.#length > 0;
  }

  add(x: number, y: number): void {
    if (this.#length === this.#x.length) this.#grow();
    if (this.#interrupted) this.#breaks.push(this.#length);
    this.#interrupted = false;
    this.#x[this.#length] = x;
    this.#y[this.#length++] = y;
  }

  /** Adds the points from index `from` up to before `to`. */
  addAll(x: Float64Array, y: Float64Array, { from, to }: IndexRange): void {
    if (from >= to) return;
    while (this.#length + to - from > this.#x.length) this.#grow();
    if (this.#interrupted) this.#breaks.push(this.#length);
    this.#interrupted = false;
    this.#x.set(x.subarray(from, to), this.#length);
    this.#y.set(y.subarray(from, to), this.#length);
    this.#length += to - from;
  }

  /** Adds the points that are left of a line. */
  addThinned(x: Float64Array, y: Float64Array, { indices, afterGap }: Thinned): void {
    const { length } = indices;
    if (length === 0) return;
    const begin = this.#length;
    while (begin + length > this.#x.length) this.#grow();
    if (this.#interrupted) this.#breaks.push(begin);
    this.#interrupted = false;
    for (const at of afterGap) if (begin + at > 0 && this.#breaks.at(-1) !== begin + at) this.#breaks.push(begin + at);
    const [intoX, intoY] = [this.#x, this.#y];
    for (let at = 0; at < length; at++) {
      const index = indices[at] ?? 0;
      intoX[begin + at] = x[index] ?? 0;
      intoY[begin + at] = y[index] ?? NaN;
    }
    this.#length += length;
  }

  done(): Polyline {
    if (this.#length === 0) return none;
    return { x: this.#x.slice(0, this.#length), y: this.#y.slice(0, this.#length), breaks: this.#breaks.length === 0 ? none.breaks : Uint32Array.from(this.#breaks) };
  }

  #grow(): void {
    const wide = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const next = new Float64Array(2 * column.length);
      next.set(column);
      return next;
    };
    this.#x = wide(this.#x);
    this.#y = wide(this.#y);
  }
}
