// Long looks into checkpoints: how far each has come is told at most ten times a second, and each can be cancelled.
import type { LookProgress } from "#model/checkpointLook";

const tellEveryMs = 100;

/** What a long look works with: it asks whether to go on after each piece, and counts what it has read. */
export interface Look {
  readonly cancelled: boolean;
  /** Bytes to read in all, once it is known. */
  expect(bytes: number): void;
  /** So many bytes were looked through. */
  passed(bytes: number): void;
}

/** A look that nobody watches. */
export const unwatched: Look = { cancelled: false, expect: () => undefined, passed: () => undefined };

/** The looks that are under way, by the names their askers gave them. */
export class Tasks {
  readonly #running = new Map<string, AbortController>();

  constructor(private readonly tell: (progress: LookProgress) => void) {}

  /** Has a look done; without a name it can be neither watched nor cancelled. */
  async run<T>(task: string | undefined, work: (look: Look) => Promise<T>): Promise<T> {
    if (task === undefined) return work(unwatched);
    const abort = new AbortController();
    this.#running.get(task)?.abort();
    this.#running.set(task, abort);
    let [done, total, told] = [0, 0, 0];
    const tellNow = (): void => {
      told = Date.now();
      this.tell({ task, doneBytes: done, totalBytes: total });
    };
    const look: Look = {
      get cancelled() {
        return abort.signal.aborted;
      },
      expect: (bytes) => {
        total = bytes;
        tellNow();
      },
      passed: (bytes) => {
        done += bytes;
        if (Date.now() - told >= tellEveryMs) tellNow();
      },
    };
    try {
      return await work(look);
    } finally {
      if (this.#running.get(task) === abort) this.#running.delete(task);
    }
  }

  /** The look answers soon with what it has found; one that is not under way is over already. */
  cancel(task: string): void {
    this.#running.get(task)?.abort();
  }
}
