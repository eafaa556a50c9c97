// Traces a run now and then, for Chrome's trace viewer and TensorBoard: TF1's ProfilerHook (HK-11).
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs-core";
import { TraceLevel, type RunMetadata } from "../../graph/runOptions";
import type { FileWriter } from "../../summaries/fileWriter";
import { FileWriterCache } from "../../summaries/fileWriterCache";
import type { Clock } from "../clock";
import { logging } from "../logging";
import { SecondOrStepTimer } from "../secondOrStepTimer";
import { SessionRunHook, type SessionRunArgs, type SessionRunContext, type SessionRunValues } from "../sessionRunHook";
import { currentStep, stepReadFor } from "./globalStepOf";
import { timelineOf } from "./timeline";

/** How a ProfilerHook is made: exactly one of `saveSteps` and `saveSecs`. */
export interface ProfilerOptions {
  /** Steps between two traces. */
  readonly saveSteps?: number | null;
  /** Seconds between two traces, instead of steps. */
  readonly saveSecs?: number | null;
  /** Where `timeline-<step>.json` goes, and the event file; the working directory unless given. */
  readonly outputDir?: string;
  /** Arrows from an operation to those that take its outputs; yes unless told not to. */
  readonly showDataflow?: boolean;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/** Never traces the first run; when due, writes a timeline and the run's metadata under the tag `step_<step>`. */
export class ProfilerHook extends SessionRunHook<tf.Tensor<tf.Rank.R0>> {
  readonly #options: ProfilerOptions;
  readonly #outputDir: string;
  readonly #timer: SecondOrStepTimer;
  #writer: FileWriter | undefined;
  #read: tf.Tensor<tf.Rank.R0> | undefined;
  #nextStep: number | undefined;
  #requested = false;

  /** Throws a ValueError for both or none of the frequencies. */
  constructor(options: ProfilerOptions) {
    super();
    this.#options = options;
    this.#outputDir = options.outputDir ?? ".";
    this.#timer = new SecondOrStepTimer({ everySecs: options.saveSecs, everySteps: options.saveSteps, clock: options.clock });
  }

  override begin(): void {
    this.#writer = FileWriterCache.get(this.#outputDir, this.#options);
    this.#nextStep = undefined;
    this.#read = stepReadFor("ProfilerHook");
  }

  override beforeRun(): SessionRunArgs<tf.Tensor<tf.Rank.R0>> {
    this.#requested = this.#nextStep !== undefined && this.#timer.shouldTriggerForStep(this.#nextStep);
    return { fetches: this.#stepRead, ...(this.#requested && { options: { traceLevel: TraceLevel.FULL_TRACE } }) };
  }

  override async afterRun({ session }: SessionRunContext, { results: before, runMetadata }: SessionRunValues<number>): Promise<void> {
    if (this.#nextStep === undefined) this.#timer.updateLastTriggeredStep(before);
    let step = before + 1;
    if (this.#requested) {
      step = await currentStep(session, this.#stepRead);
      this.#timer.updateLastTriggeredStep(step);
      await this.#save(step, runMetadata);
    }
    this.#nextStep = step + 1;
  }

  override async end(): Promise<void> {
    await this.#writer?.flush();
  }

  override afterRestore(step: number): void {
    this.#timer.updateLastTriggeredStep(step);
    this.#nextStep = step + 1;
  }

  get #stepRead(): tf.Tensor<tf.Rank.R0> {
    return (this.#read ??= stepReadFor("ProfilerHook"));
  }

  async #save(step: number, runMetadata: RunMetadata): Promise<void> {
    const path = join(this.#outputDir, `timeline-${step}.json`);
    logging.info(`Saving timeline for ${step} into '${path}'.`);
    await mkdir(this.#outputDir, { recursive: true });
    await writeFile(path, JSON.stringify(timelineOf(runMetadata, { showDataflow: this.#options.showDataflow ?? true })));
    this.#writer?.addRunMetadata(runMetadata, `step_${step}`, step);
  }
}
