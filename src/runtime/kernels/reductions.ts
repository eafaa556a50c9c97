// Sums and means over the leading or the trailing axes of a tensor, added up in double precision.
import * as tf from "@tensorflow/tfjs-core";

/** A reduction that is one pass over memory: `kept` results of `reduced` numbers each. */
export interface ReductionPlan {
  /** Shape of the result, with or without the reduced axes as the caller wants it. */
  readonly shape: readonly number[];
  readonly kept: number;
  readonly reduced: number;
  /** The reduced axes come first in memory. */
  readonly leading: boolean;
}

/** Plans a reduction; nothing if its axes are neither the first nor the last ones (those of size 1 aside). */
export function planReduction(
  shape: readonly number[],
  attrs: Readonly<Record<string, unknown>>,
): ReductionPlan | undefined {
  const axes = tf.util.parseAxisParam(attrs["axis"] as number | number[], [...shape]);
  const isReduced = shape.map((_, axis) => axes.includes(axis));
  const wide = isReduced.filter((_, axis) => shape[axis] !== 1);
  const firstKept = wide.indexOf(false);
  const firstReduced = wide.indexOf(true);
  const leading = firstKept !== -1 && !wide.slice(firstKept).includes(true);
  const trailing = firstReduced === -1 || !wide.slice(firstReduced).includes(false);
  if (!leading && !trailing) return undefined;
  const size = (which: boolean) =>
    shape.reduce((product, length, axis) => (isReduced[axis] === which ? product * length : product), 1);
  const out =
    attrs["keepDims"] === true
      ? shape.map((length, axis) => (isReduced[axis] ? 1 : length))
      : shape.filter((_, axis) => !isReduced[axis]);
  return { shape: out, kept: size(false), reduced: size(true), leading: leading && !trailing };
}

/** Writes sums, or means where `mean` says so. */
export function reduceInto(
  values: Float32Array,
  out: Float32Array,
  { plan, mean }: { plan: ReductionPlan; mean: boolean },
): void {
  const { kept, reduced, leading } = plan;
  const divisor = mean ? reduced : 1;
  if (leading) {
    const sums = new Float64Array(kept);
    for (let at = 0; at < values.length; at += kept) {
      for (let i = 0; i < kept; i++) sums[i] = (sums[i] as number) + (values[at + i] as number);
    }
    for (let i = 0; i < kept; i++) out[i] = (sums[i] as number) / divisor;
    return;
  }
  for (let i = 0, at = 0; i < kept; i++) {
    let sum = 0;
    for (const end = at + reduced; at < end; at++) sum += values[at] as number;
    out[i] = sum / divisor;
  }
}
