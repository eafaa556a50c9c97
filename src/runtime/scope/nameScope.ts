// Name scopes: prefixes of operations' names (NS-1 to NS-7).
import type * as tf from "@tensorflow/tfjs-core";
import { ValueError } from "../graph/errors";
import { getDefaultGraph, refusePromise, type Graph } from "../graph/graph";
import { opOf } from "../graph/graphTensor";
import { isVariable } from "../graph/variableMark";

/** For functions whose callers may name them, as TF1's `tf.name_scope(name, default_name, values)`. */
export interface NameScopeOptions {
  /** Taken where the name is null. */
  readonly defaultName?: string;
  /** Tensors that are used inside: their graph, which must be one, is the default graph inside (NS-7). */
  readonly values?: readonly tf.Tensor[];
}

type Name = string | null | undefined;

/**
 * Runs `body` with operations named under `name`, which is made unique; "name/" re-enters that very scope, "" and null
 * are the root. `body` gets the scope's full name with a slash at its end.
 */
export function nameScope<T>(name: Name, body: (scope: string) => T): T;
export function nameScope<T>(name: Name, options: NameScopeOptions, body: (scope: string) => T): T;
export function nameScope<T>(name: Name, second: NameScopeOptions | ((scope: string) => T), third?: (scope: string) => T): T {
  const [options, body] = typeof second === "function" ? [{}, second] : [second, third];
  if (!body) throw new TypeError("nameScope takes a callback that makes what is inside");
  const { defaultName, values } = options;
  if (defaultName !== undefined && typeof defaultName !== "string") throw new TypeError("defaultName is not a string.");
  const chosen = name ?? defaultName;
  if (chosen === undefined && values !== undefined) {
    throw new ValueError("At least one of name and defaultName must be provided.");
  }
  if (typeof (chosen ?? "") !== "string") throw new TypeError("The name of a scope is a string.");
  const graph = graphOf(values ?? []);
  return graph.asDefault(() => graph.withinNameScope(chosen, body));
}

/** Runs `body` outside of all control dependencies, the name scope kept: for what belongs to the start of a program (CD-7). */
export function initScope<T>(body: () => T): T {
  return getDefaultGraph().control.within(undefined, () => refusePromise(body()));
}

function graphOf(values: readonly tf.Tensor[]): Graph {
  const graphs = new Set(values.map((value) => (isVariable(value) ? value.op : opOf(value)).graph));
  if (graphs.size > 1) throw new ValueError("The values of a name scope must be of one graph.");
  return [...graphs][0] ?? getDefaultGraph();
}
