// When something is due that happens every so many seconds or steps: TF1's SecondOrStepTimer (HK-1).
import { ValueError } from "../graph/errors";
import { systemClock, type Clock } from "./clock";

/** How often; exactly one of the two. */
export interface TimerOptions {
  /** Seconds between two triggers. */
  readonly everySecs?: number | null | undefined;
  /** Steps between two triggers. */
  readonly everySteps?: number | null | undefined;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock | undefined;
}

/** The time and steps since the last trigger; undefined at the first one. */
export interface Elapsed {
  /** Seconds. */
  readonly secs: number;
  /** Steps. */
  readonly steps: number;
}

/** Due at first, and then whenever the period has passed since it was triggered, not since it was due. */
export class SecondOrStepTimer {
  readonly #everySecs: number | undefined;
  readonly #everySteps: number | undefined;
  readonly #clock: Clock;
  #last: { readonly step: number; readonly seconds: number } | undefined;

  /** Throws a ValueError unless exactly one frequency is given. */
  constructor({ everySecs, everySteps, clock = systemClock }: TimerOptions) {
    this.#everySecs = everySecs ?? undefined;
    this.#everySteps = everySteps ?? undefined;
    this.#clock = clock;
    const given = [this.#everySecs, this.#everySteps].filter((each) => each !== undefined).length;
    if (given === 0) throw new ValueError("Either everySecs or everySteps should be provided.");
    if (given === 2) throw new ValueError("Can not provide both everySecs and everySteps.");
  }

  /** The step of the last trigger. */
  get lastTriggeredStep(): number | undefined {
    return this.#last?.step;
  }

  /** Whether it is due at this step; never twice at the same step. */
  shouldTriggerForStep(step: number): boolean {
    if (!this.#last) return true;
    if (step === this.#last.step) return false;
    if (this.#everySecs !== undefined) return this.#clock.nowSeconds() >= this.#last.seconds + this.#everySecs;
    return step >= this.#last.step + (this.#everySteps ?? 0);
  }

  /** It was triggered at this step, now. */
  updateLastTriggeredStep(step: number): Elapsed | undefined {
    const last = this.#last;
    const seconds = this.#clock.nowSeconds();
    this.#last = { step, seconds };
    return last && { secs: seconds - last.seconds, steps: step - last.step };
  }

  /** As if it had never been triggered. */
  reset(): void {
    this.#last = undefined;
  }
}
