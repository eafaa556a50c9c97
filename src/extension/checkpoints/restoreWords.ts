// The sentences of a restore: what happened. Pure.
import type { RestoreResult } from "#model/checkpoint";
import { count, counted } from "../words";

/** What a restore did. */
export function restoredText(run: string, result: RestoreResult, before?: number): string {
  const saved = result.savedBefore ? ` ${before === undefined ? "What was there before" : `Step ${count(before)}`} is saved.` : "";
  return `${run} goes on from step ${count(result.step)}: ${counted(result.variables, "variable")} set.${saved}`;
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
