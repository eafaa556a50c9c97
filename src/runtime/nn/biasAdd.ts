// TensorFlow's addition of a bias.
import type * as tf from "@tensorflow/tfjs-core";
import { recordKernel } from "../graph/record";
import { buildingGraph } from "../graph/trace";

/** `tf.nn.bias_add`: value + bias, where bias [channels] goes along the last axis. */
export function biasAdd<T extends tf.Tensor>(value: T, bias: tf.Tensor): T {
  if (bias.rank !== 1 || bias.size !== value.shape.at(-1)) {
    throw new TypeError(`A bias of shape [${bias.shape}] does not go along the last axis of [${value.shape}].`);
  }
  return buildingGraph(() => recordKernel("BiasAdd", { value, bias }) as T);
}
