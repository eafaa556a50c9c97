// A graph with its collections and a Saver's definition: beside each checkpoint, and as a file of its own (MG-1 to MG-3, SS-5).
import type * as tf from "@tensorflow/tfjs-core";
import type { GraphDef } from "#formats/graphDef/graphDef";
import {
  encodeMetaGraphDef,
  encodeSaverDef,
  encodeVariableDef,
  printMetaGraphDef,
  type CollectionDef,
  type MetaGraphDef,
  type SaverDef,
} from "#formats/graphDef/metaGraphDef";
import { scopePrefix } from "#model/scopedName";
import { replaceFile } from "#node/files";
import { explainWrite } from "#node/writeProblem";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { graphDefOf } from "../graph/graphDef";
import { GraphKeys } from "../graph/graphKeys";
import { findOutput, tensorName } from "../graph/graphTensor";
import { Operation, Output } from "../graph/operation";
import { Variable } from "../scope/variable";

/** The TensorFlow release whose conventions the file follows. */
const tensorflowVersion = "1.15.0";

/** What of a graph becomes a meta graph. */
export interface MetaGraphOptions {
  /** Keys of the collections that go with it; all unless given. */
  readonly collectionList?: readonly string[];
  /** Leave out which devices operations lie on. */
  readonly clearDevices?: boolean;
  /** Leave out all Savers but this one, with their operations (MG-2). */
  readonly clearExtraneousSavers?: boolean;
}

/** How a meta graph is exported. */
export interface ExportMetaGraphOptions extends MetaGraphOptions {
  /** Where to write it; without a name nothing is written. */
  readonly filename?: string;
  /** As text instead of bytes (MG-3). */
  readonly asText?: boolean;
  /** The default graph unless given. */
  readonly graph?: Graph;
  /** The Saver that goes with it; none unless given (MG-2). */
  readonly saverDef?: SaverDef;
}

/** `tf.train.export_meta_graph`: the graph with its collections, as it is now; also written where a name is given. */
export async function exportMetaGraph({ filename, asText = false, graph = getDefaultGraph(), saverDef, ...options }: ExportMetaGraphOptions = {}): Promise<MetaGraphDef> {
  const meta = metaGraphOf(graph, saverDef, options);
  if (filename === undefined) return meta;
  try {
    await replaceFile(filename, asText ? printMetaGraphDef(meta) : encodeMetaGraphDef(meta));
  } catch (error) {
    throw explainWrite(`The meta graph ${filename}`, error);
  }
  return meta;
}

/** The meta graph of a graph; with a Saver's definition if there is one (MG-2). */
export function metaGraphOf(
  graph: Graph,
  saver?: SaverDef,
  { collectionList, clearDevices = false, clearExtraneousSavers = false }: MetaGraphOptions = {},
): MetaGraphDef {
  const whole = graphDefOf(graph);
  const dropped = clearExtraneousSavers ? operationsOfOtherSavers(whole, saver) : new Set<string>();
  const nodes = whole.nodes.filter(({ name }) => !dropped.has(name)).map((node) => (clearDevices ? { ...node, device: "" } : node));
  const collections = new Map<string, CollectionDef>();
  for (const key of collectionList ?? graph.getAllCollectionKeys()) {
    const items = clearExtraneousSavers && key === GraphKeys.SAVERS ? onlySaver(graph, saver) : graph.getCollection(key);
    const collection = collectionDef(items.filter((item) => !dropped.has(nodeName(item)?.split(":")[0] ?? "")));
    if (collection) collections.set(key, collection);
  }
  return { graph: { ...whole, nodes }, tags: [], tensorflowVersion, ...(saver && { saver }), collections };
}

/** All operations in name scopes where something is saved or restored, but those of this Saver's. */
function operationsOfOtherSavers({ nodes }: GraphDef, saver: SaverDef | undefined): Set<string> {
  const own = new Set([saver?.saveTensorName, saver?.restoreOpName].map((name) => scopePrefix(name ?? "")));
  const others = new Set(nodes.filter(({ op }) => /^(Save|Restore)/.test(op)).map(({ name }) => scopePrefix(name)).filter((scope) => scope !== "" && !own.has(scope)));
  return new Set(nodes.filter(({ name }) => [...others].some((scope) => name.startsWith(scope))).map(({ name }) => name));
}

function onlySaver(graph: Graph, saver: SaverDef | undefined): unknown[] {
  return graph.getCollection(GraphKeys.SAVERS).filter((item) => isSaver(item) && item.asSaverDef().restoreOpName === saver?.restoreOpName);
}

/** Variables and Savers as their definitions, texts and numbers as they are, operations and tensors by name; anything else, or a mixture, is left out (MG-1). */
function collectionDef(items: readonly unknown[]): CollectionDef | undefined {
  if (items.length === 0) return undefined;
  if (items.every((item) => item instanceof Variable)) return { kind: "bytes", values: items.map(variableDef) };
  if (items.every(isSaver)) return { kind: "bytes", values: items.map((saver) => encodeSaverDef(saver.asSaverDef())) };
  if (items.every((item) => typeof item === "string" || item instanceof Uint8Array)) {
    return { kind: "bytes", values: items.map((item) => (typeof item === "string" ? new TextEncoder().encode(item) : item)) };
  }
  if (items.every((item) => Number.isSafeInteger(item) || typeof item === "bigint")) return { kind: "ints", values: (items as (number | bigint)[]).map(BigInt) };
  if (items.every((item) => typeof item === "number")) return { kind: "floats", values: items };
  const names = items.map(nodeName);
  return names.every((name) => name !== undefined) ? { kind: "nodes", values: names } : undefined;
}

function isSaver(item: unknown): item is { asSaverDef(): SaverDef } {
  return typeof item === "object" && item !== null && "asSaverDef" in item;
}

function nodeName(item: unknown): string | undefined {
  if (item instanceof Operation || item instanceof Output) return item.name;
  if (typeof item !== "object" || item === null) return undefined;
  return item instanceof Variable ? undefined : findOutput(item as tf.Tensor)?.name;
}

function variableDef(variable: Variable): Uint8Array {
  return encodeVariableDef({
    variableName: variable.name,
    initializerName: variable.initializer.name,
    snapshotName: variable.reads[0]?.name ?? "",
    initialValueName: tensorName(variable.initialValue),
    trainable: variable.trainable,
    isResource: variable.useResource,
    ...(variable.saveSlice && { slice: variable.saveSlice }),
  });
}
