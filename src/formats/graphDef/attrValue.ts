// Attributes of operations: one value of many types, or a list of values of one type (formats 11).
import { type WireReader, wireTypes } from "../bytes/wireReader";
import type { WireWriter } from "../bytes/wireWriter";
import { readShape, readTensorProto, writeShape, writeTensorProto, type TensorProto } from "../tensor/tensorProto";

/** One attribute. A shape of undefined has unknown rank; -1 in a shape is an unknown size; `type` is TensorFlow's number. */
export type AttrValue =
  | { readonly kind: "type"; readonly type: number }
  | { readonly kind: "shape"; readonly shape: readonly number[] | undefined }
  | { readonly kind: "tensor"; readonly tensor: TensorProto }
  | { readonly kind: "int"; readonly value: number | bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: Uint8Array }
  | { readonly kind: "list"; readonly items: readonly AttrValue[] }
  | { readonly kind: "func"; readonly name: string; readonly attrs?: ReadonlyMap<string, AttrValue> }
  | { readonly kind: "placeholder"; readonly name: string };

/** Writes the one field of an AttrValue. */
function writeAttrValue(writer: WireWriter, attr: AttrValue): void {
  switch (attr.kind) {
    case "list": return writer.message(1, (list) => writeList(list, attr.items));
    case "string": return writer.bytes(2, attr.value);
    case "int": return writer.int(3, attr.value);
    case "float": return writer.float(4, attr.value);
    case "bool": return writer.bool(5, attr.value);
    case "type": return writer.int(6, attr.type);
    case "shape": return writer.message(7, (shape) => writeShape(shape, attr.shape));
    case "tensor": return writer.message(8, (tensor) => writeTensorProto(tensor, attr.tensor));
    case "placeholder": return writer.string(9, attr.name);
    case "func": return writer.message(10, (func) => writeFunc(func, attr));
  }
}

/** Writes a map of attributes as field `field`, keys in ascending order. */
export function writeAttrs(writer: WireWriter, field: number, attrs: ReadonlyMap<string, AttrValue>): void {
  for (const key of [...attrs.keys()].sort()) {
    const attr = attrs.get(key);
    if (!attr) continue;
    writer.message(field, (entry) => {
      entry.string(1, key);
      entry.message(2, (value) => writeAttrValue(value, attr));
    });
  }
}

/** Reads an AttrValue; undefined if it holds nothing that we know. */
function readAttrValue(reader: WireReader): AttrValue | undefined {
  let attr: AttrValue | undefined;
  while (reader.next()) {
    switch (reader.field) {
      case 1: attr = { kind: "list", items: readList(reader.message()) }; break;
      case 2: attr = { kind: "string", value: reader.bytes() }; break;
      case 3: attr = { kind: "int", value: plain(reader.int64()) }; break;
      case 4: attr = { kind: "float", value: reader.float() }; break;
      case 5: attr = { kind: "bool", value: reader.bool() }; break;
      case 6: attr = { kind: "type", type: reader.int32() }; break;
      case 7: attr = { kind: "shape", shape: readShape(reader.message()) }; break;
      case 8: attr = { kind: "tensor", tensor: readTensorProto(reader.message()) }; break;
      case 9: attr = { kind: "placeholder", name: reader.string() }; break;
      case 10: attr = readFunc(reader.message()); break;
      default: reader.skip();
    }
  }
  return attr;
}

/** Reads one entry of a map of attributes into `attrs`. */
export function readAttrEntry(reader: WireReader, attrs: Map<string, AttrValue>): void {
  let key = "";
  let attr: AttrValue | undefined;
  while (reader.next()) {
    if (reader.field === 1) key = reader.string();
    else if (reader.field === 2) attr = readAttrValue(reader.message());
    else reader.skip();
  }
  if (attr) attrs.set(key, attr);
}

function writeFunc(writer: WireWriter, { name, attrs }: { readonly name: string; readonly attrs?: ReadonlyMap<string, AttrValue> }): void {
  writer.stringIfSet(1, name);
  if (attrs) writeAttrs(writer, 2, attrs);
}

function readFunc(reader: WireReader): AttrValue {
  let name = "";
  const attrs = new Map<string, AttrValue>();
  while (reader.next()) {
    if (reader.field === 1) name = reader.string();
    else if (reader.field === 2) readAttrEntry(reader.message(), attrs);
    else reader.skip();
  }
  return { kind: "func", name, ...(attrs.size > 0 && { attrs }) };
}

/** Items by kind in the order of the kinds' fields, numbers packed; a sound list holds items of one kind. */
function writeList(writer: WireWriter, items: readonly AttrValue[]): void {
  for (const item of items) if (item.kind === "string") writer.bytes(2, item.value);
  for (const [field, kind] of packedFields) {
    const numbers = items.filter((item) => item.kind === kind);
    if (numbers.length === 0) continue;
    writer.message(field, (packed) => {
      for (const item of numbers) writePackedItem(packed, item);
    });
  }
  for (const item of items) {
    if (item.kind === "shape") writer.message(7, (shape) => writeShape(shape, item.shape));
    else if (item.kind === "tensor") writer.message(8, (tensor) => writeTensorProto(tensor, item.tensor));
    else if (item.kind === "func") writer.message(9, (func) => writeFunc(func, item));
  }
}

const packedFields = [[3, "int"], [4, "float"], [5, "bool"], [6, "type"]] as const;

function writePackedItem(packed: WireWriter, item: AttrValue): void {
  switch (item.kind) {
    case "int": return packed.varint(item.value);
    case "float": return packed.rawFloat(item.value);
    case "bool": return packed.varint(item.value ? 1 : 0);
    case "type": return packed.varint(item.type);
  }
}

function readList(reader: WireReader): AttrValue[] {
  const items: AttrValue[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 2: items.push({ kind: "string", value: reader.bytes() }); break;
      case 3: reader.elements(wireTypes.varint, (item) => items.push({ kind: "int", value: plain(item.int64()) })); break;
      case 4: reader.elements(wireTypes.fixed32, (item) => items.push({ kind: "float", value: item.float() })); break;
      case 5: reader.elements(wireTypes.varint, (item) => items.push({ kind: "bool", value: item.bool() })); break;
      case 6: reader.elements(wireTypes.varint, (item) => items.push({ kind: "type", type: item.int32() })); break;
      case 7: items.push({ kind: "shape", shape: readShape(reader.message()) }); break;
      case 8: items.push({ kind: "tensor", tensor: readTensorProto(reader.message()) }); break;
      case 9: items.push(readFunc(reader.message())); break;
      default: reader.skip();
    }
  }
  return items;
}

/** A number where a number holds it exactly. */
function plain(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
