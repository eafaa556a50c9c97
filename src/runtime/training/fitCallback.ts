// The one line that a plain TensorFlow.js training adds to be seen: a callback for `model.fit`.
import { FitTraining, type FitLogs, type FitOptions, type FittedModel } from "./fitTraining";
import { trainsByItself } from "./runFolder";

/** What `model.fit` calls. */
export interface FitCallbacks {
  /** Opens the event file. */
  onTrainBegin(): Promise<void>;
  /** Records `batch_…`, and meets what others ask for between two batches. */
  onBatchEnd(batch: number, logs?: FitLogs): Promise<void>;
  /** Records `epoch_…` and saves when due. */
  onEpochEnd(epoch: number, logs?: FitLogs): Promise<void>;
  /** Saves where a stop was asked for, and closes the event file. */
  onTrainEnd(): Promise<void>;
}

/**
 * `await model.fit(xs, ys, { epochs: 10, callbacks: trainscope(model) })`: losses and metrics of every batch and epoch go to
 * an event file, weights and optimizer to a checkpoint after each epoch, and under Trainscope the run is followed live,
 * stopped, saved and restored between two batches. Works the same without Trainscope and with `fitDataset`.
 */
export function trainscope(model: FittedModel, options: FitOptions = {}): FitCallbacks {
  trainsByItself();
  let training: FitTraining | undefined;
  return {
    onTrainBegin: async () => {
      training = new FitTraining(model, options);
      training.begin();
    },
    onBatchEnd: async (_batch, logs) => training?.batchEnd(logs),
    onEpochEnd: async (epoch, logs) => training?.epochEnd(epoch, logs),
    onTrainEnd: async () => training?.end(),
  };
}
