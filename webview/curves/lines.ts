// From a slice to what is drawn: points with gaps, the exact band of a thinned line, and the point nearest to a step.
import type { Polyline, Slice } from "#model/scalars";

/** A point of a line; `y` is NaN where the line has a gap. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The points of a line, with a gap before each segment but the first. */
export function pointsOf({ x, y, breaks }: Polyline): readonly Point[] {
  const starts = new Set(breaks);
  const points: Point[] = [];
  for (let index = 0; index < x.length; index++) {
    const at = x[index] ?? NaN;
    if (index > 0 && starts.has(index)) points.push({ x: at, y: NaN });
    points.push({ x: at, y: y[index] ?? NaN });
  }
  return points;
}

export interface Band {
  readonly low: readonly Point[];
  readonly high: readonly Point[];
}

/** Least and greatest raw value per pixel column: exact, since thinning keeps each column's extremes. */
export function bandOf({ x, y, breaks }: Polyline, { from, to, pixels }: { from: number; to: number; pixels: number }): Band {
  const low: Point[] = [];
  const high: Point[] = [];
  const starts = new Set(breaks);
  const width = (to - from) / Math.max(1, pixels) || 1;
  let column = NaN;
  for (let index = 0; index < x.length; index++) {
    const at = x[index] ?? NaN;
    const value = y[index] ?? NaN;
    if (index > 0 && starts.has(index)) {
      for (const edge of [low, high]) edge.push({ x: at, y: NaN });
      column = NaN;
    }
    const here = Math.floor((at - from) / width);
    const below = low.at(-1);
    const above = high.at(-1);
    if (here === column && below && above) {
      if (value < below.y) low[low.length - 1] = { x: below.x, y: value };
      if (value > above.y) high[high.length - 1] = { x: above.x, y: value };
    } else {
      low.push({ x: at, y: value });
      high.push({ x: at, y: value });
      column = here;
    }
  }
  return { low, high };
}

/** Least and greatest finite values of what a slice shows; of positive ones only for a logarithmic axis. */
export function valueRange({ raw, smoothed }: Slice, { positive, steps }: { positive: boolean; steps?: { from: number; to: number } }): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { x, y } of [raw, smoothed]) {
    for (let index = 0; index < y.length; index++) {
      const value = y[index] ?? NaN;
      const step = x[index] ?? NaN;
      if (!Number.isFinite(value) || (positive && value <= 0)) continue;
      if (steps && (step < steps.from || step > steps.to)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

/** Index of the point of a line nearest to a step; -1 when there is none. Steps must not fall. */
export function nearestIndex(x: Float64Array, step: number): number {
  if (x.length === 0) return -1;
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < step) low = middle + 1;
    else high = middle;
  }
  const before = x[low - 1];
  return before !== undefined && step - before <= (x[low] ?? 0) - step ? low - 1 : low;
}

/** What stands at a step: the smoothed value, and the raw one or, where thinned, the least and greatest near it. */
export interface Reading {
  readonly step: number;
  readonly smoothed: number;
  readonly raw?: number;
  readonly rawRange?: readonly [number, number];
}

/** Reads a slice at the drawn point nearest to `step`. `column` is a pixel's width in steps. */
export function readAt({ smoothed, raw, thinned }: Slice, step: number, column: number): Reading | undefined {
  const index = nearestIndex(smoothed.x, step);
  const at = smoothed.x[index];
  const value = smoothed.y[index];
  if (at === undefined || value === undefined) return undefined;
  const nearest = nearestIndex(raw.x, at);
  if (raw.x[nearest] === at && !thinned) return { step: at, smoothed: value, raw: raw.y[nearest] };
  const range = rawNear(raw, at, column);
  return range ? { step: at, smoothed: value, rawRange: range } : { step: at, smoothed: value };
}

function rawNear({ x, y }: Polyline, step: number, column: number): readonly [number, number] | undefined {
  let index = nearestIndex(x, step - column);
  let low = Infinity;
  let high = -Infinity;
  for (; index >= 0 && index < x.length && (x[index] ?? Infinity) <= step + column; index++) {
    // The nearest to the window's edge may lie before it.
    if ((x[index] ?? 0) < step - column) continue;
    const value = y[index] ?? NaN;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high >= low ? [low, high] : undefined;
}
