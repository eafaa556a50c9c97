// What our readers find in the run of a sample: the same questions that are put to TensorFlow and TensorBoard.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeEvent } from "#formats/events/decodeEvent";
import type { Event } from "#formats/events/event";
import { asScalar } from "#formats/events/tagKind";
import { decodeGraphDef } from "#formats/graphDef/graphDef";
import { RecordScanner } from "#formats/records/recordScanner";
import { latestCheckpoint } from "#runtime/saving/checkpointFiles";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import { jsonNumber, jsonTensor, type JsonTensor } from "./values";

export interface SampleFacts {
  /** The newest checkpoint, relative to nothing: absolute. */
  readonly prefix: string;
  readonly tensors: readonly JsonTensor[];
  readonly scalars: Readonly<Record<string, readonly (readonly [number, number | string])[]>>;
  readonly images: Readonly<Record<string, number>>;
  readonly histograms: Readonly<Record<string, number>>;
  /** 0 where the run has no graph in its event file. */
  readonly graphNodes: number;
  readonly graphText: boolean;
}

export async function sampleFacts(dir: string): Promise<SampleFacts> {
  const prefix = await latestCheckpoint(dir);
  if (!prefix) throw new Error("the sample saved no checkpoint");
  const scalars: Record<string, [number, number | string][]> = {};
  const images: Record<string, number> = {};
  const histograms: Record<string, number> = {};
  let graphNodes = 0;
  for (const { step, what } of await readEvents(dir)) {
    if (what.kind === "graph") graphNodes = decodeGraphDef(what.bytes).nodes.length;
    if (what.kind !== "summary") continue;
    for (const { tag, value } of what.values) {
      const scalar = asScalar(value);
      if (scalar !== undefined) (scalars[tag] ??= []).push([step, jsonNumber(scalar)]);
      else if (value.kind === "image") images[tag] = (images[tag] ?? 0) + 1;
      else if (value.kind === "histogram") histograms[tag] = (histograms[tag] ?? 0) + 1;
    }
  }
  const graphText = (await readdir(dir)).includes("graph.pbtxt");
  return { prefix, tensors: await tensorsOf(prefix), scalars, images, histograms, graphNodes, graphText };
}

/** Every event of a folder's event files; damage is a failure. */
export async function readEvents(dir: string): Promise<Event[]> {
  const names = (await readdir(dir)).filter((name) => name.includes("tfevents")).sort();
  const events: Event[] = [];
  for (const name of names) {
    const bytes = new Uint8Array(await readFile(join(dir, name)));
    const scanner = new RecordScanner();
    scanner.push(bytes);
    for (let read = scanner.next(); read.kind !== "needMore"; read = scanner.next()) {
      if (read.kind === "skipped") throw new Error(`${name} is damaged at ${read.offset}: ${read.reason}`);
      events.push(decodeEvent(read.data));
    }
    if (scanner.offset !== bytes.length) throw new Error(`${name} has ${bytes.length - scanner.offset} bytes behind its last record`);
  }
  return events;
}

/** Every tensor of a checkpoint, checksums compared. */
export async function tensorsOf(prefix: string): Promise<JsonTensor[]> {
  const { bundle, close } = await openCheckpoint(prefix);
  try {
    if (bundle.problems[0]) throw bundle.problems[0];
    const tensors: JsonTensor[] = [];
    for (const entry of bundle.entries.values()) tensors.push(jsonTensor(entry, await bundle.read(entry.name)));
    return tensors;
  } finally {
    await close();
  }
}
