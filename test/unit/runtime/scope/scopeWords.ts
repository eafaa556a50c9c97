// The language of the recorded scope programs: statements, and the words for regularizers, partitioners and parts.
import * as tf from "@tensorflow/tfjs";
import { sliceSpec } from "#formats/bundle/tensorSlices";
import {
  fixedSizePartitioner,
  minMaxVariablePartitioner,
  noRegularizer,
  variableAxisSizePartitioner,
  type Partitioner,
  type Regularizer,
  type Variable,
  type VariableSlice,
} from "#runtime/index";

/** One statement of a program; its fields depend on `op`. */
export type Statement = { readonly op: string; readonly body?: readonly Statement[] } & Readonly<Record<string, unknown>>;

export interface Program {
  readonly id: string;
  readonly program: readonly Statement[];
  readonly expect: {
    readonly trace: readonly Record<string, unknown>[];
    readonly nodes: readonly (readonly [string, string, readonly string[]])[];
    readonly collections: Readonly<Record<string, readonly string[]>>;
    readonly getter_calls?: readonly (readonly unknown[])[] | null;
    readonly error?: { readonly type: string; readonly at: string } | null;
  };
}

/** The statements of programs as they are written: whole numbers are told from others by their point alone. */
export function parsePrograms(text: string): Program[] {
  const marked = text.replace(/"value": ?(-?\d+)(?=[\s,}])/g, '"value":$1,"whole":true');
  return (JSON.parse(marked) as { programs: Program[] }).programs;
}

/** What of a program this library cannot do by its nature, or undefined. */
export function impossibleIn(statements: readonly Statement[]): string | undefined {
  const ops = statements.map(({ op, scope, as }) => (op === "close" ? String(scope) : op === "open" ? String(as) : undefined));
  const opened = statements.flatMap(({ op, as }) => (op === "open" ? [String(as)] : []));
  const closed = ops.filter((_name, at) => statements[at]?.op === "close");
  const inTry = JSON.stringify(statements).includes('"op":"try","body":[{"op":"close"');
  if (inTry || closed.join() !== [...opened].reverse().join()) return "scopes that are left out of order: here a scope is a callback";
  return undefined;
}

/** `{number: …}` and `{text: …}` are values as they are. */
export function plain(given: unknown): unknown {
  if (typeof given !== "object" || given === null) return given;
  const { number, text } = given as { number?: number; text?: string };
  return number ?? text;
}

/** A regularizer by its description. */
export function regularizerOf(given: unknown): Regularizer | undefined {
  if (given === undefined) return undefined;
  if (given === "none") return noRegularizer;
  if (given === "nothing") return () => null;
  const { sum_times: factor } = given as { sum_times: number };
  return (weights) => tf.mul(tf.sum(weights), factor);
}

/** A partitioner by its description. */
export function partitionerOf(given: unknown): Partitioner | undefined {
  if (given === undefined) return undefined;
  const { counts } = given as { counts?: readonly number[] };
  if (counts !== undefined) return () => counts;
  const { fixed, max_bytes: bytes, min_max: most, axis = 0, ...more } = given as Readonly<Record<string, number | undefined>>;
  if (fixed !== undefined) return fixedSizePartitioner(fixed, { axis });
  const { max_shards: maxShards, min_slice: minSliceSize } = more;
  if (bytes !== undefined) return variableAxisSizePartitioner(bytes, { axis, ...(maxShards !== undefined && { maxShards }) });
  return minMaxVariablePartitioner({ maxPartitions: most ?? 1, axis, ...(minSliceSize !== undefined && { minSliceSize }) });
}

/** TensorFlow's text of the part that a variable is. */
export function sliceText({ saveSlice }: Variable): string {
  const { fullShape, offset, shape } = saveSlice as VariableSlice;
  return sliceSpec(fullShape, offset.map((start, at) => [start, shape[at] ?? -1] as const));
}
