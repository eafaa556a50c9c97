// Checkpoints: what is there, why it stays, what a restore would do, what a prune would move.
import type { RetentionPolicy, Step, Tag } from "./run";

/** A type that a checkpoint can store, by TensorFlow's name (TB-8). */
export type Dtype =
  | "float16" | "float32" | "float64" | "bfloat16" | "int8" | "int16" | "int32" | "int64"
  | "uint8" | "uint16" | "uint32" | "uint64" | "bool" | "complex64" | "complex128" | "string";

/** One variable as the index lists it. */
export interface VariableInfo {
  readonly name: string;
  readonly dtype: Dtype | (string & {});
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Masked CRC-32C of the stored bytes, 8 hexadecimal digits. */
  readonly crc32c?: string;
  /** Only for partitioned variables: TF's slice specs. */
  readonly slices?: readonly string[];
}

/** What a TF2 checkpoint tells of its objects. */
export interface CheckpointObjects {
  readonly count: number;
  /** Every stored value: its key, the variable's name in the program, and for an optimizer's slot which variable's. */
  readonly tensors: readonly {
    readonly key: string;
    readonly fullName: string;
    readonly slot?: { readonly name: string; readonly variableKey?: string };
  }[];
}

/** The content of a checkpoint as its index tells it. */
export interface CheckpointContent {
  readonly kind: "checkpoint";
  readonly format: "V1" | "V2";
  readonly shards: number;
  readonly bytes: number;
  readonly endianness: "little" | "big";
  readonly variables: readonly VariableInfo[];
  /** Only for object-based checkpoints, of TF2 and Keras. */
  readonly objects?: CheckpointObjects;
  /** Present only after every data byte was read and compared with its checksum. */
  readonly verified?: boolean;
  readonly problems: readonly string[];
}

/** Why a checkpoint is on disk: in the Saver's list, past its list for good, by hand, by metric, or by nobody. */
export type KeptBecause = "newest" | "hourMark" | "protected" | "best" | "unmanaged";

/** One row of the checkpoint browser and of `trainscope checkpoints`. */
export interface CheckpointInfo {
  /** Relative to the run's folder, without `.index`. */
  readonly prefix: string;
  readonly step?: Step;
  readonly wallTimeSeconds: number;
  readonly bytes: number;
  /** Named in the state file. */
  readonly listed: boolean;
  /** The index and every data file are there. */
  readonly complete: boolean;
  readonly kept: KeptBecause;
  /** Why it is kept, one sentence. */
  readonly reason: string;
  /** What comes next for it, one sentence. */
  readonly next: string;
  /** Number of further saves after which it goes; absent when never within the forecast. */
  readonly deletedAtSave?: number;
  /** The chosen metric at its step, as recorded and smoothed; absent where none was recorded by then. */
  readonly metric?: { readonly raw: number; readonly smoothed: number };
  /** The best of all complete ones by the smoothed metric. */
  readonly best?: boolean;
  /** What the person wrote as they protected it. */
  readonly note?: string;
  /** What a verification found wrong with it, one sentence. */
  readonly damage?: string;
}

/** What one coming save will do. */
export interface ForecastSave {
  readonly save: number;
  /** Seconds from now. */
  readonly atSeconds: number;
  /** Expected step of the save, where the pace is known. */
  readonly step?: Step;
  readonly deletes: readonly string[];
  readonly keepsForever: readonly string[];
}

/** Where the retention rule that is shown comes from. */
export type PolicySource = "run.json" | "defaults" | "asked";

/** All that is known of a run's checkpoints. */
export interface CheckpointList {
  readonly policy: RetentionPolicy & { readonly source: PolicySource };
  /** Prefix that a restart would resume from. */
  readonly latest?: string;
  /** Newest first. */
  readonly checkpoints: readonly CheckpointInfo[];
  readonly problems: readonly string[];
  readonly forecast: readonly ForecastSave[];
  /** Newest first; what prune moved away and Undo can bring back. */
  readonly trash: readonly TrashEntry[];
  readonly metric?: CheckpointMetric;
  /** Past ticks of the hour clock, seconds since the epoch, oldest first. */
  readonly clockTicks?: readonly number[];
  /** When each Saver after the first was built, seconds since the epoch. */
  readonly restarts?: readonly number[];
  /** Saves whose files are gone, oldest first. */
  readonly pastSaves?: readonly { readonly step?: Step; readonly wallTimeSeconds: number }[];
  /** What there will be after the last save of the run, where its end is known. */
  readonly end?: SaveMoment & { readonly bytes: number };
  /** The first save that will not fit on the disk. */
  readonly diskFull?: SaveMoment;
  /** Why nothing can be changed: a folder that is read-only, another writer that does not answer. One sentence. */
  readonly whyNoChange?: string;
  /** Who else writes this run, one sentence. */
  readonly writer?: string;
  /** The rule of another tool that keeps these checkpoints, in its words. */
  readonly otherRule?: { readonly name: string; readonly words: string };
  /** The clock was set back: times of the forecast are not to be trusted. One sentence. */
  readonly clockJump?: string;
}

/** A coming save: its number from now, when, and where the pace is known at which step. */
export interface SaveMoment {
  readonly save: number;
  /** Seconds from now. */
  readonly atSeconds: number;
  readonly step?: Step;
}

/** The scalar shown beside checkpoints, and its course over time. */
export interface CheckpointMetric {
  readonly tag: Tag;
  readonly better: "lower" | "higher";
  /** Weight of the debiased average, 0 to below 1. */
  readonly smoothing: number;
  /** All scalars to choose from. */
  readonly tags: readonly Tag[];
  /** Thinned for drawing, oldest first; equal lengths. `breaks` are indices at which a restart begins a new segment. */
  readonly curve: {
    readonly wallTimeSeconds: Float64Array;
    readonly raw: Float64Array;
    readonly smoothed: Float64Array;
    readonly breaks: Uint32Array;
  };
}

/** What one prune moved away and *Undo* can bring back. */
export interface TrashEntry {
  /** Relative to the run's folder: `.trash/<time>`. */
  readonly trash: string;
  readonly prefixes: readonly string[];
  readonly bytes: number;
}

/** What a prune will move, and what it leaves, decided before anything happens. */
export interface PrunePlan {
  readonly deletes: readonly PlannedDelete[];
  readonly keeps: readonly { readonly prefix: string; readonly reason: string }[];
  readonly bytes: number;
}

/** One checkpoint that a prune moves to trash, with the exact files. */
export interface PlannedDelete {
  readonly prefix: string;
  readonly step?: Step;
  /** File names relative to the run's folder. */
  readonly files: readonly string[];
  /** How each of `files` looked as the plan was made, in the same order: a plan is carried out only on the files it was made for. */
  readonly stamps?: readonly FileStamp[];
  readonly bytes: number;
  readonly reason: string;
}

/** What tells that a file is still the one that was looked at. */
export interface FileStamp {
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** How a checkpoint fits a program, variable by variable (SR-2 to SR-5). */
export interface Preflight {
  readonly prefix: string;
  readonly equal: number;
  readonly otherShape: readonly { readonly name: string; readonly file: readonly number[]; readonly program: readonly number[] }[];
  readonly otherDtype: readonly { readonly name: string; readonly file: string; readonly program: string }[];
  /** In the program, not in the file: a strict restore fails. */
  readonly missing: readonly string[];
  /** In the file, not in the program: not read. */
  readonly extra: readonly string[];
  readonly renames: readonly { readonly missing: string; readonly extra: string }[];
  /** What a checkpoint never holds: random state, data position. */
  readonly notInFile: readonly string[];
  /** A strict restore would succeed. */
  readonly fits: boolean;
}

/** What a restore did. */
export interface RestoreResult {
  readonly prefix: string;
  readonly step: Step;
  readonly variables: number;
  /** The checkpoint saved just before, from which the restore can be undone. */
  readonly savedBefore?: string;
}
