// Which checkpoints the table lists, and in which order.
import type { CheckpointInfo } from "#model/checkpoint";
import { markOf, type MarkKind } from "#kit/marks";

/** A column that orders the table. */
export type SortColumn = "step" | "saved" | "size" | "smoothed" | "raw" | "reason" | "next";

/** By which column, and whether its greatest comes first. */
export interface Sorting {
  readonly column: SortColumn;
  readonly descending: boolean;
}

type Key = number | string;

const keys: Readonly<Record<SortColumn, (checkpoint: CheckpointInfo) => Key>> = {
  step: ({ step, wallTimeSeconds }) => step ?? wallTimeSeconds,
  saved: ({ wallTimeSeconds }) => wallTimeSeconds,
  size: ({ bytes }) => bytes,
  smoothed: ({ metric }) => metric?.smoothed ?? NaN,
  raw: ({ metric }) => metric?.raw ?? NaN,
  reason: (checkpoint) => `${kindOrder.indexOf(markOf(checkpoint))}`,
  next: ({ fate }) => (fate.kind === "stays" ? Infinity : fate.save),
};

const kindOrder: readonly MarkKind[] = ["newest", "goesNext", "hourMark", "protected", "best", "unmanaged", "incomplete"];

/** What has no value comes last, whichever way; equals stay newest first, as they come. */
export function listedRows(checkpoints: readonly CheckpointInfo[], { sorting: { column, descending }, only }: {
  readonly sorting: Sorting; readonly only?: MarkKind;
}): readonly CheckpointInfo[] {
  const shown = only === undefined ? checkpoints : checkpoints.filter((checkpoint) => hasMark(checkpoint, only));
  const key = keys[column];
  return [...shown].sort((one, other) => {
    const [a, b] = [key(one), key(other)];
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    const order = a < b ? -1 : a > b ? 1 : 0;
    return descending ? -order : order;
  });
}

/** A star stands beside the mark; the one that goes next is one of the newest. */
export function hasMark(checkpoint: CheckpointInfo, kind: MarkKind): boolean {
  const mark = markOf(checkpoint);
  return mark === kind || (kind === "best" && checkpoint.best === true) || (kind === "newest" && mark === "goesNext");
}
