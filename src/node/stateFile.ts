// The `checkpoint` state file of a run's folder: read, and rewritten as listed checkpoints move away and come back.
import { open } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  parseCheckpointState,
  printCheckpointState,
  type CheckpointState,
} from "#formats/checkpointState/checkpointState";
import { isNotFound, replaceFile } from "./files";

/** Name of the state file (ST-1). */
export const stateFileName = "checkpoint";

const maxStateBytes = 16 * 1024 * 1024;

/** The state of a folder; undefined when there is none that can be read (ST-8). */
export async function readStateFile(dir: string): Promise<CheckpointState | undefined> {
  try {
    const handle = await open(join(dir, stateFileName), "r");
    try {
      const { size } = await handle.stat();
      return size > maxStateBytes ? undefined : parseCheckpointState(await handle.readFile("utf8"));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Replaces the state file of a folder atomically (ST-11). */
export async function writeStateFile(dir: string, state: CheckpointState): Promise<void> {
  await replaceFile(join(dir, stateFileName), printCheckpointState(state));
}

/**
 * The state with `more` in its list, ordered by time but the newest last, as TensorFlow wants it (ST-4). The newest stays what
 * it was.
 */
export function withEntriesAdded(state: CheckpointState, more: readonly string[], timeOf: (entry: string) => number): CheckpointState {
  const newest = state.modelCheckpointPath;
  const others = [...new Set([...state.allModelCheckpointPaths, ...more])].filter((entry) => entry !== newest);
  const paths = [...others.sort((one, other) => timeOf(one) - timeOf(other)), newest];
  const timed = state.timestamps.length === state.allModelCheckpointPaths.length && state.timestamps.length > 0;
  const times = paths.map((entry) => state.timestamps[state.allModelCheckpointPaths.indexOf(entry)] ?? timeOf(entry));
  return { ...state, allModelCheckpointPaths: paths, timestamps: timed ? times : [] };
}

/** The absolute prefix that an entry of a state file in `dir` means (ST-8). */
export function prefixOfEntry(dir: string, entry: string): string {
  return resolve(dir, entry);
}

/** The state without the entries for which `gone` holds; their times go with them. */
export function withoutEntries(state: CheckpointState, gone: (entry: string) => boolean): CheckpointState {
  const paths = state.allModelCheckpointPaths;
  const stays = paths.map((entry) => !gone(entry));
  const timed = state.timestamps.length === paths.length;
  return {
    ...state,
    allModelCheckpointPaths: paths.filter((_, at) => stays[at]),
    timestamps: timed ? state.timestamps.filter((_, at) => stays[at]) : state.timestamps,
  };
}

/**
 * The state with `back` listed again, in the order of `before`, a list as it was. Entries that came since stay behind them.
 * A state file with times (CheckpointManager's, CM-4) keeps them for what it lists; for the others `timeOf` tells.
 */
export function withEntriesAgain(
  state: CheckpointState,
  { before, back }: { readonly before: readonly string[]; readonly back: (entry: string) => boolean },
  timeOf: (entry: string) => number,
): CheckpointState {
  const now = state.allModelCheckpointPaths;
  const old = before.filter((entry) => back(entry) || now.includes(entry));
  const paths = [...old, ...now.filter((entry) => !old.includes(entry))];
  const timed = now.length > 0 && state.timestamps.length === now.length;
  const times = paths.map((entry) => state.timestamps[now.indexOf(entry)] ?? timeOf(entry));
  return { ...state, allModelCheckpointPaths: paths, timestamps: timed ? times : state.timestamps };
}
