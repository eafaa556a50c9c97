// The values of a TensorProto, whichever way it holds them (formats 5).
import { FormatError } from "#base/errors";
import { decodeBfloat16, decodeFloat16 } from "../bytes/float16";
import { decodeTensor, type TensorValues } from "../bundle/decodeTensor";
import { dtypeName } from "./dtypes";
import type { TensorProto } from "./tensorProto";

/** A typed list shorter than its shape is filled up; no shape may ask for more elements than this by that. */
const maxFilledElements = 64 * 1024 * 1024;

/** All values in row-major order: complex numbers as pairs, 16-bit floats widened, strings as bytes. */
export function tensorValues(tensor: TensorProto): TensorValues | number[] | bigint[] {
  if (tensor.content?.length) return decodeTensor(dtypeName(tensor.dtype), tensor.content);
  const dtype = dtypeName(tensor.dtype);
  const values = Array.from<number | bigint | Uint8Array>(tensor.values ?? []);
  const count = wantedCount(tensor) * (dtype.startsWith("complex") ? 2 : 1);
  if (dtype === "string") return filled(values.filter((value) => value instanceof Uint8Array), { count, none: new Uint8Array() });
  if (dtype === "int64" || dtype === "uint64") return filled(values.filter((value) => typeof value === "bigint"), { count, none: 0n });
  const numbers = values.filter((value) => typeof value === "number");
  const widen = dtype === "float16" ? decodeFloat16 : dtype === "bfloat16" ? decodeBfloat16 : undefined;
  return filled(widen ? numbers.map(widen) : numbers, { count, none: 0 });
}

/** The one number of a real tensor of rank 0 or shape [1]; undefined for everything else. */
export function scalarOfTensor(tensor: TensorProto): number | undefined {
  const { shape, dtype } = tensor;
  const name = dtypeName(dtype);
  const single = shape.length === 0 || (shape.length === 1 && shape[0] === 1);
  if (!single || !/^(b?float|u?int|bool|q)/.test(name) || name.startsWith("float8") || name.endsWith("_ref")) return undefined;
  const value = tensorValues(tensor)[0];
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : undefined;
}

function wantedCount({ shape }: TensorProto): number {
  const count = shape.reduce((product, size) => product * Math.max(0, size), 1);
  if (count > maxFilledElements) throw new FormatError("tooMany", "a tensor asks for too many elements", { wanted: maxFilledElements, got: count });
  return count;
}

/** The last value is repeated up to the count, or the default where there is none; surplus values are ignored. */
function filled<T>(values: T[], { count, none }: { readonly count: number; readonly none: T }): T[] {
  if (values.length >= count) return values.slice(0, count);
  const last = values.at(-1) ?? none;
  return [...values, ...Array.from({ length: count - values.length }, () => last)];
}
