// Fetches once more at the end of training: TF1's FinalOpsHook (HK-9).
import { OutOfRangeError, StopIteration } from "../../graph/errors";
import type { Feeds } from "../../graph/feeds";
import type { Fetched } from "../../graph/fetches";
import type { Session } from "../../graph/session";
import { logging } from "../logging";
import { SessionRunHook } from "../sessionRunHook";

/** Keeps the values of `finalOps` as they are when training has ended. */
export class FinalOpsHook<T> extends SessionRunHook {
  readonly #ops: T;
  readonly #feeds: Feeds | undefined;
  #values: Fetched<T> | undefined;

  /** `finalOps` are fetched once, as training ends; `finalOpsValues` then has what they gave. */
  constructor(finalOps: T, { feeds }: { readonly feeds?: Feeds } = {}) {
    super();
    this.#ops = finalOps;
    this.#feeds = feeds;
  }

  /** Undefined until training has ended. */
  get finalOpsValues(): Fetched<T> | undefined {
    return this.#values;
  }

  override async end(session: Session): Promise<void> {
    try {
      this.#values = await session.run(this.#ops, { ...(this.#feeds && { feeds: this.#feeds }) });
    } catch (error) {
      if (error instanceof OutOfRangeError || error instanceof StopIteration) {
        logging.warn("The final operations ran into the end of the input. Let them depend on variables only, not on the next batch.");
      }
      throw error;
    }
  }
}
