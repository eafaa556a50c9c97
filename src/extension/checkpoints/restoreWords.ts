// The sentences of a restore: what happened. Pure.
import type { RestoreResult } from "#model/checkpoint";
import { count, counted } from "../words";

/** What a restore did. */
export function restoredText(run: string, result: RestoreResult): string {
  const { step, variables, kept, savedBefore } = result;
  const saved = savedBefore ? ` ${stepText(savedBefore).replace(/^step /, "Step ")} is saved and stays until the undo is used or dismissed.` : "";
  return `${run} goes on from step ${count(step)}: ${counted(variables, "variable")} set${kept ? `, ${count(kept)} kept` : ""}.${saved}`;
}

/** What the undo of a restore did. */
export function backText(run: string, { step }: Pick<RestoreResult, "step">): string {
  return `${run} is back at step ${count(step)}, byte for byte.`;
}

/** What a restore began where no training could take it in place. `from` is the run that was branched. */
export function startedText(run: string, { prefix, from }: { readonly prefix: string; readonly from?: string }): string {
  return from === undefined ? `${run} trains on from ${stepText(prefix)}.` : `The new run ${run} starts from ${stepText(prefix)} of ${from}.`;
}

/** `step 8,000` out of `model-8000`; the prefix itself where it holds no step. */
export function stepText(prefix: string): string {
  const step = /-(\d+)$/.exec(prefix)?.[1];
  return step === undefined ? prefix : `step ${count(Number(step))}`;
}
