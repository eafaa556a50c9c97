// The operations a Saver adds to the graph: names and structure as TensorFlow's (SV-9).
import { sliceSpec } from "#formats/bundle/tensorSlices";
import type { AttrValue } from "#formats/graphDef/graphDef";
import { boolAttr, intAttr, listAttr, shapeAttr, stringAttr, typeAttr } from "../graph/attrs";
import { addConstant, hostConstant, onlyOutput } from "../graph/constants";
import { group } from "../graph/controlDependencies";
import type { Graph } from "../graph/graph";
import { opOf } from "../graph/graphTensor";
import { passing } from "../graph/identity";
import type { Operation, Output } from "../graph/operation";
import type { Variable } from "../scope/variable";
import type { Saveable } from "./saveables";
import { joining, listing, merging, numbering, reshapeAttr, restoring, saving } from "./saveNodes";

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
    const reading = { filename: fed, reshape };
    if (sharded) {
      const shards = byDevice(saveables);
      const save = makeShardedSave(graph, shards, fed);
      const restores = shards.map((shard) => makeRestore(graph, shard, { ...reading, name: "restore_shard" }));
      return { filename: fed, save, restoreAll: waitFor(graph, restores, "restore_all") };
    }
    const save = makeSave(graph, saveables, fed);
    const done = passThrough(graph, { type: "Identity", name: "control_dependency", from: fed, after: save });
    return { filename: fed, save: done, restoreAll: makeRestore(graph, saveables, { ...reading, name: "restore_all" }) };
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
    ...joining(""),
  });
  const count = addConstant(graph, { values: Int32Array.of(shards.length), shape: [], dtype: "int32" }, "num_shards");
  const saved = shards.map((shard, at) => saveShard(graph, shard, { base: onlyOutput(base), at, count }));
  const prefixes = graph.createOperation({
    type: "Pack",
    name: "MergeV2Checkpoints/checkpoint_prefixes",
    inputs: saved,
    attrs: new Map([["T", typeAttr("string")], ["N", intAttr(saved.length)], ["axis", intAttr(0)]]),
    ...listing(saved.length),
  });
  const merge = graph.createOperation({
    type: "MergeV2Checkpoints",
    inputs: [onlyOutput(prefixes), filename],
    controlInputs: saved.map(({ operation }) => operation),
    attrs: new Map([["delete_old_dirs", boolAttr(true)], ["allow_missing_files", boolAttr(false)]]),
    ...merging,
  });
  return passThrough(graph, { type: "Identity", name: "Identity", from: filename, after: merge });
}

function saveShard(graph: Graph, shard: readonly Saveable[], { base, at, count }: { readonly base: Output; readonly at: number; readonly count: Output }): Output {
  const index = addConstant(graph, { values: Int32Array.of(at), shape: [], dtype: "int32" }, "ShardedFilename/shard");
  const named = graph.createOperation({
    type: "ShardedFilename",
    inputs: [base, index, count],
    ...numbering,
  });
  const { names, slices } = nameTensors(graph, "SaveV2", shard);
  const save = graph.createOperation({
    type: "SaveV2",
    inputs: [onlyOutput(named), names, slices, ...shard.map(savedOutput)],
    attrs: new Map([["dtypes", dtypesAttr(shard)]]),
    ...saving,
  });
  return passThrough(graph, { type: "Identity", name: "control_dependency", from: onlyOutput(named), after: save });
}

function makeSave(graph: Graph, saveables: readonly Saveable[], filename: Output): Operation {
  const { names, slices } = nameTensors(graph, "SaveV2", saveables);
  return graph.createOperation({
    type: "SaveV2",
    inputs: [filename, names, slices, ...saveables.map(savedOutput)],
    attrs: new Map([["dtypes", dtypesAttr(saveables)]]),
    ...saving,
  });
}

/** A reference variable is saved as it is, of a resource variable what is read. */
function savedOutput({ variable }: Saveable): Output {
  return variable.useResource ? (variable.reads[0] as Output) : onlyOutput(variable.op);
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
    attrs: new Map([["dtypes", dtypesAttr(saveables)], ...(reshape ? [[reshapeAttr, boolAttr(true)] as const] : [])]),
    ...restoring(saveables, reshape),
  });
  const assigns = saveables.map(({ variable }, index) => assign(variable, restore.outputs[index]));
  return waitFor(graph, [...assigns].sort((a, b) => (a.name < b.name ? -1 : 1)), name);
}

function waitFor(graph: Graph, controlInputs: readonly Operation[], name: string): Operation {
  return graph.asDefault(() => group(controlInputs, { name }));
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
    ...passing(from),
  });
  return onlyOutput(operation);
}

function dtypesAttr(saveables: readonly Saveable[]): AttrValue {
  return listAttr(saveables.map(({ dtype }) => typeAttr(dtype)));
}
