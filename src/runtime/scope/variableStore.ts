// The variables of a graph by their full names: what is shared, what is made, whole or in parts (GV-2 to GV-8, PT-3).
import * as tf from "@tensorflow/tfjs-core";
import { hostConstant, type ConstantValue } from "../graph/constants";
import { isFloating, printShape, type OutputDtype } from "../graph/dtypes";
import { ValueError } from "../graph/errors";
import type { Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { findOutput } from "../graph/graphTensor";
import { buildingGraph } from "../graph/trace";
import { sliceTensor } from "../graph/sliceTensor";
import type { GetterOptions } from "./getVariable";
import { glorotUniformInitializer, zerosInitializer, type Initializer } from "./initializers";
import { PartitionedVariable } from "./partitionedVariable";
import { partitionsOf, slicesOf, type VariableSlice } from "./partitioners";
import { Variable, type InitialValue } from "./variable";
import { scopeStateOf, type ScopeState } from "./variableScope";

/** A request that has passed all getters. */
export interface StoreRequest extends GetterOptions {
  /** False: the type is the scope's, and a constant initializer decides instead. */
  readonly dtypeGiven: boolean;
}

/** The variable of exactly that name, shared or made as the request says. */
export function variableFromStore(graph: Graph, name: string, request: StoreRequest): Variable | PartitionedVariable {
  const state = scopeStateOf(graph);
  const { partitioner, shape, reuse } = request;
  if (partitioner && shape?.length !== 0) return inParts(graph, { state, name }, request);
  const found = state.partitioned.get(name);
  if (reuse === true && found) {
    checkShared(found, name, request);
    return found;
  }
  if (state.variables.has(`${name}/part_0`)) {
    throw new ValueError(
      `No partitioner was provided, but a partitioned version of the variable was found: ${name}/part_0. ` +
        "Perhaps a variable of the same name was already created with partitioning?",
    );
  }
  return single(graph, { state, name }, request);
}

interface Place {
  readonly state: ScopeState;
  readonly name: string;
}

function single(graph: Graph, { state, name }: Place, request: StoreRequest & { readonly saveSlice?: VariableSlice }): Variable {
  const { shape, initializer, reuse } = request;
  if (shape !== undefined && initializer !== undefined && typeof initializer !== "function") {
    throw new ValueError("If initializer is a constant, do not specify shape.");
  }
  if (shape?.some((length) => length !== null && !(length >= 0))) {
    throw new ValueError(`A variable's shape has no negative lengths: ${name} (${shape.join(", ")})`);
  }
  const found = state.variables.get(name);
  if (found) {
    if (!reuse) throw alreadyThere(name, found);
    checkShared(found, name, request);
    return found;
  }
  if (reuse === true) throw notThere(`Variable ${name}`);
  const variable = makeVariable(name, request);
  state.variables.set(name, variable);
  regularize(graph, variable, { name, request });
  return variable;
}

/**
 * TensorFlow calls a regularizer twice: first to see whether it gives anything, then once more in the variable's own
 * scope for the loss that is collected. Names are those of TensorFlow only if that is done here as well (GV-7).
 */
function regularize(graph: Graph, variable: Variable, { name, request }: { name: string; request: StoreRequest }): void {
  const { regularizer } = request;
  if (!regularizer) return;
  const penalty = (): tf.Tensor | null => buildingGraph(() => regularizer(variable));
  if (penalty() === null) return;
  const loss = graph.withinNameScope(`${name}/Regularizer/`, penalty);
  if (loss !== null) graph.addToCollection(GraphKeys.REGULARIZATION_LOSSES, loss);
}

function inParts(graph: Graph, { state, name }: Place, request: StoreRequest): PartitionedVariable {
  const { partitioner, initializer, reuse, dtype } = request;
  if (state.variables.has(name)) {
    throw new ValueError(
      `A partitioner was provided, but an unpartitioned version of the variable was found: ${name}. ` +
        "Perhaps a variable of the same name was already created without partitioning?",
    );
  }
  const shape = wholeShape(request);
  const partitions = partitioner ? partitionsOf(partitioner, shape, dtype) : undefined;
  const found = state.partitioned.get(name);
  if (found) return sharedParts(found, { name, partitions }, request);
  if (reuse === true) throw notThere(`PartitionedVariable ${name}`);
  if (!shape || !partitions) throw new ValueError(`The shape of ${name} must be known for its parts to be made.`);
  checkPartsThere(state, name, partitions);
  const parts = slicesOf(name, shape, partitions).map((slice, index) => {
    const full = `${name}/part_${index}`;
    if (slice.shape.includes(0)) throw new ValueError(`The partitioner wants ${partitions.join()} parts of ${name}, which is only (${shape.join()}) long.`);
    const ofPart = graph.withinNameScope(`${full}/PartitionedInitializer`, () => forPart(initializer, slice));
    const ownShape = typeof ofPart === "function" || ofPart === undefined ? slice.shape : undefined;
    return single(graph, { state, name: full }, { ...request, initializer: ofPart, shape: ownShape, saveSlice: slice });
  });
  const whole = new PartitionedVariable({ name, shape, parts, partitions });
  state.partitioned.set(name, whole);
  return whole;
}

/** The shape of the whole, which a constant initializer may tell. */
function wholeShape({ shape, initializer }: StoreRequest): readonly number[] | undefined {
  if (initializer !== undefined && typeof initializer !== "function") {
    return initializer instanceof tf.Tensor ? initializer.shape : hostConstant(initializer).shape;
  }
  return shape?.every((length) => length !== null) ? (shape as readonly number[]) : undefined;
}

/** An initializer of the whole as one of a part: functions are told the part, values are cut. */
function forPart(initializer: StoreRequest["initializer"], slice: VariableSlice): StoreRequest["initializer"] {
  if (initializer === undefined || typeof initializer === "function") return initializer;
  return sliceTensor(initializer, slice);
}

function sharedParts(
  found: PartitionedVariable,
  { name, partitions }: { readonly name: string; readonly partitions: readonly number[] | undefined },
  request: StoreRequest,
): PartitionedVariable {
  if (!request.reuse) {
    throw new ValueError(
      `Partitioned variable with name ${name} already exists. Did you mean to set reuse: true or reuse: AUTO_REUSE in variableScope?`,
    );
  }
  checkShared(found, name, request);
  if (partitions && partitions.join() !== found.partitions.join()) {
    throw new ValueError(
      `Trying to reuse partitioned variable ${name}, but specified partitions ${partitions.join()} and found partitions ${found.partitions.join()}.`,
    );
  }
  return found;
}

/** Parts that were made one by one must be those that the partitioner asks for. */
function checkPartsThere({ variables }: ScopeState, name: string, partitions: readonly number[]): void {
  if (!variables.has(`${name}/part_0`)) return;
  const count = Math.max(...partitions);
  const missing = !variables.has(`${name}/part_${count - 1}`);
  if (missing || variables.has(`${name}/part_${count}`)) {
    const what = missing ? `${name}/part_${count - 1} was not` : `${name}/part_${count} was found as well`;
    throw new ValueError(
      "Partitioner returned a different partitioning than what was already found. " +
        `Partitioner returned ${count} shards, and shard ${name}/part_0 was found, but ${what}.`,
    );
  }
}

function makeVariable(name: string, request: StoreRequest & { readonly saveSlice?: VariableSlice }): Variable {
  const { initializer, dtypeGiven, trainable, collections, useResource, constraint, saveSlice } = request;
  const dtype = (dtypeGiven ? undefined : constantDtype(initializer)) ?? request.dtype;
  const initial = initialValue(name, request, dtype);
  return new Variable(initial, { name, dtype, trainable, collections, useResource, constraint, saveSlice });
}

function initialValue(
  name: string,
  { initializer, shape, saveSlice }: StoreRequest & { readonly saveSlice?: VariableSlice },
  dtype: OutputDtype,
): InitialValue {
  const known = shape?.every((length) => length !== null) ? (shape as readonly number[]) : undefined;
  const chosen = initializer ?? defaultInitializer(name, dtype);
  if (typeof chosen !== "function") return chosen;
  if (known) return () => chosen(known, dtype, saveSlice);
  if (shape === undefined && chosen.length === 0) return () => (chosen as () => tf.Tensor)();
  throw new ValueError(
    "The initializer passed is not valid. It should be a function without arguments and the shape should not be " +
      "provided, or an initializer and the shape should be fully defined.",
  );
}

function defaultInitializer(name: string, dtype: OutputDtype): Initializer {
  if (isFloating(dtype)) return glorotUniformInitializer();
  if (/^(u?int|bool|string)/.test(dtype)) return zerosInitializer();
  throw new ValueError(`An initializer for variable ${name} of ${dtype} is required`);
}

function constantDtype(initializer: Initializer | ConstantValue | tf.Tensor | undefined): OutputDtype | undefined {
  if (initializer === undefined || typeof initializer === "function") return undefined;
  if (!(initializer instanceof tf.Tensor)) return hostConstant(initializer).dtype;
  return findOutput(initializer)?.dtype ?? (initializer.dtype as OutputDtype);
}

function checkShared(found: Variable | PartitionedVariable, name: string, { shape, dtype }: StoreRequest): void {
  const same = (length: number | null, i: number): boolean => length === null || length === found.shape[i];
  const fits = !shape || (shape.length === found.shape.length && shape.every(same));
  if (!fits) {
    const wanted = shape.every((n) => n !== null) ? printShape(shape as readonly number[]) : `(${shape.join(", ")})`;
    const there = printShape(found.shape);
    throw new ValueError(`Trying to share variable ${name}, but specified shape ${wanted} and found shape ${there}.`);
  }
  if (dtype !== found.declaredDtype) {
    const there = found.declaredDtype;
    throw new ValueError(`Trying to share variable ${name}, but specified dtype ${dtype} and found dtype ${there}.`);
  }
}

function notThere(what: string): ValueError {
  return new ValueError(`${what} does not exist, or was not created with getVariable(). Did you mean to set reuse: AUTO_REUSE?`);
}

function alreadyThere(name: string, found: Variable): ValueError {
  const source = found.op.source;
  const place = source ? ` Originally made at ${source.file}:${source.line}.` : "";
  return new ValueError(
    `Variable ${name} already exists, disallowed. ` +
      `Did you mean to set reuse: true or reuse: AUTO_REUSE in variableScope?${place}`,
  );
}
