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

/** What an experiment says of one of its hyperparameters; what was not told is left out. */
export interface HyperparameterInfo {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly type?: "string" | "bool" | "float64";
  /** All values that it may have. */
  readonly values?: readonly HyperparameterValue[];
  /** Or the range that it lies in. */
  readonly interval?: { readonly min: number; readonly max: number };
}

/** A metric by which the trials of an experiment are compared. */
export interface MetricInfo {
  readonly tag: string;
  /** Of the runs below a trial that hold the tag, the one meant. */
  readonly group?: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly dataset?: "training" | "validation";
}

/** The description of an experiment, whose trials are runs beside or below the one that tells it. */
export interface Experiment {
  readonly name?: string;
  readonly description?: string;
  readonly user?: string;
  readonly createdSeconds?: number;
  readonly hyperparameters: readonly HyperparameterInfo[];
  readonly metrics: readonly MetricInfo[];
}
