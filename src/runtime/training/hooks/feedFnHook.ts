// Feeds each run with what a function answers: TF1's FeedFnHook (HK-10).
import type { Feeds } from "../../graph/feeds";
import { SessionRunHook, type SessionRunArgs } from "../sessionRunHook";

/** Calls `feedFn` before each run. */
export class FeedFnHook extends SessionRunHook {
  readonly #feedFn: () => Feeds | Promise<Feeds>;

  /** `feedFn` is asked before each run for what to feed. */
  constructor(feedFn: () => Feeds | Promise<Feeds>) {
    super();
    this.#feedFn = feedFn;
  }

  override async beforeRun(): Promise<SessionRunArgs> {
    return { feeds: await this.#feedFn() };
  }
}
