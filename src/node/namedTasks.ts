// Long work that an asker gave a name: how far it is can be heard, and it can be called off.

/** Who waits for long work. */
export interface WorkWatch {
  /** Once it is aborted, the work ends as soon as it can. */
  readonly signal?: AbortSignal | undefined;
  progressed?(doneBytes: number, totalBytes: number): void;
}

/** How far a piece of work is. `totalBytes` is 0 as long as it is not known. */
export interface TaskProgress {
  readonly task: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

const tellEveryMs = 100;

/** The work under way, by name. How far each is gets told at most ten times a second, its beginning and its end in any case. */
export class NamedTasks {
  readonly #running = new Map<string, AbortController>();

  constructor(private readonly tell: (progress: TaskProgress) => void) {}

  /** Has work done; without a name it can be neither watched nor called off. Another of the same name is called off. */
  async run<T>(task: string | undefined, work: (watch: WorkWatch) => Promise<T>): Promise<T> {
    if (task === undefined) return work({});
    const abort = new AbortController();
    this.#running.get(task)?.abort();
    this.#running.set(task, abort);
    let told = -Infinity;
    const progressed = (doneBytes: number, totalBytes: number): void => {
      const now = Date.now();
      if (now - told < tellEveryMs && doneBytes > 0 && doneBytes < totalBytes) return;
      told = now;
      this.tell({ task, doneBytes, totalBytes });
    };
    try {
      return await work({ signal: abort.signal, progressed });
    } finally {
      if (this.#running.get(task) === abort) this.#running.delete(task);
    }
  }

  /** What is not under way is over already. */
  cancel(task: string): void {
    this.#running.get(task)?.abort();
  }
}
