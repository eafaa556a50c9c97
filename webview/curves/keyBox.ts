// A box that keys draw: from one place of a curve to another, as high as what is drawn between them, or a bit higher or lower.
import { valueRange } from "./lines";
import type { ChartView, View } from "./requests";
import type { Range } from "./state";

export interface KeyBox {
  /** The place it was begun at; the keys move the other end. */
  readonly from: number;
  /** Share of the height that is added above and below. */
  readonly room: number;
}

/** What is zoomed to. */
export interface Box {
  readonly range: Range;
  readonly limits: readonly [low: number, high: number];
}

const roomAtFirst = 0.05;
const roomStep = 0.1;
/** A little of the height is left. */
const leastRoom = -0.45;

export function beginBox(from: number): KeyBox {
  return { from, room: roomAtFirst };
}

export function higher(box: KeyBox): KeyBox {
  return { ...box, room: box.room + roomStep };
}

export function lower(box: KeyBox): KeyBox {
  return { ...box, room: Math.max(leastRoom, box.room - roomStep) };
}

/** The box up to a place; undefined as long as it has no width, or nothing is drawn in it. */
export function boxTo({ from, room }: KeyBox, place: number, { view: { state }, chart }: { readonly view: View; readonly chart: ChartView }): Box | undefined {
  const range = { from: Math.min(from, place), to: Math.max(from, place) };
  if (range.to <= range.from) return undefined;
  const log = chart.yScale === "log";
  const drawn = chart.lines.flatMap(({ key }) => state.drawn.get(key) ?? []);
  const { low, high } = valueRange(drawn, { positive: log, x: { min: range.from, max: range.to }, clip: state.settings.clip });
  if (!(high > low)) return undefined;
  if (!log) return { range, limits: [low - room * (high - low), high + room * (high - low)] };
  const factor = (high / low) ** room;
  return { range, limits: [low / factor, high * factor] };
}
