// SecondOrStepTimer: whether it is due at each step, and what passed since it was triggered.
import { SecondOrStepTimer } from "#runtime/index";
import { FakeClock } from "../support/fakeClock";
import { near, need, same } from "./report";
import { sameError, type ExpectedError } from "./pythonErrors";

export interface TimerCase {
  readonly every_secs: number | null;
  readonly every_steps: number | null;
  readonly calls: readonly { readonly dt: number; readonly step: number; readonly update: "always" | "if_due" | "never" }[];
  readonly results: readonly { readonly due: boolean; readonly elapsed?: readonly [number | null, number | null]; readonly last: number | null }[];
  readonly error?: ExpectedError;
}

export function checkTimer({ every_secs: everySecs, every_steps: everySteps, calls, results, error }: TimerCase): void {
  const clock = new FakeClock();
  let timer: SecondOrStepTimer;
  try {
    timer = new SecondOrStepTimer({ everySecs, everySteps, clock });
  } catch (thrown) {
    return sameError(thrown, error ?? null);
  }
  sameError(undefined, error ?? null);
  for (const [at, { dt, step, update }] of calls.entries()) {
    clock.advance(dt);
    const wanted = need(results[at], `result ${at}`);
    const due = timer.shouldTriggerForStep(step);
    same(`call ${at}: due`, due, wanted.due);
    if (update === "always" || (update === "if_due" && due)) checkElapsed(timer, step, wanted.elapsed);
    same(`call ${at}: last`, timer.lastTriggeredStep ?? null, wanted.last);
  }
}

function checkElapsed(timer: SecondOrStepTimer, step: number, wanted: readonly [number | null, number | null] | undefined): void {
  const elapsed = timer.updateLastTriggeredStep(step);
  const [secs, steps] = need(wanted, "elapsed");
  if (secs === null || steps === null) return same("elapsed", elapsed, undefined);
  near("seconds", need(elapsed, "elapsed").secs, secs, 1e-5);
  same("steps", elapsed?.steps, steps);
}
