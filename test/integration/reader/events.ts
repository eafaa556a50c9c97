// Event files for the tests, written with our own encoders.
import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeEvent } from "#formats/events/encodeEvent";
import type { Event, EventContent } from "#formats/events/event";
import { encodeRecord } from "#formats/records/encodeRecord";

export const firstFile = "events.out.tfevents.1700000000.host";
export const secondFile = "events.out.tfevents.1700000600.host";

export function event(step: number, what: EventContent, wallTimeSeconds = 1_700_000_000 + step): Event {
  return { step, wallTimeSeconds, what };
}

/** A scalar `loss` worth a tenth of its step. */
export function loss(step: number, value = step / 10): Event {
  return event(step, { kind: "summary", values: [{ tag: "loss", value: { kind: "simple", value } }] });
}

export function bytesOf(...events: readonly Event[]): Uint8Array {
  return new Uint8Array(Buffer.concat(events.map((one) => encodeRecord(encodeEvent(one)))));
}

const version = event(0, { kind: "fileVersion", version: "brain.Event:2" });

export async function writeEvents(dir: string, name: string, ...events: readonly Event[]): Promise<void> {
  await writeFile(join(dir, name), bytesOf(version, ...events));
}

export async function appendEvents(dir: string, name: string, ...events: readonly Event[]): Promise<void> {
  await appendFile(join(dir, name), bytesOf(...events));
}
