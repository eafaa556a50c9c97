// The metric over time as geometry under the strip: smoothed and raw lines, a ring for each checkpoint, a scale.
import type { CheckpointMetric } from "#model/checkpointOutlook";
import type { Numbers } from "#kit/numbers";
import type { StripModel } from "./strip";

/** The curve in pixels. Paths are SVG's. */
export interface CurveModel {
  readonly smoothed: string;
  readonly raw: string;
  readonly rings: readonly { readonly x: number; readonly y: number; readonly prefix: string; readonly value: number }[];
  readonly ticks: readonly { readonly y: number; readonly label: string }[];
  readonly log: boolean;
}

/** Values that spread further than this are read on a logarithmic scale. */
const logFrom = 2.5;
/** The raw line may leave the smoothed one's range by this share of it. */
const rawRoom = 0.15;

/** Lays the curve out between two heights, at the places that the strip gives to times. */
export function curveModel({ curve }: CheckpointMetric, strip: StripModel, { top, bottom, numbers }: {
  readonly top: number; readonly bottom: number; readonly numbers: Numbers;
}): CurveModel | undefined {
  const { wallTimeSeconds, smoothed, raw } = curve;
  const inRange = [...wallTimeSeconds.keys()].filter((index) => between(wallTimeSeconds[index] ?? 0, strip) && Number.isFinite(smoothed[index] ?? NaN));
  if (inRange.length === 0) return undefined;
  const { low, high } = extremes(inRange.map((index) => smoothed[index] ?? 0));
  const log = low > 0 && high / low >= logFrom;
  const scaled = (value: number): number => (log ? Math.log(Math.max(value, low / 10)) : value);
  const [least, most] = [scaled(low), scaled(high)];
  const room = (most - least) * rawRoom || Math.abs(most) * 0.1 || 1;
  const y = (value: number): number => {
    const share = (scaled(value) - (least - room)) / (most - least + 2 * room);
    return bottom - Math.min(1, Math.max(0, share)) * (bottom - top);
  };
  const breaks = new Set(curve.breaks);
  const path = (values: Float64Array): string => {
    let pen = "M";
    let before = -2;
    return inRange.map((index) => {
      const value = values[index] ?? NaN;
      if (!Number.isFinite(value)) return "";
      pen = index !== before + 1 || breaks.has(index) ? "M" : "L";
      before = index;
      return `${pen}${round(strip.place(wallTimeSeconds[index] ?? 0))} ${round(y(value))}`;
    }).join("");
  };
  const rings = strip.past.flatMap(({ checkpoint: { prefix, metric, wallTimeSeconds: at } }) =>
    metric && Number.isFinite(metric.smoothed) ? [{ x: round(strip.place(at)), y: round(y(metric.smoothed)), prefix, value: metric.smoothed }] : []);
  return { smoothed: path(smoothed), raw: path(raw), rings, log, ticks: scaleTicks({ low, high, log }).map((value) => ({ y: round(y(value)), label: numbers.exact(value) })) };
}

function between(seconds: number, { range }: StripModel): boolean {
  return seconds >= range.from && seconds <= range.to;
}

function extremes(values: readonly number[]): { readonly low: number; readonly high: number } {
  return values.reduce(({ low, high }, value) => ({ low: Math.min(low, value), high: Math.max(high, value) }), { low: Infinity, high: -Infinity });
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

/** At most three round numbers in the range: 1, 2, 5 by tens on a logarithmic scale, equal distances on a linear one. */
export function scaleTicks({ low, high, log }: { readonly low: number; readonly high: number; readonly log: boolean }): readonly number[] {
  if (!log) {
    const step = niceStep((high - low) / 2 || Math.abs(high) || 1);
    return Array.from({ length: 4 }, (_, index) => (Math.ceil(low / step) + index) * step).filter((value) => value <= high).slice(0, 3);
  }
  const decades = Array.from({ length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 }, (_, index) => 10 ** (Math.floor(Math.log10(low)) + index));
  const inRange = (factors: readonly number[]): number[] => decades.flatMap((decade) => factors.map((factor) => factor * decade)).filter((value) => value >= low * 0.9 && value <= high * 1.1);
  const fine = inRange([1, 2, 3, 5]);
  const some = fine.length > 4 ? inRange([1, 2, 5]) : fine;
  return some.filter((_, index) => index % Math.ceil(some.length / 3) === 0);
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share >= 5 ? 5 : share >= 2 ? 2 : 1);
}
