// Holds the first run back until the global step has come far enough: TF1's GlobalStepWaiterHook (HK-10).
import type * as tf from "@tensorflow/tfjs-core";
import { systemClock, type Clock } from "../clock";
import { logging } from "../logging";
import { SessionRunHook, type SessionRunContext } from "../sessionRunHook";
import { currentStep, stepReadFor } from "./globalStepOf";

const pollSecs = 0.5;
/** A person is told again when the step has come so much further. */
const logEverySteps = 1000;

/** Looks twice a second. Useful where another task moves the global step of the same session. */
export class GlobalStepWaiterHook extends SessionRunHook {
  readonly #waitUntilStep: number;
  readonly #clock: Clock;
  #read: tf.Tensor<tf.Rank.R0> | undefined;
  #started = false;

  /** The first run waits until the global step is `waitUntilStep` or more; 0 waits for nothing. */
  constructor(waitUntilStep: number, { clock = systemClock }: { readonly clock?: Clock } = {}) {
    super();
    this.#waitUntilStep = waitUntilStep;
    this.#clock = clock;
  }

  override begin(): void {
    this.#started = false;
    this.#read = stepReadFor("GlobalStepWaiterHook");
  }

  override async beforeRun({ session }: SessionRunContext): Promise<undefined> {
    if (this.#started || this.#waitUntilStep <= 0 || !this.#read) return;
    logging.info(`Waiting for global step ${this.#waitUntilStep} before starting training.`);
    let logged = 0;
    for (;;) {
      const step = await currentStep(session, this.#read);
      if (step >= this.#waitUntilStep) break;
      if (step - logged > logEverySteps) {
        logging.info(`Waiting for global step ${this.#waitUntilStep} before starting training. Current step is ${step}.`);
        logged = step;
      }
      await this.#clock.sleep(pollSecs);
    }
    this.#started = true;
  }
}
