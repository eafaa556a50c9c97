// Summary operations: each run turns a tensor into the bytes of a Summary message (SY-1 to SY-8).
import * as tf from "@tensorflow/tfjs-core";
import { decodeSummary } from "#formats/events/decodeSummary";
import { encodeSummary } from "#formats/events/encodeSummary";
import type { SummaryValue } from "#formats/events/event";
import type { AttrValue } from "#formats/graphDef/graphDef";
import { intAttr, typeAttr } from "../graph/attrs";
import { addConstant, hostConstant, onlyOutput } from "../graph/constants";
import type { HostConstant } from "../graph/constantValues";
import { isFloating } from "../graph/dtypes";
import { InvalidArgumentError, ValueError } from "../graph/errors";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import { outputOf } from "../graph/graphTensor";
import type { FileNode, NodeReaders } from "../graph/fileNode";
import type { OperationBehaviour, Output, OutputSpec, Value } from "../graph/operation";
import { onValues } from "../graph/variableValues";
import { Variable } from "../scope/variable";
import { encodePng } from "./encodePng";
import { histogramOf } from "./histogram";
import { pixelsOfFloats, pixelsOfIntegers } from "./imagePixels";
import { mediaTags, summaryScope, summaryTag } from "./summaryNames";

/** Options that all summaries have. */
export interface SummaryOptions {
  /** Keys of the collections to join instead of `summaries`, from which `mergeAll` takes (SY-3). */
  readonly collections?: readonly string[];
  /** A prefix that groups tags (SY-2). */
  readonly family?: string;
}

/** Options of image summaries. */
export interface ImageSummaryOptions extends SummaryOptions {
  /** How many images of a batch are written at most; 3 unless given. */
  readonly maxOutputs?: number;
}

/** A number per record. */
export function scalar(name: string, tensor: tf.Tensor, options: SummaryOptions = {}): tf.Tensor {
  if (tensor.size !== 1) throw new ValueError(`The scalar summary ${name} was given ${tensor.size} values.`);
  return addSummaryOperation({ name, type: "ScalarSummary", tensor, options }, ofScalar);
}

const ofScalar: Summarize = async (tag, data) => [{ tag, value: { kind: "simple", value: Math.fround(Number((await data())[0])) } }];

/** The distribution of a tensor's values per record. */
export function histogram(name: string, tensor: tf.Tensor, options: SummaryOptions = {}): tf.Tensor {
  return addSummaryOperation({ name, type: "HistogramSummary", tensor, options }, ofHistogram);
}

const ofHistogram: Summarize = async (tag, data) => [{ tag, value: histogramOf(tag, await data()) }];

/**
 * Pictures per record, out of a batch [images, height, width, 1, 3 or 4]. Floating point values are scaled per image,
 * whole numbers taken as bytes (SY-6).
 */
export function image(name: string, tensor: tf.Tensor, options: ImageSummaryOptions = {}): tf.Tensor {
  const { maxOutputs = 3 } = options;
  const [, , , channels = 0] = tensor.shape;
  if (tensor.rank !== 4 || ![1, 3, 4].includes(channels)) {
    throw new ValueError(`The image summary ${name} takes [images, height, width, 1, 3 or 4], not [${tensor.shape}].`);
  }
  if (!Number.isInteger(maxOutputs) || maxOutputs < 1) throw new ValueError(`maxOutputs must be 1 or more, not ${maxOutputs}.`);
  const spec = { name, type: "ImageSummary", tensor, options, attrs: { max_images: intAttr(maxOutputs) } };
  return addSummaryOperation(spec, ofImages(graphOutput(tensor), maxOutputs));
}

function ofImages({ dtype, shape }: OutputSpec, maxOutputs: number): Summarize {
  const [images = 0, height = 0, width = 0, channels = 0] = shape;
  const size = height * width * channels;
  const floating = isFloating(dtype);
  return async (tag, data) => {
    const values = await data();
    const tags = mediaTags(`${tag}/image`, { maxOutputs, count: images });
    return Promise.all(
      tags.map(async (imageTag, index) => {
        const own = values.subarray(index * size, (index + 1) * size);
        const bytes = floating ? pixelsOfFloats(own, channels) : pixelsOfIntegers(own);
        const encoded = await encodePng({ width, height, channels, bytes });
        return { tag: imageTag, value: { kind: "image", height, width, colorspace: channels, encoded } } as const;
      }),
    );
  };
}

/** One summary of several; the same tag twice is an error of the run (SY-8). */
export function merge(
  inputs: readonly tf.Tensor[],
  { collections = [], name }: { readonly collections?: readonly string[]; readonly name?: string } = {},
): tf.Tensor {
  const graph = getDefaultGraph();
  return graph.withinNameScope(name ?? "Merge", () => {
    const operation = graph.createOperation({
      type: "MergeSummary",
      name: name ?? "MergeSummary",
      inputs: inputs.map(graphOutput),
      attrs: new Map([["N", intAttr(inputs.length)]]),
      ...merging,
    });
    return collected(graph, onlyOutput(operation), collections);
  });
}

const merging: OperationBehaviour = { outputs: [{ dtype: "string", shape: [] }], execute: onValues((values) => [mergeBytes(values)]) };

/** Summaries in a file; their tags are constants (MG-8). */
export const summaryReaders: NodeReaders = {
  ScalarSummary: (node) => summarizing(node, ofScalar),
  HistogramSummary: (node) => summarizing(node, ofHistogram),
  ImageSummary: (node) => summarizing(node, ofImages(node.input(1), node.int("max_images", 3))),
  MergeSummary: () => merging,
};

/** What a summary operation of a file does, whose first input is its tag. */
export function summarizing(node: FileNode, summarize: Summarize): OperationBehaviour {
  const [tag] = node.constant(0).values as Uint8Array[];
  return summaryOf(new TextDecoder().decode(tag), summarize);
}

function summaryOf(tag: string, summarize: Summarize): OperationBehaviour {
  return {
    outputs: [{ dtype: "string", shape: [] }],
    execute: onValues(async ([, value]) => [encodeSummary(await summarize(tag, () => numbersOf(tag, value), value))]),
  };
}

/** One summary of all that a collection holds; undefined if it holds none. `scope` is a regular expression (SY-8). */
export function mergeAll(key: string = GraphKeys.SUMMARIES, scope?: string): tf.Tensor | undefined {
  const summaries = getDefaultGraph().getCollection<tf.Tensor>(key, scope);
  return summaries.length > 0 ? merge(summaries) : undefined;
}

type Numbers = Float32Array | Int32Array | Uint8Array;

/** What a summary says of a value, under a tag. */
export type Summarize = (tag: string, data: () => Promise<Numbers>, value: Value | undefined) => Promise<SummaryValue[]>;

/** A summary operation: what it is called, what it takes, how TensorFlow describes it. */
export interface SummarySpec {
  readonly name: string;
  readonly type: string;
  readonly tensor: tf.Tensor;
  readonly options: SummaryOptions;
  readonly attrs?: Readonly<Record<string, AttrValue>>;
  /** Further inputs that are constants, by their names. */
  readonly constants?: Readonly<Record<string, HostConstant>>;
}

/** Opens the summary's scope, whose unique name becomes the tag and the operation's name (SY-1). */
export function addSummaryOperation(
  { name, type, tensor, options, attrs = {}, constants = {} }: SummarySpec,
  summarize: Summarize,
): tf.Tensor {
  const graph = getDefaultGraph();
  const { family, collections = [GraphKeys.SUMMARIES] } = options;
  return graph.withinNameScope(summaryScope(name, family), (scope) => {
    const tag = summaryTag(scope, family);
    const input = graphOutput(tensor);
    const part = type === "ScalarSummary" ? "tags" : "tag";
    const operation = graph.createOperation({
      type,
      name: scope,
      inputs: [
        addConstant(graph, hostConstant(tag), part),
        input,
        ...Object.entries(constants).map(([key, value]) => addConstant(graph, value, key)),
      ],
      attrs: new Map<string, AttrValue>([["T", typeAttr(input.dtype)], ...Object.entries(attrs)]),
      ...summaryOf(tag, summarize),
    });
    return collected(graph, onlyOutput(operation), collections);
  });
}

function collected(graph: Graph, output: Output, collections: readonly string[]): tf.Tensor {
  for (const key of collections) graph.addToCollection(key, output.tensor);
  return output.tensor;
}

export function graphOutput(tensor: tf.Tensor): Output {
  return tensor instanceof Variable ? tensor.readOutput() : outputOf(tensor);
}

async function numbersOf(tag: string, value: Value | undefined): Promise<Numbers> {
  if (!(value instanceof tf.Tensor)) throw new InvalidArgumentError(`The summary ${tag} was not given numbers.`);
  return (await value.data()) as Numbers;
}

/** A Summary is a list of values, so several one after the other are one. */
function mergeBytes(summaries: readonly Value[]): Uint8Array {
  const parts = summaries.map((part) => {
    if (!(part instanceof Uint8Array)) throw new InvalidArgumentError("Only summaries can be merged.");
    return part;
  });
  const seen = new Set<string>();
  for (const { tag } of parts.flatMap((part) => decodeSummary(part))) {
    if (tag !== "" && seen.has(tag)) throw new InvalidArgumentError(`Duplicate tag ${tag} found in summary inputs`);
    seen.add(tag);
  }
  return Buffer.concat(parts);
}
