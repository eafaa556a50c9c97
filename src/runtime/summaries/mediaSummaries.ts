// Summaries of sounds, texts and whole tensors (SY-1, SY-7).
import * as tf from "@tensorflow/tfjs-core";
import { decodeSummaryMetadata } from "#formats/events/decodeSummary";
import { encodeSummaryMetadata } from "#formats/events/encodeSummary";
import type { SummaryMetadata } from "#formats/events/event";
import { dtypeCode } from "#formats/tensor/dtypes";
import { intAttr } from "../graph/attrs";
import { hostConstant } from "../graph/constants";
import type { NodeReaders } from "../graph/fileNode";
import { InvalidArgumentError, ValueError } from "../graph/errors";
import { tensorProtoOf } from "../graph/graphDef";
import type { OutputSpec, Value } from "../graph/operation";
import { encodeWav } from "./encodeWav";
import { mediaTags } from "./summaryNames";
import { addSummaryOperation, graphOutput, summarizing, type Summarize, type SummaryOptions } from "./summaryOperations";

/** Options of audio summaries. */
export interface AudioSummaryOptions extends SummaryOptions {
  /** Hertz. */
  readonly sampleRate: number;
  /** How many sounds of a batch are written at most; 3 unless given. */
  readonly maxOutputs?: number;
}

/** Options of summaries of whole tensors. */
export interface TensorSummaryOptions extends SummaryOptions {
  /** TensorBoard's plugin that shows it. */
  readonly pluginName?: string;
  /** What TensorBoard shows instead of the tag. */
  readonly displayName?: string;
  /** Markdown that TensorBoard shows beside it. */
  readonly description?: string;
}

/** Sounds per record, out of a batch [sounds, frames] or [sounds, frames, channels] of values between -1 and 1. */
export function audio(name: string, tensor: tf.Tensor, options: AudioSummaryOptions): tf.Tensor {
  const { sampleRate, maxOutputs = 3 } = options;
  if (tensor.rank !== 2 && tensor.rank !== 3) throw new ValueError(`The audio summary ${name} takes [sounds, frames] or [sounds, frames, channels], not [${tensor.shape}].`);
  if (!(sampleRate > 0)) throw new ValueError(`sampleRate must be more than 0 Hertz, not ${sampleRate}.`);
  if (!Number.isInteger(maxOutputs) || maxOutputs < 1) throw new ValueError(`maxOutputs must be 1 or more, not ${maxOutputs}.`);
  const spec = { name, type: "AudioSummaryV2", tensor, options, attrs: { max_outputs: intAttr(maxOutputs) }, constants: { sample_rate: hostConstant(sampleRate) } };
  return addSummaryOperation(spec, ofSounds(tensor.shape, { maxOutputs, sampleRate }));
}

function ofSounds(shape: readonly number[], { maxOutputs, sampleRate }: { readonly maxOutputs: number; readonly sampleRate: number }): Summarize {
  const [count = 0, frames = 0, channels = 1] = shape;
  const size = frames * channels;
  return async (tag, data) => {
    const values = await data();
    return mediaTags(`${tag}/audio`, { maxOutputs, count }).map((soundTag, index) => {
      const encoded = encodeWav({ samples: values.subarray(index * size, (index + 1) * size), channels, sampleRate });
      return { tag: soundTag, value: { kind: "audio", sampleRate, channels, frames, encoded, contentType: "audio/wav" } } as const;
    });
  };
}

/** Summaries of sounds and whole tensors in a file. */
export const mediaReaders: NodeReaders = {
  AudioSummaryV2: (node) => summarizing(node, ofSounds(node.input(1).shape, { maxOutputs: node.int("max_outputs", 3), sampleRate: node.number(2) })),
  TensorSummaryV2: (node) => {
    const [serialized = new Uint8Array()] = node.constant(2).values as Uint8Array[];
    return summarizing(node, ofTensor(node.input(1), decodeSummaryMetadata(serialized)));
  },
};


/** Text per record: one string, or an array of strings that TensorBoard shows as a table. Markdown is rendered. */
export function text(name: string, tensor: tf.Tensor, options: SummaryOptions = {}): tf.Tensor {
  if (graphOutput(tensor).dtype !== "string") throw new ValueError(`The text summary ${name} must have a string tensor, not ${graphOutput(tensor).dtype}.`);
  return tensorSummary(name, tensor, { ...options, pluginName: "text" });
}

/** A whole tensor per record, of numbers or strings. */
export function tensorSummary(name: string, tensor: tf.Tensor, options: TensorSummaryOptions = {}): tf.Tensor {
  const metadata = metadataOf(options);
  const constants = { serialized_summary_metadata: hostConstant(encodeSummaryMetadata(metadata), { dtype: "string" }) };
  return addSummaryOperation({ name, type: "TensorSummaryV2", tensor, options, constants }, ofTensor(graphOutput(tensor), metadata));
}

function ofTensor({ dtype, shape }: OutputSpec, metadata: SummaryMetadata): Summarize {
  return async (tag, data, value) => {
    const proto = dtype === "string" ? stringsOf(tag, shape, value) : tensorProtoOf(await data(), shape, dtype);
    return [{ tag, metadata, value: { kind: "tensor", tensor: proto } }];
  };
}

function metadataOf({ pluginName = "", displayName = "", description = "" }: TensorSummaryOptions): SummaryMetadata {
  return { pluginName, pluginContent: new Uint8Array(), displayName, description, dataClass: 0 };
}

function stringsOf(tag: string, shape: readonly number[], value: Value | undefined) {
  if (value === undefined || value instanceof tf.Tensor) throw new InvalidArgumentError(`The summary ${tag} was not given strings.`);
  return { dtype: dtypeCode("string") ?? 0, shape: [...shape], values: value instanceof Uint8Array ? [value] : value };
}
