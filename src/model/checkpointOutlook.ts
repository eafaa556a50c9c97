// What is known of a run's checkpoints beyond their files: metric, what comes next, past and future saves, disk, notices.
import type { Step, Tag } from "./run";

/** What comes next for a checkpoint. `save` counts from 1, the next one; `atSeconds` is from now and NaN where times are unknown. */
export type Fate =
  | { readonly kind: "goes"; readonly save: number; readonly atSeconds: number; readonly step?: Step }
  | { readonly kind: "becomesHourMark"; readonly save: number; readonly atSeconds: number; readonly step?: Step; readonly markSeconds: number }
  | { readonly kind: "stays"; readonly until: StaysUntil };

/** `always`: the rule deletes none; `forGood`: an hour mark; `simulated`: for as many saves as were simulated; `managed`: until somebody manages it or moves it away; `unknown`: the rule's number is not known. */
export type StaysUntil = "endOfRun" | "simulated" | "always" | "forGood" | "unprotected" | "beaten" | "managed" | "saved" | "unknown" | "never";

/** The metric that rows, strip and keep-best speak of, and its course over time. */
export interface CheckpointMetric {
  readonly tag: Tag;
  readonly better: "lower" | "higher";
  /** Weight of TensorBoard's debiased average behind `smoothed`. */
  readonly smoothing: number;
  /** All scalar tags of the run, for another choice. */
  readonly tags: readonly Tag[];
  readonly curve: MetricCurve;
}

/** Thinned for drawing, oldest first; the columns have equal length. */
export interface MetricCurve {
  readonly wallTimeSeconds: Float64Array;
  readonly raw: Float64Array;
  readonly smoothed: Float64Array;
  /** Indices at which a restart begins a new segment. */
  readonly breaks: Uint32Array;
}

/** A metric's last value at or before a checkpoint's step, as recorded and averaged. */
export interface MetricAt {
  readonly raw: number;
  readonly smoothed: number;
}

/** The addition to TF1's rule that is off by default: of those that would go, the best few stay. */
export interface KeepBest {
  readonly count: number;
  readonly tag: Tag;
  /** Less is better. */
  readonly lower: boolean;
}

/** The metric's average at a checkpoint. */
export interface BestValue {
  readonly prefix: string;
  readonly value: number;
}

/** One tick of the hour clock; `prefix` is the mark that it made. A past tick without one is a mark that was lost. */
export interface ClockTick {
  readonly seconds: number;
  readonly prefix?: string;
  readonly lost?: true;
}

/** A process that went on in the folder: its Saver began with an empty list and a new clock. */
export interface SaverRestart {
  readonly seconds: number;
  /** Those still here that the Saver before it had in its list or let go of, and that this one does not manage. */
  readonly forgot: readonly string[];
  /** Step that the training went on from, where it is known. */
  readonly step?: Step;
}

/** A save of which nothing is left in the folder. */
export interface PastSave {
  readonly prefix: string;
  readonly step?: Step;
  readonly seconds: number;
  /** It lies in trash and can be brought back. */
  readonly inTrash?: true;
}

/** The run's saves in time, each list oldest first. */
export interface Timeline {
  readonly ticks: readonly ClockTick[];
  readonly restarts: readonly SaverRestart[];
  readonly past: readonly PastSave[];
}

/** Disk use now and as foreseen. */
export interface DiskOutlook {
  /** Of all checkpoints in the folder, without trash. */
  readonly usedBytes: number;
  readonly trashBytes: number;
  readonly freeBytes?: number;
  /** After the last save that is foreseen. */
  readonly endBytes: number;
  /** Whether that last save is the run's last. */
  readonly toTheEnd: boolean;
  /** The first save that does not fit. */
  readonly full?: { readonly save: number; readonly atSeconds: number; readonly step?: Step };
}

/** Who decides which checkpoints stay. */
export type RuleKind = "Saver" | "CheckpointManager" | "Keras" | "Lightning" | "HF Trainer" | "Orbax" | "unknown";

/** The rule behind a folder, in words, and why it cannot be set here where it cannot. */
export interface RetentionRule {
  readonly kind: RuleKind;
  /** One sentence: “Kept by CheckpointManager: …”. */
  readonly text: string;
  /** Why the rule's numbers cannot be changed here; absent when they can. */
  readonly fixed?: string;
}

/** Who writes in the folder. `elsewhere`: a process that we cannot ask, on another machine or with its door shut. */
export interface FolderWriter {
  readonly state: "running" | "ended" | "foreign" | "elsewhere";
  /** “python, pid 4711, on gpu-3”, where it is known. */
  readonly who?: string;
}

/** Something a person should know of the checkpoints now; the most urgent first. */
export interface CheckpointNotice {
  readonly kind:
    | "diskFull" | "damagedNewest" | "staleState" | "bestGoes" | "unmanaged" | "clockJump" | "undoRestore" | "movedState" | "problem";
  readonly text: string;
  /** The checkpoints it speaks of. */
  readonly prefixes: readonly string[];
  /** What a button beside it does. */
  readonly act?: "protect" | "manage" | "repair" | "prune" | "undoRestore" | "restore";
}

/** A restore that can still be undone: the state before it is held, whatever the rule says. */
export interface RestoreUndo {
  readonly restored: string;
  readonly savedBefore: string;
  readonly step?: Step;
}

/** The state file as it is and as a repair would write it. */
export interface StateRepair {
  readonly before: string;
  readonly after: string;
  /** What is wrong with it, a sentence each. */
  readonly reasons: readonly string[];
}

/** A change to what keeps the checkpoints of a run; no checkpoint's own bytes are touched by any of them. */
export type CheckpointAct =
  | { readonly kind: "protect"; readonly prefix: string; readonly note?: string }
  | { readonly kind: "unprotect"; readonly prefix: string }
  /** Another rule from now on; a training that goes on in the folder later takes it in place of what its script says. `byScript`: it is what the script said, and none is asked for any more. */
  | { readonly kind: "setPolicy"; readonly maxToKeep: number; readonly keepCheckpointEveryNHours: number; readonly byScript?: true }
  /** Without `keepBest` it is off. `values`: what the checkpoints that are there have. */
  | { readonly kind: "setKeepBest"; readonly keepBest?: KeepBest; readonly values?: readonly BestValue[] }
  /** Takes orphans into the list: from now on the rule decides on them. */
  | { readonly kind: "manage"; readonly prefixes: readonly string[] }
  /** Writes the state file as `StateRepair` showed it, and only if it still is what it was. */
  | { readonly kind: "repairState"; readonly before: string; readonly after: string }
  /** The state held for the undo of a restore is no longer held. */
  | { readonly kind: "dismissUndo" };
