// What a plot shows, decided in full before anything is drawn: axes, labels, points, and where marks stand.
import type { Slice } from "#model/scalars";
import type { Numbers } from "#kit/numbers";
import { axisLabels, linearAxis, logAxis, logLabels, type Axis } from "./axes";
import { bandOf, pointsOf, valueRange, type Point } from "./lines";
import type { YScale } from "./state";

/** Below this width of a card everything is drawn for a narrow column. */
export const narrowBelow = 420;

export interface LabelledAxis extends Axis {
  readonly labels: readonly string[];
}

export interface PlotModel {
  readonly x: LabelledAxis;
  readonly y: LabelledAxis;
  readonly scale: YScale;
  readonly narrow: boolean;
  readonly smoothed: readonly Point[];
  readonly superseded: readonly Point[];
  /** Raw points when all of them are drawn. */
  readonly raw: readonly Point[];
  /** Least and greatest raw value per pixel column when they are not. */
  readonly low: readonly Point[];
  readonly high: readonly Point[];
  readonly restarts: readonly number[];
  readonly nonFinite: readonly number[];
  readonly end?: Point;
}

export interface PlotWishes {
  readonly x: Axis;
  readonly scale: YScale;
  readonly pixels: number;
  readonly narrow: boolean;
  /** Without smoothing the raw line is the only one, and drawn strong. */
  readonly smoothing: number;
  readonly numbers: Numbers;
  readonly locale: string;
}

const nothing: readonly never[] = [];

/** Decides what a slice looks like. Without a slice there are axes only. */
export function plotModel(slice: Slice | undefined, wishes: PlotWishes): PlotModel {
  const { x, scale, pixels, narrow, smoothing, numbers, locale } = wishes;
  const stepLabel = narrow ? numbers.shortCount : numbers.count;
  const axes = { x: { ...x, labels: x.ticks.map(stepLabel) }, scale, narrow };
  if (!slice) {
    return {
      ...axes, y: { min: 0, max: 1, ticks: nothing, labels: nothing }, smoothed: nothing, superseded: nothing, raw: nothing,
      low: nothing, high: nothing, restarts: nothing, nonFinite: nothing,
    };
  }
  const [low, high] = valueRange(slice, { positive: scale === "log", steps: { from: x.min, to: x.max } });
  const y = scale === "log" ? logAxis(low, high) : linearAxis(low, high, narrow ? 3 : 4);
  const band = slice.thinned ? bandOf(slice.raw, { from: x.min, to: x.max, pixels }) : { low: nothing, high: nothing };
  const inside = (step: number): boolean => step >= x.min && step <= x.max;
  return {
    ...axes,
    y: { ...y, labels: scale === "log" ? logLabels(y, locale) : axisLabels(y, locale) },
    smoothed: pointsOf(slice.smoothed),
    superseded: pointsOf(slice.superseded),
    raw: slice.thinned || smoothing === 0 ? nothing : pointsOf(slice.raw),
    ...band,
    restarts: slice.restarts.filter(inside),
    nonFinite: slice.nonFinite.map(({ step }) => step).filter(inside),
    end: slice.last && inside(slice.last.step) ? { x: slice.last.step, y: slice.last.smoothed } : undefined,
  };
}
