// The operations a Saver adds to the graph: names and structure as TensorFlow's (SV-9), run on bundle files.
import * as tf from "@tensorflow/tfjs-core";
import { FormatError } from "#base/errors";
import type { Bundle } from "#formats/bundle/openBundle";
import { sliceRuns, sliceSpec } from "#formats/bundle/tensorSlices";
import { bytesPerElement } from "#formats/tensor/dtypes";
import { decodeStrings, encodeStrings } from "#formats/bundle/stringTensor";
import type { AttrValue } from "#formats/graphDef/graphDef";
import type { Dtype } from "#model/checkpoint";
import { isNotFound } from "#node/files";
import { boolAttr, intAttr, listAttr, shapeAttr, stringAttr, typeAttr } from "../graph/attrs";
import { addConstant, hostConstant, onlyOutput } from "../graph/constants";
import { carrierOf, sameShape, sizeOf } from "../graph/dtypes";
import { DataLossError, InvalidArgumentError, NotFoundError } from "../graph/errors";
import type { Graph } from "../graph/graph";
import { opOf } from "../graph/graphTensor";
import type { Operation, Output, Value } from "../graph/operation";
import type { Variable } from "../scope/variable";
import { openCheckpoint, type OpenCheckpoint } from "./openCheckpoint";
import type { Saveable } from "./saveables";
import { heldValues, storedBytes, type HeldValues } from "./storedValues";
import { writeCheckpoint, type TensorToSave } from "./writeCheckpoint";

/** What a Saver runs and feeds. */
export interface SaveOperations {
  /** Fed with the checkpoint's prefix. */
  readonly filename: Output;
  /** Computing it saves; its value is the prefix. */
  readonly save: Output;
  /** Running it restores every variable. */
  readonly restoreAll: Operation;
}

/** How the operations are made. */
export interface SaveOperationsOptions {
  /** Name scope, made unique: `save` unless given. */
  readonly name?: string;
  /** Value of the filename tensor when it is not fed. */
  readonly filename?: string;
  /** A file for each device of the variables (SV-13). */
  readonly sharded?: boolean;
  /** Values take the variables' shapes if they have as many elements (SV-12). */
  readonly reshape?: boolean;
}

/** Adds save and restore operations for these variables to the graph. */
export function makeSaveOperations(
  graph: Graph,
  saveables: readonly Saveable[],
  { name = "save", filename = "model", sharded = false, reshape = false }: SaveOperationsOptions = {},
): SaveOperations {
  return graph.withinNameScope(name, () => {
    const input = stringConst(graph, "filename/input", filename);
    const defaulted = passThrough(graph, { type: "PlaceholderWithDefault", name: "filename", from: input });
    const fed = passThrough(graph, { type: "PlaceholderWithDefault", name: "Const", from: defaulted });
    if (sharded) {
      const shards = byDevice(saveables);
      const save = makeShardedSave(graph, shards, fed);
      const restores = shards.map((shard) => makeRestore(graph, shard, { filename: fed, name: "restore_shard", reshape }));
      return { filename: fed, save, restoreAll: waitFor(graph, restores, "restore_all") };
    }
    const save = makeSave(graph, saveables, fed);
    const done = passThrough(graph, { type: "Identity", name: "control_dependency", from: fed, after: save });
    return { filename: fed, save: done, restoreAll: makeRestore(graph, saveables, { filename: fed, name: "restore_all", reshape }) };
  });
}

/** The saveables of each device, devices in the order of their names. */
function byDevice(saveables: readonly Saveable[]): Saveable[][] {
  const devices = new Map<string, Saveable[]>();
  for (const saveable of saveables) {
    const { device } = saveable.variable.op;
    devices.set(device, [...(devices.get(device) ?? []), saveable]);
  }
  return [...devices.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/**
 * TensorFlow's structure: a SaveV2 for each shard and one operation that merges them. Here the merge writes all files, so
 * that a save which dies leaves no shard that nothing belongs to.
 */
function makeShardedSave(graph: Graph, shards: readonly Saveable[][], filename: Output): Output {
  const suffix = stringConst(graph, "StringJoin/inputs_1", "_temp/part");
  const base = graph.createOperation({
    type: "StringJoin",
    inputs: [filename, suffix],
    attrs: new Map([["N", intAttr(2)], ["separator", stringAttr("")]]),
    outputs: [{ dtype: "string", shape: [] }],
    run: ([prefix, part]) => [encoded(textOf(prefix) + textOf(part))],
  });
  const count = addConstant(graph, { values: Int32Array.of(shards.length), shape: [], dtype: "int32" }, "num_shards");
  const saved = shards.map((shard, at) => saveShard(graph, shard, { base: onlyOutput(base), at, count }));
  const prefixes = graph.createOperation({
    type: "Pack",
    name: "MergeV2Checkpoints/checkpoint_prefixes",
    inputs: saved,
    attrs: new Map([["T", typeAttr("string")], ["N", intAttr(saved.length)], ["axis", intAttr(0)]]),
    outputs: [{ dtype: "string", shape: [saved.length] }],
    run: (names) => [names as Uint8Array[]],
  });
  const merge = graph.createOperation({
    type: "MergeV2Checkpoints",
    inputs: [onlyOutput(prefixes), filename],
    controlInputs: saved.map(({ operation }) => operation),
    attrs: new Map([["delete_old_dirs", boolAttr(true)], ["allow_missing_files", boolAttr(false)]]),
    outputs: [],
    run: async ([, prefix], { session }) => {
      const valueOf = ({ variable }: Saveable) => session.reference(variable.op).box().value;
      await writeCheckpoint(textOf(prefix), ...shards.map((shard) => shard.map((saveable) => toSave(saveable, valueOf(saveable)))));
    },
  });
  return passThrough(graph, { type: "Identity", name: "Identity", from: filename, after: merge });
}

function saveShard(graph: Graph, shard: readonly Saveable[], { base, at, count }: { readonly base: Output; readonly at: number; readonly count: Output }): Output {
  const index = addConstant(graph, { values: Int32Array.of(at), shape: [], dtype: "int32" }, "ShardedFilename/shard");
  const named = graph.createOperation({
    type: "ShardedFilename",
    inputs: [base, index, count],
    outputs: [{ dtype: "string", shape: [] }],
    run: ([prefix]) => [encoded(`${textOf(prefix)}-${String(at).padStart(5, "0")}`)],
  });
  const { names, slices } = nameTensors(graph, "SaveV2", shard);
  const save = graph.createOperation({
    type: "SaveV2",
    inputs: [onlyOutput(named), names, slices, ...shard.map(({ variable }) => onlyOutput(variable.op))],
    attrs: new Map([["dtypes", dtypesAttr(shard)]]),
    outputs: [],
    // All inputs are there and have values; the merge writes them.
    run: () => undefined,
  });
  return passThrough(graph, { type: "Identity", name: "control_dependency", from: onlyOutput(named), after: save });
}

function makeSave(graph: Graph, saveables: readonly Saveable[], filename: Output): Operation {
  const { names, slices } = nameTensors(graph, "SaveV2", saveables);
  return graph.createOperation({
    type: "SaveV2",
    inputs: [filename, names, slices, ...saveables.map(({ variable }) => onlyOutput(variable.op))],
    attrs: new Map([["dtypes", dtypesAttr(saveables)]]),
    outputs: [],
    run: async ([prefix, , , ...values]) => {
      await writeCheckpoint(textOf(prefix), saveables.map((saveable, index) => toSave(saveable, values[index])));
    },
  });
}

function toSave({ name, dtype, shape, part }: Saveable, value: Value | undefined): TensorToSave {
  return { name, dtype, shape: part?.fullShape ?? shape, slice: part?.slice, bytes: () => bytesToStore(name, dtype, value) };
}

interface RestoreOptions {
  readonly filename: Output;
  readonly name: string;
  readonly reshape: boolean;
}

function makeRestore(graph: Graph, saveables: readonly Saveable[], { filename, name, reshape }: RestoreOptions): Operation {
  const { names, slices } = nameTensors(graph, "RestoreV2", saveables);
  const restore = graph.createOperation({
    type: "RestoreV2",
    inputs: [filename, names, slices],
    attrs: new Map([["dtypes", dtypesAttr(saveables)]]),
    outputs: saveables.map(({ dtype, shape }) => ({ dtype, shape })),
    run: ([prefix]) => readVariables(textOf(prefix), saveables, reshape),
  });
  const assigns = saveables.map(({ variable }, index) => assign(variable, restore.outputs[index]));
  return waitFor(graph, [...assigns].sort((a, b) => (a.name < b.name ? -1 : 1)), name);
}

function waitFor(graph: Graph, controlInputs: readonly Operation[], name: string): Operation {
  return graph.createOperation({ type: "NoOp", name, controlInputs, outputs: [], run: () => undefined });
}

/**
 * The values of all saveables. Missing names come first, the first one in byte order (SR-3); then all types that
 * differ, in one message (SR-4); then shapes (SR-5). Unlike TensorFlow everything is checked and read before any
 * variable changes, so that a restore that fails leaves the program as it was.
 */
async function readVariables(prefix: string, saveables: readonly Saveable[], reshape: boolean): Promise<Value[]> {
  let checkpoint: OpenCheckpoint | undefined;
  try {
    checkpoint = await openCheckpoint(prefix);
    const { bundle } = checkpoint;
    checkFit(bundle, saveables, reshape);
    const values = new Map<Saveable, () => Value>();
    let whole: WholeTensor | undefined;
    for (const saveable of inFileOrder(bundle, saveables)) {
      // The parts of one variable come one after the other, so its bytes are read once.
      if (whole?.name !== saveable.name) whole = { name: saveable.name, bytes: await bundle.read(saveable.name) };
      values.set(saveable, valueIn(whole, saveable));
    }
    // Tensors are made only when all has been read, so that a failure leaves none behind.
    return saveables.map((saveable) => values.get(saveable)?.() ?? []);
  } catch (error) {
    if (error instanceof FormatError) throw new DataLossError(error.message, undefined, { cause: error });
    if (!isNotFound(error)) throw error;
    throw new NotFoundError(`The checkpoint ${prefix} cannot be opened: a file of it is not there.`, undefined, { cause: error });
  } finally {
    await checkpoint?.close();
  }
}

function checkFit(bundle: Bundle, saveables: readonly Saveable[], reshape: boolean): void {
  const pairs = saveables.map((saveable) => ({ saveable, entry: bundle.entries.get(saveable.name) }));
  const missing = pairs.find(({ entry }) => !entry);
  if (missing && bundle.problems[0]) throw bundle.problems[0];
  if (missing) throw new NotFoundError(`Key ${missing.saveable.name} not found in checkpoint`);
  const otherTypes = pairs.flatMap(({ saveable: { name, dtype }, entry }) =>
    entry && entry.dtype !== dtype
      ? [`tensor_name = ${name}; expected dtype ${typeText(dtype)} does not equal original dtype ${typeText(entry.dtype)}`]
      : [],
  );
  if (otherTypes.length > 0) throw new InvalidArgumentError(otherTypes.join("\n"));
  for (const { saveable, entry } of pairs) {
    if (!entry || sameShape(saveable.part?.fullShape ?? saveable.shape, entry.shape)) continue;
    if (saveable.part) {
      throw new InvalidArgumentError(
        `tensor_name = ${saveable.name}; shape in shape_and_slice spec [${saveable.part.fullShape}] does not match the shape stored in checkpoint: [${entry.shape}]`,
      );
    }
    const [wanted, given] = [sizeOf(saveable.shape), sizeOf(entry.shape)];
    if (reshape && wanted === given) continue;
    if (reshape) {
      throw new InvalidArgumentError(
        `Input to reshape is a tensor with ${given} values, but the requested shape has ${wanted} (variable ${saveable.name})`,
      );
    }
    throw new InvalidArgumentError(
      `Assign requires shapes of both tensors to match. lhs shape= [${saveable.shape}] rhs shape= [${entry.shape}]` +
        ` (variable ${saveable.name})`,
    );
  }
}

/** The bytes of a part, out of those of the whole. */
function cut(whole: Uint8Array, { fullShape, slice }: NonNullable<Saveable["part"]>, elementBytes: number): Uint8Array {
  const bytes = new Uint8Array(slice.reduce((product, [, length]) => product * length, elementBytes));
  for (const { into, from, count } of sliceRuns(fullShape, slice)) {
    bytes.set(whole.subarray(into * elementBytes, (into + count) * elementBytes), from * elementBytes);
  }
  return bytes;
}

/** Reading a data file forwards only is much faster on spinning and networked disks. */
function inFileOrder(bundle: Bundle, saveables: readonly Saveable[]): Saveable[] {
  const place = ({ name }: Saveable) => bundle.entries.get(name);
  return [...saveables].sort((a, b) => {
    const [first, second] = [place(a), place(b)];
    if (!first || !second) return 0;
    return first.shard - second.shard || first.offset - second.offset || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  });
}

/** TensorFlow's C++ names of types, as its messages have them. */
function typeText(dtype: string): string {
  const known: Record<string, string> = { float32: "float", float64: "double", float16: "half" };
  return known[dtype] ?? dtype;
}

function assign(variable: Variable, value: Output | undefined): Operation {
  if (!value) throw new Error(`nothing is restored into ${variable.op.name}`);
  return opOf(variable.assign(value.tensor));
}

function nameTensors(graph: Graph, type: string, saveables: readonly Saveable[]): { names: Output; slices: Output } {
  const strings = (name: string, values: string[]) => stringConst(graph, `${type}/${name}`, values);
  return {
    names: strings("tensor_names", saveables.map(({ name }) => name)),
    slices: strings("shape_and_slices", saveables.map(({ part }) => (part ? sliceSpec(part.fullShape, part.slice) : ""))),
  };
}

function stringConst(graph: Graph, name: string, text: string | readonly string[]): Output {
  return addConstant(graph, hostConstant(text, { dtype: "string" }), name);
}

function passThrough(
  graph: Graph,
  { type, name, from, after }: { type: string; name: string; from: Output; after?: Operation },
): Output {
  const attrs: [string, AttrValue][] =
    type === "Identity"
      ? [["T", typeAttr("string")], ["_class", listAttr([stringAttr(`loc:@${from.operation.name}`)])]]
      : [["dtype", typeAttr("string")], ["shape", shapeAttr([])]];
  const operation = graph.createOperation({
    type,
    name,
    inputs: [from],
    controlInputs: after ? [after] : [],
    attrs: new Map(attrs),
    outputs: [{ dtype: "string", shape: [] }],
    run: (inputs) => inputs,
  });
  return onlyOutput(operation);
}

function dtypesAttr(saveables: readonly Saveable[]): AttrValue {
  return listAttr(saveables.map(({ dtype }) => typeAttr(dtype)));
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(value: Value | undefined): string {
  if (!(value instanceof Uint8Array)) throw new InvalidArgumentError("The name of a checkpoint must be one string.");
  return new TextDecoder().decode(value);
}

/** Strings are held as their bytes, one alone or a list; everything else as a tensor. */
async function bytesToStore(name: string, dtype: Dtype, value: Value | undefined): Promise<Uint8Array> {
  if (value instanceof tf.Tensor) return storedBytes(dtype, (await value.data()) as HeldValues);
  if (value === undefined || dtype !== "string") throw new InvalidArgumentError(`The variable ${name} holds nothing to save.`);
  return encodeStrings(value instanceof Uint8Array ? [value] : value);
}

interface WholeTensor {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function valueIn({ bytes: whole }: WholeTensor, { name, dtype, shape, part }: Saveable): () => Value {
  const bytes = part && dtype !== "string" ? cut(whole, part, bytesPerElement(dtype) ?? 1) : whole;
  if (dtype === "string") {
    const strings = decodeStrings(bytes);
    return () => (shape.length === 0 ? (strings[0] ?? new Uint8Array()) : strings);
  }
  const values = heldValues(name, dtype, bytes);
  return () => tf.tensor(values, [...shape], carrierOf(dtype));
}
