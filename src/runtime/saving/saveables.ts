// Which variables a Saver keeps, under which names, in which order (SV-2 to SV-6).
import type * as tf from "@tensorflow/tfjs-core";
import type { Dtype } from "#model/checkpoint";
import { ValueError } from "../graph/errors";
import type { Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { Variable } from "../scope/variable";

/** Variables to save: a list stores them under their own names, a map or object under its keys. */
export type VarList = readonly tf.Tensor[] | ReadonlyMap<string, tf.Tensor> | Readonly<Record<string, tf.Tensor>>;

/** One variable under one name of the checkpoint. */
export interface Saveable {
  readonly name: string;
  readonly variable: Variable;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/** The saveables of a list in ascending byte order of their names; all global variables of the graph without a list. */
export function saveablesOf(graph: Graph, varList?: VarList): Saveable[] {
  const saveables = varList === undefined || isList(varList) ? ofList(graph, varList) : ofNames(varList);
  return saveables.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

function ofList(graph: Graph, list?: readonly tf.Tensor[]): Saveable[] {
  const variables = list ?? graph.getCollection<tf.Tensor>(GraphKeys.GLOBAL_VARIABLES);
  const byName = new Map<string, Saveable>();
  for (const each of variables) {
    const variable = checked(each, "a list");
    const { name } = variable.op;
    if (byName.has(name)) throw new ValueError(`At least two variables have the same name: ${name}`);
    byName.set(name, saveable(name, variable));
  }
  return [...byName.values()];
}

function ofNames(named: ReadonlyMap<string, tf.Tensor> | Readonly<Record<string, tf.Tensor>>): Saveable[] {
  const entries = named instanceof Map ? [...named] : Object.entries(named as Readonly<Record<string, tf.Tensor>>);
  const seen = new Set<Variable>();
  return entries.map(([name, each]) => {
    const variable = checked(each, name);
    if (seen.has(variable)) {
      throw new ValueError(`The same saveable will be restored with two names: ${variable.op.name}, here as ${name}`);
    }
    seen.add(variable);
    return saveable(name, variable);
  });
}

function saveable(name: string, variable: Variable): Saveable {
  return { name, variable, dtype: variable.declaredDtype, shape: variable.shape };
}

function checked(value: unknown, place: string): Variable {
  if (!(value instanceof Variable)) throw new TypeError(`A Saver takes variables; what was given in ${place} is none.`);
  return value;
}

function isList(varList: VarList): varList is readonly tf.Tensor[] {
  return Array.isArray(varList);
}
