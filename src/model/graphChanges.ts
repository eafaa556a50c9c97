// How two graphs differ, as a list; the drawing of both marks its boxes and edges with the same words.

/** What happened to a box: it is only in the later graph, only in the earlier one, in both with a difference, or only its name differs. */
export type Change = "added" | "removed" | "changed" | "renamed";

/** One box that differs. */
export interface GraphChange {
  readonly kind: Change;
  readonly name: string;
  /** Its name in the earlier graph, where that is another. */
  readonly was?: string;
  /** In a few words: `59 shapes`, `3 ops`. */
  readonly words: string;
  /** What differs, with its value before and after; "" where it has none. */
  readonly rows: readonly (readonly [what: string, before: string, after: string])[];
  /** Differences beyond those in `rows`. */
  readonly more: number;
}

/** All boxes of the whole graph's own level that differ, in the order of the drawing. */
export interface GraphChanges {
  readonly changes: readonly GraphChange[];
  /** Operations by what happened to them. */
  readonly operations: { readonly added: number; readonly removed: number; readonly changed: number; readonly same: number };
}
