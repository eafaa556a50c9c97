// What one client is told while training goes on: sent at once when it keeps up, merged and thinned when it does not.
import type { RunProgress } from "#model/run";
import type { ScalarBatch } from "#model/scalars";
import type { ClientTells } from "#protocol/doorApi";

/** How a feed reaches its client. */
export interface FeedTarget {
  readonly tell: Pick<ClientTells, "scalarsRecorded" | "progressed" | "noticed">;
  /** Bytes posted and not taken yet. */
  queuedBytes(): number;
}

/** A client that has this much untaken is spared until it catches up. */
const busyBytes = 1024 * 1024;
/** Points of one tag kept for a client that does not keep up; the oldest go first. */
const maxHeldPoints = 10_000;

/** Holds back for one client. The event file has every point, so what is thinned here is late, not lost. */
export class ClientFeed {
  #held = new Map<string, ScalarBatch>();
  #progress: RunProgress | undefined;
  #thinned = 0;
  #toldThinned = 0;

  constructor(private readonly target: FeedTarget) {}

  /** Points that were not told, over the life of the connection. */
  get thinned(): number {
    return this.#thinned;
  }

  scalars(batches: readonly ScalarBatch[]): void {
    for (const batch of batches) {
      const joined = join(this.#held.get(batch.tag), batch);
      const surplus = Math.max(0, joined.steps.length - maxHeldPoints);
      this.#thinned += surplus;
      this.#held.set(batch.tag, surplus ? tail(joined, surplus) : joined);
    }
    this.flush();
  }

  progress(progress: RunProgress): void {
    this.#progress = progress;
    this.flush();
  }

  /** Sends what is held, unless the client is busy. Called again whenever it has caught up. */
  flush(): void {
    if (this.target.queuedBytes() > busyBytes) return;
    const batches = [...this.#held.values()];
    this.#held.clear();
    if (batches.length > 0) this.target.tell.scalarsRecorded(batches);
    if (this.#thinned > this.#toldThinned) {
      const text = `${this.#thinned - this.#toldThinned} points came too fast to be shown live; the event file has them.`;
      this.target.tell.noticed({ text });
      this.#toldThinned = this.#thinned;
    }
    if (this.#progress) this.target.tell.progressed(this.#progress);
    this.#progress = undefined;
  }
}

/** Two batches of one tag as one, the earlier first. */
export function join(first: ScalarBatch | undefined, second: ScalarBatch): ScalarBatch {
  if (!first) return second;
  return {
    tag: second.tag,
    steps: concat(first.steps, second.steps),
    values: concat(first.values, second.values),
    wallTimeSeconds: concat(first.wallTimeSeconds, second.wallTimeSeconds),
  };
}

function tail({ tag, steps, values, wallTimeSeconds }: ScalarBatch, from: number): ScalarBatch {
  return { tag, steps: steps.slice(from), values: values.slice(from), wallTimeSeconds: wallTimeSeconds.slice(from) };
}

function concat(first: Float64Array, second: Float64Array): Float64Array {
  const joined = new Float64Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
