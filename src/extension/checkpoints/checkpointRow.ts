// What the window's own lists show of a checkpoint: icon, words and the tokens that decide its menu. Pure.
import type { CheckpointInfo } from "#model/checkpoint";
import { ago, bytes, clock, count, value } from "../words";

/** A row of the Checkpoints view. */
export interface CheckpointRow {
  readonly label: string;
  /** `0.418 · 48.2 MB · 14:02`. */
  readonly description: string;
  readonly icon: { readonly id: string; readonly color?: string };
  /** Space-separated tokens, matched word by word in the manifest's `when`. */
  readonly context: string;
  /** The row read aloud. */
  readonly spoken: string;
}

const icons: Readonly<Record<CheckpointInfo["kept"], CheckpointRow["icon"]>> = {
  newest: { id: "archive", color: "charts.blue" },
  hourMark: { id: "clock" },
  protected: { id: "lock" },
  best: { id: "star-full", color: "charts.yellow" },
  unmanaged: { id: "question" },
};

/** The icon of a checkpoint: what is wrong with it comes first, then what happens to it next. */
export function checkpointIcon({ complete, damage, kept, deletedAtSave }: CheckpointInfo): CheckpointRow["icon"] {
  if (!complete || damage !== undefined) return { id: "warning", color: "list.warningForeground" };
  return kept === "newest" && deletedAtSave === 1 ? { id: "trash", color: "disabledForeground" } : icons[kept];
}

/** `step 12,000`, or the file's name where no step is known. */
export function checkpointLabel({ step, prefix }: Pick<CheckpointInfo, "step" | "prefix">): string {
  return step === undefined ? prefix : `step ${count(step)}`;
}

/** The row of a checkpoint. `nowSeconds` since the epoch. */
export function checkpointRow(checkpoint: CheckpointInfo, nowSeconds: number): CheckpointRow {
  const { wallTimeSeconds, metric, best, complete, damage, kept, reason, next } = checkpoint;
  const shown = metric && `${best ? "★ " : ""}${value(metric.smoothed)}`;
  const label = checkpointLabel(checkpoint);
  return {
    label,
    description: [shown, bytes(checkpoint.bytes), clock(wallTimeSeconds, nowSeconds)].filter((part) => part !== undefined).join(" · "),
    icon: checkpointIcon(checkpoint),
    context: ["checkpoint", complete && damage === undefined ? "restorable" : "broken", kept].join(" "),
    spoken: [
      `Checkpoint ${label}`, `saved ${ago(wallTimeSeconds, nowSeconds)}`, bytes(checkpoint.bytes), metric && `metric ${value(metric.smoothed)}`,
      best && "best so far", reason, next.replace("≈", "about"),
    ].filter(Boolean).join(", "),
  };
}
