// One event file read record by record, and what TensorBoard's Python reader keeps of a run's files.
import { decodeEvent } from "#formats/events/decodeEvent";
import { sessionStatuses, type Event } from "#formats/events/event";
import { asScalar } from "#formats/events/tagKind";
import { RecordScanner } from "#formats/records/recordScanner";
import { readBytes } from "./folders";

/** What one file says. */
export interface RunFile {
  readonly events: readonly Event[];
  /** Events by TensorFlow's names of what they carry. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly valuesPerTag: Readonly<Record<string, number>>;
  readonly versions: readonly string[];
  readonly writer?: string;
  readonly sessions: readonly { readonly step: number; readonly status: number; readonly path: string }[];
  readonly runMetadata: readonly { readonly tag: string; readonly step: number; readonly bytes: number }[];
  readonly metaGraphs: readonly Uint8Array[];
  readonly damage: readonly object[];
  /** Behind the last whole record. */
  readonly tailBytes: number;
}

const names: Readonly<Record<Event["what"]["kind"], string>> = {
  fileVersion: "file_version", graph: "graph_def", metaGraph: "meta_graph_def", summary: "summary", sessionLog: "session_log",
  runMetadata: "tagged_run_metadata", log: "log_message", nothing: "None",
};

export async function readRunFile(path: string): Promise<RunFile> {
  const bytes = await readBytes(path);
  const scanner = new RecordScanner();
  scanner.push(bytes);
  const events: Event[] = [];
  const damage: object[] = [];
  for (let read = scanner.next(); read.kind !== "needMore"; read = scanner.next()) {
    if (read.kind === "record") events.push(decodeEvent(read.data));
    else damage.push(read);
  }
  const contents = events.map(({ what, step }) => ({ what, step }));
  const versions = contents.flatMap(({ what }) => (what.kind === "fileVersion" ? [what] : []));
  return {
    events, damage, tailBytes: bytes.length - scanner.offset,
    kinds: counted(contents.map(({ what }) => names[what.kind])),
    valuesPerTag: counted(contents.flatMap(({ what }) => (what.kind === "summary" ? what.values.map(({ tag }) => tag) : []))),
    versions: versions.map(({ version }) => version),
    writer: versions[0]?.writer,
    sessions: contents.flatMap(({ what, step }) => (what.kind === "sessionLog" ? [{ step, status: sessionStatuses.indexOf(what.status), path: what.checkpointPath }] : [])),
    runMetadata: contents.flatMap(({ what, step }) => (what.kind === "runMetadata" ? [{ tag: what.tag, step, bytes: what.bytes.length }] : [])),
    metaGraphs: contents.flatMap(({ what }) => (what.kind === "metaGraph" ? [what.bytes] : [])),
  };
}

/** A value in the order of the files. */
export interface KeptValue {
  readonly step: number;
  /** Undefined for what is no scalar. */
  readonly value: number | undefined;
  /** Only of a tensor of strings: the first of them. */
  readonly text?: Uint8Array;
}

/** TensorBoard's Python reader: the first START does nothing, each later one drops what came before with its step or more. */
export function keptByTensorBoard(files: readonly RunFile[]): Map<string, KeptValue[]> {
  const kept = new Map<string, KeptValue[]>();
  let started = false;
  for (const { step, what } of files.flatMap(({ events }) => events)) {
    if (what.kind === "sessionLog" && what.status === "start") {
      if (started) for (const [tag, values] of kept) kept.set(tag, values.filter((value) => value.step < step));
      started = true;
    }
    if (what.kind !== "summary") continue;
    for (const { tag, value } of what.values) {
      const values = kept.get(tag) ?? [];
      const text = value.kind === "tensor" ? value.tensor.values?.[0] : undefined;
      values.push({ step, value: asScalar(value), ...(text instanceof Uint8Array && { text }) });
      kept.set(tag, values);
    }
  }
  return kept;
}

function counted(items: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}
