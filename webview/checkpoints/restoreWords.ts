// The sentences of a restore: its one effect, and its button.
import type { CheckpointInfo, ForecastSave, Preflight, RestoreChoice } from "#model/checkpoint";
import type { RunInfo } from "#model/run";
import { lastPart } from "#model/scopedName";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import type { Numbers } from "#kit/numbers";
import type { RestoreSheet } from "./state";
import { canCancel, taskWords, type Task } from "./taskWords";
import { checkpointIn, nameOf } from "./words";

interface Chosen {
  readonly checkpoint: CheckpointInfo;
  readonly sheet: Pick<RestoreSheet, "branch">;
  readonly numbers: Numbers;
}

/** The one effect of a restore, in one sentence. */
export function restoreWords(snapshot: CheckpointsSnapshot, { checkpoint, preflight, sheet, numbers, saves = snapshot.forecast }: Chosen & {
  readonly preflight: Preflight;
  /** What comes as things are, where the snapshot tells what would come after this restore. */
  readonly saves?: readonly ForecastSave[] | undefined;
}): string {
  const { run } = snapshot;
  const step = nameOf(checkpoint, numbers);
  const { sets: set, program: all } = preflight;
  const some = `${numbers.count(set)} of ${numbers.counted(all, "variable", "variables")}`;
  if (sheet.branch !== undefined) return `A new run ${sheet.branch.trim()} starts from ${step} with ${some} set. ${run.name} is not touched.`;
  const kept = all - set;
  const keep = kept === 0 ? "" : `, ${numbers.count(kept)} ${kept === 1 ? "keeps its" : "keep their"} present value`;
  const effect = `${some} are set from ${step}${keep}, and training goes on at ${step}`;
  if (run.state !== "running") return `${effect}.`;
  const now = run.progress?.step ?? run.lastStep;
  const goes = saves[0]?.deletes[0];
  const rule = goes === undefined ? "" : `; ${nameOf(checkpointIn(snapshot, goes), numbers)} goes with that save, as the rule says`;
  const saved = now === undefined ? "its present state is saved" : `step ${numbers.count(now)} is saved (${numbers.bytes(checkpoint.bytes)}${rule})`;
  return `Training pauses between two steps, ${saved}, then ${effect}.`;
}

/** What a restore that was begun is at. */
export function stageWords(task: Task, { run, sheet, numbers }: { readonly run: Pick<RunInfo, "state">; readonly sheet: Pick<RestoreSheet, "branch">; readonly numbers: Numbers }): string {
  const inPlace = run.state === "running" && sheet.branch === undefined;
  if (task.totalBytes === 0) return inPlace ? "Waiting for the step to end…" : taskWords(task, numbers);
  if (canCancel(task)) return taskWords(task, numbers);
  return inPlace ? "All is read; the present state is saved, then the variables are set…" : "All is read and sound; the training starts…";
}

/** Nothing chosen is TensorFlow's rule: all variables, and strictly. */
export function isStrict({ scopes, weights, renames, partial }: RestoreChoice): boolean {
  return scopes === undefined && weights === undefined && renames === undefined && partial === undefined;
}

/** Why what is chosen cannot be restored; undefined when it can. */
export function whyNoFit({ fits, sets }: Preflight, choice: RestoreChoice): string | undefined {
  if (isStrict(choice)) return fits ? undefined : "A strict restore would fail: the file does not fit the program.";
  return sets === 0 ? "Nothing that is chosen fits the program." : undefined;
}

/** The button that does it. */
export function restoreButton({ run }: Pick<CheckpointsSnapshot, "run">, { checkpoint, sheet, numbers }: Chosen): string {
  const now = run.progress?.step ?? run.lastStep;
  const step = nameOf(checkpoint, numbers);
  if (sheet.branch !== undefined) return `Branch from ${step}`;
  if (run.state !== "running") return `Restore ${step}`;
  return now === undefined ? `Save and restore ${step}` : `Save step ${numbers.count(now)} and restore ${step.replace(/^step /, "")}`;
}

/** The name that a branch gets unless the person gives another. */
export function branchName({ name }: Pick<RunInfo, "name">, { step, prefix }: CheckpointInfo): string {
  return `${lastPart(name)}-from-${step ?? prefix.replaceAll("/", "-")}`;
}
