// Loading an event file: our reader as the program uses it, and the least that any reader must do.
import { crc32cWithin, maskCrc } from "#formats/bytes/crc32c";
import { RunReader } from "#host/reader/runReader";
import { secondsOf, type Measured, type VariantArguments } from "../measured";
import { digestOf, walkRecords } from "./columns";

/** Every point kept, both checksums compared, in columns: seconds. */
export async function readerLoad({ path }: VariantArguments): Promise<Measured> {
  const reader = newReader(path);
  const value = await secondsOf(() => reader.refresh());
  return { value, result: digestOf(columnsOf(reader)) };
}

/** What the process has grown by when all points are loaded: bytes of resident memory. */
export async function readerMemory({ path }: VariantArguments): Promise<Measured> {
  const before = residentBytes();
  const reader = newReader(path);
  await reader.refresh();
  return { value: residentBytes() - before, result: String(reader.content().tags.reduce((sum, { points }) => sum + points, 0)) };
}

/** A pass that only reads the records and compares their checksums, in the same language: seconds. */
export async function checksumPass({ path, count }: VariantArguments): Promise<Measured> {
  let sound = 0;
  const value = await secondsOf(() => {
    walkRecords(path, (_, view, { from, to }) => {
      const lengthHolds = view.getUint32(from - 4, true) === maskCrc(crc32cWithin(view, from - 12, from - 4));
      if (lengthHolds && view.getUint32(to, true) === maskCrc(crc32cWithin(view, from, to))) sound++;
    });
  });
  if (sound !== count + 1) throw new Error(`${sound} sound records instead of ${count + 1}`);
  return { value, result: "" };
}

/** A reader of the folder or file that tells nobody. */
export function newReader(path: string): RunReader {
  return new RunReader(path, () => undefined);
}

/** All of a reader's points, for comparison. */
export function columnsOf(reader: RunReader): Parameters<typeof digestOf>[0] {
  return reader.content().tags.map(({ tag }) => {
    const series = reader.events.tag(tag)?.series;
    return { tag, steps: series?.steps ?? [], values: series?.values ?? [], wallTimes: series?.wallTimeSeconds ?? [] };
  });
}

/** After all garbage is gone. */
function residentBytes(): number {
  if (!globalThis.gc) throw new Error("run with --expose-gc");
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage.rss();
}
