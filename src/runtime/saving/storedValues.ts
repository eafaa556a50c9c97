// Values as a session holds them, and as a checkpoint stores them: little-endian, in the declared type (TB-4).
import type { DataTypeMap } from "@tensorflow/tfjs-core";
import { UserError } from "#base/errors";
import type { Dtype } from "#model/checkpoint";

/** What `tensor.data()` gives for the types that carry variables. */
export type HeldValues = DataTypeMap["float32" | "int32" | "bool"];

type NumberArray =
  | Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

const arrays: Partial<Record<Dtype, new (values: ArrayLike<number>) => NumberArray>> = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  bool: Uint8Array,
};

/** The bytes to store for values held in tfjs's types. int64 is stored as 64 bits although it is held in fewer. */
export function storedBytes(dtype: Dtype, values: HeldValues): Uint8Array {
  if (dtype === "int64") return bytesOf(BigInt64Array.from(values, (value) => BigInt(value)));
  const Stored = arrays[dtype];
  if (!Stored) throw new UserError(`Variables of type ${dtype} cannot be saved.`, "Use float32 or int32.");
  return bytesOf(values instanceof Stored ? values : new Stored(values));
}

/**
 * Values that a session can hold, from what a checkpoint holds of a type. `name` is for the message when an int64 does
 * not fit into the 32 bits it is carried in.
 */
export function heldValues(name: string, dtype: Dtype, stored: Uint8Array): HeldValues {
  if (dtype === "int64") return Int32Array.from(narrowed(name, stored));
  const Stored = arrays[dtype];
  if (!Stored) throw new UserError(`The variable ${name} has type ${dtype}, which cannot be restored.`);
  const values = new Stored(numbersOf(dtype, stored));
  if (dtype === "bool") return values as Uint8Array;
  if (dtype === "float32" || dtype === "float64") return values instanceof Float32Array ? values : Float32Array.from(values);
  return values instanceof Int32Array ? values : Int32Array.from(values);
}

function narrowed(name: string, stored: Uint8Array): number[] {
  return Array.from(new BigInt64Array(aligned(stored)), (value) => {
    if (BigInt.asIntN(32, value) !== value) throw new UserError(`The variable ${name} holds ${value}, more than 32 bits can carry.`);
    return Number(value);
  });
}

function numbersOf(dtype: Dtype, stored: Uint8Array): ArrayLike<number> {
  const buffer = aligned(stored);
  switch (dtype) {
    case "float64": return new Float64Array(buffer);
    case "float32": return new Float32Array(buffer);
    case "int32": return new Int32Array(buffer);
    case "uint32": return new Uint32Array(buffer);
    case "int16": return new Int16Array(buffer);
    case "uint16": return new Uint16Array(buffer);
    case "int8": return new Int8Array(buffer);
    default: return new Uint8Array(buffer);
  }
}

/** A buffer of just these bytes, as views on wider elements need it. Every machine Node runs tfjs on is little-endian. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}

function bytesOf(view: NumberArray | BigInt64Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
