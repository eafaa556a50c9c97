// A line under construction: columns of numbers that grow and are used again, and where a new piece begins.
import type { Polyline } from "#model/scalars";
import type { IndexRange } from "./search";

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

  done(): Polyline {
    return { x: this.#x.slice(0, this.#length), y: this.#y.slice(0, this.#length), breaks: Uint32Array.from(this.#breaks) };
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
