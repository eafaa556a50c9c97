// What crosses between the host and its views; the parts of the curves and graph views are in curvesApi.ts and graphViewApi.ts. Views ask; the host only tells that something changed.
import type { CheckpointContent, CheckpointList, EndSums, Preflight, PrunePlan, PruneResult, PruneUndone, RestoreChoice } from "#model/checkpoint";
import type { LookProgress, StatisticsAnswer, TensorSlice } from "#model/checkpointLook";
import type { CheckpointAct } from "#model/checkpointOutlook";
import type { RetentionPolicy, RunInfo } from "#model/run";
import type { MetricWish, ReaderAsks, SliceAsk } from "./readerApi";

/** What every view asks for. */
export interface ViewAsks {
  /** Runs one of our commands on this panel's run, or one of its checkpoints, as a link or button in a message may ask. */
  command(argument: { readonly id: ViewCommand; readonly prefix?: string }): Promise<void>;
}

/** The commands that a view may ask for. */
export type ViewCommand =
  | "restoreCheckpoint" | "protectCheckpoint" | "unprotectCheckpoint" | "manageCheckpoints" | "keepBest" | "repairState" | "copyRestoreCode" | "saveNow" | "showLog" | "openCurves" | "openGraph" | "openCheckpoints" | "stopRun" | "newRun";

/** What the checkpoint browser draws from. */
export interface CheckpointsSnapshot extends CheckpointList {
  readonly run: RunInfo;
  readonly nowSeconds: number;
  /** False in Restricted Mode: viewing works, changing is off. */
  readonly mayChange: boolean;
}

/** What of a checkpoint belongs to a box of the graph: variables of these names and all below them. */
export interface ScopeVariables {
  /** Full name of the box; undefined where none is chosen. */
  readonly name?: string;
  readonly variables: readonly string[];
}

/** The checkpoint browser asks. */
export interface CheckpointsAsks extends ViewAsks {
  /**
   * `policy` simulates another rule without writing it; the run's most telling metric unless `metric` names one. With `afterRestore`
   * what comes next is told as it would be once that checkpoint is restored in place. `filesOnly` leaves the metric out, for which all
   * events are read.
   */
  open(argument: { readonly policy?: RetentionPolicy; readonly metric?: MetricWish; readonly afterRestore?: string; readonly filesOnly?: true }): Promise<CheckpointsSnapshot>;
  /** This look and the five below tell how far they have come by the name they are given, and can be cancelled by it. */
  inspect(argument: { readonly prefix: string; readonly verify: boolean; readonly task?: string }): Promise<CheckpointContent>;
  statistics: ReaderAsks["statistics"];
  difference: ReaderAsks["difference"];
  pairFigures: ReaderAsks["pairFigures"];
  changeMap: ReaderAsks["changeMap"];
  /** Compares two in a tab of its own: the one that is named, or the newest, with `other`, or with the one saved before it. */
  openCompare(argument: { readonly prefix?: string; readonly other?: string }): Promise<void>;
  slice: ReaderAsks["slice"];
  cancelTask(argument: { readonly task: string }): Promise<void>;
  preflight(argument: { readonly prefix: string; readonly choice?: RestoreChoice }): Promise<Preflight>;
  /**
   * The one confirmation was the sheet's button. Answers with the sentence that says what happened. While it reads it tells how far it
   * is by the name it is given, and can be cancelled by it: then nothing is changed. So can `undoRestore`.
   */
  restore(argument: { readonly prefix: string; readonly branch?: string; readonly choice?: RestoreChoice; readonly task?: string }): Promise<{ readonly text: string }>;
  /** Goes back to the state before the last restore. Answers as `restore` does. */
  undoRestore(argument: { readonly task?: string }): Promise<{ readonly text: string }>;
  planPrune(argument: { readonly policy?: RetentionPolicy; readonly prefix?: string }): Promise<PrunePlan>;
  endSums(argument: { readonly policy?: RetentionPolicy; readonly gone: readonly string[] }): Promise<EndSums>;
  prune(plan: PrunePlan): Promise<PruneResult>;
  undoPrune(argument: { readonly trash: string }): Promise<PruneUndone>;
  /** One change to what keeps the checkpoints. */
  change(act: CheckpointAct): Promise<void>;
  /** Asks in a modal first. */
  emptyTrash(argument: Record<string, never>): Promise<{ readonly emptied: boolean }>;
  /** Has the person choose the metric; undefined where they left the choice. */
  chooseMetric(argument: { readonly tag?: string }): Promise<MetricWish | undefined>;
  /** The checkpoint whose row has the focus: keys and commands without another mean it. `other`: the one selected before. */
  focused(argument: { readonly prefix?: string; readonly other?: string }): Promise<void>;
  exportVariables(argument: ExportWish & { readonly prefix: string }): Promise<void>;
  /** Shows a variable as a box of the run's graph. */
  showInGraph(argument: { readonly variable: string }): Promise<void>;
  /** Opens a checkpoint in an editor of its own. */
  openFile(argument: { readonly prefix: string }): Promise<void>;
  /** Opens the run's run.json, where its policy stands. */
  showSource(argument: Record<string, never>): Promise<void>;
  /** Opens VS Code's own page on whether this folder is trusted. */
  manageTrust(argument: Record<string, never>): Promise<void>;
}

/** The host tells the checkpoint browser. */
export interface CheckpointsTells {
  /** A long look of this page has come so far. */
  taskProgressed(progress: LookProgress): void;
  runChanged(argument: Record<string, never>): void;
  /** Shows a checkpoint: selected and scrolled to. */
  show(argument: { readonly prefix: string }): void;
  /** Opens the restore of a checkpoint; with `branch`, at first into a new run. */
  showRestore(argument: { readonly prefix: string; readonly branch: boolean }): void;
  /** A scope was chosen in the graph: variables of these names and below them, or again all of them. */
  scopeChosen(argument: ScopeVariables): void;
  /** Compares these two; `openCompare` says what is meant where they are left out. */
  showCompare(argument: { readonly prefix?: string; readonly other?: string }): void;
  /** Opens the plan of a prune: of one checkpoint, or by the rule. */
  showPrune(argument: { readonly prefix?: string }): void;
}

/** Has the person choose form and place, then writes one variable or, without a name, what they choose; how it went is said by a notification. */
export interface ExportWish {
  readonly name?: string;
}

/** One checkpoint that was opened as a file. */
export interface CheckpointFile {
  /** Its prefix without the folder. */
  readonly name: string;
  readonly wallTimeSeconds: number;
  readonly nowSeconds: number;
  /** Of all of its files. */
  readonly bytes: number;
  /** A run of this window has it. */
  readonly inRun: boolean;
}

/** The page of one checkpoint file asks. */
export interface CheckpointFileAsks {
  open(argument: Record<string, never>): Promise<CheckpointFile>;
  /** The looks into values are as those of the checkpoint browser. */
  inspect(argument: { readonly verify: boolean; readonly task?: string }): Promise<CheckpointContent>;
  statistics(argument: { readonly task: string }): Promise<StatisticsAnswer>;
  slice(argument: Omit<SliceAsk, "prefix">): Promise<TensorSlice>;
  cancelTask(argument: { readonly task: string }): Promise<void>;
  exportVariables(argument: ExportWish): Promise<void>;
  /** Shows it in the checkpoint browser of its run. */
  showInRun(argument: Record<string, never>): Promise<void>;
}

/** The host tells the page of one checkpoint file. */
export type CheckpointFileTells = Pick<CheckpointsTells, "taskProgressed">;

/** The host's end of a panel. */
export interface HostSide<Asks extends object> {
  readonly asks: Asks;
  readonly tells: Record<never, never>;
}

/** The page's end of a panel. */
export interface ViewSide<Tells extends object> {
  readonly asks: Record<never, never>;
  readonly tells: Tells;
}
