// Long looks into checkpoints: each counts what it has read, and asks whether to go on.
import { NamedTasks, type WorkWatch } from "#node/namedTasks";
import type { LookProgress } from "#model/checkpointLook";

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

/** The looks that are under way, by the names their askers gave them. A cancelled one answers soon with what it has found. */
export class Tasks {
  readonly #tasks: NamedTasks;

  constructor(tell: (progress: LookProgress) => void) {
    this.#tasks = new NamedTasks(tell);
  }

  /** Has a look done; without a name it can be neither watched nor cancelled. */
  run<T>(task: string | undefined, work: (look: Look) => Promise<T>): Promise<T> {
    return this.#tasks.run(task, (watch) => work(lookOf(watch)));
  }

  /** One that is not under way is over already. */
  cancel(task: string): void {
    this.#tasks.cancel(task);
  }
}

function lookOf({ signal, progressed }: WorkWatch): Look {
  let [done, total] = [0, 0];
  return {
    get cancelled() {
      return signal?.aborted ?? false;
    },
    expect: (bytes) => {
      total = bytes;
      progressed?.(done, total);
    },
    passed: (bytes) => {
      done += bytes;
      progressed?.(done, total);
    },
  };
}
