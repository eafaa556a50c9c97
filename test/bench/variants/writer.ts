// A training, as far as a reader of its event file can tell: bursts of points, written now and then by another process.
import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { encodeEvent } from "#formats/events/encodeEvent";
import { encodeRecord } from "#formats/records/encodeRecord";
import type { Measured, VariantArguments } from "../measured";

/** Points per burst, and the time between two bursts. */
export const burst = { points: 20, everyMs: 20 } as const;

/** Appends `count` bursts. The wall time of each point is the reading of the machine's monotonic clock just before it was written. */
export async function writeBursts({ path, count }: VariantArguments): Promise<Measured> {
  for (let step = 0; step < count; step++) {
    await pause(burst.everyMs);
    const wallTimeSeconds = monotonicSeconds();
    const records = Array.from({ length: burst.points }, (_, at) =>
      encodeRecord(encodeEvent({ wallTimeSeconds, step, what: { kind: "summary", values: [{ tag: `tag ${at}`, value: { kind: "simple", value: step } }] } })));
    appendFileSync(path, Buffer.concat(records));
  }
  return { value: 0, result: "" };
}

/** The same clock in every process of the machine. */
export function monotonicSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}
