// Values of a box's variables out of the run's checkpoints, read for the newest selection only.
import type { Disposable } from "#base/lifetime";
import type { Checkpoints } from "#host/checkpoints/checkpoints";
import type { VariableStatistics } from "#model/checkpointLook";
import type { VariableValues } from "#protocol/graphViewApi";

/** Checkpoints whose norms a card draws; with more, some of them, evenly. */
const mostPast = 12;
/** Values that are read of earlier checkpoints for one card: 32 MB of 32-bit floats. */
const mostPastValues = 2 ** 23;

/** What is needed to read values, and to end reading them. */
export interface ValueSource {
  readonly checkpoints: Pick<Checkpoints, "list" | "statistics">;
  cancelTask(task: string): void;
}

let readings = 0;

/** Reads for one page; a newer wish, or `leave`, ends the older one. */
export class BoxValues implements Disposable {
  readonly #source: () => ValueSource;
  #reading = new AbortController();

  constructor(source: () => ValueSource) {
    this.#source = source;
  }

  /** Of the newest checkpoint and some before it, fewer of large variables; undefined where the run has none, or nobody waits any more. */
  async read(names: readonly string[]): Promise<VariableValues | undefined> {
    this.leave();
    const { signal } = this.#reading;
    const { checkpoints, cancelTask } = this.#source();
    const statistics = async (prefix: string): Promise<readonly VariableStatistics[]> => {
      if (signal.aborted) return [];
      const task = `graph values ${++readings}`;
      const cancel = (): void => cancelTask(task);
      signal.addEventListener("abort", cancel);
      try {
        return (await checkpoints.statistics({ prefix, names, task })).variables;
      } finally {
        signal.removeEventListener("abort", cancel);
      }
    };
    const { checkpoints: newestFirst } = await checkpoints.list({ forecast: 0 });
    const [newest, ...older] = newestFirst;
    if (!newest || names.length === 0) return undefined;
    const variables = await statistics(newest.prefix);
    const past = Math.min(mostPast, Math.floor(mostPastValues / Math.max(1, variables.reduce((sum, { count }) => sum + count, 0))));
    const earlier = past === 0 ? [] : older.filter((_, index, { length }) => index % Math.max(1, Math.ceil(length / past)) === 0).reverse();
    // One that the training has deleted since it was listed has no norms any more.
    const looks = await Promise.all(earlier.map(({ prefix }) => statistics(prefix).catch(() => [])));
    if (signal.aborted) return undefined;
    const history = [...earlier, newest].map(({ step }, at) => {
      const norms = new Map((looks[at] ?? variables).map(({ name, norm }) => [name, norm]));
      return { ...(step !== undefined && { step }), norms: variables.map(({ name }) => norms.get(name)) };
    });
    return { prefix: newest.prefix, ...(newest.step !== undefined && { step: newest.step }), variables, history };
  }

  /** Something else was selected: what is read of the old selection ends. */
  leave(): void {
    this.#reading.abort();
    this.#reading = new AbortController();
  }

  dispose(): void {
    this.#reading.abort();
  }
}
