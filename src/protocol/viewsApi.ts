// What crosses between the host and its three views. Views ask; the host only tells that something changed.
import type { CheckpointContent, CheckpointList, Preflight, PrunePlan } from "#model/checkpoint";
import type { GraphLevel, NodeFacts } from "#model/graph";
import type { RetentionPolicy, RunInfo } from "#model/run";
import type { Slice, SliceRequest, TagInfo } from "#model/scalars";

/** What every view asks for. */
export interface ViewAsks {
  /** Runs one of our commands on this panel's run, as a link or button in a message may ask. */
  command(argument: { readonly id: ViewCommand }): Promise<void>;
}

export type ViewCommand = "showLog" | "openCurves" | "openGraph" | "openCheckpoints" | "stopRun" | "newRun";

export interface CurvesSnapshot {
  readonly run: RunInfo;
  readonly revision: number;
  readonly tags: readonly TagInfo[];
  /** Ticks under the curves, oldest first. */
  readonly checkpoints: CheckpointList["checkpoints"];
}

export interface CurvesAsks extends ViewAsks {
  open(argument: Record<string, never>): Promise<CurvesSnapshot>;
  slice(request: SliceRequest): Promise<Slice>;
  /** Preflight, confirmation and restore, all in the host; answers when it is done or was declined. */
  restore(argument: { readonly prefix: string }): Promise<{ readonly restored: boolean }>;
}

export interface CurvesTells {
  /** New points are there to be asked for. */
  seriesChanged(argument: { readonly revision: number }): void;
  /** State, progress, tags or checkpoints changed: ask `open` again. */
  runChanged(argument: Record<string, never>): void;
}

export interface CheckpointsSnapshot extends CheckpointList {
  readonly run: RunInfo;
  readonly nowSeconds: number;
  readonly freeBytes?: number;
  /** False in Restricted Mode: viewing works, changing is off. */
  readonly mayChange: boolean;
}

export interface CheckpointsAsks extends ViewAsks {
  /** `policy` simulates another rule without writing it. */
  open(argument: { readonly policy?: RetentionPolicy }): Promise<CheckpointsSnapshot>;
  inspect(argument: { readonly prefix: string; readonly verify: boolean }): Promise<CheckpointContent>;
  preflight(argument: { readonly prefix: string }): Promise<Preflight>;
  /** The one confirmation was the sheet's button. Answers with the sentence that says what happened. */
  restore(argument: { readonly prefix: string; readonly branch?: string }): Promise<{ readonly text: string }>;
  planPrune(argument: { readonly policy?: RetentionPolicy; readonly prefix?: string }): Promise<PrunePlan>;
  prune(plan: PrunePlan): Promise<{ readonly trash: string }>;
  undoPrune(argument: { readonly trash: string }): Promise<{ readonly prefixes: readonly string[] }>;
  /** Asks in a modal first. */
  emptyTrash(argument: Record<string, never>): Promise<{ readonly emptied: boolean }>;
}

export interface CheckpointsTells {
  runChanged(argument: Record<string, never>): void;
  /** Shows a checkpoint: selected and scrolled to; with `restore`, its preflight opened. */
  show(argument: { readonly prefix: string; readonly restore: boolean }): void;
  /** Opens the plan of a prune. */
  showPrune(argument: Record<string, never>): void;
}

export interface GraphAsks extends ViewAsks {
  open(argument: Record<string, never>): Promise<{ readonly title: string; readonly level: GraphLevel }>;
  level(argument: { readonly scope: string }): Promise<GraphLevel>;
  node(argument: { readonly name: string }): Promise<NodeFacts>;
  /** Shows a line of the training script in an editor. */
  goToSource(argument: { readonly file: string; readonly line: number }): Promise<void>;
}

export interface GraphTells {
  graphChanged(argument: Record<string, never>): void;
}

export interface HostSide<Asks extends object> {
  readonly asks: Asks;
  readonly tells: Record<never, never>;
}

export interface ViewSide<Tells extends object> {
  readonly asks: Record<never, never>;
  readonly tells: Tells;
}
