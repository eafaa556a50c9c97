// Waiting for a restore: how much has been read is heard, and until all is read it can be called off.
import { randomUUID } from "node:crypto";
import type { Event } from "#base/emitter";
import type { TaskProgress, WorkWatch } from "#node/namedTasks";

/** Who waits for a restore. */
export type RestoreWatch = WorkWatch;

/** Whoever reads: a training, or our reader. */
export interface WatchedReader {
  /** Not heard where left out. */
  readonly onProgressed?: Event<TaskProgress> | undefined;
  cancel(task: string): void;
}

/** Has something read under a name of its own. */
export async function watched<T>({ signal, progressed }: WorkWatch, reader: WatchedReader, read: (task: string) => Promise<T>): Promise<T> {
  const task = randomUUID();
  const heard = reader.onProgressed?.((told) => {
    if (told.task === task) progressed?.(told.doneBytes, told.totalBytes);
  });
  const cancel = (): void => reader.cancel(task);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    const reading = read(task);
    // Called off while we were on the way to the reader.
    if (signal?.aborted) cancel();
    return await reading;
  } finally {
    heard?.dispose();
    signal?.removeEventListener("abort", cancel);
  }
}
