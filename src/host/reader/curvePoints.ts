// Every point of a curve at full resolution, raw and smoothed, and how it is written as CSV and JSON: the same for page and command line.
import type { Smoothing } from "#model/scalars";
import { noSources, type TagSeries } from "./tagSeries";

/** One point as it is printed. */
export interface PrintedPoint {
  readonly step: number;
  readonly wallTimeSeconds: number;
  readonly value: number;
  readonly smoothed: number;
  readonly superseded: boolean;
}

/** What to print of a series. */
export interface PointsWish {
  readonly smoothing: Smoothing;
  readonly decay?: number;
  /** Also what restarts superseded. */
  readonly superseded: boolean;
}

/** The points of a series in the order of the files. */
export function* curvePoints(series: TagSeries, { smoothing, decay, superseded }: PointsWish): Generator<PrintedPoint> {
  const { steps, recorded, smoothed, wallTimeSeconds, segments } = series.view({ axis: { kind: "step" }, smoothing, decay }, noSources);
  for (const { from, to, standing } of segments) {
    for (let at = from; at < (superseded ? to : standing); at++) {
      yield {
        step: steps[at] ?? 0, wallTimeSeconds: wallTimeSeconds[at] ?? NaN, value: recorded[at] ?? NaN, smoothed: smoothed.values[at] ?? NaN,
        superseded: at >= standing,
      };
    }
  }
}

/** The cells of a point's line in a CSV file; `superseded` only where such points are listed. */
export function csvCells(tag: string, { step, wallTimeSeconds, value, smoothed, superseded }: PrintedPoint, withSuperseded: boolean): string {
  return [csvText(tag), step, wallTimeSeconds, value, smoothed, ...(withSuperseded ? [superseded] : [])].join(",");
}

/** The heading above `csvCells`. */
export function csvHeading(withSuperseded: boolean): string {
  return `tag,step,wall_time,value,smoothed${withSuperseded ? ",superseded" : ""}`;
}

/** Text as a cell of a CSV file. */
export function csvText(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** A point for JSON; `superseded` only where such points are listed. */
export function jsonPoint({ superseded, ...point }: PrintedPoint, withSuperseded: boolean): object {
  return withSuperseded ? { ...point, superseded } : point;
}
