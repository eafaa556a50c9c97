// Which variables a Saver keeps, under which names, in which order (SV-2 to SV-6).
import type * as tf from "@tensorflow/tfjs-core";
import type { SliceExtent, TensorSlice } from "#formats/bundle/bundle";
import type { Dtype } from "#model/checkpoint";
import { ValueError } from "../graph/errors";
import type { Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { PartitionedVariable } from "../scope/partitionedVariable";
import { Variable } from "../scope/variable";

/** A variable, a variable in parts, or parts of one variable. */
export type Savable = tf.Tensor | readonly tf.Tensor[];

/** Variables to save: a list stores them under their own names, a map or object under its keys. */
export type VarList = readonly tf.Tensor[] | ReadonlyMap<string, Savable> | Readonly<Record<string, Savable>>;

/** One variable under one name of the checkpoint; parts of one variable share their name. */
export interface Saveable extends StoredTensor {
  readonly variable: Variable;
}

/** What a variable is in a checkpoint. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: Dtype;
  /** Of the variable itself, also where it is a part. */
  readonly shape: readonly number[];
  /** Which part of the tensor of that name the variable holds, where it does not hold all of it. */
  readonly part?: { readonly fullShape: readonly number[]; readonly slice: TensorSlice };
}

/** What a checkpoint holds of these variables: parts are one tensor. */
export function storedTensors(saveables: readonly Saveable[]): { readonly name: string; readonly dtype: Dtype; readonly shape: readonly number[] }[] {
  const stored = new Map(saveables.map(({ name, dtype, shape, part }) => [name, { name, dtype, shape: part?.fullShape ?? shape }]));
  return [...stored.values()];
}

/** The saveables of a list in ascending byte order of their names; all global variables of the graph without a list. */
export function saveablesOf(graph: Graph, varList?: VarList): Saveable[] {
  const saveables = varList === undefined || isList(varList) ? ofList(graph, varList) : ofNames(varList);
  return saveables.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

function ofList(graph: Graph, list?: readonly tf.Tensor[]): Saveable[] {
  const variables = list ?? graph.getCollection<tf.Tensor>(GraphKeys.GLOBAL_VARIABLES);
  const saveables = variables.flatMap(partsOf).map((each) => {
    const variable = checked(each, "a list");
    return saveable(variable.saveSlice?.fullName ?? variable.op.name, variable);
  });
  const byName = new Map<string, Saveable>();
  for (const each of saveables) {
    const other = byName.get(each.name);
    if (other && !(other.part && each.part)) throw new ValueError(`At least two variables have the same name: ${each.name}`);
    byName.set(each.name, each);
  }
  return saveables;
}

function ofNames(named: ReadonlyMap<string, Savable> | Readonly<Record<string, Savable>>): Saveable[] {
  const entries = named instanceof Map ? [...named] : Object.entries(named as Readonly<Record<string, Savable>>);
  const seen = new Set<Variable>();
  return entries.flatMap(([name, each]) => {
    const variables = partsOf(each).map((part) => checked(part, name));
    if (Array.isArray(each)) checkParts(name, variables);
    return variables.map((variable) => {
      if (seen.has(variable)) {
        throw new ValueError(`The same saveable will be restored with two names: ${variable.op.name}, here as ${name}`);
      }
      seen.add(variable);
      return saveable(name, variable);
    });
  });
}

/** The parts of a variable in parts, the elements of a list, or the thing itself. */
function partsOf(each: Savable): readonly tf.Tensor[] {
  if (each instanceof PartitionedVariable) return each.parts as readonly tf.Tensor[];
  return Array.isArray(each) ? (each as readonly tf.Tensor[]) : [each as tf.Tensor];
}

/** A list under one name holds parts of one variable and nothing else (SV-5). */
function checkParts(name: string, variables: readonly Variable[]): void {
  const wholes = new Set(variables.map(({ saveSlice }) => saveSlice?.fullName));
  if (wholes.has(undefined)) throw new ValueError(`Not all of the list under ${name} are slices of a variable.`);
  if (wholes.size > 1) throw new ValueError(`Slices under ${name} are of several variables: ${[...wholes].join(", ")}`);
}

/** A part that is the whole is stored as any other variable. */
function saveable(name: string, variable: Variable): Saveable {
  const { saveSlice: cut, shape } = variable;
  const slice = cut?.offset.map((start, at): SliceExtent => [start, cut.shape[at] ?? 1]);
  const whole = !cut || cut.fullShape.join() === cut.shape.join();
  const part = whole || !slice ? {} : { part: { fullShape: cut.fullShape, slice } };
  return { name, variable, dtype: variable.declaredDtype, shape, ...part };
}

function checked(value: unknown, place: string): Variable {
  if (!(value instanceof Variable)) throw new TypeError(`A Saver takes variables; what was given in ${place} is none.`);
  return value;
}

function isList(varList: VarList): varList is readonly tf.Tensor[] {
  return Array.isArray(varList);
}
