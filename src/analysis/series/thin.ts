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

/** Points to draw, in room that is used again: valid until the next thinning. */
export interface Thinned {
  /** Their indices, ascending. */
  readonly indices: Uint32Array;
  /** Which of them come after non-finite values that lie between them and the one before. */
  readonly afterGap: readonly number[];
}

/** Takes the extremes of one column that holds a finite value. */
export type EmitColumn = (column: { readonly column: number; readonly least: number; readonly greatest: number; readonly afterGap: boolean }) => void;

/** The end of a column with so few points is found point by point. */
const fewPoints = 64;

let room = new Uint32Array(0);

/**
 * At most four finite points per pixel column; all of a column that holds no more than four. The least and the
 * greatest of each column are exact. A gap within a column of more than four points is narrower than a pixel and is not told.
 */
export function thin(request: ThinRequest): Thinned {
  const { pyramid: { values }, nonFinite, range, columns } = request;
  const most = Math.min(range.to - range.from, 4 * columns.count);
  if (room.length < most) room = new Uint32Array(2 * most);
  const indices = room;
  const afterGap: number[] = [];
  const gaps = new Gaps(nonFinite, range.from);
  let count = 0;
  const walk = new ColumnWalk(request);
  while (walk.next()) {
    const { from, to, least, greatest } = walk;
    if (to - from <= 4) {
      for (let index = from; index < to; index++) {
        if (!Number.isFinite(values[index] ?? NaN)) continue;
        if (gaps.before(index)) afterGap.push(count);
        indices[count++] = index;
      }
    } else if (least >= 0) {
      let first = from;
      while (!Number.isFinite(values[first] ?? NaN)) first++;
      let last = to - 1;
      while (!Number.isFinite(values[last] ?? NaN)) last--;
      const early = Math.min(least, greatest);
      const late = Math.max(least, greatest);
      if (gaps.before(first)) afterGap.push(count);
      gaps.skipTo(last);
      indices[count++] = first;
      if (early > first) indices[count++] = early;
      if (late > first && late > early) indices[count++] = late;
      if (last > late) indices[count++] = last;
    }
  }
  return { indices: indices.subarray(0, count), afterGap };
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
  const walk = new ColumnWalk(request);
  while (walk.next()) {
    const { column, to, least, greatest } = walk;
    if (least < 0) continue;
    const afterGap = gaps.before(Math.min(least, greatest));
    gaps.skipTo(to - 1);
    emit({ column, least, greatest, afterGap });
  }
}

/** Whether a pixel column holds more than four points. */
export function isCrowded({ x, range, columns }: Pick<ThinRequest, "x" | "range" | "columns">): boolean {
  if (range.to - range.from <= 4) return false;
  if (range.to - range.from > 4 * columns.count) return true;
  const { widest } = columns;
  for (let index = range.from; index + 4 < range.to; index++) {
    const first = x[index] ?? 0;
    const fifth = x[index + 4] ?? 0;
    if (!(fifth - first > widest) && columns.columnOf(first) === columns.columnOf(fifth)) return true;
  }
  return false;
}

/** Goes from one pixel column that holds points to the next: which points, and the least and the greatest finite one of them (-1 where there is none). */
class ColumnWalk {
  column = 0;
  from = 0;
  to: number;
  least = -1;
  greatest = -1;
  /** Where the column ends; no point lies behind the end of none. */
  #edge = Infinity;

  constructor(private readonly request: ThinRequest) {
    this.to = request.range.from;
  }

  next(): boolean {
    const { x, pyramid, range, columns } = this.request;
    const from = this.to;
    if (from >= range.to) return false;
    const place = x[from] ?? 0;
    const next = columns.edge(this.column + 2);
    // Mostly the one beside it.
    const beside = place >= this.#edge && place < next;
    this.column = beside ? this.column + 1 : columns.columnOf(place);
    const edge = beside ? next : columns.edge(this.column + 1);
    this.#edge = edge;
    this.from = from;
    const few = Math.min(range.to, from + fewPoints);
    let to = from + 1;
    while (to < few && (x[to] ?? 0) < edge) to++;
    if (to === few) to = gallopAtLeast(x, edge, { from: to, to: range.to });
    const { least, greatest } = pyramid.extremes(from, to);
    this.to = to;
    this.least = least;
    this.greatest = greatest;
    return true;
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
    if (this.nonFinite.length === 0) return false;
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
