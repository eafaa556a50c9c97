// The folder of this process's run, for scripts that are not called with one: given by the trainer, or made up once.
import { join } from "node:path";

let folder: string | undefined;
let plain = false;

/** The trainer's word where this run's files go. */
export function setRunFolder(logdir: string): void {
  folder = logdir;
}

/** Where this process's files go: as the trainer said, else a new folder below `runs`, named by the time. */
export function runFolder(): string {
  folder ??= join("runs", `fit-${new Date().toISOString().slice(0, 19).replace(/[T:]/g, "-")}`);
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
