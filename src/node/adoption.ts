// Taking checkpoints that no list names into the state file of their folder.
import { lstat, realpath } from "node:fs/promises";
import { join, normalize } from "node:path";
import { UserError } from "#base/errors";
import { isNotFound } from "./files";
import { prefixOfEntry, readStateFile, withEntriesAdded, writeStateFile } from "./stateFile";

/**
 * Adds prefixes, relative to the folder, to its state file; those it names already are left as they are. Each must be really
 * there, below the folder. Answers with the absolute prefixes of the whole list, oldest first.
 */
export async function addToState(dir: string, prefixes: readonly string[]): Promise<readonly string[]> {
  const state = await readStateFile(dir);
  if (!state || state.modelCheckpointPath === "") throw new UserError("There is no state file that could list them.", "Repair the state file first.");
  const known = new Set([...state.allModelCheckpointPaths, state.modelCheckpointPath].map((entry) => prefixOfEntry(dir, entry)));
  const added = prefixes.filter((prefix) => !known.has(prefixOfEntry(dir, prefix)));
  const times = new Map<string, number>();
  for (const prefix of added) times.set(prefixOfEntry(dir, prefix), await savedAt(dir, prefix));
  for (const entry of state.allModelCheckpointPaths) {
    const absolute = prefixOfEntry(dir, entry);
    times.set(absolute, await modifiedSeconds(`${absolute}.index`) ?? 0);
  }
  const changed = withEntriesAdded(state, added, (entry) => times.get(prefixOfEntry(dir, entry)) ?? 0);
  if (added.length > 0) await writeStateFile(dir, changed);
  return changed.allModelCheckpointPaths.map((entry) => prefixOfEntry(dir, entry));
}

/** When the checkpoint's index was written; refuses what is not there, and links. */
async function savedAt(dir: string, prefix: string): Promise<number> {
  const index = join(dir, `${prefix}.index`);
  const seconds = await modifiedSeconds(index);
  if (seconds === undefined) throw new UserError(`There is no checkpoint ${prefix} in this run; nothing was changed.`);
  if ((await realpath(index)) !== join(await realpath(dir), normalize(`${prefix}.index`)))
    throw new UserError(`${prefix} lies outside the run's folder; nothing was changed.`);
  return seconds;
}

async function modifiedSeconds(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).mtimeMs / 1000;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
