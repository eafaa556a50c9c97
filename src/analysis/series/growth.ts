// What of a series is as it was, so that only the rest is computed anew when points were added.
import type { ScalarSeries, Segment } from "./scalarSeries";

/** Points before `from` are as they were at the last look; those before `settled` will be at the next. */
export interface Growth {
  readonly from: number;
  readonly settled: number;
}

/** Follows one series for one who computes from it. */
export class GrowthMeter {
  #settled = 0;
  #closed: readonly Segment[] = [];
  #open: Segment | undefined;

  /** `settled`: how many points will never be taken back. All is new where a segment was added, or one that is no longer open changed. */
  next(series: Pick<ScalarSeries, "segments" | "length">, settled: number): Growth {
    const open = series.segments.at(-1);
    const same = open !== undefined && this.#open?.from === open.from && this.#open.begins === open.begins && open.standing === open.to
      && series.segments.length - 1 === this.#closed.length && this.#closed.every((segment, at) => equal(segment, series.segments[at]));
    const from = same ? Math.min(this.#settled, series.length) : 0;
    if (!same) this.#closed = series.segments.slice(0, -1).map((segment) => ({ ...segment }));
    this.#open = open && open.standing === open.to ? { ...open } : undefined;
    this.#settled = settled;
    return { from, settled };
  }
}

function equal(one: Segment, other: Segment | undefined): boolean {
  return other !== undefined && one.from === other.from && one.to === other.to && one.standing === other.standing && one.begins === other.begins;
}

/** A column with room for `length` numbers, and what it held; room doubles. */
export function widened(column: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (column.length >= length) return column;
  const wide = new Float64Array(Math.max(length, 2 * column.length));
  wide.set(column);
  return wide;
}

/** Ascending indices that grow with a series. */
export class IndexList {
  #indices = new Uint32Array(0);
  #count = 0;

  /** Valid until the next change. */
  get indices(): Uint32Array {
    return this.#indices.subarray(0, this.#count);
  }

  /** Forgets those from `from` on, then takes those of the wanted ones up to `length`. */
  update({ from, length }: { readonly from: number; readonly length: number }, wanted: (index: number) => boolean): void {
    while (this.#count > 0 && (this.#indices[this.#count - 1] ?? 0) >= from) this.#count--;
    for (let index = from; index < length; index++) {
      if (!wanted(index)) continue;
      if (this.#count === this.#indices.length) {
        const wide = new Uint32Array(Math.max(16, 2 * this.#count));
        wide.set(this.#indices);
        this.#indices = wide;
      }
      this.#indices[this.#count++] = index;
    }
  }
}
