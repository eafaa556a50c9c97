// What a run tells of its hyperparameters, as TensorBoard's hparams plugin keeps it.

/** Null where the program gave none, or a list or structure, which TensorBoard does not show either. */
export type HyperparameterValue = number | string | boolean | null;

/** Hyperparameters of a run, and how it fared; what was not told is left out. */
export interface Hyperparameters {
  /** In the order of the file; names are the program's. */
  readonly values?: readonly { readonly name: string; readonly value: HyperparameterValue }[];
  /** Trials of one group are repetitions with equal hyperparameters. */
  readonly group?: string;
  readonly startedSeconds?: number;
  readonly endedSeconds?: number;
  readonly status?: "success" | "failure" | "running";
}
