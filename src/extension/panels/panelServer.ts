// What stands behind a panel: a function that answers its page, and what else of ours may speak to it.
import type { Disposable } from "#base/lifetime";
import type { Pipe } from "#protocol/channel";

/** One page to be answered. */
export interface PanelTask {
  readonly pipe: Pipe;
  /** Absolute path of the run's folder. */
  readonly dir: string;
  visible(): boolean;
}

/** Begins to answer a page; disposing of the result ends it. */
export type PanelServer = (task: PanelTask) => Disposable;
