// Pruning in a folder where a run trains: between two of its steps, and its savers forget what went.
import type { PrunePlan } from "#model/checkpoint";
import { bringBack, moveToTrash } from "#node/trash";
import { prefixOfEntry, readStateFile } from "#node/stateFile";
import { currentTraining, requestBetweenRuns } from "#runtime/index";

/** Carries out a plan while training: no save is under way meanwhile, and no saver lists what was moved. */
export function pruneLive(dir: string, plan: PrunePlan): Promise<{ readonly trash: string }> {
  return betweenSteps(async () => {
    const moved = await moveToTrash(dir, plan);
    await remember(dir);
    return moved;
  });
}

/** Brings a prune back while training; the saver that owns the folder lists it again. */
export function undoPruneLive(dir: string, trash: string): Promise<{ readonly prefixes: readonly string[] }> {
  return betweenSteps(async () => {
    const back = await bringBack(dir, trash);
    await remember(dir);
    return back;
  });
}

/** Before the first session and after the last there is no step to wait for. */
function betweenSteps<T>(work: () => Promise<T>): Promise<T> {
  return currentTraining() ? requestBetweenRuns(work) : work();
}

/** The savers that write this folder's state file remember what it lists now. */
async function remember(dir: string): Promise<void> {
  const state = await readStateFile(dir);
  const listed = (state?.allModelCheckpointPaths ?? []).map((entry) => prefixOfEntry(dir, entry));
  for (const saver of currentTraining()?.savers ?? []) {
    const known = saver.lastCheckpoints;
    if (known.length > 0 && known.some((path) => prefixOfEntry("", path).startsWith(dir))) saver.recoverLastCheckpoints(listed);
  }
}
