// Clipping of gradients by their norm (TF1's clip_by_norm, global_norm, clip_by_global_norm).
import * as tf from "@tensorflow/tfjs-core";
import { getDefaultGraph } from "../graph/graph";
import { buildingGraph } from "../graph/trace";
import { l2Loss } from "../scope/regularizers";

/** Options of the clipping functions. */
export interface ClipOptions {
  /** Name scope of the operations. */
  readonly name?: string;
}

/** A list as optimizers give it: null where the loss does not depend on the variable. */
export type MaybeTensors = readonly (tf.Tensor | null)[];

/** `x` scaled down so that its L2 norm, over `axes` or as a whole, is at most `clipNorm`. */
export function clipByNorm<T extends tf.Tensor>(
  x: T,
  clipNorm: number | tf.Tensor,
  { axes, name = "clip_by_norm" }: ClipOptions & { readonly axes?: readonly number[] } = {},
): T {
  return inScope(name, () => {
    const squares = tf.sum(tf.mul(x, x), axes ? [...axes] : undefined, true);
    const positive = tf.greater(squares, 0);
    // The square root of zero has no gradient.
    const norm = tf.where(positive, tf.sqrt(tf.where(positive, squares, tf.onesLike(squares))), squares);
    return tf.div(tf.mul(x, clipNorm), tf.maximum(norm, clipNorm)) as T;
  });
}

/** The L2 norm of all tensors together; nulls count nothing. */
export function globalNorm(tensors: MaybeTensors, { name = "global_norm" }: ClipOptions = {}): tf.Tensor<tf.Rank.R0> {
  return inScope(name, () => {
    const halves = tensors.filter((tensor) => tensor !== null).map(l2Loss);
    return tf.sqrt(tf.mul(tf.sum(tf.stack(halves)), 2)) as tf.Tensor<tf.Rank.R0>;
  });
}

/**
 * All tensors scaled by the same factor so that their global norm is at most `clipNorm`, and the norm as it was. Where
 * the norm is not finite all results are NaN, so that broken gradients do not pass unseen.
 */
export function clipByGlobalNorm<T extends MaybeTensors>(
  tensors: T,
  clipNorm: number | tf.Tensor,
  { useNorm, name = "clip_by_global_norm" }: ClipOptions & { readonly useNorm?: tf.Tensor } = {},
): [clipped: { [K in keyof T]: T[K] }, norm: tf.Tensor<tf.Rank.R0>] {
  const norm = (useNorm ?? globalNorm(tensors)) as tf.Tensor<tf.Rank.R0>;
  const clipped = inScope(name, () => {
    const finite = tf.mul(clipNorm, tf.minimum(tf.div(1, norm), tf.div(1, clipNorm)));
    const scale = tf.add(finite, tf.sub(norm, norm));
    return tensors.map((tensor) => tensor && tf.mul(tensor, scale));
  });
  return [clipped as unknown as { [K in keyof T]: T[K] }, norm];
}

function inScope<T>(name: string, make: () => T): T {
  return buildingGraph(() => getDefaultGraph().withinNameScope(name, make));
}
