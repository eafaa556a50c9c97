// What each Const operation holds, as the host gave it.
import { dtypeName } from "#formats/tensor/dtypes";
import type { TensorProto } from "#formats/tensor/tensorProto";
import { tensorValues } from "#formats/tensor/tensorValues";
import { carrierOf, type OutputDtype } from "./dtypes";
import type { HostValues } from "./engine";
import { ValueError } from "./errors";
import type { Operation } from "./operation";

/** The value of a constant as it was given: numbers, or strings' bytes. */
export interface HostConstant {
  readonly values: HostValues;
  readonly shape: readonly number[];
  readonly dtype: OutputDtype;
}

const known = new WeakMap<Operation, () => HostConstant | undefined>();

/** What a Const operation holds, where it was given by the host. */
export function constantOf(operation: Operation): HostConstant | undefined {
  return known.get(operation)?.();
}

/** Notes what a new Const operation holds; a function where that has to be looked up. */
export function keepConstant(operation: Operation, value: HostConstant | (() => HostConstant | undefined)): void {
  known.set(operation, typeof value === "function" ? value : () => value);
}

/** A constant as a file has it, in the type that carries it. Throws a ValueError where that cannot hold it. */
export function hostOfProto(tensor: TensorProto): HostConstant {
  const dtype = dtypeName(tensor.dtype) as OutputDtype;
  const values = tensorValues(tensor);
  const shape = [...tensor.shape];
  if (dtype === "string") return { values: Array.from(values as Uint8Array[]), shape, dtype };
  const carrier = carrierOf(dtype);
  if (carrier === "bool") return { values: Uint8Array.from(values as ArrayLike<number>), shape, dtype };
  if (carrier !== "int32") return { values: Float32Array.from(values as ArrayLike<number>), shape, dtype };
  return { values: Int32Array.from(Array.from<number | bigint | Uint8Array>(values), narrowed), shape, dtype };
}

function narrowed(value: number | bigint | Uint8Array): number {
  const number = Number(value);
  if (number === (number | 0)) return number;
  throw new ValueError(`A constant of ${number} does not fit into the 32 bits that carry whole numbers here`);
}
