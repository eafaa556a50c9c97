// Every sentence of the checkpoint browser: first the fact, then the consequence.
import type { CheckpointContent, CheckpointInfo, Preflight, PrunePlan } from "#model/checkpoint";
import type { RetentionPolicy, RunInfo } from "#model/run";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markOf, markWord } from "#kit/marks";
import type { Numbers } from "#kit/numbers";

/** Beyond this the hour rule never takes effect in a training anyone runs (TF1's default is 10,000 hours). */
const neverHours = 1000;

/** The hour rule as a person would say it: `30 min`, `2 h`, `never`. */
export function printHours(hours: number): string {
  if (hours >= neverHours) return "never";
  return hours < 1 ? `${trim(hours * 60)} min` : `${trim(hours)} h`;
}

function trim(amount: number): string {
  return String(Number(amount.toFixed(2)));
}

/** Reads `30 min`, `0.5 h`, `2` (hours) or `never`; undefined when it is none of these. */
export function parseHours(text: string): number | undefined {
  const wanted = text.trim().toLowerCase().replace(",", ".");
  if (wanted === "never") return 10_000;
  const found = /^(\d+(?:\.\d+)?)\s*(min|m|minutes?|h|hours?|d|days?)?$/.exec(wanted);
  if (!found) return undefined;
  const amount = Number(found[1]);
  const unit = found[2] ?? "h";
  const hours = unit.startsWith("m") ? amount / 60 : unit.startsWith("d") ? amount * 24 : amount;
  return hours > 0 ? hours : undefined;
}

/** Where the policy stands written. */
export function sourceWords(source: CheckpointsSnapshot["policy"]["source"]): string {
  if (source === "run.json") return "source: run.json";
  return source === "defaults" ? "TensorFlow's default" : "simulated";
}

/** While another policy is tried out: what holds, and that nothing was written. */
export function simulationWords(written: RetentionPolicy, simulated: RetentionPolicy): string {
  const was = written.maxToKeep === simulated.maxToKeep ? printHours(written.keepCheckpointEveryNHours) : keepWords(written.maxToKeep);
  const lower = simulated.maxToKeep > 0 && (written.maxToKeep === 0 || simulated.maxToKeep < written.maxToKeep);
  return `was ${was}; not written${lower ? ". Without a prune the number stays: Saver deletes one per save." : "."}`;
}

/** `0` keeps all. */
export function keepWords(maxToKeep: number): string {
  return maxToKeep === 0 ? "all" : String(maxToKeep);
}

/** `step 9,000`, or the file's name where no step is known. */
export function nameOf({ step, prefix }: Pick<CheckpointInfo, "step" | "prefix">, numbers: Numbers): string {
  return step === undefined ? prefix : `step ${numbers.count(step)}`;
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** One row in a sentence, for those who hear it. */
export function rowWords(checkpoint: CheckpointInfo, { nowSeconds, numbers }: { nowSeconds: number; numbers: Numbers }): string {
  return [
    `Checkpoint ${nameOf(checkpoint, numbers)}`, `saved ${numbers.clock(checkpoint.wallTimeSeconds, nowSeconds)}`,
    `${numbers.age(nowSeconds - checkpoint.wallTimeSeconds)} ago`, numbers.bytes(checkpoint.bytes),
    markWord(markOf(checkpoint)), checkpoint.reason, checkpoint.next,
  ].join(", ").concat(".");
}

/** Total now and, while a training runs, after the saves that are foreseen. */
export function diskWords(snapshot: CheckpointsSnapshot, numbers: Numbers): { readonly now: number; readonly later?: number; readonly text: string; readonly after?: string } {
  const { checkpoints, forecast, run } = snapshot;
  const now = checkpoints.reduce((sum, { bytes }) => sum + bytes, 0);
  const usual = checkpoints.find(({ complete }) => complete)?.bytes;
  if (forecast.length === 0 || usual === undefined || run.state !== "running") return { now, text: `${numbers.bytes(now)} now` };
  const sizes = new Map(checkpoints.map(({ prefix, bytes }) => [prefix, bytes]));
  const gone = forecast.flatMap(({ deletes }) => deletes).reduce((sum, prefix) => sum + (sizes.get(prefix) ?? usual), 0);
  const later = now + forecast.length * usual - gone;
  return { now, later, text: `${numbers.bytes(now)} now → ${numbers.bytes(later)}`, after: `after ${numbers.counted(forecast.length, "more save", "more saves")}` };
}

/** The one effect of a restore, in one sentence. */
export function restoreWords(
  { run, checkpoints, forecast }: CheckpointsSnapshot,
  checkpoint: CheckpointInfo,
  { preflight, numbers }: { preflight: Preflight; numbers: Numbers },
): string {
  const step = nameOf(checkpoint, numbers);
  const set = numbers.count(preflight.equal);
  const all = numbers.count(preflight.equal + preflight.missing.length + preflight.otherShape.length + preflight.otherDtype.length);
  if (run.state !== "running") return `The training starts again: ${set} of ${all} variables are set from ${step}, and it goes on from there.`;
  const now = run.progress?.step ?? run.lastStep;
  const goes = forecast[0]?.deletes.map((prefix) => checkpoints.find((one) => one.prefix === prefix)).find((one) => one !== undefined);
  const rule = goes ? `; ${nameOf(goes, numbers)} goes with that save, as the rule says` : "";
  const saved = now === undefined ? "its present state is saved" : `step ${numbers.count(now)} is saved (${numbers.bytes(checkpoint.bytes)}${rule})`;
  return `Training pauses between two steps, ${saved}, then ${set} of ${all} variables are set from ${step}, and training goes on at ${step}.`;
}

/** The button that does it. */
export function restoreButton({ run }: Pick<CheckpointsSnapshot, "run">, checkpoint: CheckpointInfo, numbers: Numbers): string {
  const now = run.progress?.step ?? run.lastStep;
  const step = nameOf(checkpoint, numbers);
  if (run.state !== "running") return `Restore ${step}`;
  return now === undefined ? `Save and restore ${step}` : `Save step ${numbers.count(now)} and restore ${step.replace(/^step /, "")}`;
}

/** Why a restore cannot be had now; undefined when it can. */
export function whyNoRestore(snapshot: CheckpointsSnapshot, checkpoint: CheckpointInfo | undefined, preflight?: Preflight): string | undefined {
  if (!snapshot.mayChange) return "Changing is off until you trust this folder.";
  if (snapshot.run.state === "foreign") return "Another program wrote this run; its own script restores it.";
  if (!checkpoint) return "This checkpoint is gone.";
  if (!checkpoint.complete) return "It is incomplete and cannot be restored.";
  if (preflight && !preflight.fits) return "A strict restore would fail: the file does not fit the program.";
  return undefined;
}

/** Why nothing can be pruned now; undefined when something can. */
export function whyNoPrune({ mayChange, run }: CheckpointsSnapshot): string | undefined {
  if (!mayChange) return "Changing is off until you trust this folder.";
  return run.state === "foreign" ? "Another program owns this run's folder." : undefined;
}

/** Title and button of the prune sheet are the same words. */
export function pruneWords({ deletes, bytes }: PrunePlan, numbers: Numbers): string {
  return `Move ${numbers.counted(deletes.length, "checkpoint", "checkpoints")} to trash (${numbers.bytes(bytes)})`;
}

export function prunedWords({ deletes, bytes }: PrunePlan, { run, numbers }: { run: RunInfo; numbers: Numbers }): string {
  const [are, them] = deletes.length === 1 ? ["is", "it"] : ["are", "them"];
  return `${numbers.counted(deletes.length, "checkpoint", "checkpoints")} of ${run.name} ${are} in trash (${numbers.bytes(bytes)}). Undo brings ${them} back until the trash is emptied.`;
}

/** The head of the details pane after its name: file, time, variables, size. */
export function detailWords(checkpoint: CheckpointInfo, content: CheckpointContent | undefined, { nowSeconds, numbers }: { nowSeconds: number; numbers: Numbers }): string {
  return [
    checkpoint.prefix, `saved ${numbers.clock(checkpoint.wallTimeSeconds, nowSeconds)}`,
    content ? numbers.counted(content.variables.length, "variable", "variables") : undefined, numbers.bytes(checkpoint.bytes),
  ].filter(Boolean).join(" · ");
}

/** The strip in a sentence. */
export function stripWords({ checkpoints, forecast, nowSeconds }: CheckpointsSnapshot, numbers: Numbers): string {
  const counts = new Map<string, number>();
  for (const checkpoint of checkpoints) {
    const word = markWord(markOf(checkpoint)).replace("goes next", "newest");
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const oldest = checkpoints.at(-1);
  const newest = checkpoints[0];
  if (!oldest || !newest) return `No checkpoint yet; ${numbers.counted(forecast.length, "save", "saves")} to come`;
  const clock = (seconds: number): string => numbers.clock(seconds, nowSeconds);
  const all = [...counts].map(([word, count]) => `${numbers.count(count)} ${word}`).join(", ");
  return `Saves from ${clock(oldest.wallTimeSeconds)} to ${clock(newest.wallTimeSeconds)}: ${all}; ${numbers.counted(forecast.length, "save", "saves")} to come`;
}
