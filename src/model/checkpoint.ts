// Checkpoints: what is there, why it stays, what a restore would do, what a prune would move.
import type {
  CheckpointAct, CheckpointMetric, CheckpointNotice, DiskOutlook, Fate, FolderWriter, KeepBest, MetricAt, RestoreUndo, RetentionRule, StateRepair, Timeline,
} from "./checkpointOutlook";
import type { RetentionPolicy, Step } from "./run";

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
  readonly fate: Fate;
  /** Its place in the Saver's list, 1 for the newest. */
  readonly place?: number;
  /** Of an hour mark: the time of the clock that it came after. */
  readonly markSeconds?: number;
  /** Why somebody protected it; empty where they gave no reason. */
  readonly note?: string;
  /** The metric at its step. */
  readonly metric?: MetricAt;
  /** The best of all complete ones by the metric's average. */
  readonly best?: true;
  /** What is wrong with its bytes, as far as a look at the index or an earlier verification found. */
  readonly damage?: string;
  /** All of its bytes were compared with their checksums, and since then no file changed. */
  readonly verified?: true;
  /** Number of further saves after which it goes; absent when never within the forecast. */
  readonly deletedAtSave?: number;
}

/** What one coming save will do. */
export interface ForecastSave {
  readonly save: number;
  /** Seconds from now. */
  readonly atSeconds: number;
  /** Expected step of the save, where the pace is known. */
  readonly step?: Step;
  /** The name that it will probably get. */
  readonly prefix: string;
  readonly deletes: readonly string[];
  readonly keepsForever: readonly string[];
  /** Their turn to go came, but they are protected or among the best: they left the Saver's list and stay. */
  readonly spares: readonly string[];
  /** Of all checkpoints in the folder after it. */
  readonly totalBytes: number;
  /** It does not fit on the disk and is refused before it starts. */
  readonly refused?: true;
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
  readonly keepBest?: KeepBest;
  readonly timeline: Timeline;
  readonly disk: DiskOutlook;
  readonly rule: RetentionRule;
  readonly writer: FolderWriter;
  /** Most urgent first. */
  readonly notices: readonly CheckpointNotice[];
  /** The clock jumped back among the saves: steps are foreseen, times are not. */
  readonly timesUnknown?: true;
  readonly undoRestore?: RestoreUndo;
  readonly stateRepair?: StateRepair;
  /** Why nothing can be changed, one sentence: a folder that is read-only, a writer that cannot be asked. */
  readonly whyNoChange?: string;
}

/** What one prune moved away and *Undo* can bring back. */
export interface TrashEntry {
  /** Relative to the run's folder: `.trash/<time>`. */
  readonly trash: string;
  readonly movedSeconds: number;
  readonly checkpoints: readonly { readonly prefix: string; readonly bytes: number }[];
  /** Of all of them. */
  readonly bytes: number;
}

/** What a prune will move, and what it leaves, decided before anything happens. */
export interface PrunePlan {
  readonly deletes: readonly PlannedDelete[];
  readonly keeps: readonly { readonly prefix: string; readonly reason: string }[];
  readonly bytes: number;
  /** Its undo takes that back too. */
  readonly beside?: PruneBeside;
}

/** What a prune changes beside the files. */
export interface PruneBeside {
  /** The rule from now on. */
  readonly policy?: RetentionPolicy;
  /** The best one, which the rule would let go and which stays. */
  readonly protect?: { readonly prefix: string; readonly note: string };
}

/** As it lies in trash: with what its undo goes back to. */
export interface PrunedBeside extends PruneBeside {
  readonly before?: PolicyBefore;
}

/** `byScript`: nobody had asked for another rule than the script's. */
export interface PolicyBefore extends RetentionPolicy {
  readonly byScript?: true;
}

/** What the undo of a prune did. */
export interface PruneUndone {
  readonly prefixes: readonly string[];
  /** What it took back beside the files. A rule or a note that somebody changed since then stays. */
  readonly tookBack: readonly CheckpointAct[];
}

/** What a prune did. */
export interface PruneResult {
  /** Relative to the run's folder: what Undo names. */
  readonly trash: string;
  /** Planned ones that could not be moved and are where they were, with the reason; absent where all were. */
  readonly left?: readonly { readonly prefix: string; readonly why: string }[];
}

/** What there will be after the saves that are foreseen. */
export interface EndSum {
  /** In the Saver's list. */
  readonly newest: number;
  /** Hour marks, protected ones, and the best. */
  readonly forGood: number;
  /** Nothing deletes them. */
  readonly unmanaged: number;
  /** Prefixes of the hour marks that come. */
  readonly marks: readonly string[];
  /** Of all of them, without trash. */
  readonly bytes: number;
}

/** As things are, and with a prune, and another rule where one is asked for. */
export interface EndSums {
  readonly now: EndSum;
  readonly then: EndSum;
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
  /** All variables of the program. */
  readonly program: number;
  /** How many of them the chosen restore sets; the others keep their present value. */
  readonly sets: number;
  /** How many of them have a moving average in the file. */
  readonly averages: number;
  /** Top-level scopes of the program; the empty one holds the variables without a scope. `averages` as above. */
  readonly scopes: readonly { readonly scope: string; readonly variables: number; readonly averages: number }[];
}

/**
 * What a restore takes out of a checkpoint. Nothing said is TensorFlow's rule: all, and strictly (SR-2). Anything else is the
 * act of its own that a partial restore is: what is chosen and fits is set, the rest keeps its present value.
 */
export interface RestoreChoice {
  /** Only variables at or below these; the empty one means those without a scope. */
  readonly scopes?: readonly string[];
  /** A variable gets its moving average where the file has one. */
  readonly weights?: "ema";
  /** A variable that is missing gets the one that it was probably called. */
  readonly renames?: true;
  /** What does not fit is left as it is. */
  readonly partial?: true;
}

/** What a restore did. */
export interface RestoreResult {
  readonly prefix: string;
  readonly step: Step;
  readonly variables: number;
  /** How many variables of the program keep their present value; absent where none does. */
  readonly kept?: number;
  /** The checkpoint saved just before, from which the restore can be undone. */
  readonly savedBefore?: string;
  /** It was called off while the checkpoint was read: nothing was changed, and `step` is the present one. */
  readonly cancelled?: true;
}
