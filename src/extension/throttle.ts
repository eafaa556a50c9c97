// Doing something often asked for only so often: at once, then at most every so many milliseconds, never losing the last.
import type { Disposable } from "#base/lifetime";

/** A wish that is carried out at most once per period. */
export interface Throttled extends Disposable {
  (): void;
}

/** Runs `work` on the first wish at once, and wishes within `periodMs` of it together at the period's end. */
export function throttled(periodMs: number, work: () => void): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  let ended = false;
  const rest = (): void => {
    timer = setTimeout(() => {
      timer = undefined;
      if (again) go();
    }, periodMs);
  };
  const go = (): void => {
    again = false;
    rest();
    work();
  };
  const wish = (): void => {
    if (ended) return;
    if (timer) again = true;
    else go();
  };
  const dispose = (): void => {
    ended = true;
    if (timer) clearTimeout(timer);
  };
  return Object.assign(wish, { dispose });
}
