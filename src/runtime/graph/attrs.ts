// Attribute values of a node, made from plain ones.
import type { AttrValue } from "#formats/graphDef/graphDef";
import { dtypeCode } from "#formats/tensor/dtypes";
import type { OutputDtype } from "./dtypes";

/** An element type. */
export function typeAttr(dtype: OutputDtype): AttrValue {
  return { kind: "type", type: dtypeCode(dtype) ?? 0 };
}

/** A shape, every length known. */
export function shapeAttr(shape: readonly number[]): AttrValue {
  return { kind: "shape", shape: [...shape] };
}

export function intAttr(value: number): AttrValue {
  return { kind: "int", value };
}

export function floatAttr(value: number): AttrValue {
  return { kind: "float", value };
}

export function boolAttr(value: boolean): AttrValue {
  return { kind: "bool", value };
}

export function stringAttr(text: string): AttrValue {
  return { kind: "string", value: new TextEncoder().encode(text) };
}

export function listAttr(items: readonly AttrValue[]): AttrValue {
  return { kind: "list", items: [...items] };
}
