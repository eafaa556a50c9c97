// What the operations of a Saver do, made by one here or read from a file: all they need stands in the graph.
import * as tf from "@tensorflow/tfjs-core";
import { encodeStrings } from "#formats/bundle/stringTensor";
import { parseSliceSpec } from "#formats/bundle/tensorSlices";
import type { Dtype } from "#model/checkpoint";
import { InvalidArgumentError } from "../graph/errors";
import type { FileNode, NodeReaders } from "../graph/fileNode";
import { knownValue } from "../graph/knownValues";
import type { Operation, OperationBehaviour, Output, OutputSpec, Value } from "../graph/operation";
import type { Session } from "../graph/session";
import { onValues, valueOf } from "../graph/variableValues";
import { variableTypes } from "../scope/variableOperations";
import { readKey, readVariables, type CheckpointRead } from "./readVariables";
import type { StoredTensor } from "./saveables";
import { storedBytes, type HeldValues } from "./storedValues";
import { writeCheckpoint, type TensorToSave } from "./writeCheckpoint";

/** The attribute of a restore whose values take the variables' shapes (SV-12). */
export const reshapeAttr = "_trainscope_reshape";

/** Where the inputs of SaveV2 that are saved begin: before them stand the file's name, the tensors' names and their slices. */
const firstSaved = 3;

/** SaveV2. One of a shard writes nothing: its values are there, and the merge writes all files. */
export const saving: OperationBehaviour = {
  outputs: [],
  execute: async ([prefix, , , ...held], _context, self) => {
    if (isOfShard(self)) return;
    await writeCheckpoint(textOf(prefix && valueOf(prefix)), savedTensors(self).map((tensor, index) => toSave(tensor, held[index] && valueOf(held[index]))));
  },
};

/** MergeV2Checkpoints: writes the data file of each shard, then their index. */
export const merging: OperationBehaviour = {
  outputs: [],
  execute: async ([, prefix], { session }, self) => {
    const shards = shardsOf(self).map((save) =>
      savedTensors(save).map((tensor, index) => toSave(tensor, heldBy(session, save.inputs[firstSaved + index]))));
    await writeCheckpoint(textOf(prefix && valueOf(prefix)), ...shards);
  },
};

/** StringJoin. */
export function joining(separator: string): OperationBehaviour {
  return { outputs: [scalarText], execute: onValues((parts) => [encoded(parts.map(textOf).join(separator))]) };
}

/** Pack, of strings. */
export function listing(count: number): OperationBehaviour {
  return { outputs: [{ dtype: "string", shape: [count] }], execute: onValues((texts) => [texts as Uint8Array[]]) };
}

/** ShardedFilename. */
export const numbering: OperationBehaviour = {
  outputs: [{ dtype: "string", shape: [] }],
  execute: onValues(async ([prefix, shard, count]) => {
    const [at, of] = await Promise.all([shard, count].map(async (value) => String((await (value as tf.Tensor).data())[0]).padStart(5, "0")));
    return [encoded(`${textOf(prefix)}-${at}-of-${of}`)];
  }),
};

const readAhead = new WeakMap<Operation, CheckpointRead>();

/** From now on these restores give what was read ahead and read nothing; until they are told otherwise. */
export function giveRead(restores: readonly Operation[], read: CheckpointRead | undefined): void {
  for (const restore of restores) {
    if (read) readAhead.set(restore, read);
    else readAhead.delete(restore);
  }
}

/** RestoreV2. */
export function restoring(tensors: readonly StoredTensor[], reshape: boolean): OperationBehaviour {
  return {
    outputs: tensors.map(({ dtype, shape }) => ({ dtype, shape })),
    execute: async ([prefix], _context, self) => {
      const { values } = readAhead.get(self) ?? (await readVariables(textOf(prefix && valueOf(prefix)), tensors, { reshape }));
      return tensors.map((tensor) => values.get(readKey(tensor))?.() ?? []);
    },
  };
}

/** Whether a restore's values take the shapes of their variables. */
export function reshapes({ attrs }: Operation): boolean {
  return attrs.has(reshapeAttr);
}

/** All restores that an operation waits for. */
export function restoresBehind(restoreAll: Operation): Operation[] {
  const found = new Set<Operation>();
  const look = (operation: Operation | undefined): void => {
    if (operation?.type === "RestoreV2") found.add(operation);
    else if (operation?.type === "NoOp") operation.controlInputs.forEach(look);
    else if (operation) look(operation.inputs[operation.type.startsWith("Assign") ? 1 : 0]?.operation);
  };
  look(restoreAll);
  return [...found];
}

/** A Saver's operations in a file. */
export const saveReaders: NodeReaders = {
  SaveV2: () => saving,
  MergeV2Checkpoints: () => merging,
  StringJoin: (node) => joining(node.text("separator")),
  ShardedFilename: () => numbering,
  Pack: (node) => (node.input(0).dtype === "string" ? listing(node.inputs.length) : undefined),
  RestoreV2: (node) => restoring(tensorsOf(node, node.dtypes("dtypes").map((dtype, index) => ({ dtype, shape: node.outputShape(index) }))), node.bool(reshapeAttr)),
};

/** What a SaveV2 or RestoreV2 stores of these types and shapes, under which names. */
export function tensorsOf({ inputs }: Operation | FileNode, specs: readonly OutputSpec[]): StoredTensor[] {
  const [names, slices] = [textsOf(inputs[1]), textsOf(inputs[2])];
  return specs.map(({ dtype, shape }, index) => {
    const part = parseSliceSpec(slices[index] ?? "");
    return { name: names[index] ?? "", dtype, shape, ...(part && { part: { fullShape: part.shape, slice: part.slice } }) };
  });
}

/** The operation of the variable that an output is, or is read from. */
export function variableBehind(output: Output | undefined): Operation | undefined {
  if (!output) return undefined;
  const { operation } = output;
  if (variableTypes.includes(operation.type)) return operation;
  return ["Identity", "ReadVariableOp"].includes(operation.type) ? variableBehind(operation.inputs[0]) : undefined;
}

const scalarText: OutputSpec = { dtype: "string", shape: [] };

function savedTensors(save: Operation): StoredTensor[] {
  return tensorsOf(save, save.inputs.slice(firstSaved));
}

function isOfShard({ inputs: [file] }: Operation): boolean {
  return file?.operation.type === "ShardedFilename";
}

/** The saves whose files a merge joins, by the names of the files. */
function shardsOf(merge: Operation): Operation[] {
  const files = merge.inputs[0]?.operation.inputs.map(({ operation }) => (operation.type === "Identity" ? operation.inputs[0] : operation.outputs[0])) ?? [];
  return files.flatMap((file) => merge.graph.operations.filter(({ type, inputs }) => type === "SaveV2" && inputs[0] === file));
}

function heldBy(session: Session, output: Output | undefined): Value | undefined {
  const variable = variableBehind(output);
  return variable && session.reference(variable).box().value;
}

function toSave({ name, dtype, shape, part }: StoredTensor, value: Value | undefined): TensorToSave {
  return { name, dtype, shape: part?.fullShape ?? shape, slice: part?.slice, bytes: () => bytesToStore(name, dtype, value) };
}

/** Strings are held as their bytes, one alone or a list; everything else as a tensor. */
async function bytesToStore(name: string, dtype: Dtype, value: Value | undefined): Promise<Uint8Array> {
  if (value instanceof tf.Tensor) return storedBytes(dtype, (await value.data()) as HeldValues);
  if (value === undefined || dtype !== "string") throw new InvalidArgumentError(`The variable ${name} holds nothing to save.`);
  return encodeStrings(value instanceof Uint8Array ? [value] : value);
}

function textsOf(output: Output | undefined): string[] {
  const known = output && knownValue(output);
  if (known?.dtype !== "string") throw new InvalidArgumentError("The names of what is saved must be constants.");
  return Array.from(known.values as Uint8Array[], (bytes) => new TextDecoder().decode(bytes));
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(value: Value | undefined): string {
  if (!(value instanceof Uint8Array)) throw new InvalidArgumentError("The name of a checkpoint must be one string.");
  return new TextDecoder().decode(value);
}
