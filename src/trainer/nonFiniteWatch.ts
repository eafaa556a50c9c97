// What a trainer does when a recorded value is not finite: it looks for the operation to blame, once, and says what it found.
import { describeSearch } from "#analysis/diagnosis/nonFiniteWords";
import { messageOf } from "#base/errors";
import type { NonFiniteSearch } from "#model/diagnosis";
import type { ScalarBatch } from "#model/scalars";
import { currentTraining, keepStateNow, searchNonFiniteNow } from "#runtime/index";

const keepEveryMs = 5000;

/** Watches one training's scalars. */
export class NonFiniteWatch {
  #searched = false;
  #lastKept = Number.NEGATIVE_INFINITY;

  constructor(private readonly found: (search: NonFiniteSearch, text: string) => void) {}

  /**
   * Starts the search at the first value that is not finite where the variables are broken too: then a training has
   * nothing to lose. Otherwise a person may ask for it.
   */
  scalarsRecorded(batches: readonly ScalarBatch[]): void {
    if (this.#searched || !batches.some(({ values }) => values.some((value) => !Number.isFinite(value)))) return;
    this.#searched = true;
    this.search({ onlyWhenBroken: true }).catch(tellRefusal);
  }

  /** Keeps a state to start from, as the training begins and then now and then, while all is well. */
  stepDone(nowMs: number): void {
    if (this.#searched || !currentTraining() || nowMs - this.#lastKept < keepEveryMs) return;
    this.#lastKept = nowMs;
    keepStateNow().catch(tellRefusal);
  }

  /** Searches, tells what was found, and answers with it. */
  async search(options: { readonly onlyWhenBroken?: boolean } = {}): Promise<NonFiniteSearch | undefined> {
    const search = await searchNonFiniteNow(options);
    if (search) this.found(search, describeSearch(search));
    return search;
  }
}

/** The training has ended meanwhile, or its checkpoints do not fit any more: nothing that it should fail for. */
function tellRefusal(error: unknown): void {
  console.error(`The search for values that are not finite was given up: ${messageOf(error)}`);
}
