// What crosses between the host and the curves view. The view pulls what it can show; the host only tells that something changed.
import type { CheckpointInfo } from "#model/checkpoint";
import type { RunInfo, Step, Tag } from "#model/run";
import type { CurvePoint, CurveRequest, CurveSummary, GroupSlice, Slice, SliceRequest, TagInfo } from "#model/scalars";
import type { Packed } from "./packed";
import type { AverageInfo, Damage, InRun, OrRefused, ReadingProgress } from "./readerApi";
import type { ViewAsks, ViewCommand } from "./viewsApi";

/** One run in the view, without its points. */
export interface CurvesRun {
  readonly run: RunInfo;
  /** Its place among the 16 pairs of colour and dashes; stays the run's in this workspace. */
  readonly style: number;
  readonly revision: number;
  readonly tags: readonly TagInfo[];
  /** Ticks under the curves, oldest first. */
  readonly checkpoints: readonly CheckpointInfo[];
  /** Tags that are averages which started at 0. */
  readonly averages: readonly AverageInfo[];
  readonly damage: readonly Damage[];
  /** While its files are read, or where that was stopped. */
  readonly reading?: ReadingProgress;
  /** Why it cannot be read. */
  readonly problem?: string;
}

/** What the view draws from, but the points. */
export interface CurvesSnapshot {
  /** Folder of the panel's own run, which is drawn for as long as it is there; the others are those that are checked. */
  readonly own: string;
  readonly runs: readonly CurvesRun[];
  /** Number of runs in this window. */
  readonly known: number;
  /** What `remember` was last told in this workspace, as JSON. */
  readonly settings: string;
  /** False in Restricted Mode: viewing works, restoring is off. */
  readonly mayChange: boolean;
}

/** A part of what there is to draw from: the runs in view, and those of them that the page does not have as they are now. */
export interface CurvesPart extends CurvesSnapshot {
  /** Folders of all runs in view; the panel's own, while it is there, is the first. */
  readonly dirs: readonly string[];
  /** Where the rest begins; left out where this was the last of it. */
  readonly next?: number;
}

/** The curves view asks. Every `dir` is that of a run in the last snapshot. */
export interface CurvesAsks extends ViewAsks {
  /** `whole`: the page has nothing yet. `from`: 0, then `next` of the part before. */
  open(argument: { readonly whole: boolean; readonly from: number }): Promise<CurvesPart>;
  slices(argument: { readonly requests: readonly InRun<SliceRequest>[] }): Promise<Packed<readonly OrRefused<Slice>[]>>;
  groupSlices(argument: { readonly requests: readonly (SliceRequest & { readonly dirs: readonly string[] })[] }): Promise<Packed<readonly OrRefused<GroupSlice>[]>>;
  summaries(argument: { readonly requests: readonly InRun<CurveRequest & { readonly at?: Step }>[] }): Promise<Packed<readonly OrRefused<CurveSummary>[]>>;
  pointsNear(argument: { readonly requests: readonly InRun<CurveRequest & { readonly x: number }>[] }): Promise<Packed<readonly OrRefused<CurvePoint | undefined>[]>>;
  /** Opens the checkpoint browser's restore sheet for a checkpoint; with `branch`, for a new run that starts from it. */
  planRestore(argument: { readonly dir: string; readonly prefix: string; readonly branch: boolean }): Promise<void>;
  /** Lets the person choose which runs are drawn. */
  pickRuns(argument: Record<string, never>): Promise<void>;
  /** Lets the person choose among tags; `chosen` are ticked at first. Without an answer the person left. */
  pickTags(argument: { readonly title: string; readonly tags: readonly Tag[]; readonly chosen: readonly Tag[] }): Promise<{ readonly chosen?: readonly Tag[] }>;
  /** Draws a run no longer, here and in the window's other curves. */
  dropRun(argument: { readonly dir: string }): Promise<void>;
  setStyle(argument: { readonly dir: string; readonly style: number }): Promise<void>;
  /** Keeps settings of the charts for this workspace. */
  remember(argument: { readonly settings: string }): Promise<void>;
  /** Asks where to, then writes every point of the curves; answers with the sentence about it, empty when the person left. */
  exportCurves(argument: CurvesExport): Promise<{ readonly text: string }>;
  /** The same for a picture. */
  saveImage(argument: { readonly name: string; readonly image: SavedImage }): Promise<{ readonly text: string }>;
  /** Stops a reading that takes too long, or goes on with it. */
  halt(argument: { readonly dir: string; readonly resume: boolean }): Promise<void>;
  /** Shows the bytes around a damaged place. */
  showBytes(argument: { readonly dir: string; readonly file: string; readonly offset: number }): Promise<void>;
  /** Puts text into the clipboard. */
  copy(argument: { readonly text: string }): Promise<void>;
  /** Shows the value of a tag as a box of the run's graph. */
  showInGraph(argument: { readonly dir: string; readonly tag: Tag }): Promise<void>;
  commandOn(argument: { readonly id: ViewCommand; readonly dir: string }): Promise<void>;
}

/** What of a run's tags belongs to a box of its graph. */
export interface ScopeTags {
  /** Full name of the box; undefined where none is chosen. */
  readonly name?: string;
  readonly tags: readonly Tag[];
}

/** Curves in view, to be written at full resolution. */
export interface CurvesExport {
  readonly format: "csv" | "json";
  readonly superseded: boolean;
  readonly curves: readonly InRun<Pick<CurveRequest, "tag" | "smoothing" | "decay">>[];
}

/** A picture as text (SVG) or bytes (PNG). */
export type SavedImage = { readonly kind: "svg"; readonly text: string } | { readonly kind: "png"; readonly bytes: Uint8Array };

/** The host tells the curves view. */
export interface CurvesTells {
  /** New points of runs are there to be asked for. */
  seriesChanged(argument: { readonly changes: readonly { readonly dir: string; readonly revision: number }[] }): void;
  /** A scope was chosen in the graph: these of its tags, or again all of them. */
  scopeChosen(argument: ScopeTags): void;
  /** State, progress, tags, checkpoints or the choice of runs changed: ask `open` again. */
  runChanged(argument: Record<string, never>): void;
}
