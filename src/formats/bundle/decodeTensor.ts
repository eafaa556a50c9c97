// Stored bytes of a tensor as values.
import { FormatError } from "#base/errors";
import { decodeBfloat16, decodeFloat16 } from "../bytes/float16";
import { decodeStrings } from "./stringTensor";

/** Values of a tensor in row-major order: complex numbers as pairs, 16-bit floats widened, bools as 0 and 1, strings as bytes. */
export type TensorValues =
  | Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array
  | BigInt64Array | BigUint64Array | Uint8Array[];

/** The values in little-endian bytes. Types without a plain form (float8, int4 …) are given as their bytes. */
export function decodeTensor(dtype: string, bytes: Uint8Array): TensorValues {
  if (dtype === "string") return decodeStrings(bytes);
  const make = decoders[dtype];
  if (!make) return bytes;
  const { size, of } = make;
  if (bytes.length % size) throw new FormatError("malformed", `${bytes.length} bytes are no whole number of ${dtype}`);
  return of(new Uint8Array(bytes).buffer); // not slice(): a Node Buffer's slice shares its pool
}

interface Decoder {
  readonly size: number;
  of(buffer: ArrayBuffer): TensorValues;
}

const floats: Decoder = { size: 4, of: (buffer) => new Float32Array(buffer) };
const doubles: Decoder = { size: 8, of: (buffer) => new Float64Array(buffer) };
const bytesAsTheyAre: Decoder = { size: 1, of: (buffer) => new Uint8Array(buffer) };
const signedBytes: Decoder = { size: 1, of: (buffer) => new Int8Array(buffer) };
const shorts: Decoder = { size: 2, of: (buffer) => new Int16Array(buffer) };
const unsignedShorts: Decoder = { size: 2, of: (buffer) => new Uint16Array(buffer) };
const ints: Decoder = { size: 4, of: (buffer) => new Int32Array(buffer) };

const decoders: Readonly<Record<string, Decoder>> = {
  float32: floats, complex64: { ...floats, size: 8 }, float64: doubles, complex128: { ...doubles, size: 16 },
  float16: { size: 2, of: (buffer) => Float32Array.from(new Uint16Array(buffer), decodeFloat16) },
  bfloat16: { size: 2, of: (buffer) => Float32Array.from(new Uint16Array(buffer), decodeBfloat16) },
  int8: signedBytes, qint8: signedBytes, uint8: bytesAsTheyAre, quint8: bytesAsTheyAre, bool: bytesAsTheyAre,
  int16: shorts, qint16: shorts, uint16: unsignedShorts, quint16: unsignedShorts, int32: ints, qint32: ints,
  uint32: { size: 4, of: (buffer) => new Uint32Array(buffer) },
  int64: { size: 8, of: (buffer) => new BigInt64Array(buffer) },
  uint64: { size: 8, of: (buffer) => new BigUint64Array(buffer) },
};
