// TensorFlow.js' model.json: what kind of model, its graph, and which weights lie in which files.
import { FormatError } from "#base/errors";
import type { GraphModel, GraphNode } from "#model/graph";
import { isObject, objectsAt, parseJson, textAt, type JsonObject } from "../json/json";
import { graphOfKerasModel, kerasModelOf } from "../keras/kerasModel";
import { dtypeNameOfProto } from "../tensor/dtypes";

/** One weight as the manifest lists it. */
export interface TfjsWeight {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Only for weights that are stored with fewer bits. */
  readonly storedAs?: string;
}

/** A model.json. */
export interface TfjsModel {
  /** `layers-model` or `graph-model`; found out from the topology where the file does not tell. */
  readonly format: string;
  readonly generatedBy?: string;
  readonly weights: readonly TfjsWeight[];
  /** Files of the weights, relative to model.json, in order. */
  readonly files: readonly string[];
  /** Layers, or operations. */
  readonly graph: GraphModel;
}

/** Reads a model.json. Throws FormatError for other JSON. */
export function parseTfjsModel(text: string): TfjsModel {
  const all = parseJson(text);
  const topology = isObject(all) ? all["modelTopology"] : undefined;
  if (!isObject(all) || !isObject(topology)) throw new FormatError("malformed", "this JSON is no model of TensorFlow.js");
  const groups = objectsAt(all, "weightsManifest");
  const isGraph = Array.isArray(topology["node"]);
  const generatedBy = textAt(all, "generatedBy");
  return {
    format: textAt(all, "format") ?? (isGraph ? "graph-model" : "layers-model"),
    ...(generatedBy !== undefined && { generatedBy }),
    weights: groups.flatMap((group) => objectsAt(group, "weights").map(weightOf)),
    files: groups.flatMap(({ paths }) => (Array.isArray(paths) ? paths.filter((path) => typeof path === "string") : [])),
    graph: isGraph ? graphOfTopology(topology) : graphOfKerasModel(kerasModelOf(topology["model_config"] ?? topology)),
  };
}

function weightOf(weight: JsonObject): TfjsWeight {
  const storedAs = textAt(weight["quantization"], "dtype");
  return { name: textAt(weight, "name") ?? "", dtype: textAt(weight, "dtype") ?? "", shape: numbersOf(weight["shape"]), ...(storedAs !== undefined && { storedAs }) };
}

function graphOfTopology(topology: JsonObject): GraphModel {
  return { nodes: objectsAt(topology, "node").map(nodeOf), functions: objectsAt(topology["library"], "function").length };
}

/** A NodeDef in protobuf's JSON form: 64-bit integers and bytes are texts. */
function nodeOf(node: JsonObject): GraphNode {
  const { input, attr } = node;
  const attrs = new Map<string, string>();
  for (const [key, value] of Object.entries(isObject(attr) ? attr : {})) {
    const text = attrText(value);
    if (text !== undefined) attrs.set(key, text);
  }
  const shape = isObject(attr) && isObject(attr["shape"]) ? shapeOf(attr["shape"]["shape"]) : undefined;
  return {
    name: textAt(node, "name") ?? "", op: textAt(node, "op") ?? "", device: textAt(node, "device") ?? "", attrs,
    inputs: Array.isArray(input) ? input.filter((each) => typeof each === "string") : [], shapes: shape ? [shape] : [],
  };
}

function attrText(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const { type, i, f, b, shape, tensor } = value;
  if (type !== undefined) return typeof type === "string" ? dtypeNameOfProto(type) : undefined;
  const plain = i ?? f ?? b;
  if (typeof plain === "string" || typeof plain === "number" || typeof plain === "boolean") return String(plain);
  if (shape !== undefined) return shapeOf(shape)?.join("×") ?? "unknown";
  return isObject(tensor) ? `${dtypeNameOfProto(textAt(tensor, "dtype") ?? "")} ${(shapeOf(tensor["tensorShape"]) ?? []).join("×")}`.trim() : undefined;
}

function shapeOf(shape: unknown): number[] | undefined {
  if (!isObject(shape) || shape["unknownRank"] === true) return undefined;
  return objectsAt(shape, "dim").map(({ size }) => Number(size ?? 0));
}

function numbersOf(list: unknown): number[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === "number") : [];
}
