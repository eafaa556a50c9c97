// Where a curve rose abruptly and stayed: the one rule behind "spike at 9,120".
import type { ScalarSeries } from "./scalarSeries";

/** Points that a spike is compared with, and how many in a row must lie above all of them. */
const before = 200;
const inARow = 5;
/** How far above the middle of the points before, in spreads (from the 1st to the 3rd quarter of them). */
const spreads = 6;
const mostSpikes = 20;

/**
 * Indices at which spikes begin: five points in a row lie above every one of the 200 standing points before them, and the middle one
 * of the five lies more than six interquartile ranges above their median. For points whose order means nothing the first half
 * alone comes by chance once in 2.9 thousand million points, whatever their distribution; the second keeps slow rises out.
 * After a spike, 200 points pass before the next.
 */
export function spikesOf({ values, segments }: Pick<ScalarSeries, "values" | "segments">): number[] {
  const spikes: number[] = [];
  for (const { from, standing } of segments) {
    const greatest = new WindowMaximum(values);
    let row = 0;
    for (let index = from; index < standing && spikes.length < mostSpikes; index++) {
      const value = values[index] ?? NaN;
      // The window ends where the row began.
      const end = index - row;
      if (end - from >= before && value > greatest.of(end - before, end)) row++;
      else row = 0;
      if (row < inARow) continue;
      const begin = index - inARow + 1;
      row = 0;
      if (!risesAbruptly(values, begin)) continue;
      spikes.push(begin);
      index = Math.min(standing, begin + before) - 1;
    }
  }
  return spikes;
}

function risesAbruptly(values: Float64Array, begin: number): boolean {
  const window = values.slice(begin - before, begin).filter(Number.isFinite).sort();
  const quarter = (part: number): number => window[Math.floor((window.length * part) / 4)] ?? NaN;
  const middle = values.slice(begin, begin + inARow).sort()[inARow >> 1] ?? NaN;
  const spread = quarter(3) - quarter(1);
  return spread > 0 && middle > quarter(2) + spreads * spread;
}

/** Greatest value of a window that only moves on: a queue of falling values. */
class WindowMaximum {
  #queue: number[] = [];
  #head = 0;
  #next = -1;

  constructor(private readonly values: Float64Array) {}

  of(from: number, to: number): number {
    if (this.#next < from) this.#next = from;
    for (; this.#next < to; this.#next++) {
      const value = this.values[this.#next] ?? NaN;
      if (!Number.isFinite(value)) continue;
      while (this.#queue.length > this.#head && (this.values[this.#queue[this.#queue.length - 1] ?? 0] ?? 0) <= value) this.#queue.pop();
      this.#queue.push(this.#next);
    }
    while (this.#head < this.#queue.length && (this.#queue[this.#head] ?? 0) < from) this.#head++;
    if (this.#head > before) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return this.values[this.#queue[this.#head] ?? -1] ?? Infinity;
  }
}
