// What a training script's main function is called with.

/** The argument of `export default async function main(context)`. */
export interface TrainingContext {
  /** The command line behind the script's name, untouched. */
  readonly args: readonly string[];
  /** Absolute path of the run's folder: where checkpoints and event files go. */
  readonly logdir: string;
}
