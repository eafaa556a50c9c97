// TensorFlow's element types: number, name in text protos, name in programs, bytes per element (TB-8, formats 5).

interface ElementType {
  readonly code: number;
  readonly name: string;
  readonly protoName: string;
  /** Undefined where elements have no fixed size. */
  readonly bytes: number | undefined;
}

const row = (...[code, name, protoName, bytes]: readonly [number, string, string, number?]): ElementType => ({ code, name, protoName, bytes });

const elementTypes: readonly ElementType[] = [
  row(1, "float32", "DT_FLOAT", 4), row(2, "float64", "DT_DOUBLE", 8), row(3, "int32", "DT_INT32", 4),
  row(4, "uint8", "DT_UINT8", 1), row(5, "int16", "DT_INT16", 2), row(6, "int8", "DT_INT8", 1), row(7, "string", "DT_STRING"),
  row(8, "complex64", "DT_COMPLEX64", 8), row(9, "int64", "DT_INT64", 8), row(10, "bool", "DT_BOOL", 1),
  row(11, "qint8", "DT_QINT8", 1), row(12, "quint8", "DT_QUINT8", 1), row(13, "qint32", "DT_QINT32", 4),
  row(14, "bfloat16", "DT_BFLOAT16", 2), row(15, "qint16", "DT_QINT16", 2), row(16, "quint16", "DT_QUINT16", 2),
  row(17, "uint16", "DT_UINT16", 2), row(18, "complex128", "DT_COMPLEX128", 16), row(19, "float16", "DT_HALF", 2),
  row(20, "resource", "DT_RESOURCE"), row(21, "variant", "DT_VARIANT"), row(22, "uint32", "DT_UINT32", 4),
  row(23, "uint64", "DT_UINT64", 8), row(24, "float8_e5m2", "DT_FLOAT8_E5M2", 1), row(25, "float8_e4m3fn", "DT_FLOAT8_E4M3FN", 1),
  row(26, "float8_e4m3fnuz", "DT_FLOAT8_E4M3FNUZ", 1), row(27, "float8_e4m3b11fnuz", "DT_FLOAT8_E4M3B11FNUZ", 1),
  row(28, "float8_e5m2fnuz", "DT_FLOAT8_E5M2FNUZ", 1), row(29, "int4", "DT_INT4", 1), row(30, "uint4", "DT_UINT4", 1),
  row(31, "int2", "DT_INT2", 1), row(32, "uint2", "DT_UINT2", 1), row(33, "float4_e2m1fn", "DT_FLOAT4_E2M1FN", 1),
];

/** TF1's variables have types of their own, each 100 above the plain one; they occur in graphs, never in data. */
const refOffset = 100;

const byCode = new Map(elementTypes.map((type) => [type.code, type]));
const byName = new Map(elementTypes.map((type) => [type.name, type]));

/** Name of an element type, such as `float32` or, for TF1's variables in graphs, `float32_ref`; `dtype 77` for an unknown number. */
export function dtypeName(code: number): string {
  const plain = byCode.get(code)?.name;
  if (plain !== undefined) return plain;
  const ref = byCode.get(code - refOffset)?.name;
  return ref === undefined ? `dtype ${code}` : `${ref}_ref`;
}

/** Number of the element type called `name`, the reverse of `dtypeName`. A name that nothing has is our mistake. */
export function dtypeCode(name: string): number {
  const plain = byName.get(name)?.code;
  if (plain !== undefined) return plain;
  const ref = name.endsWith("_ref") ? byName.get(name.slice(0, -"_ref".length)) : undefined;
  if (ref) return ref.code + refOffset;
  const unknown = /^dtype (\d+)$/.exec(name)?.[1];
  if (unknown === undefined) throw new Error(`no element type is called ${name}`);
  return Number(unknown);
}

/** Bytes per element; undefined for strings, resources, variants and unknown types. */
export function bytesPerElement(name: string): number | undefined {
  return byName.get(name)?.bytes;
}

/** Names of the enum DataType by number, as text protos print them. */
export const dtypeProtoNames: ReadonlyMap<number, string> = new Map<number, string>([
  [0, "DT_INVALID"],
  ...elementTypes.map(({ code, protoName }): [number, string] => [code, protoName]),
  ...elementTypes.map(({ code, protoName }): [number, string] => [code + refOffset, `${protoName}_REF`]),
]);

/** Name of the element type that text and JSON call `DT_FLOAT`; the text itself where nothing is called so. */
export function dtypeNameOfProto(protoName: string): string {
  return elementTypes.find((type) => type.protoName === protoName)?.name ?? protoName;
}
