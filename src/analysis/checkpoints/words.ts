// The checkpoint browser's sentences: why a checkpoint is kept, what comes next for it, why it can go.
import type { ForecastSave } from "#model/checkpoint";

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
  if (place === count && count >= newest) return `Oldest of the newest ${newest}`;
  return `One of the newest ${newest} (${ordinal(place)})`;
}

/** What comes next for a listed one, by the save that decides on it. */
export function nextOfListed(
  decision: { readonly save: ForecastSave; readonly keeps: boolean; readonly markSeconds: number } | undefined,
  { nowSeconds, ended, simulated }: { readonly nowSeconds: number; readonly ended: boolean; readonly simulated: number },
): string {
  if (!decision) return `Stays for the next ${simulated} saves at least`;
  const { save, keeps, markSeconds } = decision;
  const near = save.step === undefined ? "" : ` near step ${stepText(save.step)}`;
  if (keeps) {
    const at = save.step === undefined ? `at the ${ordinal(save.save)} save` : `at step ${stepText(save.step)}`;
    return `Becomes the hour mark of ${clockText(markSeconds, nowSeconds)} ${at}`;
  }
  if (ended) {
    const which = save.save === 1 ? "first save" : `${ordinal(save.save)} save`;
    return `Goes at the ${which} after a restart, if the list is taken over`;
  }
  const when = clockText(nowSeconds + save.atSeconds, nowSeconds);
  return near ? `Goes at the save${near}, ≈ ${when}` : `Goes at the ${ordinal(save.save)} save from now, ≈ ${when}`;
}
