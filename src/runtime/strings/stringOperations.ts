// Operations on strings: web-safe base64 and another shape.
import type * as tf from "@tensorflow/tfjs-core";
import type { AttrValue } from "#formats/graphDef/graphDef";
import { boolAttr, typeAttr } from "../graph/attrs";
import { addConstant, onlyOutput } from "../graph/constants";
import { printShape, sizeOf } from "../graph/dtypes";
import { InvalidArgumentError, ValueError } from "../graph/errors";
import { getDefaultGraph } from "../graph/graph";
import type { NodeReaders } from "../graph/fileNode";
import type { OperationBehaviour, Output, Value } from "../graph/operation";
import { onValues } from "../graph/variableValues";

/** `tf.decode_base64`: bytes of web-safe base64, element by element; padding may be there. */
export function decodeBase64<T extends tf.Tensor>(input: T): T {
  return addStrings({ type: "DecodeBase64", inputs: [input], shape: input.shape, each: decoded }) as T;
}

/** `tf.encode_base64`: web-safe base64 without padding, element by element. */
export function encodeBase64<T extends tf.Tensor>(input: T): T {
  return addStrings({ type: "EncodeBase64", inputs: [input], shape: input.shape, attrs: [["pad", boolAttr(false)]], each: encodedWebSafe }) as T;
}

/** `tf.reshape` of strings, which no kernel of a backend holds. */
export function reshapeStrings<R extends tf.Rank>(
  input: tf.Tensor,
  shape: readonly number[],
  { name: scope = "Reshape" }: { readonly name?: string } = {},
): tf.Tensor<R> {
  if (sizeOf(shape) !== input.size) throw new ValueError(`${input.size} strings do not fill the shape ${printShape(shape)}.`);
  const graph = getDefaultGraph();
  return graph.withinNameScope(scope, (name) => {
    const wanted = addConstant(graph, { values: Int32Array.from(shape), shape: [shape.length], dtype: "int32" }, "shape");
    const attrs = [["T", typeAttr("string")], ["Tshape", typeAttr("int32")]] as const;
    return addStrings({ type: "Reshape", name, inputs: [input, wanted], shape, attrs, each: (bytes) => bytes });
  }) as tf.Tensor<R>;
}

/** `tf.identity` of strings. */
export function identityStrings<T extends tf.Tensor>(input: T): T {
  return addStrings({ type: "Identity", inputs: [input], shape: input.shape, attrs: [["T", typeAttr("string")]], each: (bytes) => bytes }) as T;
}

/** Operations on strings in a file. */
export const stringReaders: NodeReaders = {
  DecodeBase64: (node) => mapping(node.type, node.input(0).shape, decoded),
  EncodeBase64: (node) => mapping(node.type, node.input(0).shape, node.bool("pad") ? encodedPadded : encodedWebSafe),
  Reshape: (node) => (node.input(0).dtype === "string" ? mapping(node.type, node.numbers(1), (bytes) => bytes) : undefined),
};

interface StringOperation {
  readonly type: string;
  readonly name?: string;
  readonly inputs: readonly (tf.Tensor | Output)[];
  readonly shape: readonly number[];
  readonly attrs?: readonly (readonly [string, AttrValue])[];
  readonly each: (bytes: Uint8Array) => Uint8Array;
}

function addStrings({ type, name = type, inputs, shape, attrs = [], each }: StringOperation): tf.Tensor {
  const operation = getDefaultGraph().createOperation({
    type, name, inputs, attrs: new Map(attrs),
    ...mapping(type, shape, each),
  });
  return onlyOutput(operation).tensor;
}

function mapping(type: string, shape: readonly number[], each: (bytes: Uint8Array) => Uint8Array): OperationBehaviour {
  return {
    outputs: [{ dtype: "string", shape: [...shape] }],
    execute: onValues(([value]) => {
      const results = stringsOf(value, type).map(each);
      return [shape.length === 0 ? (results[0] ?? new Uint8Array()) : results];
    }),
  };
}

function encodedWebSafe(bytes: Uint8Array): Uint8Array {
  return new TextEncoder().encode(Buffer.from(bytes).toString("base64url"));
}

function encodedPadded(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("base64url");
  return new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 4) * 4, "="));
}

function stringsOf(value: Value | undefined, type: string): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (Array.isArray(value)) return value;
  throw new InvalidArgumentError(`${type} was not given strings.`);
}

function decoded(text: Uint8Array): Uint8Array {
  const letters = Buffer.from(text).toString("latin1");
  if (!/^[\w-]*={0,2}$/.test(letters)) throw new InvalidArgumentError("This is no web-safe base64.");
  return Uint8Array.from(Buffer.from(letters, "base64url"));
}
