// Checkpoints under a curve: where each stands, and which is near a step or before it.
import type { CheckpointInfo } from "#model/checkpoint";
import type { AxisKind, Slice } from "#model/scalars";
import type { Numbers } from "#kit/numbers";
import { byPlace, nearestIndex } from "./lines";
import { checkpointWords } from "./words";

/** A checkpoint's tick and its name for those who do not see it. */
export interface Tick {
  readonly checkpoint: CheckpointInfo;
  readonly place: number;
  readonly label: string;
  readonly open: boolean;
}

/** Where a checkpoint stands on an axis: at its step, at its time, or where the axis has no such place, nowhere. */
export function placeOfCheckpoint({ step, wallTimeSeconds }: CheckpointInfo, axis: AxisKind, slice: Slice | undefined): number | undefined {
  if (axis.kind === "step") return slice?.oneStep ? undefined : step;
  if (axis.kind === "wall") return wallTimeSeconds;
  if (axis.kind === "relative" && slice?.last) return slice.last.x - (slice.last.wallTimeSeconds - wallTimeSeconds);
  return undefined;
}

/** The ticks of a run that have a place on the axis. */
export function ticksOf(checkpoints: readonly CheckpointInfo[], { axis, slice, openPrefix, numbers }: {
  readonly axis: AxisKind; readonly slice: Slice | undefined; readonly openPrefix: string | undefined; readonly numbers: Numbers;
}): readonly Tick[] {
  return checkpoints.flatMap((checkpoint) => {
    const place = placeOfCheckpoint(checkpoint, axis, slice);
    return place === undefined ? [] : [{ checkpoint, place, label: checkpointWords(checkpoint, numbers), open: checkpoint.prefix === openPrefix }];
  });
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

/** The last complete checkpoint before a step: what is good of a run whose curve rose there. */
export function lastBefore(checkpoints: readonly CheckpointInfo[], step: number): CheckpointInfo | undefined {
  let best: CheckpointInfo | undefined;
  for (const checkpoint of checkpoints) {
    if (!checkpoint.complete || checkpoint.step === undefined || checkpoint.step >= step) continue;
    if (best?.step === undefined || checkpoint.step > best.step) best = checkpoint;
  }
  return best;
}

/** The drawn value of a line at a place, for a list; undefined outside of it. */
export function drawnValueAt(slice: Slice | undefined, place: number): number | undefined {
  if (!slice?.extent || place < slice.extent[0] || place > slice.extent[1]) return undefined;
  const { x, y } = byPlace(slice.smoothed);
  return y[nearestIndex(x, place)];
}
