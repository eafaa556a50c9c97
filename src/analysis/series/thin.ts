// Thinning of a line to a width: per pixel column the first, the least, the greatest and the last point, in their order (M4).
import type { PixelColumns } from "./pixelColumns";
import type { Pyramid } from "./pyramid";
import { gallopAtLeast, type IndexRange } from "./search";

/** A line whose places do not fall within `range`. */
export interface ThinRequest {
  readonly x: Float64Array;
  /** Over the line's values. */
  readonly pyramid: Pyramid;
  /** Ascending indices of values that are not finite, of the whole line. */
  readonly nonFinite: Uint32Array;
  readonly range: IndexRange;
  readonly columns: PixelColumns;
}

/** Takes one point to draw; `afterGap` when non-finite values lie between it and the one before. */
export type Emit = (index: number, afterGap: boolean) => void;

/** Takes the extremes of one column that holds a finite value. */
export type EmitColumn = (column: { readonly column: number; readonly least: number; readonly greatest: number; readonly afterGap: boolean }) => void;

/**
 * At most four finite points per pixel column, ascending; all of a column that holds no more than four. The least and the
 * greatest of each column are exact. A gap within a column of more than four points is narrower than a pixel and is not told.
 */
export function thin(request: ThinRequest, emit: Emit): void {
  const { pyramid, nonFinite } = request;
  const { values } = pyramid;
  const gaps = new Gaps(nonFinite, request.range.from);
  const tell = (index: number): void => emit(index, gaps.before(index));
  eachColumn(request, (_, from, to) => {
    if (to - from <= 4) {
      for (let index = from; index < to; index++) if (Number.isFinite(values[index] ?? NaN)) tell(index);
      return;
    }
    const { least, greatest } = pyramid.extremes(from, to);
    if (least < 0) return;
    let first = from;
    while (!Number.isFinite(values[first] ?? NaN)) first++;
    let last = to - 1;
    while (!Number.isFinite(values[last] ?? NaN)) last--;
    tell(first);
    gaps.skipTo(last);
    const [early, late] = least < greatest ? [least, greatest] : [greatest, least];
    let before = first;
    for (const index of [early, late, last]) {
      if (index > before) emit(index, false);
      before = Math.max(before, index);
    }
  });
}

/** The pieces of a line between the gaps of a range, for one that is not crowded: all its finite points. */
export function pieces({ nonFinite, range }: Pick<ThinRequest, "nonFinite" | "range">, emit: (piece: IndexRange) => void): void {
  let from = range.from;
  for (let at = lowerBound(nonFinite, from); from < range.to; at++) {
    const to = Math.min(range.to, nonFinite[at] ?? Infinity);
    emit({ from, to });
    from = to + 1;
  }
}

/** The extremes of each pixel column that holds a finite point. */
export function columnExtremes(request: ThinRequest, emit: EmitColumn): void {
  const gaps = new Gaps(request.nonFinite, request.range.from);
  eachColumn(request, (column, from, to) => {
    const { least, greatest } = request.pyramid.extremes(from, to);
    if (least < 0) return;
    const afterGap = gaps.before(Math.min(least, greatest));
    gaps.skipTo(to - 1);
    emit({ column, least, greatest, afterGap });
  });
}

/** Whether a pixel column holds more than four points. */
export function isCrowded({ x, range, columns }: Pick<ThinRequest, "x" | "range" | "columns">): boolean {
  if (range.to - range.from <= 4) return false;
  if (range.to - range.from > 4 * columns.count) return true;
  for (let index = range.from; index + 4 < range.to; index++) {
    const [first, fifth] = [x[index] ?? 0, x[index + 4] ?? 0];
    if (columns.mayHold(first, fifth) && columns.columnOf(first) === columns.columnOf(fifth)) return true;
  }
  return false;
}

function eachColumn({ x, range, columns }: ThinRequest, visit: (column: number, from: number, to: number) => void): void {
  for (let from = range.from, to = from, held = 1; from < range.to; from = to) {
    const column = columns.columnOf(x[from] ?? 0);
    const edge = columns.edge(column + 1);
    // Mostly as many as in the column before.
    to = from + held;
    const guessed = to < range.to && (x[to] ?? 0) >= edge && (x[to - 1] ?? 0) < edge;
    if (!guessed) to = Math.max(from + 1, gallopAtLeast(x, edge, { from, to: range.to }));
    held = to - from;
    visit(column, from, to);
  }
}

/** Walks the indices of non-finite values beside a line. */
class Gaps {
  #at: number;

  constructor(
    private readonly nonFinite: Uint32Array,
    from: number,
  ) {
    this.#at = lowerBound(nonFinite, from);
  }

  /** Whether one lies between the last index asked for and this one. */
  before(index: number): boolean {
    const at = this.#at;
    this.skipTo(index);
    return this.#at > at;
  }

  skipTo(index: number): void {
    if (this.#at < this.nonFinite.length && (this.nonFinite[this.#at] ?? 0) < index) this.#at = lowerBound(this.nonFinite, index);
  }
}

/** The place of the first entry that is not below `wanted`. */
export function lowerBound(ascending: Uint32Array, wanted: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
