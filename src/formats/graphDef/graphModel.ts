// A GraphDef as the model's graph: attributes as short text, output shapes where the graph tells them.
import { FormatError } from "#base/errors";
import type { GraphFunction, GraphModel, GraphNode } from "#model/graph";
import { decodeUtf8 } from "../bytes/utf8";
import { dtypeName } from "../tensor/dtypes";
import type { TensorProto } from "../tensor/tensorProto";
import { tensorValues } from "../tensor/tensorValues";
import type { AttrValue } from "./attrValue";
import { functionsOf, type FunctionDef } from "./functionDef";
import type { GraphDef, NodeDef } from "./graphDef";

/** Attributes that say what another part of the model says already. */
const outputShapesKey = "_output_shapes";
const mostTextLength = 200;
const mostListItems = 16;
const mostTensorValues = 8;

/** The model of a graph with the functions of its library. */
export function graphModelOf(graph: GraphDef): GraphModel {
  const functions = functionsOf(graph);
  const known: ReadonlySet<string> = new Set(functions.map(({ name }) => name));
  const library = functions.map((one) => functionOf(one, known));
  return { nodes: graph.nodes.map((node) => nodeOf(node, known)), functions: graph.functions, ...(library.length > 0 && { library }) };
}

function functionOf({ name, arguments: inputs, results, nodes }: FunctionDef, known: ReadonlySet<string>): GraphFunction {
  return {
    name, results: results.map(({ from }) => from), nodes: nodes.map((node) => nodeOf(node, known)),
    arguments: inputs.map((input) => ({ name: input.name, ...(input.type > 0 && { dtype: dtypeName(input.type) }) })),
  };
}

function nodeOf({ name, op, inputs, device, attrs }: NodeDef, known: ReadonlySet<string>): GraphNode {
  const texts = new Map<string, string>();
  for (const [key, attr] of attrs) if (key !== outputShapesKey) texts.set(key, attrText(attr));
  const calls = known.size === 0 ? [] : callsOf(op, attrs).filter(([, called]) => known.has(called));
  return { name, op, inputs, device, attrs: texts, shapes: shapesOf(op, attrs), ...(calls.length > 0 && { calls }) };
}

/** Functions that an operation may run: its type, or what its attributes name; of a list each with its place. */
function callsOf(op: string, attrs: NodeDef["attrs"]): (readonly [string, string])[] {
  const calls: (readonly [string, string])[] = [["", op]];
  for (const [key, attr] of attrs) {
    if (attr.kind === "func") calls.push([key, attr.name]);
    else if (attr.kind === "list") attr.items.forEach((item, place) => item.kind === "func" && calls.push([`${key}_${place}`, item.name]));
  }
  return calls;
}

/** A resource variable's output is a handle; its shape is that of its value. */
const handleType = "VarHandleOp";

/** Shapes of the outputs. One of unknown rank is given as one unknown size. */
function shapesOf(op: string, attrs: NodeDef["attrs"]): (readonly number[])[] {
  const outputs = attrs.get(outputShapesKey);
  const listed = outputs?.kind === "list" ? outputs.items : [];
  const shape = attrs.get("shape");
  const told = listed.length > 0 && !(op === handleType && shape) ? listed : shape ? [shape] : [];
  return told.flatMap((item) => (item.kind === "shape" ? [item.shape ?? [-1]] : []));
}

/** An attribute in a few characters. */
function attrText(attr: AttrValue): string {
  switch (attr.kind) {
    case "type": return dtypeName(attr.type);
    case "shape": return shapeText(attr.shape);
    case "tensor": return tensorText(attr.tensor);
    case "int":
    case "float":
    case "bool": return String(attr.value);
    case "string": return bytesText(attr.value);
    case "list": return listText(attr.items);
    case "func":
    case "placeholder": return attr.name;
  }
}

function listText(items: readonly AttrValue[]): string {
  const shown = items.slice(0, mostListItems).map(attrText).join(", ");
  return items.length > mostListItems ? `${shown}, … (${items.length})` : shown;
}

function shapeText(shape: readonly number[] | undefined): string {
  if (!shape) return "unknown";
  return shape.length === 0 ? "scalar" : shape.map((size) => (size < 0 ? "?" : size)).join("×");
}

/** Printable text as it is, anything else and long texts as their size. */
function bytesText(bytes: Uint8Array): string {
  if (bytes.length <= mostTextLength) {
    const text = decodeUtf8(bytes);
    if (!/[\u0000-\u001f\u007f\ufffd]/.test(text)) return text;
  }
  return `${bytes.length} bytes`;
}

function tensorText(tensor: TensorProto): string {
  const kind = `${dtypeName(tensor.dtype)} ${shapeText(tensor.shape)}`;
  const count = tensor.shape.reduce((product, size) => product * size, 1);
  if (count < 0 || count > mostTensorValues) return kind;
  const values = safeValues(tensor).map((value) => (value instanceof Uint8Array ? bytesText(value) : String(value)));
  if (values.length === 0) return kind;
  return tensor.shape.length === 0 ? `${values[0] ?? ""} (${dtypeName(tensor.dtype)})` : `[${values.join(", ")}] (${kind})`;
}

/** A constant that cannot be read still has a type and a shape to show. */
function safeValues(tensor: TensorProto): (number | bigint | Uint8Array)[] {
  try {
    return Array.from<number | bigint | Uint8Array>(tensorValues(tensor));
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}
