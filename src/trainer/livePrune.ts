// Pruning in a folder where a run trains: between two of its steps, and its savers forget what went.
import type { PrunedBeside, PrunePlan, PruneResult, PruneUndone } from "#model/checkpoint";
import { addToState } from "#node/adoption";
import { prefixOfEntry, readStateFile } from "#node/stateFile";
import { bringBack, moveToTrash, type TakeBack } from "#node/trash";
import { currentTraining, requestBetweenRuns } from "#runtime/index";

/** Carries out a plan while training: no save is under way meanwhile, and no saver lists what was moved. */
export function pruneLive(dir: string, plan: PrunePlan, beside?: PrunedBeside): Promise<PruneResult> {
  return betweenSteps(async () => {
    const moved = await moveToTrash(dir, plan, { beside });
    const left = new Set(moved.left?.map(({ prefix }) => prefix));
    const prefixes = new Set(plan.deletes.flatMap(({ prefix }) => (left.has(prefix) ? [] : [prefixOfEntry(dir, prefix)])));
    for (const saver of currentTraining()?.savers ?? [])
      saver.forgetCheckpoints((path) => prefixes.has(prefixOfEntry("", path)));
    return moved;
  });
}

/** Brings a prune back while training; the saver that owns the folder's state file lists it again. */
export function undoPruneLive(dir: string, trash: string, takeBack: TakeBack): Promise<PruneUndone> {
  return betweenSteps(async () => {
    const back = await bringBack(dir, trash, takeBack);
    const state = await readStateFile(dir);
    const listed = (state?.allModelCheckpointPaths ?? []).map((entry) => prefixOfEntry(dir, entry));
    for (const saver of currentTraining()?.savers ?? []) {
      const owns = saver.lastCheckpoints.some((path) => listed.includes(prefixOfEntry("", path)));
      if (owns) await saver.recoverLastCheckpoints(listed);
    }
    return back;
  });
}

/** Takes orphans into the list of the saver that owns the folder's state file, and into that file. */
export function manageLive(dir: string, prefixes: readonly string[]): Promise<void> {
  return betweenSteps(async () => {
    const listed = await addToState(dir, prefixes);
    for (const saver of currentTraining()?.savers ?? []) {
      const owns = saver.lastCheckpoints.some((path) => listed.includes(prefixOfEntry("", path)));
      if (owns) await saver.recoverLastCheckpoints(listed);
    }
  });
}

/** Before the first session and after the last there is no step to wait for. */
function betweenSteps<T>(work: () => Promise<T>): Promise<T> {
  return currentTraining() ? requestBetweenRuns(work) : work();
}
