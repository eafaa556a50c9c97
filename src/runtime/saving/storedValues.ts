// Values as a session holds them, and as a checkpoint stores them: little-endian, in the declared type (TB-4).
import { UserError } from "#base/errors";
import { decodeTensor } from "#formats/bundle/decodeTensor";
import { encodeBfloat16, encodeFloat16 } from "#formats/bytes/float16";
import type { Dtype } from "#model/checkpoint";
import { carrierOf } from "../graph/dtypes";

/** What `tensor.data()` gives for the types that carry variables. */
export type HeldValues = Float32Array | Int32Array | Uint8Array;

type NumberArray = HeldValues | Float64Array | Int8Array | Int16Array | Uint16Array;

const arrays: Partial<Record<Dtype, new (values: ArrayLike<number>) => NumberArray>> = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  bool: Uint8Array,
};

/** The bytes to store for values held in tfjs's types. int64 is stored as 64 bits although it is held in fewer. */
export function storedBytes(dtype: Dtype, values: HeldValues): Uint8Array {
  if (dtype === "int64") return bytesOf(BigInt64Array.from(values, (value) => BigInt(value)));
  const encode = dtype === "float16" ? encodeFloat16 : dtype === "bfloat16" ? encodeBfloat16 : undefined;
  if (encode) return bytesOf(Uint16Array.from(values, encode));
  const Stored = arrays[dtype];
  if (!Stored) throw new UserError(`Variables of type ${dtype} cannot be saved.`, "Use float32 or int32.");
  return bytesOf(values instanceof Stored ? values : new Stored(values));
}

/**
 * Values that a session can hold, from what a checkpoint holds of a type. `name` is for the message when an int64 does
 * not fit into the 32 bits it is carried in.
 */
export function heldValues(name: string, dtype: Dtype, stored: Uint8Array): HeldValues {
  const values = decodeTensor(dtype, stored);
  if (Array.isArray(values)) throw new Error(`the strings of ${name} are no numbers`);
  const numbers = values instanceof BigInt64Array || values instanceof BigUint64Array ? narrowed(name, values) : values;
  const carrier = carrierOf(dtype);
  if (carrier === "float32") return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  if (carrier === "bool") return numbers instanceof Uint8Array ? numbers : Uint8Array.from(numbers);
  return numbers instanceof Int32Array ? numbers : Int32Array.from(numbers);
}

function narrowed(name: string, values: BigInt64Array | BigUint64Array): Int32Array {
  return Int32Array.from(Array.from(values), (value) => {
    if (BigInt.asIntN(32, value) === value) return Number(value);
    throw new UserError(`The variable ${name} holds ${value} in the checkpoint, more than 32 bits can carry.`);
  });
}

/** Every machine on which Node runs tfjs is little-endian. */
function bytesOf(view: NumberArray | BigInt64Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
