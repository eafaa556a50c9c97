// Event files as the traces tell them: [what, step, …, {t}] per record.
import { asScalar } from "#formats/events/tagKind";
import type { Event } from "#formats/events/event";
import { filesBelow, jsonNumber } from "./folders";
import { readRunFile } from "./runFile";
import { dirname } from "node:path";

export type EventEntry = readonly [what: string, step: number, ...rest: unknown[]];

/** The event files below the current folder that are not among `known`, oldest first, with their folders. */
export async function newEventFiles(known: ReadonlySet<string>): Promise<string[]> {
  return (await filesBelow(".")).filter((file) => isEventFile(file) && !known.has(file));
}

export function isEventFile(file: string): boolean {
  return file.includes("events.out.tfevents");
}

/** What one file says; times count from `epoch`, and are left out where `epoch` is. */
export async function eventTrace(file: string, epoch?: number): Promise<[string, EventEntry[]]> {
  const { events } = await readRunFile(file);
  return [dirname(file), events.map((event) => entryOf(event, epoch))];
}

function entryOf({ step, wallTimeSeconds, what }: Event, epoch: number | undefined): EventEntry {
  const at = epoch === undefined ? [] : [{ t: Math.round((wallTimeSeconds - epoch) * 1e4) / 1e4 }];
  switch (what.kind) {
    case "fileVersion": return ["file_version", step];
    case "graph": return ["graph_def", step, ...at];
    case "metaGraph": return ["meta_graph_def", step, ...at];
    case "sessionLog": return ["session_log", step, what.status.toUpperCase(), what.checkpointPath, ...at];
    case "summary": return ["summary", step, ...what.values.map(({ tag, value }) => [tag, jsonNumber(asScalar(value) ?? Number.NaN)]), ...at];
    default: return [what.kind, step, ...at];
  }
}
