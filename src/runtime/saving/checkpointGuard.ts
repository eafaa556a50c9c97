// Checkpoints that stay although a Saver of this process would delete or replace them, because the host of the training says so.

/** What the host of a training says; prefixes are as they were saved. */
export interface CheckpointGuard {
  /** Its turn to go has come, and it stays. It leaves its Saver's list all the same. */
  isGuarded(prefix: string): boolean;
  /** A save of this name begins: what has the name can still be given another. */
  beforeSave?(prefix: string): Promise<void>;
}

let guard: CheckpointGuard = { isGuarded: () => false };

/** From now on this guard is asked. */
export function guardCheckpoints(next: CheckpointGuard): void {
  guard = next;
}

/** Whether a checkpoint must stay. */
export function isGuarded(prefix: string): boolean {
  return guard.isGuarded(prefix);
}

/** Called before a save writes anything. */
export async function beforeSave(prefix: string): Promise<void> {
  await guard.beforeSave?.(prefix);
}
