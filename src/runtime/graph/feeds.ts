// Values given to a run in place of outputs, checked against the outputs' shapes and types (runtime.md 3, rule 4).
import * as tf from "@tensorflow/tfjs-core";
import { carrierOf, printShape, sameShape, sizeOf } from "./dtypes";
import { shareTensor } from "./engine";
import { InvalidArgumentError } from "./errors";
import { roundedTo } from "./halves";
import type { Output, Value } from "./operation";

type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array;

/** What may be fed: a number, a nested or flat array, a tensor with a value; strings as text or bytes. */
export type FeedValue = number | boolean | string | Uint8Array[] | Numbers | tf.Tensor | readonly FeedValue[];

/** Feeds of a run: a Map, or a list of pairs. Keys are tensors of the graph or their names. */
export type Feeds = ReadonlyMap<tf.Tensor | string, FeedValue> | readonly (readonly [tf.Tensor | string, FeedValue])[];

/** Makes the value of a fed output. The result belongs to the run. */
export function feedValue(output: Output, value: FeedValue): Value {
  if (output.dtype === "string") return stringFeed(output, value);
  const tensor = value instanceof tf.Tensor ? shareTensor(value) : hostFeed(output, value);
  const wanted = carrierOf(output.dtype);
  if (!sameShape(tensor.shape, output.shape) || tensor.dtype !== wanted) {
    const got = `${tensor.dtype} ${printShape(tensor.shape)}`;
    tensor.dispose();
    throw new InvalidArgumentError(
      `Cannot feed a value of ${got} for tensor '${output.name}', which has ${wanted} ${printShape(output.shape)}`,
      output.operation.name,
    );
  }
  return roundedTo(output.dtype, tensor);
}

function hostFeed(output: Output, value: Exclude<FeedValue, tf.Tensor>): tf.Tensor {
  const dtype = carrierOf(output.dtype);
  if (!ArrayBuffer.isView(value)) return tf.tensor(value as tf.TensorLike, undefined, dtype);
  const numbers = value as Numbers;
  const shape = "shape" in numbers ? (numbers.shape as number[]) : output.shape;
  if (sizeOf(shape) !== numbers.length) {
    throw new InvalidArgumentError(
      `Cannot feed ${numbers.length} values for tensor '${output.name}' of shape ${printShape(output.shape)}`,
      output.operation.name,
    );
  }
  return tf.tensor(typedFor(numbers, dtype), [...shape], dtype);
}

/** tfjs keeps the array it is given, so a feed is copied: the caller may write into theirs while the run goes on. */
function typedFor(numbers: Numbers, dtype: tf.DataType): tf.TypedArray {
  if (dtype === "int32") return Int32Array.from(numbers);
  return dtype === "bool" ? Uint8Array.from(numbers) : Float32Array.from(numbers);
}

function stringFeed(output: Output, value: FeedValue): Value {
  if (output.shape.length === 0) {
    if (typeof value === "string") return new TextEncoder().encode(value);
    if (value instanceof Uint8Array) return value;
  } else if (Array.isArray(value) && value.length === sizeOf(output.shape)) {
    return value.map((each) => stringBytes(output, each));
  }
  throw new InvalidArgumentError(
    `Cannot feed this value for string tensor '${output.name}' of shape ${printShape(output.shape)}`,
    output.operation.name,
  );
}

function stringBytes(output: Output, value: unknown): Uint8Array {
  if (typeof value === "string") return new TextEncoder().encode(value);
  if (value instanceof Uint8Array) return value;
  throw new InvalidArgumentError(`String tensor '${output.name}' takes strings or bytes`, output.operation.name);
}
