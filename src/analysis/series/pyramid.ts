// Least and greatest of any part of a column without a look at each of its points: per block of 16, and of 16 such, which point is which.

/** Points, or blocks of the level below, in one block. */
const fanOut = 16;
/** So few are looked at one by one sooner than by blocks. */
const fewPoints = 64;
/** Marks a block without a finite value. */
const none = 0xffffffff;

interface Level {
  least: Uint32Array;
  greatest: Uint32Array;
}

/** Indices of the least and the greatest finite value, the earliest of equal ones; -1 where there is none. */
export interface Extremes {
  readonly least: number;
  readonly greatest: number;
}

/** Built over a column in one pass; `update` goes on where points were added. */
export class Pyramid {
  #values: Float64Array = new Float64Array(0);
  readonly #levels: Level[] = [];
  /** What `extremes` has found so far. */
  #least = -1;
  #greatest = -1;

  constructor(values?: Float64Array) {
    if (values) this.update(values, 0);
  }

  get values(): Float64Array {
    return this.#values;
  }

  /** The column has changed from index `from` on: points were added, or others stand there. */
  update(values: Float64Array, from: number): void {
    this.#values = values;
    let below = values.length;
    let first = from;
    for (let depth = 0; below > fanOut; depth++) {
      const blocks = Math.ceil(below / fanOut);
      // A level that was not there, or went when points were taken back, is made whole.
      first = this.#levels[depth] ? Math.floor(first / fanOut) : 0;
      const level = (this.#levels[depth] ??= { least: new Uint32Array(0), greatest: new Uint32Array(0) });
      level.least = widened(level.least, blocks);
      level.greatest = widened(level.greatest, blocks);
      const under = this.#levels[depth - 1];
      for (let block = first; block < blocks; block++) {
        const end = Math.min(below, (block + 1) * fanOut);
        if (under) this.#joinBlocks(level, under, { block, end });
        else this.#joinPoints(level, { block, end });
      }
      below = blocks;
    }
    this.#levels.length = depthFor(values.length);
  }

  /** Over the points from index `from` up to, not including, `to`. */
  extremes(from: number, to: number): Extremes {
    this.#least = this.#greatest = -1;
    if (to - from < fewPoints) this.#look(-1, from, to);
    else this.#climb(-1, from, to);
    return { least: this.#least, greatest: this.#greatest };
  }

  /** How many finite values from `from` to before `to` lie above `high` and below `low`; only blocks that hold one are opened. */
  beyond(range: { readonly from: number; readonly to: number }, low: number, high: number): { readonly above: number; readonly below: number } {
    const counted = { above: 0, below: 0 };
    const open = (from: number, to: number, level: number): void => {
      if (level < 0) {
        for (let at = from; at < to; at++) {
          const value = this.#values[at] ?? NaN;
          if (value > high && value < Infinity) counted.above++;
          else if (value < low && value > -Infinity) counted.below++;
        }
        return;
      }
      const size = fanOut ** (level + 1);
      const { least, greatest } = this.#levels[level] ?? { least: [], greatest: [] };
      for (let block = Math.floor(from / size); block * size < to; block++) {
        const min = this.#values[least[block] ?? none] ?? Infinity;
        const max = this.#values[greatest[block] ?? none] ?? -Infinity;
        if (min >= low && max <= high) continue;
        open(Math.max(from, block * size), Math.min(to, (block + 1) * size), level - 1);
      }
    };
    open(range.from, range.to, this.#levels.length - 1);
    return counted;
  }

  #joinPoints(level: Level, { block, end }: { readonly block: number; readonly end: number }): void {
    this.#least = this.#greatest = -1;
    this.#lookAtPoints(block * fanOut, end);
    level.least[block] = this.#least < 0 ? none : this.#least;
    level.greatest[block] = this.#greatest < 0 ? none : this.#greatest;
  }

  #joinBlocks(level: Level, under: Level, { block, end }: { readonly block: number; readonly end: number }): void {
    const values = this.#values;
    let least = none;
    let greatest = none;
    for (let at = block * fanOut; at < end; at++) {
      const low = under.least[at] ?? none;
      if (low === none) continue;
      const high = under.greatest[at] ?? none;
      if (least === none || (values[low] ?? NaN) < (values[least] ?? NaN)) least = low;
      if (greatest === none || (values[high] ?? NaN) > (values[greatest] ?? NaN)) greatest = high;
    }
    level.least[block] = least;
    level.greatest[block] = greatest;
  }

  /** Looks at points, or at blocks of a level, from first to last; at whole blocks of the level above where it can. */
  #climb(level: number, from: number, to: number): void {
    const inner = Math.ceil(from / fanOut);
    const outer = Math.floor(to / fanOut);
    if (inner >= outer || level + 1 >= this.#levels.length) return this.#look(level, from, to);
    this.#look(level, from, inner * fanOut);
    this.#climb(level + 1, inner, outer);
    this.#look(level, outer * fanOut, to);
  }

  #lookAtPoints(from: number, to: number): void {
    const values = this.#values;
    let least = this.#least;
    let greatest = this.#greatest;
    let low = least < 0 ? Infinity : (values[least] ?? NaN);
    let high = greatest < 0 ? -Infinity : (values[greatest] ?? NaN);
    for (let at = from; at < to; at++) {
      const value = values[at] ?? NaN;
      if (value < low && value > -Infinity) {
        low = value;
        least = at;
      }
      if (value > high && value < Infinity) {
        high = value;
        greatest = at;
      }
    }
    this.#least = least;
    this.#greatest = greatest;
  }

  #look(level: number, from: number, to: number): void {
    if (level < 0) return this.#lookAtPoints(from, to);
    const values = this.#values;
    const blocks = this.#levels[level];
    if (!blocks) return;
    let least = this.#least;
    let greatest = this.#greatest;
    let low = least < 0 ? Infinity : (values[least] ?? NaN);
    let high = greatest < 0 ? -Infinity : (values[greatest] ?? NaN);
    for (let at = from; at < to; at++) {
      const lower = blocks.least[at] ?? none;
      if (lower === none) continue;
      const upper = blocks.greatest[at] ?? none;
      const small = values[lower] ?? NaN;
      const great = values[upper] ?? NaN;
      if (small < low) {
        low = small;
        least = lower;
      }
      if (great > high) {
        high = great;
        greatest = upper;
      }
    }
    this.#least = least;
    this.#greatest = greatest;
  }
}

function depthFor(points: number): number {
  let depth = 0;
  for (let left = points; left > fanOut; left = Math.ceil(left / fanOut)) depth++;
  return depth;
}

/** Room doubles, so that a column that grows point by point is not copied point by point. */
function widened(blocks: Uint32Array, wanted: number): Uint32Array {
  if (blocks.length >= wanted) return blocks;
  const wide = new Uint32Array(Math.max(wanted, 2 * blocks.length));
  wide.set(blocks);
  return wide;
}
