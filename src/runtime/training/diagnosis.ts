// What others may ask of the training in this process to find out what ails it: where time goes, where a value broke.
import type { NonFiniteSearch, StepTimes } from "#model/diagnosis";
import { requestBetweenRuns } from "../graph/betweenRuns";
import { checkpointExists, getCheckpointState } from "../saving/checkpointFiles";
import { searchNonFinite, variablesFinite } from "./nonFiniteSearch";
import { keepRecentState } from "./recentStates";
import { live, scriptSaver, stepOf, type DeclaredTraining } from "./training";
import { WatchedSession } from "./watchedSession";

/** Where the time of the runs goes; from now on and for a while it is measured. Undefined for a session of the script's own making. */
export function stepTimesNow(): StepTimes | undefined {
  const { session } = live();
  return session instanceof WatchedSession ? session.stepTimes() : undefined;
}

/** Keeps the variables as they are before the next step, for a search that may come (`recentStates.ts` has the bounds). */
export function keepStateNow(): Promise<void> {
  return requestBetweenRuns(async () => {
    const training = live();
    keepRecentState(training.session, await stepOf(training));
  });
}

/**
 * Looks between two steps for the operation that makes values that are not finite; the training then goes on from where
 * it was. With `onlyWhenBroken` nothing is run, and undefined answered, while all variables are finite: the examples
 * that a search takes from the input pipeline are then not missed by a training that is sound.
 */
export function searchNonFiniteNow({ onlyWhenBroken = false }: { readonly onlyWhenBroken?: boolean } = {}): Promise<NonFiniteSearch | undefined> {
  return requestBetweenRuns(async () => {
    const training = live();
    if (onlyWhenBroken && (await variablesFinite(training.session))) return undefined;
    return searchNonFinite({
      session: training.session,
      readStep: () => stepOf(training),
      checkpoints: await checkpointsOf(training),
      restore: (prefix) => scriptSaver(training).restore(training.session, prefix),
    });
  });
}

/** Newest first. */
async function checkpointsOf({ logdir, savers }: DeclaredTraining): Promise<string[]> {
  if (logdir === undefined || savers.length === 0) return [];
  const listed = (await getCheckpointState(logdir))?.allModelCheckpointPaths ?? [];
  const there = await Promise.all(listed.map(checkpointExists));
  return listed.filter((_prefix, index) => there[index]).reverse();
}
