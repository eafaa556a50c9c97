// What stands behind a panel: a function that answers its page, and what else of ours may speak to it.
import type { Disposable } from "#base/lifetime";
import type { Pipe } from "#protocol/channel";

/** One page to be answered. */
export interface PanelTask {
  readonly pipe: Pipe;
  /** Absolute path of the run's folder. */
  readonly dir: string;
  /** A graph page shows what the graph at this path became. */
  readonly before?: string;
  visible(): boolean;
}

/** A page that is being answered. */
export interface ServedPage extends Disposable {
  /** Tells the page that something changed, so that it asks anew. */
  nudge(): void;
  /** Shows something on the page, as soon as it is there. */
  show?(intent: PageIntent): void;
}

/**
 * What is wanted: on the checkpoints page a checkpoint, its restore sheet (at first for a new run where `branch`), or the plan of a
 * prune (of one, or by the rule); in the comparison two checkpoints; on the graph page a box.
 */
export type PageIntent =
  | { readonly kind: "show"; readonly prefix: string }
  | { readonly kind: "restore"; readonly prefix: string; readonly branch: boolean }
  | { readonly kind: "prune"; readonly prefix?: string }
  | { readonly kind: "compare"; readonly prefix?: string; readonly other?: string }
  | { readonly kind: "box"; readonly name: string };

/** Begins to answer a page. */
export type PanelServer = (task: PanelTask) => ServedPage;
