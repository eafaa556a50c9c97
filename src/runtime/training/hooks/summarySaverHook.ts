// Records summaries every so many seconds or steps: TF1's SummarySaverHook (HK-3).
import type * as tf from "@tensorflow/tfjs-core";
import { ValueError } from "../../graph/errors";
import type { Fetched } from "../../graph/fetches";
import type { FileWriter } from "../../summaries/fileWriter";
import { FileWriterCache } from "../../summaries/fileWriterCache";
import type { Clock } from "../clock";
import type { Scaffold } from "../scaffold";
import { SecondOrStepTimer } from "../secondOrStepTimer";
import { SessionRunHook, type SessionRunArgs, type SessionRunContext, type SessionRunValues } from "../sessionRunHook";
import { currentStep, stepReadFor } from "./globalStepOf";

/** How a SummarySaverHook is made: one of `saveSteps` and `saveSecs`, and one of `scaffold` and `summaryOp`. */
export interface SummarySaverOptions {
  /** Steps between summaries. */
  readonly saveSteps?: number | null;
  /** Seconds between summaries, instead of steps. */
  readonly saveSecs?: number | null;
  /** Where the shared writer of that folder writes; or else give a `summaryWriter`. */
  readonly outputDir?: string;
  /** Instead of `outputDir`. */
  readonly summaryWriter?: FileWriter;
  /** Its summary operation is used. */
  readonly scaffold?: Scaffold;
  /** What is computed and recorded; or else give a `scaffold`. */
  readonly summaryOp?: tf.Tensor | readonly tf.Tensor[];
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

interface Wanted {
  readonly globalStep: tf.Tensor<tf.Rank.R0>;
  readonly summary: readonly tf.Tensor[] | undefined;
}

/** Asks for the summary in the first run and whenever it is due; records it at the step behind the run. */
export class SummarySaverHook extends SessionRunHook<Wanted> {
  readonly #options: SummarySaverOptions;
  readonly #timer: SecondOrStepTimer;
  #writer: FileWriter | undefined;
  #read: tf.Tensor<tf.Rank.R0> | undefined;
  #nextStep: number | undefined;
  #requested = false;

  /** Throws a ValueError for both or none of the frequencies, and unless it has a summary operation or a scaffold. */
  constructor(options: SummarySaverOptions) {
    super();
    if (Boolean(options.scaffold) === Boolean(options.summaryOp)) {
      throw new ValueError("Exactly one of scaffold or summaryOp must be provided.");
    }
    this.#options = options;
    this.#timer = new SecondOrStepTimer({ everySecs: options.saveSecs, everySteps: options.saveSteps, clock: options.clock });
    this.#writer = options.summaryWriter;
  }

  override begin(): void {
    if (this.#options.outputDir !== undefined) this.#writer ??= FileWriterCache.get(this.#options.outputDir, this.#options);
    this.#nextStep = undefined;
    this.#read = stepReadFor("SummarySaverHook");
  }

  override beforeRun(): SessionRunArgs<Wanted> {
    this.#requested = this.#nextStep === undefined || this.#timer.shouldTriggerForStep(this.#nextStep);
    const summary = this.#requested ? this.#summaryOps() : undefined;
    return { fetches: { globalStep: this.#stepRead, summary } };
  }

  override async afterRun({ session }: SessionRunContext, { results }: SessionRunValues<Fetched<Wanted>>): Promise<void> {
    if (!this.#writer) return;
    const first = this.#nextStep === undefined;
    const step = first || this.#requested ? await currentStep(session, this.#stepRead) : results.globalStep + 1;
    if (first) this.#writer.addSessionLog({ status: "start" }, step);
    if (this.#requested) {
      this.#timer.updateLastTriggeredStep(step);
      for (const summary of (results.summary ?? []) as unknown[]) this.#writer.addSummary(summary as Uint8Array, step);
    }
    this.#nextStep = step + 1;
  }

  override async end(): Promise<void> {
    await this.#writer?.flush();
  }

  /** A start was noted at the restored step already; the next run is recorded. */
  override afterRestore(step: number): void {
    this.#timer.reset();
    if (this.#nextStep !== undefined) this.#nextStep = step + 1;
  }

  get #stepRead(): tf.Tensor<tf.Rank.R0> {
    return (this.#read ??= stepReadFor("SummarySaverHook"));
  }

  #summaryOps(): readonly tf.Tensor[] | undefined {
    const op = this.#options.summaryOp ?? this.#options.scaffold?.summaryOp;
    if (op === undefined) return undefined;
    return isList(op) ? op : [op];
  }
}

function isList(op: tf.Tensor | readonly tf.Tensor[]): op is readonly tf.Tensor[] {
  return Array.isArray(op);
}
