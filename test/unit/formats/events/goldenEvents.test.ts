// Event files written by TensorFlow, tensorboardX and by hand: every record as TensorFlow's own reader sees it.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { decodeEvent } from "#formats/events/decodeEvent";
import { encodeEvent } from "#formats/events/encodeEvent";
import type { Event, EventContent, SummaryContent, SummaryValue } from "#formats/events/event";
import { ScalarEvents } from "#formats/events/scalarEvents";
import { asScalar } from "#formats/events/tagKind";
import { decodeGraphDef } from "#formats/graphDef/graphDef";
import { encodeRecord } from "#formats/records/encodeRecord";
import { RecordScanner, type RecordRead } from "#formats/records/recordScanner";
import { dtypeName } from "#formats/tensor/dtypes";
import { tensorValues } from "#formats/tensor/tensorValues";
import { golden, hex, jsonNumber, jsonOf } from "../golden";

interface ExpectedRecord { offset: number; length: number; wall_time: number; step: number | string; what: string | null; values?: object[] }
interface ExpectedFile { size: number; readable_bytes: number; error?: object; records?: ExpectedRecord[] }

/** The expectations list the values of small tensors only. */
const mostListedValues = 12;

const files = golden("events");
const cases = [...files.keys()].filter((path) => path.endsWith(".expected.json") && path !== "expected.json");
const eventFiles = cases.flatMap((path) => {
  const { files: expected } = jsonOf<{ files: Record<string, ExpectedFile> }>(files, path);
  const folder = path.replace(".expected.json", "");
  return Object.entries(expected).flatMap(([name, file]) => (file.records ? [{ name: `${folder}/${name}`, file, records: file.records }] : []));
});

test("there are event files to compare with", () => {
  expect(eventFiles.length).toBeGreaterThan(60);
});

describe.each(eventFiles)("$name", ({ name, file, records }) => {
  const bytes = files.get(name) ?? new Uint8Array();

  test("every record that TensorFlow reads is read the same", () => {
    const found = readAll([bytes]).flatMap((read) => (read.kind === "record" && read.offset < file.readable_bytes ? [read] : []));
    expect(found.map(({ offset, data }) => seen(offset, data))).toEqual(records.map(wanted));
  });
  test("after damage reading goes on, without damage nothing is skipped", () => {
    const reads = readAll([bytes]);
    const damaged = file.error !== undefined;
    if (!damaged) expect(reads.filter(({ kind }) => kind === "skipped")).toEqual([]);
    expect(reads.filter(({ kind }) => kind === "record").length).toBeGreaterThanOrEqual(records.length);
  });
  test("bytes that come one by one give the same", () => {
    expect(readAll(Array.from(bytes.subarray(0, 5000), (byte) => Uint8Array.of(byte)))).toEqual(readAll([bytes.subarray(0, 5000)]));
  });
  test("what is written again is read again the same", () => {
    for (const read of readAll([bytes])) {
      if (read.kind !== "record") continue;
      const event = orNothing(() => decodeEvent(read.data));
      if (event) expect(decodeEvent(encodeEvent(event))).toEqual(event);
    }
  });
  test("the short way for scalars agrees with the long one", () => {
    const scalars = new ScalarEvents();
    for (const read of readAll([bytes])) {
      if (read.kind !== "record") continue;
      const event = orNothing(() => decodeEvent(read.data));
      const short = scalars.read(new DataView(read.data.buffer, read.data.byteOffset, read.data.length), 0, read.data.length);
      if (event && !short) scalars.learn(read.data, event);
      if (!short) continue;
      const { wallTimeSeconds, step, tag, value } = scalars;
      const values = event?.what.kind === "summary" ? event.what.values : [];
      expect({ wallTimeSeconds: event?.wallTimeSeconds, step: event?.step, points: values.map((one) => [one.tag, asScalar(one.value)]) })
        .toEqual({ wallTimeSeconds, step, points: [[tag, value]] });
    }
  });
});

test("records of TensorFlow's own writer are written again byte for byte", () => {
  for (const name of ["tf1-scalars/events.out.tfevents.1700000000.host", "tf1-sessions/events.out.tfevents.1700000000.host"]) {
    const bytes = files.get(name);
    if (!bytes) continue;
    const again = readAll([bytes]).map((read) => (read.kind === "record" ? encodeRecord(encodeEvent(decodeEvent(read.data))) : new Uint8Array()));
    expect(Buffer.concat(again).equals(bytes)).toBe(true);
  }
});

function readAll(pieces: readonly Uint8Array[]): RecordRead[] {
  const scanner = new RecordScanner();
  const reads: RecordRead[] = [];
  for (const piece of pieces) {
    scanner.push(piece);
    for (let read = scanner.next(); read.kind !== "needMore"; read = scanner.next()) reads.push(read);
  }
  return reads;
}

function orNothing<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
    return undefined;
  }
}

/** One record in the words of the expectations. A step beyond 2^53 is refused by us, and told as text by TensorFlow. */
function seen(offset: number, data: Uint8Array): object {
  const event = orNothing(() => decodeEvent(data));
  if (!event) return { offset, length: data.length, what: "refused" };
  return { offset, length: data.length, wall_time: jsonNumber(event.wallTimeSeconds), step: event.step, ...content(event) };
}

function wanted(record: ExpectedRecord): object {
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
  return { ...rest, lengths: all.map(({ length }) => length), sha256: all.map((bytes) => createHash("sha256").update(bytes).digest("hex")) };
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
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
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
    return { lengths: strings.map(({ length }) => length), sha256: strings.map((bytes) => createHash("sha256").update(bytes).digest("hex")) };
  }
  const numbers = values.map((value) => jsonNumber(Number(value)));
  if (numbers.length <= mostListedValues) return { values: numbers };
  const bytes = tensor.content ?? new Uint8Array(Float32Array.from(values, Number).buffer);
  return { first: numbers.slice(0, 6), sha256: createHash("sha256").update(bytes).digest("hex") };
}
