// The typed list of a TensorProto as the little-endian bytes that a V2 checkpoint stores.
import { FormatError } from "#base/errors";
import { encodeStrings } from "../bundle/stringTensor";
import { bytesPerElement, dtypeName } from "./dtypes";
import type { TensorProto } from "./tensorProto";

/** Bytes of all elements. Throws FormatError unless there are as many as the shape says; `name` is for messages. */
export function encodeTensorList({ dtype, shape, content, values = [] }: TensorProto, name: string): Uint8Array {
  const type = dtypeName(dtype);
  const count = shape.reduce((product, size) => product * size, 1);
  const perElement = type.startsWith("complex") ? 2 : 1;
  if (type === "string") return encodeStrings(counted(Array.from<unknown>(values).filter((value) => value instanceof Uint8Array), count, name));
  const size = bytesPerElement(type);
  if (size === undefined) throw new FormatError("unsupported", `${name} is of type ${type}`);
  if (content?.length) return counted(content, count * size, name);
  const write = writers[type];
  if (!write) throw new FormatError("unsupported", `${name} is of type ${type}`);
  const numbers = counted(Array.from<unknown>(values).filter((value) => !(value instanceof Uint8Array)), count * perElement, name);
  const bytes = new Uint8Array(count * size);
  const view = new DataView(bytes.buffer);
  const width = size / perElement;
  numbers.forEach((value, at) => write(view, at * width, value as number | bigint));
  return bytes;
}

type WriteElement = (view: DataView, at: number, value: number | bigint) => void;

const oneByte: WriteElement = (view, at, value) => view.setUint8(at, Number(value) & 255);
const twoBytes: WriteElement = (view, at, value) => view.setUint16(at, Number(value) & 65535, true);
const fourBytes: WriteElement = (view, at, value) => view.setUint32(at, Number(value) >>> 0, true);
const eightBytes: WriteElement = (view, at, value) => view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
const float: WriteElement = (view, at, value) => view.setFloat32(at, Number(value), true);
const double: WriteElement = (view, at, value) => view.setFloat64(at, Number(value), true);

/** 16-bit floats are listed by their bits. */
const writers: Readonly<Record<string, WriteElement>> = {
  float32: float, complex64: float, float64: double, complex128: double, float16: twoBytes, bfloat16: twoBytes,
  int8: oneByte, uint8: oneByte, qint8: oneByte, quint8: oneByte, bool: oneByte,
  int16: twoBytes, uint16: twoBytes, qint16: twoBytes, quint16: twoBytes,
  int32: fourBytes, uint32: fourBytes, qint32: fourBytes, int64: eightBytes, uint64: eightBytes,
};

function counted<T extends { readonly length: number }>(list: T, wanted: number, name: string): T {
  if (list.length !== wanted) throw new FormatError("malformed", `${name} holds another number of values than its shape says`, { wanted, got: list.length });
  return list;
}
