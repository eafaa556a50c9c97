// The head of a .safetensors file: where each tensor's bytes lie behind it (docs/formats/exports.md).
import { bytesPerElement } from "../tensor/dtypes";

/** A tensor to be written. */
export interface SafeTensor {
  readonly name: string;
  /** TensorFlow's name of the type. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Of all of its values. */
  readonly bytes: number;
}

/** What is written, in the order of the bytes behind the head, and what cannot be. */
export interface SafeTensorsLayout {
  readonly head: Uint8Array<ArrayBuffer>;
  readonly tensors: readonly SafeTensor[];
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
  /** Names of complex tensors, which are written as pairs of numbers: every reader of the format knows those. */
  readonly pairs: readonly string[];
}

const names: Readonly<Record<string, string>> = {
  bool: "BOOL", uint8: "U8", int8: "I8", int16: "I16", uint16: "U16", int32: "I32", uint32: "U32", int64: "I64", uint64: "U64",
  qint8: "I8", quint8: "U8", qint16: "I16", quint16: "U16", qint32: "I32",
  float16: "F16", bfloat16: "BF16", float32: "F32", float64: "F64", complex64: "F32", complex128: "F64",
  float8_e5m2: "F8_E5M2", float8_e4m3fn: "F8_E4M3",
};

/** The key beside the tensors that holds texts about the file. */
const metadataKey = "__metadata__";
const alignment = 8;
const lengthBytes = 8;

/** Wide types first, so that all of them lie at multiples of their width; else in the order given. `metadata` says what the file is of. */
export function layOut(all: readonly SafeTensor[], metadata: Readonly<Record<string, string>>): SafeTensorsLayout {
  const reasons = new Map(all.map((tensor) => [tensor, whyNot(tensor)]));
  const tensors = all.filter((tensor) => reasons.get(tensor) === undefined).sort((one, other) => widthOf(other) - widthOf(one));
  const leftOut = all.flatMap((tensor) => {
    const why = reasons.get(tensor);
    return why === undefined ? [] : [{ name: tensor.name, why }];
  });
  const pairs = tensors.filter(isComplex).map(({ name }) => name);
  const head: [string, unknown][] = [[metadataKey, { ...metadata, ...(pairs.length > 0 && { complex: `the last axis holds real and imaginary part: ${pairs.join(", ")}` }) }]];
  let at = 0;
  for (const tensor of tensors) {
    const { name, dtype, shape, bytes } = tensor;
    head.push([name, { dtype: names[dtype], shape: isComplex(tensor) ? [...shape, 2] : shape, data_offsets: [at, at + bytes] }]);
    at += bytes;
  }
  return { head: encodeHead(head), tensors, leftOut, pairs };
}

function whyNot({ name, dtype }: SafeTensor): string | undefined {
  if (name === metadataKey) return "the format keeps this name for itself";
  if (dtype === "string") return "the format holds no strings";
  return names[dtype] === undefined ? `the format has no type for ${dtype}` : undefined;
}

function isComplex({ dtype }: SafeTensor): boolean {
  return dtype.startsWith("complex");
}

function widthOf({ dtype }: SafeTensor): number {
  return bytesPerElement(dtype) ?? 1;
}

/** JSON, filled up with blanks so that the bytes behind it are aligned. Entries instead of an object: a tensor may be called `__proto__`. */
function encodeHead(entries: readonly (readonly [string, unknown])[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`);
  const length = Math.ceil(text.length / alignment) * alignment;
  const head = new Uint8Array(lengthBytes + length).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(text, lengthBytes);
  return head;
}
