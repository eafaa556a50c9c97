// Operations without inputs: constants, uniform fills, placeholders.
import * as tf from "@tensorflow/tfjs-core";
import { shapeAttr, typeAttr } from "./attrs";
import { hostOfProto, keepConstant, type HostConstant } from "./constantValues";
import { carrierOf, printShape, sizeOf, type OutputDtype } from "./dtypes";
import type { HostValues } from "./engine";
import { InvalidArgumentError, ValueError } from "./errors";
import { getDefaultGraph, type Graph } from "./graph";
import { rounderOf } from "./halves";
import type { NodeReaders, ReadNode } from "./fileNode";
import type { Operation, OperationBehaviour, Output, OutputSpec, Value } from "./operation";
import { untraced } from "./tracing";

/** Plain values of a constant: numbers, booleans or strings, nested to any depth, or a typed array with a shape. */
export type ConstantValue = number | boolean | string | Uint8Array | tf.TypedArray | readonly ConstantValue[];

/** How a constant is made. */
export interface ConstantOptions {
  /** Default: float32 for numbers, int32 and uint8 for such arrays, bool, string. */
  readonly dtype?: OutputDtype;
  /** Default: the value's own. */
  readonly shape?: readonly number[];
  /** `Const` unless given; made unique. */
  readonly name?: string;
}

/** A constant of the default graph, of any size. */
export function constant<R extends tf.Rank = tf.Rank>(
  value: ConstantValue,
  options: ConstantOptions = {},
): tf.Tensor<R> {
  const host = hostConstant(value, options);
  return addConstant(getDefaultGraph(), host, options.name ?? "Const").tensor as tf.Tensor<R>;
}

/** Adds a Const operation. */
export function addConstant(graph: Graph, host: HostConstant, name: string): Output {
  const operation = graph.createOperation({ type: "Const", name, attrs: new Map([["dtype", typeAttr(host.dtype)]]), ...holding(host) });
  keepConstant(operation, host);
  return onlyOutput(operation);
}

/** Adds a constant that lives in a tensor made before the graph was; the graph holds a share of it. */
export function addCapturedConstant(graph: Graph, tensor: tf.Tensor, share: () => tf.Tensor): Output {
  const dtype = tensor.dtype as OutputDtype;
  const kept = share();
  kept.kept = true;
  const operation = graph.createOperation({
    type: "Const",
    attrs: new Map([["dtype", typeAttr(dtype)]]),
    outputs: [{ dtype, shape: [...tensor.shape] }],
    execute: (_inputs, { session }, self) => [session.constant(self, () => tf.clone(kept))],
  });
  keepConstant(operation, () => readNow(kept));
  return onlyOutput(operation);
}

/** A value that every run must be fed. Its shape is fixed: one graph per shape. */
export function placeholder<R extends tf.Rank = tf.Rank>(
  dtype: OutputDtype,
  { shape, name }: { readonly shape: readonly number[]; readonly name?: string },
): tf.Tensor<R> {
  const graph = getDefaultGraph();
  const operation = graph.createOperation({
    type: "Placeholder",
    name: name ?? "Placeholder",
    attrs: new Map([["dtype", typeAttr(dtype)], ["shape", shapeAttr(shape)]]),
    ...awaiting({ dtype, shape: [...shape] }),
  });
  return onlyOutput(operation).tensor as tf.Tensor<R>;
}

/** Const and Placeholder in a file. */
export const constantReaders: NodeReaders = {
  Const: (node) => {
    const value = node.def.attrs.get("value");
    if (value?.kind !== "tensor") return node.refuse("has no value in the file");
    return knownNode(hostOfProto(value.tensor));
  },
  Placeholder: (node) => awaiting({ dtype: node.dtype("dtype"), shape: node.shape("shape") }),
};

/** A node of a file that has this value in every run. */
export function knownNode(host: HostConstant): ReadNode {
  return { ...holding(host), made: (operation) => keepConstant(operation, host) };
}

function holding(host: HostConstant): OperationBehaviour {
  return { outputs: [host], execute: (_inputs, { session }, self) => [session.constant(self, () => deviceValue(host))] };
}

function awaiting(output: OutputSpec): OperationBehaviour {
  return {
    outputs: [output],
    execute: (_inputs, _context, { name }) => {
      const what = `'${name}' with dtype ${output.dtype} and shape ${printShape(output.shape)}`;
      throw new InvalidArgumentError(`You must feed a value for placeholder tensor ${what}`, name);
    },
  };
}

/** A backend whose values only come later has none to write into the graph's file. */
function readNow(tensor: tf.Tensor): HostConstant | undefined {
  try {
    return { values: untraced(() => tensor.dataSync()), shape: [...tensor.shape], dtype: tensor.dtype as OutputDtype };
  } catch {
    return undefined;
  }
}

/** The only output of an operation that has one. */
export function onlyOutput(operation: Operation): Output {
  const [output] = operation.outputs;
  if (!output) throw new Error(`operation ${operation.name} has no output`);
  return output;
}

/** Brings plain values into the form of a constant; nothing but the shape and type are checked. */
export function hostConstant(value: ConstantValue, { dtype, shape }: ConstantOptions = {}): HostConstant {
  if (holdsText(value) || dtype === "string") return textConstant(value, shape);
  const numbers = ArrayBuffer.isView(value) ? value : undefined;
  const flat: ArrayLike<number> = numbers ?? flatten(value).map(Number);
  const ownShape = numbers ? [numbers.length] : shapeOf(value);
  const type = dtype ?? (numbers ? arrayDtype(numbers) : defaultDtype(value));
  const wanted = shape ?? ownShape;
  const size = sizeOf(wanted);
  if (flat.length !== size && flat.length !== 1) {
    throw new ValueError(`A constant of shape ${printShape(wanted)} takes ${size} values, not ${flat.length}`);
  }
  const values = typed(flat.length === size ? flat : new Array<number>(size).fill(Number(flat[0])), type);
  return { values, shape: [...wanted], dtype: type };
}

function deviceValue({ values, shape, dtype }: HostConstant): Value {
  if (dtype !== "string") return tf.tensor(values as tf.TypedArray, [...shape], carrierOf(dtype));
  const strings = values as Uint8Array[];
  return shape.length === 0 ? (strings[0] ?? new Uint8Array()) : strings;
}

function textConstant(value: ConstantValue, shape?: readonly number[]): HostConstant {
  const bytes = (each: unknown): Uint8Array => (each instanceof Uint8Array ? each : new TextEncoder().encode(String(each)));
  const values = flatten(value).map(bytes);
  return { values, shape: [...(shape ?? shapeOf(value))], dtype: "string" };
}

function holdsText(value: ConstantValue): boolean {
  if (Array.isArray(value)) return value.length > 0 && holdsText(value[0] as ConstantValue);
  return typeof value === "string";
}

function flatten(value: ConstantValue): (number | boolean | string | Uint8Array)[] {
  if (Array.isArray(value)) return (value as readonly ConstantValue[]).flatMap(flatten);
  return ArrayBuffer.isView(value) && !(value instanceof Uint8Array) ? [...value] : [value as number];
}

function shapeOf(value: ConstantValue): number[] {
  if (!Array.isArray(value)) return [];
  return [value.length, ...(value.length > 0 ? shapeOf(value[0] as ConstantValue) : [])];
}

function arrayDtype(values: ArrayBufferView): OutputDtype {
  if (values instanceof Int32Array) return "int32";
  return values instanceof Uint8Array || values instanceof Uint8ClampedArray ? "uint8" : "float32";
}

/** As tfjs decides: JavaScript numbers are float32, booleans bool. */
function defaultDtype(value: ConstantValue): OutputDtype {
  return typeof flatten(value)[0] === "boolean" ? "bool" : "float32";
}

function typed(values: ArrayLike<number>, dtype: OutputDtype): HostValues {
  const carrier = carrierOf(dtype);
  if (carrier === "int32") return Int32Array.from(values);
  const round = rounderOf(dtype);
  return carrier === "bool" ? Uint8Array.from(values) : round ? Float32Array.from(values, round) : Float32Array.from(values);
}
