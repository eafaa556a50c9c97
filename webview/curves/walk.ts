// Moving along a curve by key, and the rows of the table that says the same as the picture.
import type { Slice } from "#model/scalars";
import { niceStep } from "./axes";
import { byPlace, nearestIndex, readAt } from "./lines";
import type { Tick } from "./ticks";
import { tickWord } from "./words";

/** A key's meaning for the point under the keys. */
export type Move = "next" | "previous" | "nextMark" | "previousMark" | "first" | "last";

/** Something to stop at, and its name. */
export interface Mark {
  readonly place: number;
  readonly word: string;
}

/** Checkpoints, restarts, spikes, values that are no numbers and records that could not be read, in the order of their places. */
export function marksOf(slice: Slice, ticks: readonly Tick[], damaged: readonly number[] = []): readonly Mark[] {
  const marks = [
    ...ticks.map(({ checkpoint, place }) => ({ place, word: tickWord(checkpoint) })),
    ...damaged.map((place) => ({ place, word: "record lost behind it" })),
    ...slice.restarts.map(({ x }) => ({ place: x, word: "restart" })),
    ...slice.spikes.map(({ x }) => ({ place: x, word: "spike" })),
    ...slice.nonFinite.map(({ x, value }) => ({ place: x, word: Number.isNaN(value) ? "NaN" : "infinite" })),
  ];
  return marks.sort((one, other) => one.place - other.place);
}

/** The place after a move; the last point when none was chosen yet. */
export function moved(slice: Slice, marks: readonly Mark[], { place, move }: { readonly place?: number; readonly move: Move }): number | undefined {
  const { x } = byPlace(slice.smoothed);
  const inside = slice.extent ? x.filter((at) => at >= (slice.extent?.[0] ?? at) && at <= (slice.extent?.[1] ?? at)) : x;
  if (inside.length === 0) return undefined;
  const last = inside.length - 1;
  const at = place === undefined ? last : nearestIndex(inside, place);
  if (place === undefined) return move === "first" ? inside[0] : inside[at];
  switch (move) {
    case "next": return inside[Math.min(at + 1, last)];
    case "previous": return inside[Math.max(at - 1, 0)];
    case "first": return inside[0];
    case "last": return inside[last];
    case "nextMark": return marks.find((mark) => mark.place > place)?.place ?? place;
    case "previousMark": return marks.filter((mark) => mark.place < place).at(-1)?.place ?? place;
  }
}

export interface TableRow {
  readonly place: number;
  readonly smoothed: number;
  readonly raw?: number;
  /** Where points are too many to be told apart: least and greatest raw value of the pixel column. */
  readonly rawRange?: readonly [number, number];
  readonly mark: string;
}

export interface DataTable {
  /** Newest first. */
  readonly rows: readonly TableRow[];
  readonly every: number;
}

/** The last point, the marks, and every round place of what is in view: the same data as the picture. */
export function dataTable(slice: Slice, marks: readonly Mark[]): DataTable {
  const { x } = byPlace(slice.smoothed);
  const from = x[0];
  const to = x[x.length - 1];
  if (from === undefined || to === undefined) return { rows: [], every: 1 };
  const every = niceStep((to - from) / 12 || 1);
  const words = new Map<number, string>();
  for (const { place, word } of marks) words.set(place, [words.get(place), word].filter(Boolean).join(" · "));
  const wanted = new Set([to, ...words.keys()]);
  for (let place = Math.ceil(from / every) * every; place <= to; place += every) wanted.add(place);
  const rows = new Map<number, TableRow>();
  for (const place of [...wanted].sort((one, other) => other - one)) {
    const reading = place < from || place > to ? undefined : readAt(slice, place);
    if (!reading) continue;
    const mark = words.get(place);
    // A mark keeps its own place; on a thinned line the nearest drawn point stands in for its values.
    const at = mark === undefined ? reading.x : place;
    rows.set(at, { place: at, smoothed: reading.smoothed, raw: reading.raw, rawRange: reading.rawRange, mark: mark ?? rows.get(at)?.mark ?? "" });
  }
  return { rows: [...rows.values()], every };
}
