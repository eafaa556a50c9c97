// TensorProto: an array inside a message, as raw bytes or as a typed list (formats 5).
import { FormatError } from "#base/errors";
import { joinBytes } from "../bytes/byteOrder";
import { WireReader, wireTypes } from "../bytes/wireReader";
import { WireWriter } from "../bytes/wireWriter";

/** Elements of a typed list. Fewer than the shape asks is legal: the last one is repeated. Complex numbers are pairs. */
export type TensorList = readonly number[] | Float32Array | Float64Array | readonly bigint[] | readonly Uint8Array[];

/** A tensor in a message. Either `content` or `values` is used; `dtype` is TensorFlow's number. */
export interface TensorProto {
  readonly dtype: number;
  /** -1 is an unknown size; an absent shape reads as []. */
  readonly shape: readonly number[];
  /** Little-endian elements in row-major order; never for strings. */
  readonly content?: Uint8Array;
  /** Numbers; bigints for int64 and uint64; bytes for strings; 16-bit patterns for float16 and bfloat16; 0 and 1 for bool. */
  readonly values?: TensorList;
  /** Fields that we do not read, verbatim. */
  readonly rest?: Uint8Array;
}

type ListKind = "float" | "double" | "int" | "bigint" | "bytes";

interface ListField {
  readonly field: number;
  readonly kind: ListKind;
}

const intField: ListField = { field: 7, kind: "int" };
const halfField: ListField = { field: 13, kind: "int" };

/** The typed list that belongs to each element type. */
const listFields: ReadonlyMap<number, ListField> = new Map<number, ListField>([
  [1, { field: 5, kind: "float" }], [2, { field: 6, kind: "double" }],
  ...[3, 4, 5, 6, 11, 12, 13, 15, 16, 17, 29, 30].map((dtype): [number, ListField] => [dtype, intField]),
  [7, { field: 8, kind: "bytes" }], [8, { field: 9, kind: "float" }], [9, { field: 10, kind: "bigint" }],
  [10, { field: 11, kind: "int" }], [14, halfField], [18, { field: 12, kind: "double" }], [19, halfField],
  [22, { field: 16, kind: "int" }], [23, { field: 17, kind: "bigint" }],
]);

const maxRank = 254;

/** Bytes of a TensorProto message. */
export function encodeTensorProto(tensor: TensorProto): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  writeTensorProto(writer, tensor);
  return writer.finish();
}

/** Writes the fields of a TensorProto. The shape is always there, as in what TensorFlow writes. */
export function writeTensorProto(writer: WireWriter, { dtype, shape, content, values, rest }: TensorProto): void {
  writer.intIfSet(1, dtype);
  writer.message(2, (inner) => writeShape(inner, shape));
  writer.bytesIfSet(4, content);
  const list = listFields.get(dtype);
  if (list && values?.length) writeList(writer, list, values);
  writer.raw(rest);
}

/** The TensorProto in `bytes`. Contents are views into `bytes`. */
export function decodeTensorProto(bytes: Uint8Array): TensorProto {
  return readTensorProto(new WireReader(bytes));
}

/**
 * Reads a TensorProto's fields. Lists that do not belong to its type are not read, as in TensorFlow. `knownDtype` is the
 * type of a message that does not tell it (V1 checkpoints).
 */
export function readTensorProto(reader: WireReader, knownDtype = 0): TensorProto {
  let dtype = knownDtype;
  let shape: readonly number[] = [];
  let content: Uint8Array | undefined;
  const lists = new Map<number, TensorList>();
  const rest: Uint8Array[] = [];
  while (reader.next()) {
    const kind = kindOfField(reader.field);
    if (reader.field === 1) dtype = reader.int32();
    else if (reader.field === 2) shape = readShape(reader.message()) ?? [];
    else if (reader.field === 4) content = reader.bytes();
    else if (kind) lists.set(reader.field, readList(reader, kind, lists.get(reader.field)));
    else rest.push(reader.skipped());
  }
  const values = lists.get(listFields.get(dtype)?.field ?? 0);
  return { dtype, shape, ...(content && { content }), ...(values && { values }), ...(rest.length > 0 && { rest: joinBytes(rest) }) };
}

/** Writes the fields of a TensorShapeProto; undefined is an unknown rank. */
export function writeShape(writer: WireWriter, shape: readonly number[] | undefined): void {
  if (!shape) return writer.bool(3, true);
  for (const size of shape) writer.message(2, (dim) => dim.intIfSet(1, size));
}

/** Reads a TensorShapeProto; undefined is an unknown rank. */
export function readShape(reader: WireReader): number[] | undefined {
  const shape: number[] = [];
  let unknownRank = false;
  while (reader.next()) {
    if (reader.field === 2) shape.push(reader.inside(readDimension));
    else if (reader.field === 3) unknownRank = reader.bool();
    else reader.skip();
    if (shape.length > maxRank) throw new FormatError("tooMany", `a shape has more than ${maxRank} dimensions`, { offset: reader.offset });
  }
  // A copy has no room to grow, which the list that grew keeps: shapes are short and many.
  return unknownRank ? undefined : shape.slice();
}

function readDimension(reader: WireReader): number {
  let size = 0;
  while (reader.next()) {
    if (reader.field === 1) size = reader.safeInteger("a dimension");
    else reader.skip();
  }
  return size;
}

function kindOfField(field: number): ListKind | undefined {
  for (const list of listFields.values()) if (list.field === field) return list.kind;
  return undefined;
}

function writeList(writer: WireWriter, { field, kind }: ListField, values: TensorList): void {
  if (kind === "bytes") {
    for (const value of values) if (value instanceof Uint8Array) writer.bytes(field, value);
    return;
  }
  writer.message(field, (packed) => {
    for (const value of values) {
      if (value instanceof Uint8Array) throw new Error("a tensor of numbers was given strings");
      if (kind === "float") packed.rawFloat(Number(value));
      else if (kind === "double") packed.rawDouble(Number(value));
      else packed.varint(value);
    }
  });
}

function readList(reader: WireReader, kind: ListKind, before: TensorList | undefined): TensorList {
  switch (kind) {
    case "bytes": {
      const list = (before ?? []) as Uint8Array[];
      list.push(reader.bytes());
      return list;
    }
    case "bigint": {
      const list = (before ?? []) as bigint[];
      reader.elements(wireTypes.varint, (element) => list.push(element.int64()));
      return list;
    }
    case "int": {
      const list = (before ?? []) as number[];
      reader.elements(wireTypes.varint, (element) => list.push(element.int32()));
      return list;
    }
    case "float": {
      const list = (before ?? []) as number[];
      reader.elements(wireTypes.fixed32, (element) => list.push(element.float()));
      return list;
    }
    case "double": {
      const list = (before ?? []) as number[];
      reader.doubles(list);
      return list;
    }
  }
}
