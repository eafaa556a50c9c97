// A graph as TensorFlow's GraphDef: the same operations that run, with TensorFlow's types, attributes and input order.
import type { AttrValue, GraphDef, NodeDef } from "#formats/graphDef/graphDef";
import type { TensorProto } from "#formats/tensor/tensorProto";
import { dtypeCode } from "#formats/tensor/dtypes";
import { boolAttr, listAttr, shapeAttr, stringAttr, typeAttr } from "./attrs";
import { constantOf } from "./constantValues";
import type { OutputDtype } from "./dtypes";
import { sizeOf } from "./dtypes";
import type { HostValues } from "./engine";
import type { Graph } from "./graph";
import type { ConstInput } from "./kernelForms";
import { kernelNode } from "./kernelNodes";
import { Output, type Operation } from "./operation";
import { printSource } from "./source";

/** The version of the graph language that TensorFlow 2.15 writes; all operations used here are older. */
const producer = 1645;
const minConsumer = 0;

/** Operations that have no attribute T; a TensorFlow that imports the graph refuses attributes that it does not know. */
const withoutElementType = new Set(["Cast", "GatherV2", "GatherNd", "Range", "LogicalAnd", "LogicalOr", "LogicalNot", "All", "Any", "ImageProjectiveTransformV3"]);

/** The attribute that holds the script's line of an operation, as `file:line`. */
export const sourceAttr = "_trainscope_source";

const shapesAttr = "_output_shapes";

/** The attribute of an operation that runs before those made earlier. */
export const earlyAttr = "_trainscope_early";

/** The graph as data, in the order of creation. Constants that only TensorFlow has stand before their operation. */
export function graphDefOf(graph: Graph): GraphDef {
  const names = new Set(graph.operations.map(({ name }) => name));
  const nodes: NodeDef[] = [];
  for (const operation of graph.operations) {
    const { inputs, attrs } = operation.asWritten ? { inputs: operation.inputs, attrs: [] } : kernelNode(operation);
    const inputNames = inputs.map((input) => {
      if (input instanceof Output) return inputName(input);
      const name = freeName(names, `${operation.name}/${input.name}`);
      nodes.push(constNode(name, input, operation));
      return name;
    });
    const control = controlNames(operation.controlInputs);
    nodes.push({
      name: operation.name,
      op: operation.type,
      inputs: [...inputNames, ...control],
      device: operation.device,
      attrs: sorted([...ownAttrs(operation), ...attrs, ...commonAttrs(operation)]),
    });
  }
  return { nodes, producer, minConsumer, functions: 0 };
}

/** TensorFlow's notation of an input: the first output has no index. */
function inputName({ operation, index }: Output): string {
  return index === 0 ? operation.name : `${operation.name}:${index}`;
}

/** An array as TensorFlow stores it: one value where all are equal, bytes otherwise. */
export function tensorProtoOf(values: HostValues, shape: readonly number[], dtype: OutputDtype): TensorProto {
  const proto = { dtype: dtypeCode(dtype) ?? 0, shape: [...shape] };
  if (dtype === "string") return { ...proto, values: values as Uint8Array[] };
  const numbers = Array.from(values as ArrayLike<number>, Number);
  const uniform = numbers.length > 0 && numbers.every((value) => Object.is(value, numbers[0]));
  const content = uniform ? undefined : contentOf(numbers, dtype);
  if (content) return { ...proto, content };
  const kept = uniform ? numbers.slice(0, 1) : numbers;
  return { ...proto, values: dtype === "int64" || dtype === "uint64" ? kept.map((value) => BigInt(value)) : kept };
}

function contentOf(numbers: readonly number[], dtype: OutputDtype): Uint8Array | undefined {
  const typed =
    dtype === "float32" ? Float32Array.from(numbers)
    : dtype === "float64" ? Float64Array.from(numbers)
    : dtype === "int32" ? Int32Array.from(numbers)
    : dtype === "int64" ? BigInt64Array.from(numbers, (value) => BigInt(value))
    : dtype === "bool" || dtype === "uint8" ? Uint8Array.from(numbers)
    : undefined;
  return typed && new Uint8Array(typed.buffer);
}

function ownAttrs({ type, attrs }: Operation): [string, AttrValue][] {
  return [...attrs].filter(([name]) => name !== "T" || !withoutElementType.has(type));
}

function commonAttrs(operation: Operation): [string, AttrValue][] {
  const attrs: [string, AttrValue][] = [];
  if (operation.asWritten && operation.attrs.has(shapesAttr)) return attrs;
  if (operation.early) attrs.push([earlyAttr, boolAttr(true)]);
  const host = operation.type === "Const" ? constantOf(operation) : undefined;
  if (host) attrs.push(["value", { kind: "tensor", tensor: tensorProtoOf(host.values, host.shape, host.dtype) }]);
  const shapes = [...operation.outputs.map(({ shape }) => shapeInFile(operation, shape)), ...unusedOutputs(operation)].map(shapeAttr);
  if (shapes.length > 0) attrs.push([shapesAttr, listAttr(shapes)]);
  if (operation.source) attrs.push([sourceAttr, stringAttr(printSource(operation.source))]);
  return attrs;
}

/** A resource is one thing, whatever the shape of the value in it. */
function shapeInFile({ type, inputs: [first] }: Operation, shape: readonly number[]): readonly number[] {
  const isResource = type === "VarHandleOp" || (type === "Switch" && first?.operation.type === "VarHandleOp");
  return isResource ? [] : shape;
}

/** Shapes of outputs that TensorFlow's operation has and the kernel has not: statistics and reserves. */
function unusedOutputs({ type, outputs: [normalized] }: Operation): number[][] {
  if (type === "FusedBatchNormGradV3") return [[0], [0]];
  const channels = normalized?.shape.at(-1);
  return type === "FusedBatchNorm" && channels !== undefined ? Array.from({ length: 4 }, () => [channels]) : [];
}

function controlNames(operations: readonly Operation[]): string[] {
  return operations.map(({ name }) => `^${name}`).sort();
}

function constNode(name: string, input: ConstInput, { source, controlAround }: Operation): NodeDef {
  const dtype = input.dtype ?? "int32";
  const shape = input.shape ?? (input.scalar ? [] : [input.values.length]);
  const values = sizeOf(shape) === input.values.length ? [...input.values] : [];
  const attrs: [string, AttrValue][] = [
    ["dtype", typeAttr(dtype)],
    ["value", { kind: "tensor", tensor: tensorProtoOf(values, shape, dtype) }],
    [shapesAttr, listAttr([shapeAttr(shape)])],
  ];
  if (source) attrs.push([sourceAttr, stringAttr(printSource(source))]);
  return { name, op: "Const", inputs: controlNames(controlAround), device: "", attrs: sorted(attrs) };
}

function freeName(names: Set<string>, wanted: string): string {
  let name = wanted;
  for (let index = 1; names.has(name); index++) name = `${wanted}_${index}`;
  names.add(name);
  return name;
}

function sorted(attrs: readonly (readonly [string, AttrValue])[]): Map<string, AttrValue> {
  return new Map([...attrs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
