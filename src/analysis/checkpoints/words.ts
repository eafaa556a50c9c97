// The checkpoint browser's sentences: why a checkpoint is kept, what comes next for it, why it can go.
import type { Fate, StaysUntil } from "#model/checkpointOutlook";
import type { CheckpointFacts, FoundCheckpoint, ProtectedCheckpoint } from "./facts";

/** A local time of day, with the date when it is not today. */
export function clockText(seconds: number, nowSeconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const [then, now] = [new Date(seconds * 1000), new Date(nowSeconds * 1000)];
  const two = (part: number): string => String(part).padStart(2, "0");
  const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
  if (then.toDateString() === now.toDateString()) return time;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
}

/** 1st, 2nd, 3rd, 4th … */
export function ordinal(place: number): string {
  const teen = place % 100 >= 11 && place % 100 <= 13;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][place % 10] ?? "th");
  return `${place}${ending}`;
}

/** With group separators. */
export function stepText(step: number): string {
  return step.toLocaleString("en");
}

/** Why one of the listed ones is kept: `place` counts from 1, the newest, of `count` listed; `newest` is the rule's number. */
export function newestReason({ place, count, newest }: { readonly place: number; readonly count: number; readonly newest: number }): string {
  if (place === 1) return "Newest: the run resumes from it";
  // The rule lets one go with each save: after a smaller number was set, more than it says are still listed.
  if (newest > 0 && place > newest) return `Older than the newest ${newest}; one goes with each save`;
  if (place === count && count >= newest) return `Oldest of the newest ${newest}`;
  return `One of the newest ${newest} (${ordinal(place)})`;
}

/** “step 12,000”, or the name of the files where no step is known. */
export function nameOf({ step, prefix }: { readonly step?: number; readonly prefix: string }): string {
  return step === undefined ? prefix : `step ${stepText(step)}`;
}

/** A time to come, so many seconds from now. */
export function aboutText(atSeconds: number, nowSeconds: number): string {
  return Number.isFinite(atSeconds) ? `≈ ${clockText(nowSeconds + atSeconds, nowSeconds)}` : "–";
}

/** Why a protected one is here. */
export function protectedReason({ note }: ProtectedCheckpoint): string {
  return note ? `Protected by you: “${note}”` : "Protected by you";
}

/** Why one is here that CheckpointManager let go of. */
export const keptForGoodReason = "Kept for good: CheckpointManager never deletes it";

/** Why a complete checkpoint that nothing lists is there. */
export function unmanagedReason({ wallTimeSeconds }: FoundCheckpoint, { state, builtSeconds, nowSeconds }: CheckpointFacts): string {
  if (!state) return "Not managed: no state file names it";
  const restart = builtSeconds.find((built) => built > wallTimeSeconds);
  if (restart === undefined) return "Not managed: written by another Saver";
  return `Not managed: saved before the restart at ${clockText(restart, nowSeconds)}`;
}

/** What comes next for a checkpoint. */
export function fateText(
  fate: Fate,
  { facts: { nowSeconds, writer }, simulated, timesUnknown }: { readonly facts: CheckpointFacts; readonly simulated: number; readonly timesUnknown: boolean },
): string {
  if (fate.kind === "stays") return stays(fate.until, simulated);
  const { save, step, atSeconds } = fate;
  if (fate.kind === "becomesHourMark") {
    const at = step === undefined ? `at the ${ordinal(save)} save` : `at step ${stepText(step)}`;
    return `Becomes the hour mark of ${clockText(fate.markSeconds, nowSeconds)} ${at}`;
  }
  if (writer === "ended") return `Goes at the ${save === 1 ? "first save" : `${ordinal(save)} save`} after a restart, if the list is taken over`;
  const where = step === undefined ? `${ordinal(save)} save from now` : `save near step ${stepText(step)}`;
  return `Goes at the ${where}${timesUnknown ? "" : `, ${aboutText(atSeconds, nowSeconds)}`}`;
}

function stays(until: StaysUntil, simulated: number): string {
  const texts: Readonly<Record<StaysUntil, string>> = {
    endOfRun: "Stays to the end of the run",
    simulated: `Stays for the next ${simulated} saves at least`,
    always: "Stays for good",
    forGood: "Stays for good; no longer in the state file",
    unprotected: "Stays until you unprotect it",
    beaten: "Stays while it is among the best",
    managed: "Stays until you manage it or move it to trash",
    saved: "Complete when its save ends",
    unknown: "Goes at some save: the state file does not tell CheckpointManager's number",
    never: "Cannot be restored; nothing deletes it",
  };
  return texts[until];
}
