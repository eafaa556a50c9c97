// Moving along a curve by key, and the rows of the table that says the same as the picture.
import type { CheckpointInfo } from "#model/checkpoint";
import type { Slice } from "#model/scalars";
import { markOf, markWord } from "#kit/marks";
import { niceStep } from "./axes";
import { nearestIndex, readAt } from "./lines";

/** A key's meaning for the point under the keys. */
export type Move = "next" | "previous" | "nextMark" | "previousMark" | "first" | "last";

/** The step after a move; the last point when none was chosen yet. */
export function moved(slice: Slice, checkpoints: readonly CheckpointInfo[], { step, move }: { step?: number; move: Move }): number | undefined {
  const { x } = slice.smoothed;
  const at = step === undefined ? x.length - 1 : nearestIndex(x, step);
  if (x.length === 0) return undefined;
  if (step === undefined) return move === "first" ? x[0] : x[at];
  switch (move) {
    case "next": return x[Math.min(at + 1, x.length - 1)];
    case "previous": return x[Math.max(at - 1, 0)];
    case "first": return x[0];
    case "last": return x[x.length - 1];
    case "nextMark": return markSteps(slice, checkpoints).find((mark) => mark > step) ?? step;
    case "previousMark": return markSteps(slice, checkpoints).filter((mark) => mark < step).at(-1) ?? step;
  }
}

/** Steps with something to stop at: checkpoints, restarts, values that are no numbers. */
function markSteps(slice: Slice, checkpoints: readonly CheckpointInfo[]): readonly number[] {
  const steps = [
    ...checkpoints.flatMap(({ step }) => (step === undefined ? [] : [step])), ...slice.restarts, ...slice.nonFinite.map(({ step }) => step),
  ];
  return steps.sort((a, b) => a - b);
}

/** The checkpoint whose step is nearest. */
export function nearestCheckpoint(checkpoints: readonly CheckpointInfo[], step: number): CheckpointInfo | undefined {
  let best: CheckpointInfo | undefined;
  for (const checkpoint of checkpoints) {
    if (checkpoint.step === undefined) continue;
    if (best?.step === undefined || Math.abs(checkpoint.step - step) < Math.abs(best.step - step)) best = checkpoint;
  }
  return best;
}

export interface TableRow {
  readonly step: number;
  readonly smoothed: number;
  readonly raw?: number;
  /** Where the line is thinned: least and greatest raw value near the step. */
  readonly rawRange?: readonly [number, number];
  readonly mark: string;
}

export interface DataTable {
  /** Newest first. */
  readonly rows: readonly TableRow[];
  readonly every: number;
}

/** The last point, the marks, and every round step: the same data as the picture. */
export function dataTable(slice: Slice, checkpoints: readonly CheckpointInfo[]): DataTable {
  const { x } = slice.smoothed;
  const from = x[0];
  const to = x[x.length - 1];
  if (from === undefined || to === undefined) return { rows: [], every: 1 };
  const every = Math.max(1, niceStep((to - from) / 12 || 1));
  const marks = new Map(checkpoints.flatMap((one) => (one.step === undefined ? [] : [[one.step, markWord(markOf(one))] as const])));
  for (const restart of slice.restarts) marks.set(restart, "restart");
  const wanted = new Set([to, ...marks.keys()]);
  for (let step = Math.ceil(from / every) * every; step <= to; step += every) wanted.add(step);
  const rows = new Map<number, TableRow>();
  for (const step of [...wanted].sort((a, b) => b - a)) {
    const reading = step < from || step > to ? undefined : readAt(slice, step, (to - from) / x.length);
    if (!reading) continue;
    const mark = marks.get(step);
    // A mark keeps its own step; on a thinned line the nearest drawn point stands in for its values.
    const at = mark === undefined ? reading.step : step;
    rows.set(at, { step: at, smoothed: reading.smoothed, raw: reading.raw, rawRange: reading.rawRange, mark: mark ?? rows.get(at)?.mark ?? "" });
  }
  return { rows: [...rows.values()], every };
}
