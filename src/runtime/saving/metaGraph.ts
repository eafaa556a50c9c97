// A graph with its collections and a Saver's definition, as it stands beside each checkpoint (MG-1, SS-5).
import type * as tf from "@tensorflow/tfjs-core";
import { encodeVariableDef, type CollectionDef, type MetaGraphDef, type SaverDef } from "#formats/graphDef/metaGraphDef";
import type { Graph } from "../graph/graph";
import { graphDefOf } from "../graph/graphDef";
import { findOutput, tensorName } from "../graph/graphTensor";
import { Operation, Output } from "../graph/operation";
import { Variable } from "../scope/variable";

/** The TensorFlow release whose conventions the file follows. */
const tensorflowVersion = "1.15.0";

/** The meta graph of a graph; with a Saver's definition if there is one (MG-2). */
export function metaGraphOf(graph: Graph, saver?: SaverDef): MetaGraphDef {
  const collections = new Map<string, CollectionDef>();
  for (const key of graph.getAllCollectionKeys()) {
    const collection = collectionDef(graph.getCollection(key));
    if (collection) collections.set(key, collection);
  }
  return { graph: graphDefOf(graph), tags: [], tensorflowVersion, ...(saver && { saver }), collections };
}

/** Variables as their definitions, texts as they are, operations and tensors by name; anything else, or a mixture, is left out (MG-1). */
function collectionDef(items: readonly unknown[]): CollectionDef | undefined {
  if (items.length === 0) return undefined;
  if (items.every((item) => item instanceof Variable)) return { kind: "bytes", values: items.map(variableDef) };
  if (items.every((item) => typeof item === "string")) return { kind: "bytes", values: items.map((text) => new TextEncoder().encode(text)) };
  const names = items.map(nodeName);
  return names.every((name) => name !== undefined) ? { kind: "nodes", values: names } : undefined;
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
  });
}
