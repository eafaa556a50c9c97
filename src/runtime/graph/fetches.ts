// What session.run is asked for, taken apart into outputs and operations, and put together again with their values.
import * as tf from "@tensorflow/tfjs-core";
import { InvalidArgumentError } from "./errors";
import type { Graph } from "./graph";
import { findOutput } from "./graphTensor";
import { Operation, Output, type Value } from "./operation";
import { isVariable } from "./variableMark";

/** Values of a fetched tensor that is no scalar, with its shape. */
export type ShapedArray = (Float32Array | Int32Array | Uint8Array) & { readonly shape: readonly number[] };

/** What a fetched tensor of unknown rank and type may give; strings come as their bytes. */
export type FetchedValue = number | ShapedArray | Uint8Array | Uint8Array[];

/** The result of a run in the shape of what was fetched: `undefined` for operations, numbers for scalars. */
export type Fetched<T> = T extends Operation | null | undefined | false
  ? undefined
  : T extends string
    ? FetchedValue | undefined
    : T extends tf.Tensor<tf.Rank.R0>
      ? tf.Tensor extends T
        ? FetchedValue
        : number
      : T extends tf.Tensor
        ? tf.Tensor extends T
          ? FetchedValue
          : ShapedArray
        : { -readonly [K in keyof T]: Fetched<T[K]> };

/** The flat list of what is to be computed. */
export interface FetchList {
  readonly outputs: Output[];
  readonly operations: Operation[];
}

/** Takes nested lists and objects of tensors, variables, operations and names apart. */
export function listFetches(graph: Graph, fetches: unknown): FetchList {
  const list: FetchList = { outputs: [], operations: [] };
  eachLeaf(fetches, (leaf) => {
    const found = resolve(graph, leaf);
    if (found instanceof Operation) list.operations.push(found);
    else if (found) list.outputs.push(found);
  });
  return list;
}

/** Puts values, in the order of `listFetches`, into the shape of what was asked for. */
export function assembleFetches<T>(graph: Graph, fetches: T, values: readonly FetchedValue[]): Fetched<T> {
  let next = 0;
  const assemble = (part: unknown): unknown => {
    if (isBranch(part)) return mapBranch(part, assemble);
    return resolve(graph, part) instanceof Output ? values[next++] : undefined;
  };
  return assemble(fetches) as Fetched<T>;
}

/** Reads a value from the backend and makes it the caller's own. */
export async function readFetched(value: Value): Promise<FetchedValue> {
  if (!(value instanceof tf.Tensor)) return value;
  const data = (await value.data()) as Float32Array | Int32Array | Uint8Array;
  if (value.rank === 0) return Number(data[0]);
  return Object.assign(data.slice(), { shape: [...value.shape] });
}

/** The output that a fetched or fed thing means; a variable means its reference, so its value after the run. */
export function resolve(graph: Graph, leaf: unknown): Operation | Output | undefined {
  if (leaf === undefined || leaf === null || leaf === false) return undefined;
  if (leaf instanceof Operation || leaf instanceof Output) return leaf;
  if (typeof leaf === "string") {
    return leaf.includes(":") ? findOutput(graph.getTensorByName(leaf)) : graph.getOperationByName(leaf);
  }
  if (isVariable(leaf)) return leaf.op.outputs[0];
  const output = leaf instanceof tf.Tensor ? findOutput(leaf) : undefined;
  if (output) return output;
  throw new InvalidArgumentError(`This cannot be fetched or fed: it is no tensor of a graph (${typeof leaf}).`);
}

/** The output that a feed replaces; for a variable its read. */
export function feedTarget(graph: Graph, key: tf.Tensor | string): Output {
  const output = isVariable(key) && !key.useResource ? key.readOutput() : resolve(graph, key);
  if (!(output instanceof Output)) throw new InvalidArgumentError("Only tensors can be fed, not operations.");
  return output;
}

function eachLeaf(part: unknown, visit: (leaf: unknown) => void): void {
  if (isBranch(part)) for (const inner of Object.values(part)) eachLeaf(inner, visit);
  else visit(part);
}

function isBranch(part: unknown): part is unknown[] | Record<string, unknown> {
  if (typeof part !== "object" || part === null) return false;
  const prototype: unknown = Object.getPrototypeOf(part);
  return Array.isArray(part) || prototype === Object.prototype || prototype === null;
}

function mapBranch(part: unknown[] | Record<string, unknown>, map: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(part)) return part.map(map);
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, map(inner)]));
}
