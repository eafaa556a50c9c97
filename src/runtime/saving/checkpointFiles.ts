// Which checkpoints a folder holds: the state file, what exists, when it was written, removing one (RT-7, RT-9, ST-8 to ST-12).
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join } from "node:path";
import { FormatError, messageOf } from "#base/errors";
import type { CheckpointState } from "#formats/checkpointState/checkpointState";
import { parseCheckpointState, printCheckpointState } from "#formats/checkpointState/checkpointState";
import { utf8Length } from "#formats/bytes/utf8";
import { ValueError } from "../graph/errors";
import { isNotFound, replaceFile } from "#node/files";
import { joinTextually, metaFileName, stateFilePath, stateOfSaves } from "./checkpointPaths";

/** The files of a V2 checkpoint's data: `<prefix>.data-<shard>-of-<shards>`. */
const dataSuffix = /^\.data-.{5}-of-.{5}$/;

/**
 * Whether a checkpoint is there: `<prefix>.index`, or the single file of the older format (ST-9). Unlike TensorFlow,
 * the prefix is taken literally, so folders with `*`, `?` or `[` in their names work.
 */
export async function checkpointExists(prefix: string): Promise<boolean> {
  return (await savedSeconds(prefix)) !== undefined;
}

/**
 * What the state file of a folder says, with its paths joined to the folder (ST-8). Undefined where there is no state
 * file or it cannot be understood; throws where it names no newest checkpoint, or is not UTF-8.
 */
export async function getCheckpointState(dir: string, latestFilename?: string): Promise<CheckpointState | undefined> {
  const file = stateFilePath(dir, latestFilename);
  const text = await readText(file);
  const state = text === undefined ? undefined : parseCheckpointState(text);
  if (!state) return undefined;
  if (!state.modelCheckpointPath) throw new ValueError(`Invalid checkpoint state loaded from ${file}: it names no checkpoint`);
  return {
    ...state,
    modelCheckpointPath: joinTextually(dir, state.modelCheckpointPath),
    allModelCheckpointPaths: state.allModelCheckpointPaths.map((path) => joinTextually(dir, path)),
  };
}

/**
 * The newest checkpoint of a folder as its state file names it, or undefined where there is none or its files are gone:
 * older ones are not looked for (ST-10). A folder that was moved is understood: see `whereItIs`.
 */
export async function latestCheckpoint(dir: string, latestFilename?: string): Promise<string | undefined> {
  const state = await getCheckpointState(dir, latestFilename);
  if (!state) return undefined;
  const path = await whereItIs(state.modelCheckpointPath, dir);
  return (await checkpointExists(path)) ? path : undefined;
}

/**
 * Absolute paths in a state file break when its folder is moved or copied. Where nothing is at such a path but a
 * checkpoint of that name lies beside the state file, that one is meant; TensorFlow would not find it.
 */
export async function whereItIs(path: string, dir: string): Promise<string> {
  if (!isAbsolute(path) || (await checkpointExists(path))) return path;
  const beside = join(dir, basename(path));
  return (await checkpointExists(beside)) ? beside : path;
}

/** Wall time in whole seconds at which a checkpoint's index was written, or undefined where it is not there (RT-9). */
export async function savedSeconds(prefix: string): Promise<number | undefined> {
  for (const path of [`${prefix}.index`, prefix]) {
    const facts = await stat(path).catch(undefinedIfNotFound);
    if (facts?.isFile()) return Math.floor(facts.mtimeMs / 1000);
  }
  return undefined;
}

/** The times of those prefixes that exist: possibly fewer than were asked for (ST-12). */
export async function getCheckpointMtimes(prefixes: readonly string[]): Promise<number[]> {
  const times = await Promise.all(prefixes.map(savedSeconds));
  return times.filter((seconds) => seconds !== undefined);
}

/** What `updateCheckpointState` writes besides the newest checkpoint. */
export interface CheckpointStateOptions {
  /** Oldest first; the newest is added where it is not the last (ST-4). */
  readonly allModelCheckpointPaths?: readonly string[];
  /** Name of the state file: `checkpoint` unless given. */
  readonly latestFilename?: string;
  /** Seconds, one for each path of the finished list (ST-5). */
  readonly allModelCheckpointTimestamps?: readonly number[];
  /** Seconds; of the last checkpoint that was kept for good. */
  readonly lastPreservedTimestamp?: number;
}

/** A checkpoint may not be called as the file that lists it (SS-4). */
export function refuseConflict(file: string, { modelCheckpointPath }: CheckpointState): void {
  if (file === modelCheckpointPath) throw new Error(`Save path '${file}' conflicts with path used for checkpoint state. Use a different save path.`);
}

/** Replaces a folder's state file in one step: `newest` is what `latestCheckpoint` answers from now on (ST-1, ST-11, ST-13). */
export async function updateCheckpointState(dir: string, newest: string, options: CheckpointStateOptions = {}): Promise<void> {
  const { allModelCheckpointPaths: all = [], latestFilename, allModelCheckpointTimestamps: timestamps, lastPreservedTimestamp } = options;
  const state = stateOfSaves({ dir, newest, all });
  if (timestamps && timestamps.length !== state.allModelCheckpointPaths.length) {
    throw new ValueError(`Checkpoint timestamps (if provided) must match checkpoint paths: ${timestamps.length} for ${state.allModelCheckpointPaths.length}.`);
  }
  const file = stateFilePath(dir, latestFilename);
  refuseConflict(file, state);
  const preserved = lastPreservedTimestamp === undefined ? {} : { lastPreservedTimestamp };
  await replaceFile(file, printCheckpointState({ ...state, timestamps: timestamps ?? [], ...preserved }));
}

/** Names of the data files that lie at a prefix, whichever save they are from. */
export async function dataFiles(prefix: string): Promise<string[]> {
  const [dir, base] = [dirname(prefix), basename(prefix)];
  const names = (await readdir(dir).catch(undefinedIfNotFound)) ?? [];
  const isData = (name: string) => name.startsWith(base) && dataSuffix.test(name.slice(base.length));
  return names.filter(isData).map((name) => join(dir, name));
}

/** How a checkpoint is removed. */
export interface RemoveOptions {
  /** Of the meta graph's name; `meta` unless given. */
  readonly metaSuffix?: string;
  /** 1 for the older format of one file; 2 unless given. */
  readonly formatVersion?: 1 | 2;
  /** Told what could not be removed. */
  readonly onProblem?: (text: string) => void;
}

/**
 * Removes a checkpoint: meta graph, then index and data, or of format 1 the one file, each if it is there (RT-7). What cannot be removed stays;
 * `onProblem` is told and nothing is thrown, because training must go on.
 */
export async function removeCheckpoint(
  prefix: string,
  { metaSuffix = "meta", formatVersion = 2, onProblem }: RemoveOptions = {},
): Promise<void> {
  try {
    const files = formatVersion === 1 ? [prefix] : [`${prefix}.index`, ...(await dataFiles(prefix))];
    for (const path of [metaFileName(prefix, metaSuffix), ...files]) {
      await rm(path, { force: true });
    }
  } catch (error) {
    onProblem?.(`The old checkpoint ${prefix} could not be removed: ${messageOf(error)}`);
  }
}

async function readText(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch(undefinedIfNotFound);
  if (!bytes) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FormatError("malformed", `A state file must be UTF-8: ${messageOf(error)}`, { file, offset: utf8Length(bytes) });
  }
}

function undefinedIfNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
  return undefined;
}
