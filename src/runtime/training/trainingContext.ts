// What a training script's main function is called with.

/** The argument of `export default async function main(context)`. */
export interface TrainingContext {
  /** The command line behind the script's name, untouched. */
  readonly args: readonly string[];
  /** Absolute path of the run's folder: where checkpoints and event files go. */
  readonly logdir: string;
  /** Where the script may tell how long it means to train, so that its watchers can tell how much is left. */
  readonly progress: PlannedProgress;
}

/** Set by the script before its session starts, or later. */
export interface PlannedProgress {
  /** How many steps this process means to make; `--max_steps` among the arguments says the same. */
  maxSteps?: number;
}
