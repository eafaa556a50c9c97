// What is known of a run's checkpoints before any rule is applied: files, state file, run record, clock.
import type { TrashEntry } from "#model/checkpoint";
import type { CheckpointMetric, KeepBest, MetricAt, PastSave, RestoreUndo, RetentionRule, StateRepair } from "#model/checkpointOutlook";
import { defaultRetention, type RetentionPolicy, type Step } from "#model/run";

/** One checkpoint as its files tell. */
export interface FoundCheckpoint {
  /** Relative to the run's folder, without `.index`. */
  readonly prefix: string;
  /** The number its name ends in. */
  readonly step?: number;
  /** When its index was written; of an incomplete one, when its newest file was. */
  readonly wallTimeSeconds: number;
  readonly bytes: number;
  /** Relative to the run's folder. */
  readonly files: readonly string[];
  /** The index and every data file are there. */
  readonly complete: boolean;
  /** What is not there; only where incomplete. */
  readonly lacks?: string;
  /** What is wrong with its bytes, as far as it was looked for. */
  readonly damage?: string;
  readonly verified?: true;
}

/** A checkpoint that somebody guards. */
export interface ProtectedCheckpoint {
  readonly prefix: string;
  readonly note?: string;
}

/** The chosen metric at each checkpoint, by prefix. */
export interface MetricFacts extends Omit<CheckpointMetric, "better"> {
  /** Less is better. */
  readonly lower: boolean;
  readonly values: ReadonlyMap<string, MetricAt>;
}

/** What a state file that CheckpointManager wrote tells beyond its list (CM-4). */
export interface ManagerFacts {
  /** By prefix: when each listed one was saved, by the manager's clock. */
  readonly savedSeconds: ReadonlyMap<string, number>;
  /** When the newest of those that stay for good was saved; before the first of them, when the manager began. */
  readonly lastPreservedSeconds: number;
}

/** All that `listCheckpoints` and `prunePlan` need. Times are seconds since the epoch. */
export interface CheckpointFacts {
  readonly found: readonly FoundCheckpoint[];
  /** The state file: prefixes relative to the run's folder, oldest first. Absent when there is none or it does not parse. */
  readonly state?: { readonly latest: string; readonly listed: readonly string[] };
  /** Only where CheckpointManager wrote the state file: its rule keeps the folder, and `policy` holds what is known of its numbers. */
  readonly manager?: ManagerFacts;
  /** What was wrong with the state file or a folder, as sentences. */
  readonly problems: readonly string[];
  /** The run's own rule, from run.json. */
  readonly policy?: RetentionPolicy;
  /** When each Saver of this run was built, oldest first, known from run.json or guessed from the event files. */
  readonly builtSeconds: readonly number[];
  /** The clock of the last of them, where run.json tells. */
  readonly nextKeepSeconds?: number;
  /**
   * `running`: a Saver is at work; `ended`: the list goes on only if a restart takes it over; `foreign`: nobody knows;
   * `elsewhere`: a Saver is at work that cannot be asked.
   */
  readonly writer: "running" | "ended" | "foreign" | "elsewhere";
  /** Program, process and machine of the writer. */
  readonly who?: string;
  readonly protected: readonly ProtectedCheckpoint[];
  readonly keepBest?: KeepBest;
  /** The average of its metric at each checkpoint, as the trainer knows it. */
  readonly bestValues: ReadonlyMap<string, number>;
  /** Unlisted ones that the trainer keeps because they are among the best. */
  readonly keptAsBest: readonly string[];
  readonly nowSeconds: number;
  readonly trash: readonly TrashEntry[];
  readonly metric?: MetricFacts;
  /** Every save that events or run.json tell of, oldest first, whether its files are still here or not. */
  readonly saves: readonly PastSave[];
  readonly freeBytes?: number;
  /** Last step that the training means to reach. */
  readonly endStep?: Step;
  readonly rule: RetentionRule;
  readonly undoRestore?: RestoreUndo;
  readonly stateRepair?: StateRepair;
  readonly whyNoChange?: string;
}

/** A run of which nothing but its folder is known; what is known is put in its place. */
export const bareFacts: CheckpointFacts = {
  found: [], problems: [], builtSeconds: [], writer: "ended", protected: [], bestValues: new Map(), keptAsBest: [], nowSeconds: 0, trash: [], saves: [],
  rule: { kind: "unknown", text: "Nobody knows which rule keeps these checkpoints." },
};

/** Whether a Saver is at work. */
export function isBeingWritten({ writer }: CheckpointFacts): boolean {
  return writer === "running" || writer === "elsewhere";
}

/** The rule in force: the run's own, or TF1's defaults. */
export function ownPolicy(facts: CheckpointFacts): RetentionPolicy {
  return facts.policy ?? defaultRetention;
}

/** Complete checkpoints, oldest first. */
export function completeByAge(facts: CheckpointFacts): FoundCheckpoint[] {
  return facts.found.filter(({ complete }) => complete).sort(byAge);
}

/** What is known for running the hour clock over checkpoints. */
export function knownTimes(facts: CheckpointFacts): { readonly builtSeconds: readonly number[]; readonly newestSeconds: number } {
  return { builtSeconds: facts.builtSeconds, newestSeconds: completeByAge(facts).at(-1)?.wallTimeSeconds ?? facts.nowSeconds };
}

/** Complete and unlisted, oldest first, and older than the oldest listed: what a Saver may have let go of (RT-3 evicts in order). */
export function letGo(facts: CheckpointFacts): FoundCheckpoint[] {
  const listed = new Set(facts.state?.listed ?? []);
  const complete = completeByAge(facts);
  const oldestListed = complete.findIndex(({ prefix }) => listed.has(prefix));
  return oldestListed < 0 ? complete : complete.slice(0, oldestListed);
}

/** Older first. Within one second the steps decide: the files of a copied folder all carry the time of the copy. */
export function byAge(one: FoundCheckpoint, other: FoundCheckpoint): number {
  const seconds = Math.floor(one.wallTimeSeconds) - Math.floor(other.wallTimeSeconds);
  return seconds || (one.step ?? 0) - (other.step ?? 0) || one.wallTimeSeconds - other.wallTimeSeconds;
}

/** The prefix a restart would resume from: the state file's newest, if its index is on disk (ST-10). */
export function latestOf({ state, found }: CheckpointFacts): string | undefined {
  if (!state) return undefined;
  return found.find(({ prefix, files }) => prefix === state.latest && files.includes(`${prefix}.index`))?.prefix;
}

/** Whether a save may be writing these files right now. */
export function mayBeInTheMaking(found: FoundCheckpoint, { writer, nowSeconds }: CheckpointFacts): boolean {
  const recentSeconds = 600;
  return !found.complete && writer !== "ended" && nowSeconds - found.wallTimeSeconds < recentSeconds;
}
