// The folder of this process's run, for scripts that are not called with one: given by the trainer, or made up once.
import { basename, extname, join } from "node:path";

let folder: string | undefined;
let plain = false;

/** The trainer's word where this run's files go. */
export function setRunFolder(logdir: string): void {
  folder = logdir;
}

/**
 * The folder of this process's run, for a script that trains while it is loaded instead of exporting a main function:
 * the run's folder under Trainscope, else `runs/<script>-<time>` below the working directory. The same at each call;
 * nothing is made on disk.
 */
export function runFolder(): string {
  plain = true;
  const script = process.argv[1] ?? "run";
  folder ??= join("runs", `${basename(script, extname(script))}-${new Date().toISOString().slice(0, 19).replace(/[T:]/g, "-")}`);
  return folder;
}

/** Notes that the script trains while it is loaded, so that it need not export a main function. */
export function trainsByItself(): void {
  plain = true;
}

/** Whether the script has asked to be followed while it was loaded. */
export function hasTrainedByItself(): boolean {
  return plain;
}
