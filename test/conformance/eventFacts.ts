// Events in the words of the expectations, and the expectations in the form in which they are compared.
import { FormatError } from "#base/errors";
import { decodeEvent } from "#formats/events/decodeEvent";
import type { Event, EventContent, SummaryContent, SummaryValue } from "#formats/events/event";
import { decodeGraphDef } from "#formats/graphDef/graphDef";
import { dtypeName } from "#formats/tensor/dtypes";
import { tensorValues } from "#formats/tensor/tensorValues";
import { hex, jsonNumber, sha256 } from "./folders";

export interface ExpectedRecord {
  readonly offset: number;
  readonly length: number;
  readonly wall_time: number | string;
  readonly step: number | string;
  readonly what: string | null;
  readonly values?: readonly Readonly<Record<string, unknown>>[];
  readonly session_log?: { readonly status: number };
}

/** The expectations list the values of small tensors only. */
const mostListedValues = 12;

/** One record in the words of the expectations. A step beyond 2^53 is refused by us, and told as text by TensorFlow. */
export function seenRecord(offset: number, data: Uint8Array): object {
  const event = decodedOrNothing(data);
  if (!event) return { offset, length: data.length, what: "refused" };
  return { offset, length: data.length, wall_time: jsonNumber(event.wallTimeSeconds), step: event.step, ...content(event) };
}

/** The same of the expectations. */
export function wantedRecord(record: ExpectedRecord): object {
  const { offset, length, step, values, ...rest } = record;
  if (typeof step === "string") return { offset, length, what: "refused" };
  return { offset, length, step, ...rest, ...(values && { values: values.map((value) => wantedValue({ ...value })) }) };
}

function wantedValue(value: Record<string, unknown>): object {
  const { node_name, tag, tensor, ...rest } = value;
  return { tag: node_name ?? tag, ...rest, ...(isStrings(tensor) ? { tensor: digestOfStrings(tensor) } : tensor !== undefined && { tensor }) };
}

interface ExpectedStrings { strings: string[] }

function isStrings(tensor: unknown): tensor is ExpectedStrings {
  return typeof tensor === "object" && tensor !== null && "strings" in tensor;
}

/** Short strings are listed, others digested; here all are digested. Bytes that are no text are listed as \xNN. */
function digestOfStrings({ strings, ...rest }: ExpectedStrings): object {
  const all = strings.map((text) => {
    const parts = text.split(/(\\x[0-9a-f]{2})/);
    return Buffer.concat(parts.map((part) => (part.startsWith("\\x") ? Buffer.from(part.slice(2), "hex") : Buffer.from(part))));
  });
  return { ...rest, lengths: all.map(({ length }) => length), sha256: all.map((bytes) => sha256(bytes)) };
}

function content({ what }: Event): object {
  switch (what.kind) {
    case "fileVersion": return { what: "file_version", file_version: what.version, ...(what.writer !== undefined && { writer: what.writer }) };
    case "summary": return { what: "summary", values: what.values.map(seenValue) };
    case "sessionLog": return { what: "session_log", session_log: seenSession(what) };
    case "log": return { what: "log_message", log_message: [what.level, what.message] };
    case "graph": {
      const { nodes, functions } = decodeGraphDef(what.bytes);
      return { what: "graph_def", ...digest(what.bytes), nodes: nodes.length, functions };
    }
    case "metaGraph": return { what: "meta_graph_def", ...digest(what.bytes) };
    case "runMetadata": return { what: "tagged_run_metadata", tag: what.tag, bytes: what.bytes.length };
    case "nothing": return { what: null };
  }
}

function seenSession({ status, checkpointPath, message }: Extract<EventContent, { kind: "sessionLog" }>): object {
  return { status: ["unspecified", "start", "stop", "checkpoint"].indexOf(status), checkpoint_path: checkpointPath, msg: message };
}

function digest(bytes: Uint8Array): object {
  return { bytes: bytes.length, sha256: sha256(bytes) };
}

function seenValue({ tag, metadata, value }: SummaryValue): object {
  const told = metadata && {
    plugin: metadata.pluginName, content_hex: hex(metadata.pluginContent), display_name: metadata.displayName,
    description: metadata.description, data_class: metadata.dataClass,
  };
  return { tag, ...(told && { metadata: told }), ...seenContent(value) };
}

function seenContent(value: SummaryContent): object {
  switch (value.kind) {
    case "simple": return { kind: "simple_value", value: jsonNumber(value.value) };
    case "none": return { kind: null };
    case "image": return { kind: "image", image: [value.width, value.height, value.colorspace, ...Object.values(digest(value.encoded))] };
    case "histogram":
      return {
        kind: "histo",
        histo: {
          min: jsonNumber(value.min), max: jsonNumber(value.max), num: value.num, sum: jsonNumber(value.sum), sum_squares: jsonNumber(value.sumSquares),
          limits: value.limits.length, first_limits: [...value.limits.subarray(0, 3)],
          counts_sum: value.counts.reduce((sum, count) => sum + count, 0),
        },
      };
    case "audio": {
      const { sampleRate, channels, frames, contentType, encoded } = value;
      return { kind: "audio", audio: { sample_rate: sampleRate, num_channels: channels, length_frames: frames, content_type: contentType, ...digest(encoded) } };
    }
    case "tensor": return { kind: "tensor", tensor: { dtype: dtypeName(value.tensor.dtype), shape: value.tensor.shape, ...seenTensor(value.tensor) } };
    case "oldHistogram": return { kind: "obsolete", bytes: value.bytes.length };
  }
}

function seenTensor(tensor: Parameters<typeof tensorValues>[0]): object {
  const values = Array.from<number | bigint | Uint8Array>(tensorValues(tensor));
  if (dtypeName(tensor.dtype) === "string") {
    const strings = values.filter((value) => value instanceof Uint8Array);
    return { lengths: strings.map(({ length }) => length), sha256: strings.map((bytes) => sha256(bytes)) };
  }
  const numbers = values.map((value) => jsonNumber(Number(value)));
  if (numbers.length <= mostListedValues) return { values: numbers };
  const bytes = tensor.content ?? new Uint8Array(Float32Array.from(values, Number).buffer);
  return { first: numbers.slice(0, 6), sha256: sha256(bytes) };
}

function decodedOrNothing(data: Uint8Array): Event | undefined {
  try {
    return decodeEvent(data);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
