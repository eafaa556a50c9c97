// Values as the two sides exchange them in JSON: bytes in hexadecimal, numbers that JSON lacks as text.
import { encodeStrings } from "#formats/bundle/bundleWriter";
import { decodeTensor } from "#formats/bundle/decodeTensor";
import { bytesPerElement } from "#formats/tensor/dtypes";
import type { Dtype } from "#model/checkpoint";
import type { Random } from "../support/random";

/** A tensor with its little-endian bytes; strings one by one. */
export interface JsonTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes?: string;
  readonly strings?: readonly string[];
}

/** A tensor to be stored: `stored` is what a bundle holds of it. */
export interface MadeTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly stored: Uint8Array;
}

/** Every element type that a bundle of ours can hold. */
export const dtypes: readonly Dtype[] = [
  "float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64",
  "uint8", "uint16", "uint32", "uint64", "bool", "complex64", "complex128", "string",
];

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export function jsonNumber(value: number): number | string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : String(value);
}

/** A tensor of any bits: infinities, NaNs and denormals among the floats. */
export function randomTensor(random: Random, of: { readonly name: string; readonly dtype: Dtype; readonly shape: readonly number[] }): MadeTensor {
  const count = of.shape.reduce((product, size) => product * size, 1);
  if (of.dtype === "string") return { ...of, stored: encodeStrings(Array.from({ length: count }, () => random.bytes(random.below(4) ? random.below(20) : random.below(400)))) };
  const stored = random.bytes(count * (bytesPerElement(of.dtype) ?? 0));
  return { ...of, stored: of.dtype === "bool" ? stored.map((byte) => byte & 1) : stored };
}

/** What the other side compares with. */
export function jsonTensor({ name, dtype, shape }: Omit<JsonTensor, "bytes" | "strings">, stored: Uint8Array): JsonTensor {
  if (dtype !== "string") return { name, dtype, shape, bytes: hex(stored) };
  const values = decodeTensor(dtype, stored);
  return { name, dtype, shape, strings: Array.isArray(values) ? values.map(hex) : [] };
}
