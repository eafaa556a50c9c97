// NumPy's .npy form, version 1.0: magic, version, header length, header text, the values as they are.
import { UserError } from "#base/errors";

/** NumPy's name of each type that it has. */
const descriptions: Readonly<Record<string, string>> = {
  float16: "<f2",
  float32: "<f4",
  float64: "<f8",
  int8: "|i1",
  int16: "<i2",
  int32: "<i4",
  int64: "<i8",
  uint8: "|u1",
  uint16: "<u2",
  uint32: "<u4",
  uint64: "<u8",
  bool: "|b1",
  complex64: "<c8",
  complex128: "<c16",
};

/** Header and values start at multiples of this. */
const alignment = 64;
const fixedBytes = 10;

/** A .npy file of a tensor whose bytes are little-endian and row-major. Throws UserError for a type that NumPy has not. */
export function encodeNpy({
  dtype,
  shape,
  bytes,
}: {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}): Uint8Array {
  const description = descriptions[dtype];
  if (!description) throw new UserError(`NumPy has no type for ${dtype}.`, "Print it with --json.");
  const dims = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(", ");
  const text = `{'descr': '${description}', 'fortran_order': False, 'shape': (${dims}), }`;
  const length = Math.ceil((fixedBytes + text.length + 1) / alignment) * alignment - fixedBytes;
  const file = new Uint8Array(fixedBytes + length + bytes.length);
  file.set([0x93, ...Buffer.from("NUMPY"), 1, 0]);
  new DataView(file.buffer).setUint16(8, length, true);
  file.set(Buffer.from(`${text.padEnd(length - 1)}\n`), fixedBytes);
  file.set(bytes, fixedBytes + length);
  return file;
}
