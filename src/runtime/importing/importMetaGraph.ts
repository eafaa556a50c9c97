// tf.train.import_meta_graph: a graph out of its file, with its variables, collections and Saver, ready to run (MG-3 to MG-5).
import { readFileSync } from "node:fs";
import type * as tf from "@tensorflow/tfjs-core";
import { FormatError, messageOf } from "#base/errors";
import { decodeMetaGraphDef, decodeSaverDef, decodeVariableDef, parseMetaGraphDef, type CollectionDef, type MetaGraphDef, type SaverDef } from "#formats/graphDef/metaGraphDef";
import { isNotFound } from "#node/files";
import { DataLossError, NotFoundError, ValueError } from "../graph/errors";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { asGraphTensor } from "../graph/graphTensor";
import type { Operation } from "../graph/operation";
import { Saver, type SaverOptions } from "../saving/saver";
import { variableOf } from "../scope/existingVariables";
import { importGraphDef, type Imported } from "./importGraphDef";

/** How a meta graph is imported; besides these, options of the Saver that it gives. */
export interface ImportMetaGraphOptions extends Omit<SaverOptions, "saverDef" | "varList" | "deferBuild"> {
  /** Forget which devices the file puts operations on. */
  readonly clearDevices?: boolean;
  /** Name scope for all that is imported, made unique; the open one unless given. */
  readonly importScope?: string;
  /** Tensors in place of tensors of the file, by the file's names (`x:0`): other inputs, other shapes. */
  readonly inputMap?: Readonly<Record<string, tf.Tensor>>;
}

const variableKeys: readonly string[] = [
  GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES, GraphKeys.MODEL_VARIABLES,
  GraphKeys.TRAINABLE_VARIABLES, GraphKeys.MOVING_AVERAGE_VARIABLES, GraphKeys.GLOBAL_STEP,
];

/**
 * Adds the graph of a `.meta` file (or what `exportMetaGraph` gave) to the default graph: operations, variables,
 * collections. Gives the file's Saver, which restores under the names of the checkpoint whatever the scope; where it has
 * none a Saver of the variables that the graph has below the scope, undefined where it has none there. It reads the file at once, so that it can stand in
 * scopes. A file that is not there is a NotFoundError, one that is no meta graph a DataLossError, one whose operations
 * cannot be run here a ValueError that names them.
 */
export function importMetaGraph(source: string | MetaGraphDef, options: ImportMetaGraphOptions = {}): Saver | undefined {
  const { clearDevices = false, importScope = "", inputMap = {}, ...saverOptions } = options;
  const graph = getDefaultGraph();
  const meta = typeof source === "string" ? readMetaGraph(source) : source;
  const scope = importScope ? graph.withinNameScope(importScope, (name) => name.slice(0, -1)) : graph.nameScope;
  const made = importGraphDef(graph, meta.graph, { scope, clearDevices, inputMap });
  for (const [key, collection] of meta.collections) restoreCollection(graph, { key, collection, made });
  if (meta.saver) return new Saver({ ...saverOptions, saverDef: renamed(meta.saver, made) });
  const variables = graph.getCollection<tf.Tensor>(GraphKeys.GLOBAL_VARIABLES, scope && `${scope}/`);
  return variables.length > 0 ? new Saver({ ...saverOptions, varList: variables }) : undefined;
}

/** Reads a meta graph from bytes, else from text. */
function readMetaGraph(path: string): MetaGraphDef {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (isNotFound(error)) throw new NotFoundError(`File ${path} does not exist.`, undefined, { cause: error });
    throw error;
  }
  const binary = attempt(() => decodeMetaGraphDef(bytes));
  if ("value" in binary && holdsAnything(binary.value)) return binary.value;
  const text = attempt(() => parseMetaGraphDef(new TextDecoder().decode(bytes)));
  if ("value" in text && holdsAnything(text.value)) return text.value;
  const why = "value" in text ? "it holds no graph" : messageOf(text.error);
  throw new DataLossError(`Cannot parse file ${path}: ${why}`);
}

function attempt<T>(read: () => T): { readonly value: T } | { readonly error: FormatError } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof FormatError) return { error };
    throw error;
  }
}

function holdsAnything({ graph, saver, collections }: MetaGraphDef): boolean {
  return graph.nodes.length > 0 || saver !== undefined || collections.size > 0;
}

interface CollectionToRestore {
  readonly key: string;
  readonly collection: CollectionDef;
  readonly made: Imported;
}

function restoreCollection(graph: Graph, { key, collection, made }: CollectionToRestore): void {
  for (const item of itemsOf({ key, collection, made })) graph.addToCollection(key, item);
}

function itemsOf({ key, collection, made }: CollectionToRestore): unknown[] {
  switch (collection.kind) {
    case "nodes": return collection.values.map((name) => elementOf(name, { key, made }));
    case "ints": return collection.values.map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
    case "floats": return [...collection.values];
    case "any": return [...collection.values];
    case "bytes":
      if (variableKeys.includes(key)) return collection.values.map((bytes) => variableOfDef(bytes, made));
      if (key === GraphKeys.SAVERS) return collection.values.map((bytes) => new Saver({ saverDef: renamed(decodeSaverDef(bytes), made) }));
      return collection.values.map(textOrBytes);
  }
}

function elementOf(name: string, { key, made }: { readonly key: string; readonly made: Imported }): unknown {
  const [operationName = "", index] = name.split(":");
  const operation = made.get(operationName);
  if (!operation) throw new ValueError(`The collection ${key} names ${name}, which the graph of the file does not have.`);
  return index === undefined ? operation : asGraphTensor(operation, Number(index));
}

function variableOfDef(bytes: Uint8Array, made: Imported): unknown {
  const def = decodeVariableDef(bytes);
  const operation = made.get(def.variableName.split(":")[0] ?? "");
  if (!operation) throw new ValueError(`A collection names the variable ${def.variableName}, which the graph of the file does not have.`);
  return variableOf(operation, {
    ...def,
    initializerName: renamedOperation(def.initializerName, made),
    snapshotName: renamedTensor(def.snapshotName, made),
    initialValueName: renamedTensor(def.initialValueName, made),
  });
}

/** The definition with the names that its operations got. */
function renamed(def: SaverDef, made: Imported): SaverDef {
  return {
    ...def,
    filenameTensorName: renamedTensor(def.filenameTensorName, made),
    saveTensorName: renamedTensor(def.saveTensorName, made),
    restoreOpName: renamedOperation(def.restoreOpName, made),
  };
}

function renamedOperation(name: string, made: ReadonlyMap<string, Operation>): string {
  return made.get(name)?.name ?? name;
}

function renamedTensor(name: string, made: Imported): string {
  const [operation = "", index] = name.split(":");
  return index === undefined ? renamedOperation(operation, made) : `${renamedOperation(operation, made)}:${index}`;
}

function textOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return Uint8Array.from(bytes);
  }
}
