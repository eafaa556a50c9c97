// Checkpoints that no Saver of this process deletes although their turn has come, because the host of the training says so.

let guard: (prefix: string) => boolean = () => false;

/** From now on nothing is deleted for which `guarded` holds; prefixes are as they were saved. It leaves its Saver's list all the same. */
export function guardCheckpoints(guarded: (prefix: string) => boolean): void {
  guard = guarded;
}

/** Whether a checkpoint must stay. */
export function isGuarded(prefix: string): boolean {
  return guard(prefix);
}
