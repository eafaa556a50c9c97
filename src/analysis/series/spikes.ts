// Where a curve rose abruptly and stayed: the one rule behind "spike at 9,120".
import { GrowthMeter } from "./growth";
import type { ScalarSeries, Segment } from "./scalarSeries";

/** Points that a spike is compared with, and how many in a row must lie above all of them. */
const before = 200;
const inARow = 5;
/** How far above the middle of the points before, in spreads (from the 1st to the 3rd quarter of them). */
const spreads = 6;
const mostSpikes = 20;

/** The search of one series, which goes on where points were added. */
export class SpikeSearch {
  readonly #meter = new GrowthMeter();
  #spikes: number[] = [];
  /** Where the last segment was left. */
  #rest: Place = { index: 0, row: 0, spikes: 0 };

  /**
   * Indices at which spikes begin: five points in a row lie above every one of the 200 standing points before them, and the middle one
   * of the five lies more than six interquartile ranges above their median. For points whose order means nothing the first half
   * alone comes by chance once in 2.9 thousand million points, whatever their distribution; the second keeps slow rises out.
   * After a spike, 200 points pass before the next. `settled`: how many points will never be taken back.
   */
  update(series: ScalarSeries, settled: number): readonly number[] {
    const { from } = this.#meter.next(series, settled);
    const last = series.segments.at(-1);
    if (!last) return [];
    const goesOn = from > last.from;
    if (!goesOn) this.#spikes = [];
    else this.#spikes.length = this.#rest.spikes;
    if (!goesOn) for (const segment of series.segments.slice(0, -1)) this.#search(series.values, segment, { index: segment.from, row: 0, end: segment.standing });
    const begin = goesOn ? this.#rest : { index: last.from, row: 0 };
    this.#rest = this.#search(series.values, last, { ...begin, end: Math.max(last.from, Math.min(settled, last.standing)) });
    this.#search(series.values, last, { ...this.#rest, end: last.standing });
    return [...this.#spikes];
  }

  /** Looks at points of a segment up to `end`, and answers where it stopped. */
  #search(values: Float64Array, { from }: Segment, { end, ...place }: Pick<Place, "index" | "row"> & { readonly end: number }): Place {
    const greatest = new WindowMaximum(values);
    let { index, row } = place;
    for (; index < end && this.#spikes.length < mostSpikes; index++) {
      const value = values[index] ?? NaN;
      // The window ends where the row began.
      const until = index - row;
      if (until - from >= before && value > greatest.of(until - before, until)) row++;
      else row = 0;
      if (row < inARow) continue;
      const begin = index - inARow + 1;
      row = 0;
      if (!risesAbruptly(values, begin)) continue;
      this.#spikes.push(begin);
      index = begin + before - 1;
    }
    return { index, row, spikes: this.#spikes.length };
  }
}

/** Where a search stands: the next point, how many before it lie above the window, how many spikes were found. */
interface Place {
  readonly index: number;
  readonly row: number;
  readonly spikes: number;
}

/** The spikes of a whole series. */
export function spikesOf(series: ScalarSeries): readonly number[] {
  return new SpikeSearch().update(series, series.length);
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
