// TensorFlow's bicubic change of an image's size, as its first versions compute it (core/kernels/image/resize_bicubic_op.cc).
import type * as tf from "@tensorflow/tfjs-core";
import { recordKernel } from "../graph/record";
import { buildingGraph } from "../graph/trace";

/** `tf.image.resize_images(images, [height, width], BICUBIC)` of a batch [images, height, width, channels]. */
export function resizeBicubic(images: tf.Tensor4D, size: readonly [height: number, width: number]): tf.Tensor4D {
  return buildingGraph(() => recordKernel("ResizeBicubic", { images }, { size: [...size] }) as tf.Tensor4D);
}
