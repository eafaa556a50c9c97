// The pixel columns of a plot: where each begins on an axis that is linear or logarithmic.

/** Ends of an axis, both shown, and the width of the plot between them. */
export interface ColumnsWish {
  readonly left: number;
  readonly right: number;
  readonly pixels: number;
  readonly log?: boolean;
}

/** Column `n` holds what lies from `edge(n)` up to, not including, `edge(n + 1)`; the right end belongs to the last column. */
export class PixelColumns {
  readonly left: number;
  readonly right: number;
  readonly count: number;
  readonly #log: boolean;
  readonly #origin: number;
  readonly #width: number;

  constructor({ left, right, pixels, log }: ColumnsWish) {
    this.left = left;
    this.right = right;
    this.count = Math.max(1, Math.floor(Number.isFinite(pixels) ? pixels : 1));
    this.#log = log === true && left > 0;
    this.#origin = this.#log ? Math.log(left) : left;
    this.#width = ((this.#log ? Math.log(right) : right) - this.#origin) / this.count;
  }

  /** The first place of a column; the end of the last one is beyond every place. */
  edge(column: number): number {
    if (column <= 0) return -Infinity;
    if (column >= this.count || !(this.#width > 0)) return Infinity;
    const at = this.#origin + column * this.#width;
    return this.#log ? Math.exp(at) : at;
  }

  /** The middle of a column, on the axis. */
  middle(column: number): number {
    const at = this.#origin + (column + 0.5) * this.#width;
    return this.#log ? Math.exp(at) : at;
  }

  /** Two places that are farther apart never stand in one column. */
  get widest(): number {
    return this.#log ? Infinity : 1.001 * this.#width;
  }

  /** The column of a place; what lies outside belongs to the nearest. Agrees with `edge` to the last bit. */
  columnOf(x: number): number {
    if (!(this.#width > 0)) return 0;
    const guess = Math.floor(((this.#log ? Math.log(x) : x) - this.#origin) / this.#width);
    let column = Math.max(0, Math.min(this.count - 1, Number.isFinite(guess) ? guess : 0));
    while (column > 0 && x < this.edge(column)) column--;
    while (column < this.count - 1 && x >= this.edge(column + 1)) column++;
    return column;
  }
}
