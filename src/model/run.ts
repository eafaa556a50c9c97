// What a run is: its state, its progress, its end, and what it wrote down about itself.
import type { BestValue, KeepBest, PastSave, RestoreUndo } from "./checkpointOutlook";
import type { NonFiniteSearch } from "./diagnosis";

/** A training step: a whole number, the value of `global_step`. */
export type Step = number;

/** The name under which values were recorded, exactly as in the event file. */
export type Tag = string;

/** `foreign` is a run that something else wrote. */
export type RunState = "running" | "finished" | "stopped" | "failed" | "killed" | "lost" | "foreign";

/** How a run ended. `killed` by a signal; `lost` when the process vanished and left no word. */
export type HowEnded = "finished" | "stopped" | "failed" | "killed" | "lost";

/** The end of a run, with the tail of its log for the person. */
export interface RunEnd {
  readonly how: HowEnded;
  readonly step?: Step;
  readonly exitCode?: number;
  /** One sentence: what went wrong. */
  readonly error?: string;
  /** How far a stop had to go: the loop was asked, its processes were terminated, or killed. */
  readonly rung?: StopRung;
}

/** The steps of the stop ladder, gentlest first. */
export type StopRung = "asked" | "terminated" | "killed";

/** Where a running training stands. */
export interface RunProgress {
  readonly step: Step;
  /** The last step this process means to reach. */
  readonly of?: Step;
  readonly stepsPerSecond?: number;
  readonly secondsLeft?: number;
  /** The scalar shown beside the run: the last recorded value of its first loss tag. */
  readonly loss?: { readonly tag: Tag; readonly value: number };
}

/** One row of the run explorer and of `trainscope ls`. */
export interface RunInfo {
  /** Path below the folder that was asked about, with `/`; `.` for that folder itself. */
  readonly name: string;
  /** Absolute path. */
  readonly dir: string;
  readonly state: RunState;
  readonly lastStep?: Step;
  readonly lastWallTimeSeconds?: number;
  readonly tags: number;
  readonly checkpoints: number;
  readonly bytes: number;
  readonly backend?: string;
  /** `run@prefix` that this run was branched from. */
  readonly parent?: string;
  readonly progress?: RunProgress;
  /** Last recorded value of the first loss tag of a run that does not train now, where its event files were read. */
  readonly loss?: RunProgress["loss"];
  readonly end?: RunEnd;
}

/** TF1 `Saver`'s retention rule (tf1-semantics RT-2 to RT-6). */
export interface RetentionPolicy {
  /** 0 keeps everything. */
  readonly maxToKeep: number;
  readonly keepCheckpointEveryNHours: number;
}

/** TF1's defaults: `max_to_keep=5`, `keep_checkpoint_every_n_hours=10000` (SV-1). */
export const defaultRetention: RetentionPolicy = { maxToKeep: 5, keepCheckpointEveryNHours: 10000 };

/** The content of `run.json`: what TensorFlow's own files cannot say about a run. */
export interface RunRecord {
  readonly version: 1;
  /** Absolute path of the script. */
  readonly script: string;
  readonly args: readonly string[];
  /** Folder the script ran in. */
  readonly cwd?: string;
  readonly node?: string;
  readonly pid?: number;
  readonly startedSeconds: number;
  readonly backend?: BackendChoice;
  /** The `--backend` that was asked for; `auto` when none was. */
  readonly backendAsked?: BackendName | "auto";
  readonly parent?: string;
  /** Name of the machine that it runs on. */
  readonly host?: string;
  readonly retention?: RetentionPolicy;
  /** The rule that a person set; it takes the place of what the script says. */
  readonly retentionAsked?: RetentionPolicy;
  /** Checkpoints that a person guards from the rule; prefixes relative to the run's folder. */
  readonly protected?: readonly { readonly prefix: string; readonly note?: string }[];
  readonly keepBest?: KeepBest;
  /** The average of its metric at each checkpoint. */
  readonly bestValues?: readonly BestValue[];
  /** What keep-best has kept beyond the Saver's list. */
  readonly keptAsBest?: readonly string[];
  /** The newest saves, oldest first, whether their files are still there or not. */
  readonly saves?: readonly RecordedSave[];
  readonly undoRestore?: RestoreUndo;
  /** Every restore into this run, oldest first. */
  readonly lineage?: readonly LineageEntry[];
  /** When the Saver that owns the list of checkpoints was built: its hour clock starts here (RT-2). */
  readonly saverBuiltSeconds?: number;
  /** Wall time after which the next evicted checkpoint is kept for good. */
  readonly nextKeepSeconds?: number;
  /** The latest search for the first value that was not finite. */
  readonly nonFinite?: NonFiniteSearch;
  readonly state: RunState;
  readonly end?: RunEnd;
}

/** A save as run.json remembers it. */
export type RecordedSave = Omit<PastSave, "inTrash">;

/** One restore: what came from where, and what of it. */
export interface LineageEntry {
  readonly seconds: number;
  /** Relative to the run's folder; absolute where it lies elsewhere; `run@prefix` for the start of a branch. */
  readonly from: string;
  /** The step it came to, and the one it left. */
  readonly step?: Step;
  readonly leftStep?: Step;
  /** Only these scopes; all where left out. */
  readonly scopes?: readonly string[];
  /** Moving averages were put in the place of the variables. */
  readonly weights?: "ema";
  readonly variables?: number;
  readonly undo?: true;
}

/** Which backend computes, and why the ones before it in the order do not. */
export interface BackendChoice {
  readonly name: BackendName;
  /** For the person: library, version and device. */
  readonly device: string;
  readonly refused: readonly { readonly name: BackendName; readonly reason: string }[];
}

/** The backends in order of preference (runtime 5). */
export type BackendName = "cuda" | "webgpu" | "node" | "wasm" | "cpu";
