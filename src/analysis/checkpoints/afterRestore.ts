// What a run would stand at right after a restore: the present step saved and held for the undo, and training on from an older one.
import { lastCheckpoints, recordSave } from "../retention/retention";
import { isBeingWritten, ownPolicy, type CheckpointFacts, type FoundCheckpoint } from "./facts";
import { currentRetention, sparedNow } from "./simulate";

/** The restore in thought. */
export interface RestoreInThought {
  /** What is restored. */
  readonly prefix: string;
  /** Where the training stands now, where that is known. */
  readonly stepNow?: number | undefined;
}

/** The facts after it, and the step that training goes on from. A run that has ended saves nothing first. */
export function factsAfterRestore(facts: CheckpointFacts, { prefix, stepNow }: RestoreInThought): { readonly facts: CheckpointFacts; readonly from: number | undefined } {
  const from = facts.found.find((one) => one.prefix === prefix)?.step;
  const newest = facts.found.find((one) => one.prefix === facts.state?.latest);
  if (!isBeingWritten(facts) || facts.manager || !newest || !facts.state) return { facts, from };
  const step = stepNow ?? newest.step;
  const saved: FoundCheckpoint = { ...newest, prefix: step === undefined ? `${newest.prefix} (now)` : newest.prefix.replace(/\d+$/, String(step)), wallTimeSeconds: facts.nowSeconds, ...(step !== undefined && { step }) };
  // The step that stands on disk already is not saved again.
  if (facts.found.some((one) => one.prefix === saved.prefix)) return { facts, from };
  const { deletes, state } = recordSave(currentRetention(facts, ownPolicy(facts)), saved.prefix, facts.nowSeconds);
  const spared = sparedNow(facts);
  const gone = new Set(deletes.filter((one) => !spared.has(one)));
  return {
    from,
    facts: {
      ...facts, found: [...facts.found.filter((one) => !gone.has(one.prefix)), saved], state: { latest: saved.prefix, listed: lastCheckpoints(state) }, nextKeepSeconds: state.next,
      undoRestore: { restored: prefix, savedBefore: saved.prefix, ...(step !== undefined && { step }) },
    },
  };
}
