// Ends training at a global step: TF1's StopAtStepHook (HK-6).
import type * as tf from "@tensorflow/tfjs-core";
import { ValueError } from "../../graph/errors";
import type { Session } from "../../graph/session";
import { tellObservers } from "../observers";
import { SessionRunHook, type SessionRunArgs, type SessionRunContext, type SessionRunValues } from "../sessionRunHook";
import { currentStep, stepReadFor } from "./globalStepOf";

/** Exactly one of the two. */
export interface StopAtStepOptions {
  /** So many steps from the first session on; a restart begins to count anew, a recovery does not. */
  readonly numSteps?: number;
  /** The global step at which training ends, however often it was restarted. */
  readonly lastStep?: number;
}

/** Requests a stop after the run that brings the global step to the last one. */
export class StopAtStepHook extends SessionRunHook<tf.Tensor<tf.Rank.R0>> {
  readonly #numSteps: number;
  #lastStep: number | undefined;
  #read: tf.Tensor<tf.Rank.R0> | undefined;

  /** Throws a ValueError unless exactly one of the two is given. */
  constructor({ numSteps, lastStep }: StopAtStepOptions) {
    super();
    if (numSteps === undefined && lastStep === undefined) throw new ValueError("One of numSteps or lastStep must be specified.");
    if (numSteps !== undefined && lastStep !== undefined) throw new ValueError("Only one of numSteps or lastStep can be specified.");
    this.#numSteps = numSteps ?? 0;
    this.#lastStep = lastStep;
  }

  override begin(): void {
    this.#read = stepReadFor("StopAtStepHook");
  }

  override async afterCreateSession(session: Session): Promise<void> {
    if (this.#lastStep === undefined && this.#read) this.#lastStep = (await currentStep(session, this.#read)) + this.#numSteps;
    const last = this.#lastStep;
    if (last !== undefined) tellObservers((observer) => observer.lastStepPlanned?.(last));
  }

  override beforeRun(): SessionRunArgs<tf.Tensor<tf.Rank.R0>> | undefined {
    return this.#read && { fetches: this.#read };
  }

  override async afterRun(context: SessionRunContext, { results }: SessionRunValues<number>): Promise<void> {
    const last = this.#lastStep ?? Number.POSITIVE_INFINITY;
    if (!this.#read || results + 1 < last) return;
    if ((await currentStep(context.session, this.#read)) >= last) context.requestStop();
  }
}
