// Which files of a folder are event files, and what the operating system says of each.
import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, isNotFound } from "./files";

/** An event file as it lies on disk. */
export interface EventFileEntry {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** Tells a file from another one that took its name. */
  readonly identity: string;
}

/** Whether a file name is an event file's (formats 7). Profilers leave empty dummies behind. */
export function isEventFileName(name: string): boolean {
  return name.includes("tfevents") && !name.endsWith(".profile-empty");
}

/** The event files of a folder in the order of their names; of a path to one file, that file. Links are followed. */
export async function listEventFiles(path: string): Promise<EventFileEntry[]> {
  const all = await namesOrNoFolder(path);
  if (!all) {
    const there = await stat(path);
    return there.isFile() ? [entryOf(path, path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1), there)] : [];
  }
  const names = all.filter(isEventFileName).sort(byCodeUnits);
  const found = await Promise.all(names.map((name) => entryIn(path, name)));
  return found.flatMap((entry) => (entry ? [entry] : []));
}

/** When the writer of an event file began, from its name; undefined where the name tells no time. */
export function startedSeconds(name: string): number | undefined {
  const [, seconds] = /tfevents\.(\d{10})(\.|$)/.exec(name) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Undefined where there is no folder. */
async function namesOrNoFolder(path: string): Promise<string[] | undefined> {
  try {
    return await readdir(path);
  } catch (error) {
    if (codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

async function entryIn(dir: string, name: string): Promise<EventFileEntry | undefined> {
  try {
    const path = join(dir, name);
    const there = await stat(path);
    return there.isFile() ? entryOf(path, name, there) : undefined;
  } catch (error) {
    // It went between the two looks, or it is a link to nothing.
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function entryOf(path: string, name: string, there: Stats): EventFileEntry {
  return { name, path, bytes: there.size, identity: `${there.dev}:${there.ino}` };
}

function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
