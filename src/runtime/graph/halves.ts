// The 16-bit floats, which tfjs carries in float32: values are rounded after each operation, as TensorFlow's own are.
import * as tf from "@tensorflow/tfjs-core";
import { decodeBfloat16, decodeFloat16, encodeBfloat16, encodeFloat16 } from "#formats/bytes/float16";
import type { OutputDtype } from "./dtypes";

/** Rounds a number to the 16 bits of a type; undefined for types that have more. */
export function rounderOf(dtype: OutputDtype): ((value: number) => number) | undefined {
  if (dtype === "float16") return (value) => decodeFloat16(encodeFloat16(value));
  return dtype === "bfloat16" ? (value) => decodeBfloat16(encodeBfloat16(value)) : undefined;
}

/**
 * The tensor with its values rounded to the type; itself where the type has more than 16 bits. Takes the tensor over. float32
 * has more than twice a half's digits, so a sum, product or quotient that was rounded to it first comes out as if it had not been.
 */
export function roundedTo(dtype: OutputDtype, tensor: tf.Tensor): tf.Tensor {
  const round = rounderOf(dtype);
  if (!round) return tensor;
  const rounded = tf.tensor((tensor.dataSync() as Float32Array).map(round), tensor.shape, "float32");
  tensor.dispose();
  return rounded;
}
