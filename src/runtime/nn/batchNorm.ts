// TensorFlow's batch normalisation in one operation, as its layers use it while they train.
import type * as tf from "@tensorflow/tfjs-core";
import { constant } from "../graph/constants";
import { getDefaultGraph } from "../graph/graph";
import { recordKernel } from "../graph/record";
import { buildingGraph } from "../graph/trace";

/** Settings of `fusedBatchNorm`. */
export interface BatchNormOptions {
  /** gamma and beta, [channels]. */
  readonly scale: tf.Tensor;
  /** Added behind the scaling, one number for each channel. */
  readonly offset: tf.Tensor;
  /** Moving statistics, which TensorFlow's operation takes and does not use in training; empty unless given. */
  readonly mean?: tf.Tensor;
  /** As `mean`, for the variance. */
  readonly variance?: tf.Tensor;
  /** Added to the variance; 0.001 unless given. */
  readonly epsilon?: number;
  /** Of the operation; FusedBatchNorm unless given. */
  readonly name?: string;
}

/** What one batch gave. */
export interface NormalizedBatch<T extends tf.Tensor> {
  /** The normalized values, of x's shape. */
  readonly y: T;
  /** [channels] each; the variance is without bias, for moving averages. */
  readonly batchMean: tf.Tensor1D;
  /** Variance of the batch, one for each channel. */
  readonly batchVariance: tf.Tensor1D;
}

/** `tf.nn.fused_batch_norm` in training: x [batch, height, width, channels] normalised by the batch's own statistics. */
export function fusedBatchNorm<T extends tf.Tensor>(x: T, options: BatchNormOptions): NormalizedBatch<T> {
  const { scale, offset, epsilon = 0.001, name } = options;
  return buildingGraph(() => {
    const empty = (given: tf.Tensor | undefined) => given ?? constant([], { dtype: "float32" });
    const inputs = { x, scale, offset, mean: empty(options.mean), variance: empty(options.variance) };
    const record = () => recordKernel("FusedBatchNormV3", inputs, { epsilon }) as tf.Tensor[];
    const [y, batchMean, batchVariance] = name === undefined ? record() : getDefaultGraph().withinNameScope(name, record);
    return { y: y as T, batchMean: batchMean as tf.Tensor1D, batchVariance: batchVariance as tf.Tensor1D };
  });
}
