// An operation whose work is the host's: reading files, decoding images, drawing the next batch.
import * as tf from "@tensorflow/tfjs-core";
import { listAttr, stringAttr, typeAttr } from "./attrs";
import { carrierOf, printShape, sameShape, sizeOf, type OutputDtype } from "./dtypes";
import { InvalidArgumentError } from "./errors";
import { getDefaultGraph, type TensorLike } from "./graph";
import { findOutput } from "./graphTensor";
import type { NodeReaders } from "./fileNode";
import { Output, type Operation, type OutputSpec, type RunContext, type Value } from "./operation";

/** What a host function may give for one output: numbers in row-major order, a tensor, or strings. */
export type HostResult =
  | tf.Tensor
  | ArrayLike<number>
  | number
  | string
  | Uint8Array
  | readonly (string | Uint8Array)[];

/** A host function as an operation. */
export interface HostCall {
  /** Name of the operation, and of the function in the graph's file. */
  readonly name: string;
  /** Tensors of the graph whose values the function is given. */
  readonly inputs?: readonly TensorLike[];
  /** Type and full shape of each result; "string" results are text or bytes. */
  readonly outputs: readonly { readonly dtype: OutputDtype; readonly shape: readonly number[] }[];
  /**
   * Called once in each run that needs it; may be async. Inputs belong to the session, results are taken over by it.
   * One result may be given without a list around it.
   */
  readonly call: (inputs: readonly Value[], context: RunContext) => HostResults | Promise<HostResults>;
}

/** Results in the order of the declared outputs. */
export type HostResults = readonly HostResult[] | HostResult | void;

/** Makes the operation of a host function and answers with its outputs. Gradients end at it. */
export function hostCall({ name, inputs = [], outputs, call }: HostCall): tf.Tensor[] {
  const operation: Operation = getDefaultGraph().createOperation({
    type: "PyFunc",
    name,
    inputs,
    attrs: new Map([
      ["token", stringAttr(name)],
      ["Tin", listAttr(inputs.map((input) => typeAttr(inputDtype(input))))],
      ["Tout", listAttr(outputs.map(({ dtype }) => typeAttr(dtype)))],
    ]),
    outputs,
    run: (values, context) => {
      const results = call(values, context);
      if (results instanceof Promise) return results.then((late) => convertAll(operation, late));
      return convertAll(operation, results);
    },
  });
  return operation.outputs.map((output) => output.tensor);
}

/** A host function in a file: its name is there, the function is not, so that its results must be fed. */
export const hostCallReaders: NodeReaders = {
  PyFunc: (node) => ({
    outputs: node.dtypes("Tout").map((dtype, index) => ({ dtype, shape: node.outputShape(index) })),
    execute: (_inputs, _context, { name }) => {
      throw new InvalidArgumentError(
        `${name} calls a function of the program that made the graph, which its file does not hold: feed ${name}'s outputs, or give tensors for them with inputMap`,
        name,
      );
    },
  }),
};

function inputDtype(input: TensorLike): OutputDtype {
  return input instanceof Output ? input.dtype : (findOutput(input)?.dtype ?? (input.dtype as OutputDtype));
}

function convertAll(operation: Operation, results: HostResults): Value[] {
  const list = listOf(operation, results);
  if (list.length !== operation.outputs.length) {
    throw new InvalidArgumentError(
      `${operation.name} returned ${list.length} results where ${operation.outputs.length} are declared`,
      operation.name,
    );
  }
  return operation.outputs.map((output, index) => convert(operation, output, list[index] as HostResult));
}

function listOf(operation: Operation, results: HostResults): readonly HostResult[] {
  if (results === undefined) return [];
  const [first] = operation.outputs;
  if (operation.outputs.length !== 1 || !first) return results as readonly HostResult[];
  const isList = Array.isArray(results) && results.length === 1 && isWhole(first, results[0]);
  return isList ? (results as readonly HostResult[]) : [results as HostResult];
}

/** Whether a single element of a list is the whole result rather than its first number. */
function isWhole({ dtype, shape }: OutputSpec, element: unknown): boolean {
  if (shape.length === 0) return true;
  return dtype === "string" ? Array.isArray(element) : typeof element === "object";
}

function convert(operation: Operation, { dtype, shape }: OutputSpec, result: HostResult): Value {
  if (dtype === "string") return toStrings(operation, shape, result);
  if (result instanceof tf.Tensor) {
    if (sameShape(result.shape, shape) && result.dtype === carrierOf(dtype)) return result;
    throw misfit(operation, { dtype, shape }, result);
  }
  const numbers = typeof result === "number" ? [result] : (result as ArrayLike<number>);
  if (numbers.length !== sizeOf(shape)) throw misfit(operation, { dtype, shape }, { shape: [numbers.length], dtype });
  return tf.tensor(typed(numbers, carrierOf(dtype)), [...shape], carrierOf(dtype));
}

function toStrings(operation: Operation, shape: readonly number[], result: HostResult): Value {
  if (shape.length === 0 && (typeof result === "string" || result instanceof Uint8Array)) return bytesOf(result);
  const list = Array.isArray(result) ? (result as readonly (string | Uint8Array)[]) : [];
  if (list.length !== sizeOf(shape)) {
    throw misfit(operation, { dtype: "string", shape }, { shape: [list.length], dtype: "string" });
  }
  return shape.length === 0 ? bytesOf(list[0] ?? "") : list.map(bytesOf);
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}

/** tfjs keeps the array it is given, so a result is copied: its maker may use the array again. */
function typed(numbers: ArrayLike<number>, dtype: tf.DataType): tf.TypedArray {
  if (dtype === "int32") return Int32Array.from(numbers);
  return dtype === "bool" ? Uint8Array.from(numbers) : Float32Array.from(numbers);
}

function misfit(
  { name }: Operation,
  wanted: OutputSpec,
  got: { readonly shape: readonly number[]; readonly dtype: string },
): Error {
  const declared = `${wanted.dtype} ${printShape(wanted.shape)}`;
  return new InvalidArgumentError(`${name} returned ${got.dtype} ${printShape(got.shape)} where ${declared} is declared`, name);
}
