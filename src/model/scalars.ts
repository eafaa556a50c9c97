// Scalars as columns, and the slices of them that a view draws.
import type { Step, Tag } from "./run";

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
}

/** What a view asks for: at most four points per pixel column of one tag. */
export interface SliceRequest {
  readonly tag: Tag;
  /** Steps, inclusive; the whole series where left out. */
  readonly from?: Step;
  readonly to?: Step;
  /** Width of the plot in pixels. */
  readonly pixels: number;
  /** Weight of TensorBoard's debiased average, 0 (off) to below 1. */
  readonly smoothing: number;
}

/** A line to draw. `breaks` are the indices at which a new segment begins (restart, or a gap of non-finite values). */
export interface Polyline {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly breaks: Uint32Array;
}

/** One tag, cut to a range and thinned to a width. Smoothing was done over all points, before thinning. */
export interface Slice {
  readonly tag: Tag;
  readonly revision: number;
  /** Standing points of the whole series, of the range, and drawn. */
  readonly total: number;
  readonly inRange: number;
  readonly drawn: number;
  readonly thinned: boolean;
  /** First and last step of the whole series. */
  readonly extent: readonly [Step, Step] | undefined;
  readonly raw: Polyline;
  readonly smoothed: Polyline;
  /** What restarts replaced, smoothed. */
  readonly superseded: Polyline;
  /** Steps at which a restart begins a new segment. */
  readonly restarts: readonly Step[];
  /** The first few steps with NaN or ∞, and how many there are. */
  readonly nonFinite: readonly StepValue[];
  readonly nonFiniteCount: number;
  readonly last?: { readonly step: Step; readonly value: number; readonly smoothed: number; readonly wallTimeSeconds: number };
}
