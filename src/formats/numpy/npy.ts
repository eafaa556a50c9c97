// The head of NumPy's .npy files, version 1.0, and the type that each of TensorFlow's types has there (docs/formats/exports.md).

/** How a type is written for NumPy. */
export interface NpyType {
  /** NumPy's description of an element, such as `<f4`. */
  readonly descr: string;
  readonly bytes: number;
  /** NumPy has no such type: values are widened to the one above, without loss. */
  readonly widened?: true;
}

const plain = (descr: string, bytes: number): NpyType => ({ descr, bytes });

const types: Readonly<Record<string, NpyType>> = {
  float16: plain("<f2", 2), float32: plain("<f4", 4), float64: plain("<f8", 8), bfloat16: { descr: "<f4", bytes: 4, widened: true },
  int8: plain("|i1", 1), int16: plain("<i2", 2), int32: plain("<i4", 4), int64: plain("<i8", 8),
  uint8: plain("|u1", 1), uint16: plain("<u2", 2), uint32: plain("<u4", 4), uint64: plain("<u8", 8),
  qint8: plain("|i1", 1), quint8: plain("|u1", 1), qint16: plain("<i2", 2), quint16: plain("<u2", 2), qint32: plain("<i4", 4),
  bool: plain("|b1", 1), complex64: plain("<c8", 8), complex128: plain("<c16", 16),
};

/** How a type is written; undefined for strings, whose width depends on them, and for types that NumPy cannot hold. */
export function npyTypeOf(dtype: string): NpyType | undefined {
  return types[dtype];
}

/** Head and values start at multiples of this. */
const alignment = 64;
const fixedBytes = 10;
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Magic, version, length and text of the head; the values follow, little-endian and row-major. */
export function npyHead(descr: string, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const dims = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`;
  const length = Math.ceil((fixedBytes + text.length + 1) / alignment) * alignment - fixedBytes;
  const head = new Uint8Array(fixedBytes + length);
  head.set([...magic, 1, 0]);
  new DataView(head.buffer).setUint16(8, length, true);
  for (let at = 0; at < length; at++) head[fixedBytes + at] = text.charCodeAt(at) || (at === length - 1 ? 0x0a : 0x20);
  return head;
}

/** The description of byte strings in fields of one width, and those fields; undefined where a string ends in a zero byte, which NumPy would cut off. */
export function npyStrings(values: readonly Uint8Array[]): { readonly descr: string; readonly width: number } | undefined {
  if (values.some((value) => value.at(-1) === 0)) return undefined;
  const width = values.reduce((most, { length }) => Math.max(most, length), 1);
  return { descr: `|S${width}`, width };
}
