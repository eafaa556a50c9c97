// Which tfjs type carries a TensorFlow type, and how a default tensor's type follows from its value.
import type { DataType } from "@tensorflow/tfjs-core";
import type { Dtype } from "#model/checkpoint";

/** Types that an operation's output may declare. */
export type OutputDtype = Dtype;

const carriers: Partial<Record<Dtype, DataType>> = {
  float16: "float32",
  bfloat16: "float32",
  float32: "float32",
  float64: "float32",
  int8: "int32",
  int16: "int32",
  int32: "int32",
  int64: "int32",
  uint8: "int32",
  uint16: "int32",
  bool: "bool",
  complex64: "complex64",
  string: "string",
};

/** The tfjs type in which values of a declared type are held and computed; tfjs has no more than these. */
export function carrierOf(dtype: Dtype): DataType {
  const carrier = carriers[dtype];
  if (!carrier) throw new TypeError(`TensorFlow.js cannot hold values of type ${dtype}`);
  return carrier;
}

/** Whether gradients and averages make sense for a type. */
export function isFloating(dtype: Dtype): boolean {
  return dtype === "float32" || dtype === "float16" || dtype === "float64" || dtype === "bfloat16";
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i]);
}

/** A shape as TensorFlow prints it: `(2, 3)`, `(3,)`, `()`. */
export function printShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}
