// The sentences of a restore: what will happen, what happened. Pure.
import type { Preflight, RestoreResult } from "#model/checkpoint";
import type { RunInfo } from "#model/run";
import { count, counted } from "../words";

/** The one confirmation before a restore. */
export interface RestoreQuestion {
  readonly message: string;
  readonly detail: string;
  /** The button that does it; names the act. */
  readonly button: string;
}

/** What a restore of `prefix` into `run` will do.  */
export function restoreQuestion(run: RunInfo, prefix: string, preflight?: Preflight): RestoreQuestion {
  const target = stepText(prefix);
  const message = `Restore ${target} into ${run.name}?`;
  const variables = preflight ? `${counted(preflight.equal, "variable")} are set` : "its variables are set";
  if (run.state !== "running") {
    const detail = `${run.name} has ended. A new training continues it in place: ${variables} from ${target}, and training goes on from there.`;
    return { message, detail, button: capitalized(`restore ${target}`) };
  }
  const now = run.progress ? `step ${count(run.progress.step)}` : "the present step";
  const detail = `Training pauses between two steps, ${now} is saved, then ${variables} from ${target}, and training goes on from there.`;
  return { message, detail, button: `Save ${now} and restore ${target.replace(/^step /, "")}` };
}

/** Why a restore cannot be done; undefined when it can. */
export function restoreObstacle(preflight: Preflight): string | undefined {
  if (preflight.fits) return undefined;
  const [missing] = preflight.missing;
  const [shape] = preflight.otherShape;
  const [dtype] = preflight.otherDtype;
  const first =
    missing !== undefined
      ? `${missing} is missing in the file`
      : shape
        ? `${shape.name} is ${shape.file.join("×")} in the file and ${shape.program.join("×")} in the program`
        : dtype
          ? `${dtype.name} is ${dtype.file} in the file and ${dtype.program} in the program`
          : "the file cannot be read";
  const others = preflight.missing.length + preflight.otherShape.length + preflight.otherDtype.length - 1;
  return `${preflight.prefix} does not fit this program: ${first}${others > 0 ? `, and ${count(others)} more` : ""}.`;
}

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

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
