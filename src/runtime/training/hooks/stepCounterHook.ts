// Records how many steps a second training makes: TF1's StepCounterHook (HK-4).
import type * as tf from "@tensorflow/tfjs-core";
import { ValueError } from "../../graph/errors";
import type { FileWriter } from "../../summaries/fileWriter";
import { FileWriterCache } from "../../summaries/fileWriterCache";
import type { Clock } from "../clock";
import { getGlobalStep } from "../globalStep";
import { logging } from "../logging";
import { printG } from "../printNumber";
import { SecondOrStepTimer, type Elapsed } from "../secondOrStepTimer";
import { SessionRunHook, type SessionRunArgs, type SessionRunContext, type SessionRunValues } from "../sessionRunHook";
import { currentStep, stepReadFor } from "./globalStepOf";

/** How a StepCounterHook is made: every 100 steps unless told otherwise; seconds need `everyNSteps: null`. */
export interface StepCounterOptions {
  /** Steps between two measurements; 100 unless given. */
  readonly everyNSteps?: number | null;
  /** Seconds between two measurements, instead of steps. */
  readonly everyNSecs?: number | null;
  /** Where the shared writer of that folder writes; or else give a `summaryWriter`. Without both it is only logged. */
  readonly outputDir?: string;
  /** Instead of `outputDir`. */
  readonly summaryWriter?: FileWriter;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/** So often at most a person is told that the global step stands still. */
const mostWarnings = 5;

/** Measures from one due step to the next; the first due run only starts the measuring. */
export class StepCounterHook extends SessionRunHook<tf.Tensor<tf.Rank.R0>> {
  readonly #options: StepCounterOptions;
  readonly #timer: SecondOrStepTimer;
  /** Steps that one run makes, where a loop makes several (HK-5). */
  readonly stepsPerRun: number = 1;
  #writer: FileWriter | undefined;
  #read: tf.Tensor<tf.Rank.R0> | undefined;
  #tag = "global_step/sec";
  #previous: number | undefined;
  #warnings = 0;

  /** Throws a ValueError for both or none of the frequencies. */
  constructor(options: StepCounterOptions = {}) {
    super();
    const { everyNSteps = 100, everyNSecs = null, clock } = options;
    if ((everyNSteps === null) === (everyNSecs === null)) {
      throw new ValueError("exactly one of everyNSteps and everyNSecs should be provided.");
    }
    this.#options = options;
    this.#timer = new SecondOrStepTimer({ everySteps: everyNSteps, everySecs: everyNSecs, clock });
    this.#writer = options.summaryWriter;
  }

  override begin(): void {
    if (this.#options.outputDir !== undefined) this.#writer ??= FileWriterCache.get(this.#options.outputDir, this.#options);
    this.#read = stepReadFor("StepCounterHook");
    this.#tag = `${getGlobalStep()?.op.name}/sec`;
  }

  override beforeRun(): SessionRunArgs<tf.Tensor<tf.Rank.R0>> {
    return { fetches: this.#stepRead };
  }

  override async afterRun({ session }: SessionRunContext, { results: before }: SessionRunValues<number>): Promise<void> {
    if (this.#timer.shouldTriggerForStep(before + this.stepsPerRun)) {
      const step = await currentStep(session, this.#stepRead);
      if (this.#timer.shouldTriggerForStep(step)) {
        const elapsed = this.#timer.updateLastTriggeredStep(step);
        if (elapsed) this.#record(elapsed, step);
      }
    }
    if (before === this.#previous) this.#warn(before);
    this.#previous = before;
  }

  override afterRestore(): void {
    this.#timer.reset();
    this.#previous = undefined;
  }

  get #stepRead(): tf.Tensor<tf.Rank.R0> {
    return (this.#read ??= stepReadFor("StepCounterHook"));
  }

  #record({ steps, secs }: Elapsed, step: number): void {
    const rate = steps / secs;
    this.#writer?.addSummary([{ tag: this.#tag, value: { kind: "simple", value: Math.fround(rate) } }], step);
    logging.info(`${this.#tag}: ${printG(rate)}`);
  }

  #warn(step: number): void {
    this.#warnings += 1;
    if (this.#warnings > mostWarnings) return;
    logging.warn(
      `It seems that global step has not been increased: ${step} before this run and before the last. ` +
        "Give the global step to the optimizer's applyGradients or minimize to have it increased.",
    );
  }
}
