// What crosses between a trainer and its clients (extension, a second window, command line).
import type { PrunePlan, PruneResult, PruneUndone, Preflight, RestoreChoice, RestoreResult } from "#model/checkpoint";
import type { LookProgress } from "#model/checkpointLook";
import type { CheckpointAct } from "#model/checkpointOutlook";
import type { NonFiniteSearch, StepTimes } from "#model/diagnosis";
import type { BackendChoice, RetentionPolicy, RunEnd, RunProgress, Step } from "#model/run";
import type { ScalarBatch } from "#model/scalars";

/** Protocol number: raised when either side must not talk to an older one. */
export const doorProtocol = 1;

/** The first ask on a door; anything before it is refused. */
export interface Hello {
  readonly protocol: number;
  /** Version of the asking program. */
  readonly version: string;
  readonly token: string;
}

/** Where the training stands as a client arrives. */
export interface TrainerStatus {
  readonly version: string;
  readonly runDir: string;
  readonly pid: number;
  readonly backend?: BackendChoice;
  readonly progress?: RunProgress;
  readonly retention?: RetentionPolicy;
}

/** A client asks the trainer. All but `hello` need a hello first. Paths are prefixes, absolute or relative to the run. */
export interface TrainerAsks {
  hello(hello: Hello): Promise<TrainerStatus>;
  /** Ends the loop after the current step and saves; answers when that is under way. */
  stop(argument: Record<string, never>): Promise<void>;
  save(argument: Record<string, never>): Promise<{ readonly prefix: string; readonly step: Step }>;
  preflight(argument: { readonly prefix: string; readonly choice?: RestoreChoice }): Promise<Preflight>;
  /**
   * Between two steps: reads the checkpoint, saves the present state, then sets what was read, strictly (SR-2). Under the name that
   * `task` gives it, it tells how much it has read, and can be called off until all is read; so can the two below.
   */
  restore(argument: { readonly prefix: string; readonly task?: string }): Promise<RestoreResult>;
  /** As `restore`, but only what is chosen and fits is set; the rest keeps its present value. */
  restorePart(argument: { readonly prefix: string; readonly choice: RestoreChoice; readonly task?: string }): Promise<RestoreResult>;
  /** Restores, strictly, the state that was saved before the last restore. */
  undoRestore(argument: { readonly task?: string }): Promise<RestoreResult>;
  /** Calls a restore off. It answers then that nothing was changed, or, where it was too late, what it did. */
  cancelRestore(argument: { readonly task: string }): Promise<void>;
  /** Carries out exactly this plan; what could not be moved is where it was and told. */
  prune(plan: PrunePlan): Promise<PruneResult>;
  undoPrune(argument: { readonly trash: string }): Promise<PruneUndone>;
  /** Where the time of its runs goes; who wants to know asks every few seconds, and only then is it measured. */
  stepTimes(argument: Record<string, never>): Promise<StepTimes>;
  /** Between two steps: runs the step again with a check behind every operation, then goes on from where it was. */
  searchNonFinite(argument: Record<string, never>): Promise<NonFiniteSearch>;
  /** Carries out one change between two steps. Prefixes are relative to the run's folder. */
  change(act: CheckpointAct): Promise<void>;
}

/** A client tells the trainer nothing. */
export type TrainerTells = Record<never, never>;

/** The trainer tells every client; it asks them nothing. */
export interface ClientTells {
  scalarsRecorded(batches: readonly ScalarBatch[]): void;
  checkpointSaved(saved: CheckpointSaved): void;
  /** Checkpoints changed by a restore, a prune or its undo. */
  checkpointsChanged(argument: Record<string, never>): void;
  progressed(progress: RunProgress): void;
  /** A restore that was given a name has read so much, at most ten times a second. */
  restoreProgressed(progress: LookProgress): void;
  /** A recorded value was not finite, or somebody asked: what re-running the step has shown. */
  nonFiniteSearched(search: NonFiniteSearch): void;
  noticed(notice: { readonly text: string }): void;
  ended(end: RunEnd): void;
}

/** A save that has just been finished. */
export interface CheckpointSaved {
  /** Relative to the run's folder. */
  readonly prefix: string;
  readonly step: Step;
  /** Prefixes that this save deleted (RT-4). */
  readonly deleted: readonly string[];
}

/** The trainer's end of a door. */
export interface TrainerSide {
  readonly asks: TrainerAsks;
  readonly tells: TrainerTells;
}

/** The far end of a door. */
export interface ClientSide {
  readonly asks: Record<never, never>;
  readonly tells: ClientTells;
}
