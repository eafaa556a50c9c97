// Every sentence of the checkpoint browser: first the fact, then the consequence.
import type { CheckpointContent, CheckpointInfo, PrunePlan, PruneUndone } from "#model/checkpoint";
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
  return `was ${was}; not written yet`;
}

/** Whether one rule keeps fewer of the newest than another. */
export function lessThan(one: RetentionPolicy, other: RetentionPolicy): boolean {
  return one.maxToKeep > 0 && (other.maxToKeep === 0 || one.maxToKeep < other.maxToKeep);
}

/** `0` keeps all. */
export function keepWords(maxToKeep: number): string {
  return maxToKeep === 0 ? "all" : String(maxToKeep);
}

/** `step 9,000`, or the file's name where no step is known. */
export function nameOf({ step, prefix }: Pick<CheckpointInfo, "step" | "prefix">, numbers: Numbers): string {
  return step === undefined ? prefix : `step ${numbers.count(step)}`;
}

/** The step of a checkpoint that the forecast speaks of; of a save that does not exist yet, the step in the name it will have. */
export function stepName(prefix: string, checkpoints: readonly CheckpointInfo[], numbers: Numbers): string {
  const step = checkpoints.find((one) => one.prefix === prefix)?.step ?? namedStep(prefix).step;
  return step === undefined ? prefix : numbers.count(step);
}

/** With the step that its name tells, where it tells one. */
export function namedStep(prefix: string): Pick<CheckpointInfo, "step" | "prefix"> {
  const inName = /-(\d+)$/.exec(prefix)?.[1];
  return { prefix, ...(inName !== undefined && { step: Number(inName) }) };
}

/** The row of a prefix; of one that is gone, only its name is known. */
export function checkpointIn({ checkpoints }: Pick<CheckpointsSnapshot, "checkpoints">, prefix: string): Pick<CheckpointInfo, "step" | "prefix"> {
  return checkpoints.find((one) => one.prefix === prefix) ?? { prefix };
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** One row in a sentence, for those who hear it. */
export function rowWords(checkpoint: CheckpointInfo, { snapshot, numbers }: { snapshot: CheckpointsSnapshot; numbers: Numbers }): string {
  const { nowSeconds, metric } = snapshot;
  const { wallTimeSeconds, bytes, reason, next, best } = checkpoint;
  return [
    `Checkpoint ${nameOf(checkpoint, numbers)}`, `saved ${numbers.clock(wallTimeSeconds, nowSeconds)}`,
    `${spoken(numbers.age(nowSeconds - wallTimeSeconds))} ago`, spoken(numbers.bytes(bytes)),
    checkpoint.metric && metric ? `${metric.tag} EMA ${numbers.metric(checkpoint.metric.smoothed)}` : undefined,
    best ? "best so far" : undefined, lower(reason), lower(next).replace("≈", "about"),
  ].filter(Boolean).join(", ").concat(".");
}

/** Why and until when, for a row in half a window: `4th newest · goes at step 14,000, ≈ 14:32`. */
export function shortWords(checkpoint: CheckpointInfo, snapshot: CheckpointsSnapshot, numbers: Numbers): string {
  const { complete, kept, reason, next, damage, place } = checkpoint;
  if (!complete) return `Incomplete${/, (no .+)$/.exec(reason)?.[0] ?? ""}`;
  if (damage !== undefined) return `Damaged: ${damage}`;
  if (kept === "protected") return "Protected by you · stays";
  if (kept === "unmanaged") return "Not managed · stays until you act";
  if (kept !== "newest") return `${reason.replace(/: first save after/, " of")} · stays`;
  return `${place === undefined || place === 1 ? "Newest" : `${ordinal(place)} newest`} · ${goesShort(checkpoint, snapshot, numbers) ?? lower(next)}`;
}

function goesShort({ fate }: CheckpointInfo, { nowSeconds, run, timesUnknown }: CheckpointsSnapshot, numbers: Numbers): string | undefined {
  if (fate.kind === "stays" || fate.step === undefined) return undefined;
  if (fate.kind === "becomesHourMark") return `hour mark at step ${numbers.count(fate.step)}`;
  const when = run.state !== "running" ? " after a restart" : timesUnknown ? "" : `, ≈ ${numbers.clock(nowSeconds + fate.atSeconds, nowSeconds)}`;
  return `goes at step ${numbers.count(fate.step)}${when}`;
}

function ordinal(place: number): string {
  const teen = place % 100 >= 11 && place % 100 <= 13;
  return `${place}${teen ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th")}`;
}

const unitWords: Readonly<Record<string, string>> = {
  s: "seconds", min: "minutes", h: "hours", d: "days", B: "bytes", kB: "kilobytes", MB: "megabytes", GB: "gigabytes", TB: "terabytes",
};

/** Units as words, for those who hear them. */
function spoken(text: string): string {
  return text.replace(/(\S+) (s|min|h|d|B|kB|MB|GB|TB)\b/g, (_, amount: string, unit: string) => {
    const word = unitWords[unit] ?? unit;
    return `${amount} ${amount === "1" ? word.slice(0, -1) : word}`;
  });
}

function lower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** What the checkpoints and the trash take now and, while a training runs, at its end or after the saves that are foreseen. */
export interface DiskWords {
  readonly kept: number;
  readonly trash: number;
  /** On top of both, later. */
  readonly growth: number;
  readonly now: string;
  readonly later?: string;
}

export function diskWords({ disk: { usedBytes, trashBytes, endBytes, toTheEnd }, forecast, run }: CheckpointsSnapshot, numbers: Numbers): DiskWords {
  const all = { kept: usedBytes, trash: trashBytes, now: `${numbers.bytes(usedBytes + trashBytes)} now` };
  if (run.state !== "running" || forecast.length === 0) return { ...all, growth: 0 };
  const when = toTheEnd ? "at the end" : `after ${numbers.counted(forecast.length, "more save", "more saves")}`;
  return { ...all, growth: Math.max(0, endBytes - usedBytes), later: `${numbers.bytes(endBytes + trashBytes)} ${when}` };
}

/** Beside the line of now: where the run stands, and what the slots to its right are. */
export function nowWords({ run, nowSeconds, forecast, checkpoints }: CheckpointsSnapshot, { compared, afterRestore, numbers }: {
  readonly compared: boolean; readonly afterRestore?: string; readonly numbers: Numbers;
}): { readonly title: string; readonly text: string } {
  const step = run.progress?.step ?? run.lastStep;
  const isRunning = run.state === "running";
  const when = isRunning ? `now ${numbers.clock(nowSeconds, nowSeconds)}` : run.state === "foreign" ? "now" : run.state;
  const title = `${when}${step === undefined ? "" : ` · step ${numbers.count(step)}`}`;
  if (forecast.length === 0) {
    const none = run.state === "foreign" ? "written by another program" : run.state;
    return { title, text: isRunning ? (checkpoints.length === 0 ? "no forecast yet" : "no save to come") : `${none}; no save to come` };
  }
  const every = (forecast[1]?.atSeconds ?? 0) - (forecast[0]?.atSeconds ?? 0);
  const first = forecast[0]?.step;
  if (afterRestore !== undefined) return { title, text: `after the restore: saves${first === undefined ? "" : ` from step ${numbers.count(first)} on`}, and what they delete` };
  if (compared) return { title, text: `${isRunning ? "to come" : "after a restart"}, with the new and the present policy` };
  if (!isRunning) return { title, text: "after a restart: what each save deletes" };
  return { title, text: `to come: a save every ${every >= 1 ? numbers.age(every) : "moment"}, under it what it deletes` };
}

/** Why a restore cannot be had now; undefined when it can. */
export function whyNoRestore(snapshot: CheckpointsSnapshot, checkpoint: CheckpointInfo | undefined): string | undefined {
  if (!snapshot.mayChange) return "Changing is off until you trust this folder.";
  if (snapshot.run.state === "foreign") return "Another program wrote this run; its own script restores it.";
  if (snapshot.whyNoChange !== undefined) return snapshot.whyNoChange;
  if (!checkpoint) return "This checkpoint is gone.";
  if (!checkpoint.complete) return "It is incomplete and cannot be restored.";
  if (checkpoint.damage !== undefined) return `It is damaged: ${checkpoint.damage}`;
  return undefined;
}

/** Why nothing can be pruned now; undefined when something can. */
export function whyNoPrune({ mayChange, run, whyNoChange }: CheckpointsSnapshot): string | undefined {
  if (!mayChange) return "Changing is off until you trust this folder.";
  if (whyNoChange !== undefined) return whyNoChange;
  return run.state === "foreign" ? "Another program owns this run's folder." : undefined;
}

/** Title and button of the prune sheet are the same words. */
export function pruneWords({ deletes, bytes }: PrunePlan, numbers: Numbers): string {
  return `Move ${numbers.counted(deletes.length, "checkpoint", "checkpoints")} to trash (${numbers.bytes(bytes)})`;
}

export function prunedWords({ deletes, bytes, beside }: PrunePlan, { run, numbers }: { run: RunInfo; numbers: Numbers }): string {
  const [are, them] = deletes.length === 1 ? ["is", "it"] : ["are", "them"];
  const { policy, protect } = beside ?? {};
  return [
    `${numbers.counted(deletes.length, "checkpoint", "checkpoints")} of ${run.name} ${are} in trash (${numbers.bytes(bytes)}).`,
    protect ? `${capital(nameOf(namedStep(protect.prefix), numbers))} is protected.` : "",
    policy ? `The run now keeps ${policyWords(policy)}.` : "",
    beside ? "Undo takes all of it back until the trash is emptied." : `Undo brings ${them} back until the trash is emptied.`,
  ].filter(Boolean).join(" ");
}

/** After the undo: what is back, and which rule holds again. */
export function undoneWords({ prefixes, tookBack }: PruneUndone, numbers: Numbers): string {
  const said = tookBack.map((act) => act.kind === "setPolicy" ? ` The run keeps ${policyWords(act)} again.` : act.kind === "unprotect" ? ` ${capital(nameOf(namedStep(act.prefix), numbers))} is no longer protected.` : "");
  return `${numbers.counted(prefixes.length, "checkpoint is", "checkpoints are")} back.${said.join("")}`;
}

/** `newest 3 and one every 30 min`. */
function policyWords({ maxToKeep, keepCheckpointEveryNHours }: RetentionPolicy): string {
  if (maxToKeep === 0) return "all";
  return `newest ${keepWords(maxToKeep)}${keepCheckpointEveryNHours >= neverHours ? "" : ` and one every ${printHours(keepCheckpointEveryNHours)}`}`;
}

/** After a prune that stopped on the way: what was moved, what stays, and why. */
export function stoppedWords({ deletes }: PrunePlan, left: readonly { readonly prefix: string; readonly why: string }[], numbers: Numbers): string {
  const moved = deletes.length - left.length;
  const stay = left.length === 1 ? "stays" : "stay";
  return `${numbers.count(moved)} of ${numbers.count(deletes.length)} ${moved === 1 ? "is" : "are"} in trash; ${numbers.count(left.length)} ${stay}: ${left[0]?.why ?? "it could not be moved"}`;
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
