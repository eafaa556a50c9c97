// Names of a checkpoint's files, and what a state file says for a list of prefixes (SS-2, SS-7, ST-4, ST-6, ST-7).
import { isAbsolute, join, relative } from "node:path";
import type { CheckpointState } from "#formats/checkpointState/checkpointState";

/** Name of the state file unless a save says otherwise (ST-1). */
export const defaultStateFile = "checkpoint";

/** Digits of a padded step (SS-2). */
const paddedDigits = 8;

/** A checkpoint's prefix: the path, and where a step is known `-<step>`, padded with zeros if asked for (SS-2). */
export function checkpointPrefix(path: string, step?: number, padStepNumber = false): string {
  if (step === undefined) return path;
  return `${path}-${padStepNumber ? String(step).padStart(paddedDigits, "0") : step}`;
}

/** The path of a prefix's meta graph: without a shard's `-i-of-n`, with the suffix (SS-7). */
export function metaFileName(prefix: string, suffix = "meta"): string {
  return `${prefix.replace(/-[\d?]+-of-\d+$/, "")}.${suffix}`;
}

/** What goes into a state file. */
export interface StateOfSaves {
  /** Folder of the state file. */
  readonly dir: string;
  readonly newest: string;
  /** Oldest first. */
  readonly all: readonly string[];
  /** Write paths relative to `dir` even where they are absolute, so that the folder may be moved (ST-7). */
  readonly relativePaths?: boolean;
}

/** The state file for a save: the newest is the last of the list (ST-4), paths as ST-6 and ST-7 rewrite them. */
export function stateOfSaves({ dir, newest, all, relativePaths = false }: StateOfSaves): CheckpointState {
  const list = all.at(-1) === newest ? all : [...all, newest];
  const rewrite = (path: string) => rewritten(path, dir, relativePaths);
  return { modelCheckpointPath: rewrite(newest), allModelCheckpointPaths: list.map(rewrite), timestamps: [] };
}

/** A path from a state file, as seen from outside: joined to the folder textually, without tidying (ST-8). */
export function joinTextually(dir: string, path: string): string {
  if (isAbsolute(path) || dir === "") return path;
  return /[/\\]$/.test(dir) && (dir.endsWith("/") || process.platform === "win32") ? dir + path : `${dir}/${path}`;
}

/** Where the state file of a folder lies. */
export function stateFilePath(dir: string, latestFilename = defaultStateFile): string {
  return dir === "" ? latestFilename : join(dir, latestFilename);
}

function rewritten(path: string, dir: string, relativePaths: boolean): string {
  const first = relativePaths && isAbsolute(path) ? relativeTo(dir, path) : path;
  return isAbsolute(dir) || isAbsolute(first) ? first : relativeTo(dir, first);
}

function relativeTo(dir: string, path: string): string {
  return relative(dir, path) || ".";
}
