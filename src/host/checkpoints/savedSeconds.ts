// When a run's list of checkpoints was last written.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isNotFound } from "#node/files";
import { stateFileName } from "#node/stateFile";

/** Wall time of the state file, which each save and each prune writes; undefined where there is none. `dir` is the absolute path of the run's folder. */
export async function savedSecondsOf(dir: string): Promise<number | undefined> {
  try {
    return (await stat(join(dir, stateFileName))).mtimeMs / 1000;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
