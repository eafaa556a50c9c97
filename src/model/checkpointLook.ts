// What a look into the values of checkpoints finds: statistics, differences, change over time. Sums are in double precision.

/** Figures over one numeric variable, of its finite values unless said otherwise. NaN where there are none. */
export interface VariableStatistics {
  readonly name: string;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Over the whole population, not a sample. */
  readonly std: number;
  /** Square root of the sum of squares. */
  readonly norm: number;
  readonly nan: number;
  readonly infinite: number;
  readonly zeros: number;
  readonly histogram: Histogram;
  /** Relative distance of the moving average that lies beside it in the same checkpoint: |average − variable| / |variable|. */
  readonly shadow?: { readonly name: string; readonly distance: number };
}

/** Counts of values in equal steps from `least` to `greatest`. */
export interface Histogram {
  readonly least: number;
  readonly greatest: number;
  readonly counts: readonly number[];
}

/** What was found of a checkpoint's variables; with `cancelled` those that were done by then. */
export interface StatisticsAnswer {
  readonly variables: readonly VariableStatistics[];
  readonly problems: readonly string[];
  readonly cancelled?: true;
}

/** The variables as they were trained, or their moving averages under the variables' names. */
export type Weights = "raw" | "ema";

/** One variable in two checkpoints; the histograms count in the same bars. */
export interface PairFigures {
  readonly name: string;
  readonly from: VariableStatistics;
  readonly to: VariableStatistics;
}

/** How one variable changed from one checkpoint to another. */
export interface VariableChange {
  readonly name: string;
  readonly bytes: number;
  /** |after − before| / |before|; Infinity where it was all zero; NaN where values that are not finite are involved. */
  readonly relative: number;
  /** Sums of squares of what it was and of the change, to add up over scopes. */
  readonly squaresBefore: number;
  readonly squaresOfChange: number;
  /** Values that are NaN or infinite in either. */
  readonly nonFinite: number;
  readonly count: number;
}

/** A variable under one name with another shape or type. */
export interface VariableReshaped {
  readonly name: string;
  readonly from: { readonly dtype: string; readonly shape: readonly number[] };
  readonly to: { readonly dtype: string; readonly shape: readonly number[] };
}

/** How two checkpoints differ. Names are sorted; what is equal is counted only. */
export interface CheckpointDifference {
  readonly equal: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly reshaped: readonly VariableReshaped[];
  readonly changed: readonly VariableChange[];
  readonly scopes: readonly ScopeChange[];
  readonly problems: readonly string[];
  /** Variables that a cancelled comparison did not come to. */
  readonly cancelled?: { readonly left: number };
}

/** Change of all that lies under a scope, added up. */
export interface ScopeChange {
  readonly scope: string;
  /** As of a variable, over all values below the scope. */
  readonly relative: number;
  readonly changed: number;
  readonly variables: number;
  readonly nonFinite: number;
}

/** Relative change of scopes from each checkpoint to the next one. */
export interface ChangeMap {
  readonly scopes: readonly string[];
  /** Oldest first; each has one value per scope, as `ScopeChange.relative`; undefined where the scope was not in both. */
  readonly columns: readonly {
    readonly from: string;
    readonly to: string;
    readonly relative: readonly (number | undefined)[];
    readonly nonFinite: readonly number[];
  }[];
  readonly problems: readonly string[];
  readonly cancelled?: true;
}

/** Where a long look stands. */
export interface LookProgress {
  /** As its asker named it. */
  readonly task: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Values of a checkpoint to be written to a file: one tensor in NumPy's form or as CSV, or all of them as safetensors. */
export interface TensorExport {
  /** Absolute, as `path` is. */
  readonly prefix: string;
  readonly path: string;
  readonly what: { readonly format: "npy" | "csv"; readonly name: string } | { readonly format: "safetensors" };
}

/** What an export wrote. With `cancelled` nothing was written. */
export interface ExportAnswer {
  readonly bytes: number;
  readonly tensors: number;
  /** Tensors that the format cannot hold. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
  /** Where a type had to become another one: a sentence each. */
  readonly notes: readonly string[];
  readonly cancelled?: true;
}

/** A part of one axis of a tensor. */
export interface SliceWindow {
  readonly axis: number;
  readonly from: number;
  readonly count: number;
}

/** One direction of a slice's cells: how many there are, and how many values in a row each stands for. */
export interface SliceCells extends SliceWindow {
  readonly cells: number;
  readonly each: number;
}

/** A two-dimensional slice of a tensor as cells, row by row. Its bytes are not compared with their checksum: that would take all of them. */
export interface TensorSlice {
  readonly name: string;
  readonly dtype: string;
  /** With a leading 1 where the tensor has less than two axes. */
  readonly shape: readonly number[];
  readonly rows: SliceCells;
  readonly columns: SliceCells;
  /** An index for each axis; those of the two that are shown mean nothing. */
  readonly at: readonly number[];
  /** Of the finite values of each cell; NaN where there are none. */
  readonly mean: Float64Array;
  /** Of each cell, only where it stands for several values. */
  readonly least?: Float64Array;
  readonly greatest?: Float64Array;
  /** Of each cell: 0 for plain numbers, 1 where one is NaN, 2 or 3 where one is ∞ or −∞, 4 where nothing was read. */
  readonly marks: Uint8Array;
  /** Of the finite values; NaN where there are none. */
  readonly range: { readonly least: number; readonly greatest: number };
  readonly nan: number;
  readonly infinite: number;
  /** Complex numbers are shown by their magnitude. */
  readonly magnitude?: true;
  readonly cancelled?: true;
}
