// Scalars as columns, and the slices of them that a view draws.
import type { Step, Tag } from "./run";
import type { MeshPart, PrCurve } from "./tagContents";

/** Points of one tag, oldest first. The three columns have equal length. */
export interface ScalarBatch {
  readonly tag: Tag;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly wallTimeSeconds: Float64Array;
}

/** The kind of a tag as TensorBoard decides it (formats 6). */
export type TagKind =
  | "scalar" | "histogram" | "image" | "audio" | "text" | "tensor" | "hparams" | "prCurve" | "mesh" | "other";

/** A value and the step it belongs to. */
export interface StepValue {
  readonly step: Step;
  readonly value: number;
}

/** What is known of a tag without its points. `points` stand; `superseded` were replaced by a restart (formats 8). */
export interface TagInfo {
  readonly tag: Tag;
  readonly plugin: string;
  readonly kind: TagKind;
  readonly points: number;
  readonly superseded: number;
  readonly first?: StepValue;
  readonly last?: StepValue;
  /** Over finite values. */
  readonly min?: StepValue;
  readonly max?: StepValue;
  readonly nonFinite?: number;
  /** Of a tag of that kind: the last curve. */
  readonly prCurve?: PrCurve;
  /** Of a tag of that kind. */
  readonly mesh?: MeshPart;
}

/** What a curve is drawn against. Times are in seconds; `active` leaves pauses out; `tag` is the value of another tag of the run. */
export type AxisKind =
  | { readonly kind: "step" | "relative" | "wall" | "active" | "index" }
  | { readonly kind: "tag"; readonly tag: Tag };

/** How values are averaged: TensorBoard's debiased average of `weight`, 0 (off) to below 1. */
export interface Smoothing {
  readonly weight: number;
  /** A point fades with steps instead of with points. */
  readonly timed: boolean;
  /** The average goes on across restarts instead of starting anew. */
  readonly bridge: boolean;
}

/** One curve: a tag, where its points stand, and how its values are averaged. */
export interface CurveRequest {
  readonly tag: Tag;
  readonly axis: AxisKind;
  readonly smoothing: Smoothing;
  /** The values are an average that started at 0 with this decay: they are corrected before all else. */
  readonly decay?: number;
}

/** What a view asks for: at most four points per pixel column of one curve. */
export interface SliceRequest extends CurveRequest {
  /** Ends of the axis, inclusive; the whole curve where left out. */
  readonly from?: number;
  readonly to?: number;
  /** The axis is logarithmic. */
  readonly log: boolean;
  /** Width of the plot in pixels. */
  readonly pixels: number;
  /** False: neither raw points nor their band. */
  readonly raw: boolean;
  /** Ends of the value axis, beyond which points are counted. */
  readonly limits?: readonly [low: number, high: number];
  /** The value axis leaves outliers out: the usual range is wanted. */
  readonly clip: boolean;
}

/** A line to draw. `breaks` are the indices at which a new piece begins (restart, or a gap of non-finite values). */
export interface Polyline {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly breaks: Uint32Array;
}

/** Exact least and greatest value of each pixel column that holds a point. */
export interface Band {
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly breaks: Uint32Array;
}

/** A point of a series, and where it stands on the axis. */
export interface PlacedValue extends StepValue {
  readonly x: number;
}

/** A point with all that is known of it. `value` is as recorded, `smoothed` as drawn. */
export interface CurvePoint extends PlacedValue {
  readonly smoothed: number;
  readonly wallTimeSeconds: number;
}

/** One curve, cut to a range and thinned to a width. Smoothing was done over all points, before thinning. */
export interface Slice {
  readonly tag: Tag;
  readonly revision: number;
  /** Standing points of the whole series, of the range, and drawn. */
  readonly total: number;
  readonly inRange: number;
  readonly drawn: number;
  readonly thinned: boolean;
  /** Pixel columns that it was cut for. */
  readonly columns: number;
  /** First and last place of the whole curve. */
  readonly extent: readonly [number, number] | undefined;
  /** Empty where the points are too many to be told apart: then there is a band. */
  readonly raw: Polyline;
  readonly band: Band | undefined;
  readonly smoothed: Polyline;
  /** What restarts replaced, smoothed. */
  readonly superseded: Polyline;
  /** Where a restart begins a new segment. */
  readonly restarts: readonly PlacedValue[];
  /** The first few points with NaN or ∞ in the range, and how many there are. */
  readonly nonFinite: readonly PlacedValue[];
  readonly nonFiniteCount: number;
  /** Where raw values rose abruptly and stayed. */
  readonly spikes: readonly PlacedValue[];
  /** Range of values that the curve usually has, where it was asked for and some points lie beyond. */
  readonly usual: readonly [low: number, high: number] | undefined;
  /** Number of raw points in the range above and below `limits`. */
  readonly above: number;
  readonly below: number;
  readonly last: CurvePoint | undefined;
  /** All points carry one step, so they stand in their order instead. */
  readonly oneStep: boolean;
}

/** What a whole curve comes to: standing points only. `min` and `max` of recorded values, `lowest` and `highest` of smoothed ones. */
export interface CurveSummary {
  readonly points: number;
  readonly nonFinite: number;
  readonly last: CurvePoint | undefined;
  readonly min: StepValue | undefined;
  readonly max: StepValue | undefined;
  readonly lowest: StepValue | undefined;
  readonly highest: StepValue | undefined;
  /** Over the points since the last restart. */
  readonly stepsPerSecond: number | undefined;
  /** At the step that was asked for: the last point up to it. */
  readonly at: CurvePoint | undefined;
}

/** Mean and spread of a group of curves, per pixel column: `n` members have a value there. Lines break where fewer than two do. */
export interface GroupSlice {
  readonly x: Float64Array;
  readonly mean: Float64Array;
  /** Sample standard deviation. */
  readonly spread: Float64Array;
  readonly n: Uint16Array;
  readonly extent: readonly [number, number] | undefined;
  /** Mean of the members' last smoothed values, wherever the cut ends. */
  readonly last: number | undefined;
}
