// What it costs to follow many runs of which none grows.
import { cpSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { writeEventFile } from "../data";
import { newReader } from "./loading";
import type { Measured, VariantArguments } from "../measured";

/** Every run is looked at once in such a time, however long it has been quiet. */
const watchedMs = 30_000;

/** Follows `count` runs of one file each, in a tree below the folder: processor seconds per second while nothing happens. */
export async function idleFollowing({ path, count }: VariantArguments): Promise<Measured> {
  const one = writeEventFile(join(path, "one"), 40);
  const readers = [];
  for (let at = 0; at < count; at++) {
    const dir = join(path, "tree", String(at % 10), `run ${at}`);
    mkdirSync(dir, { recursive: true });
    cpSync(one, join(dir, basename(one)));
    const reader = newReader(dir);
    await reader.refresh();
    reader.follow();
    readers.push(reader);
  }
  await pause(2000);
  const before = process.cpuUsage();
  await pause(watchedMs);
  const { user, system } = process.cpuUsage(before);
  for (const reader of readers) reader.dispose();
  return { value: (user + system) / 1000 / watchedMs, result: String(count) };
}
