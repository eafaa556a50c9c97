// Watches a loss for NaN: TF1's NanTensorHook (HK-8).
import type * as tf from "@tensorflow/tfjs-core";
import type { FetchedValue } from "../../graph/fetches";
import { logging } from "../logging";
import { SessionRunHook, type SessionRunArgs, type SessionRunContext, type SessionRunValues } from "../sessionRunHook";

/** The loss became NaN. */
export class NanLossDuringTrainingError extends Error {
  override readonly name = "NanLossDuringTrainingError";

  constructor() {
    super("NaN loss during training.");
  }
}

/** Ends training when the loss is NaN: with an error, or silently with `failOnNanLoss: false`. Infinity passes. */
export class NanTensorHook extends SessionRunHook<tf.Tensor> {
  readonly #loss: tf.Tensor;
  readonly #fail: boolean;

  /** `lossTensor` is fetched with each run; where `failOnNanLoss` is false, NaN asks for a stop. */
  constructor(lossTensor: tf.Tensor, { failOnNanLoss = true }: { readonly failOnNanLoss?: boolean } = {}) {
    super();
    this.#loss = lossTensor;
    this.#fail = failOnNanLoss;
  }

  override beforeRun(): SessionRunArgs<tf.Tensor> {
    return { fetches: this.#loss };
  }

  override afterRun(context: SessionRunContext, { results }: SessionRunValues<FetchedValue>): void {
    const [first] = typeof results === "number" ? [results] : results;
    if (!Number.isNaN(first)) return;
    const text = "Model diverged with loss = NaN.";
    if (this.#fail) {
      logging.error(text);
      throw new NanLossDuringTrainingError();
    }
    logging.warn(text);
    context.requestStop();
  }
}
