// A run of a tensor's elements: where its bytes are, and a tensor held whole while runs of it are asked for.
import { bytesPerElement } from "../tensor/dtypes";
import { elementCount, type BundleEntry } from "./bundle";

/** Elements in row-major order. */
export interface ElementRun {
  readonly from: number;
  readonly count: number;
}

type Kind = Pick<BundleEntry, "name" | "dtype" | "shape">;

/** Bytes from the tensor's first. A run outside the tensor, or of elements without a size, is our mistake. */
export function bytesOfRun({ name, dtype, shape }: Kind, { from, count }: ElementRun): { readonly from: number; readonly length: number } {
  const each = bytesPerElement(dtype);
  if (each === undefined || from < 0 || count < 0 || from + count > elementCount(shape)) throw new Error(`${name} has no elements ${from} to ${from + count}`);
  return { from: from * each, length: count * each };
}

/** A run out of all bytes of a tensor. */
export function partOf(kind: Kind, whole: Uint8Array, run: ElementRun): Uint8Array {
  const { from, length } = bytesOfRun(kind, run);
  return whole.subarray(from, from + length);
}

/** The tensor that was asked for last. */
export class HeldTensor {
  #name: string | undefined;
  #bytes: Promise<Uint8Array> | undefined;

  of(name: string, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const bytes = this.#name === name && this.#bytes ? this.#bytes : read();
    [this.#name, this.#bytes] = [name, bytes];
    return bytes;
  }
}
