// Keras' description of a model in JSON, of Keras 2 and 3, as layers and as a graph of layers (formats 11).
import { FormatError } from "#base/errors";
import type { GraphModel, GraphNode } from "#model/graph";
import { isObject, parseJson, textAt, type JsonObject } from "../json/json";

/** One layer of a model. */
export interface KerasLayer {
  readonly name: string;
  readonly className: string;
  /** Names of the layers of the same model whose outputs it takes. */
  readonly inputs: readonly string[];
  /** Output shapes where the description tells; -1 is unknown. */
  readonly shape?: readonly number[];
  /** Only for a layer that is a model itself. */
  readonly model?: KerasModel;
}

/** A model. */
export interface KerasModel {
  readonly name: string;
  readonly className: string;
  readonly layers: readonly KerasLayer[];
  /** Names of the layers that give its outputs. */
  readonly outputs: readonly string[];
}

/** Models may be layers of models so many times. */
const maxNesting = 50;
/** JSON inside a layer's call is looked through so deep for the layers that it names. */
const maxCallDepth = 100;

/** Reads what `to_json` writes and the `keras` tag of event files holds. Throws FormatError for anything else. */
export function parseKerasModel(text: string): KerasModel {
  return kerasModelOf(parseJson(text));
}

/** A model out of its parsed description. */
export function kerasModelOf(description: unknown, depth = 0): KerasModel {
  const className = textAt(description, "class_name");
  const config = isObject(description) ? description["config"] : undefined;
  const list = isObject(config) ? config["layers"] : config;
  if (className === undefined || !Array.isArray(list)) throw new FormatError("malformed", "this JSON describes no Keras model");
  if (depth > maxNesting) throw new FormatError("tooDeep", "models are nested too deep");
  const chained = className === "Sequential";
  const layers: KerasLayer[] = [];
  for (const item of list.filter(isObject)) {
    const before = layers.at(-1)?.name;
    layers.push(layerOf(item, { depth, chainedTo: chained && before !== undefined ? [before] : undefined }));
  }
  const outputs = chained ? layers.slice(-1).map(({ name }) => name) : namedLayers(isObject(config) ? config["output_layers"] : undefined);
  return { name: textAt(config, "name") ?? textAt(description, "name") ?? className.toLowerCase(), className, layers, outputs };
}

/** Every layer an operation, models as scopes; what goes into a model goes into its first layers. */
export function graphOfKerasModel(model: KerasModel): GraphModel {
  const nodes: GraphNode[] = [];
  addModel(model, { scope: model.name, from: [], nodes });
  return { nodes, functions: 0 };
}

function layerOf(item: JsonObject, { depth, chainedTo }: { readonly depth: number; readonly chainedTo?: readonly string[] }): KerasLayer {
  const config = item["config"];
  const className = textAt(item, "class_name") ?? "";
  const nested = isObject(config) && Array.isArray(config["layers"]) ? kerasModelOf(item, depth + 1) : undefined;
  const name = textAt(item, "name") ?? textAt(config, "name") ?? nested?.name ?? className;
  const shape = shapeOf(item, config);
  const inputs = chainedTo ?? namedLayers(item["inbound_nodes"]);
  return { name, className, inputs, ...(shape && { shape }), ...(nested && { model: nested }) };
}

/**
 * The layers that a description of calls names, each once: Keras 2 writes `[layer, node, tensor, …]`, Keras 3 tensors with
 * a `keras_history` of the same form.
 */
function namedLayers(calls: unknown): string[] {
  const names = new Set<string>();
  const look = (item: unknown, depth: number): void => {
    if (depth > maxCallDepth) throw new FormatError("tooDeep", "the calls of a layer are nested too deep");
    if (Array.isArray(item)) {
      const [layer, node, tensor] = item as unknown[];
      if (typeof layer === "string" && typeof node === "number" && typeof tensor === "number") names.add(layer);
      for (const part of item) look(part, depth + 1);
    } else if (isObject(item)) for (const part of Object.values(item)) look(part, depth + 1);
  };
  look(calls, 0);
  return [...names];
}

function shapeOf(item: JsonObject, config: unknown): number[] | undefined {
  const told = isObject(config) ? (config["batch_shape"] ?? config["batch_input_shape"] ?? config["batchInputShape"]) : undefined;
  const input = textAt(item, "class_name") === "InputLayer" && Array.isArray(told) ? told : undefined;
  return input?.map((size) => (typeof size === "number" ? size : -1));
}

interface Adding {
  /** Full name of the model, without the trailing slash. */
  readonly scope: string;
  /** Nodes that feed the model. */
  readonly from: readonly string[];
  readonly nodes: GraphNode[];
}

/** Adds a model's layers; answers the names of the nodes that give its outputs. */
function addModel({ layers, outputs, className }: KerasModel, { scope, from, nodes }: Adding): readonly string[] {
  const ends = new Map<string, readonly string[]>();
  layers.forEach(({ name, className: op, inputs, shape, model }, at) => {
    const first = className === "Sequential" ? at === 0 : inputs.length === 0;
    const sources = first ? from : inputs.flatMap((input) => ends.get(input) ?? [`${scope}/${input}`]);
    if (model) return void ends.set(name, addModel(model, { scope: `${scope}/${name}`, from: sources, nodes }));
    const node = `${scope}/${name}`;
    nodes.push({ name: node, op, inputs: sources, device: "", attrs: new Map(), shapes: shape ? [shape] : [] });
    ends.set(name, [node]);
  });
  return outputs.flatMap((output) => ends.get(output) ?? [`${scope}/${output}`]);
}
