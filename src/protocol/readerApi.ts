// What crosses between a host and its reader, the worker that parses files.
import type { CheckpointContent, CheckpointList, EndSums, PrunePlan } from "#model/checkpoint";
import type { ChangeMap, CheckpointDifference, ExportAnswer, LookProgress, PairFigures, SliceWindow, StatisticsAnswer, TensorExport, TensorSlice, Weights } from "#model/checkpointLook";
import type { BoxVariables, GraphLevel, GraphSummary, GraphTie, NodeFacts, SourceFile, SummaryTag } from "#model/graph";
import type { GraphChanges } from "#model/graphChanges";
import type { GraphMatches, GraphOddity, GraphPath, GraphSearch } from "#model/graphSearch";
import type { Experiment, Hyperparameters } from "#model/hyperparameters";
import type { RetentionPolicy, Step, Tag } from "#model/run";
import type { CurvePoint, CurveRequest, CurveSummary, GroupSlice, ScalarBatch, Slice, SliceRequest, TagInfo } from "#model/scalars";
import type { Packed } from "./packed";

/** What a run's event files hold. `revision` grows with every change. */
export interface RunContent {
  readonly revision: number;
  readonly tags: readonly TagInfo[];
  readonly files: number;
  readonly records: number;
  readonly bytes: number;
  readonly graphs: number;
  readonly metaGraphs: number;
  readonly runMetadata: number;
  readonly sessionLogs: number;
  /** Only where the run tells of them. */
  readonly hyperparameters?: Hyperparameters;
  /** Of which this run's trials are part; only where the run tells it. */
  readonly experiment?: Experiment;
  readonly lastStep?: Step;
  readonly lastWallTimeSeconds?: number;
  readonly damage: readonly Damage[];
}

/** How far a reading is. `halted`: a person stopped it there. */
export interface ReadingProgress {
  readonly bytes: number;
  readonly of: number;
  readonly halted: boolean;
}

/** A tag whose values are an average that the graph keeps and that started at 0. */
export interface AverageInfo {
  readonly tag: string;
  readonly decay: number;
}

/** An answer, or the sentence that says why there is none: of many curves in one ask, one may fail. */
export type OrRefused<Answer> = { readonly answer: Answer } | { readonly refused: string };

/** One curve of one run. */
export type InRun<Request> = Request & { readonly dir: string };

/** Curves to be written to a file. Names stand in the file; `dir` tells where the points are. */
export interface ExportRequest {
  readonly path: string;
  readonly format: "csv" | "json";
  readonly curves: readonly InRun<Pick<CurveRequest, "tag" | "smoothing" | "decay"> & { readonly run: string }>[];
  /** Also what restarts superseded. */
  readonly superseded: boolean;
}

/** Bytes that were skipped. */
export interface Damage {
  readonly file: string;
  readonly offset: number;
  readonly reason: string;
  /** The last step that was read before it; left out where there was none. */
  readonly afterStep?: Step;
}

/** Where a graph is. With `before`, both graphs are meant, joined into one that says what came, went and changed. */
export interface GraphPlace {
  readonly path: string;
  readonly before?: string;
}

/** `dir` is the absolute path of a run's folder; prefixes are absolute. */
export interface ReaderAsks {
  /** Reads the run's event files; with `follow`, goes on as they grow and tells `seriesChanged`. Revisions count on from `after`, where a reader before this one was. */
  open(argument: { readonly dir: string; readonly follow: boolean; readonly after?: number }): Promise<RunContent>;
  close(argument: { readonly dir: string }): Promise<void>;
  /** What has been read so far, without waiting for the rest. */
  look(argument: { readonly dir: string }): Promise<{ readonly content: RunContent; readonly reading?: ReadingProgress }>;
  /** Stops a reading that takes too long; what was read stays. `open` and `resume` read on. */
  halt(argument: { readonly dir: string; readonly resume: boolean }): Promise<void>;
  slices(argument: { readonly requests: readonly InRun<SliceRequest>[] }): Promise<Packed<readonly OrRefused<Slice>[]>>;
  /** Mean and spread over the same tag of several runs. */
  groupSlices(argument: { readonly requests: readonly (SliceRequest & { readonly dirs: readonly string[] })[] }): Promise<Packed<readonly OrRefused<GroupSlice>[]>>;
  /** Whole curves in a few numbers; `at`: also the last point up to that step. */
  summaries(argument: { readonly requests: readonly InRun<CurveRequest & { readonly at?: Step }>[] }): Promise<Packed<readonly OrRefused<CurveSummary>[]>>;
  /** The standing points nearest to a place on the axis. */
  pointsNear(argument: { readonly requests: readonly InRun<CurveRequest & { readonly x: number }>[] }): Promise<Packed<readonly OrRefused<CurvePoint | undefined>[]>>;
  /** Tags that show averages of the run's graph; none where there is no graph. */
  averages(argument: { readonly dir: string }): Promise<readonly AverageInfo[]>;
  /** Writes every point of the curves, raw and smoothed, and answers how many there are. */
  exportCurves(argument: ExportRequest): Promise<{ readonly points: number }>;
  /** Every point of a scalar tag, standing ones only. */
  points(argument: { readonly dir: string; readonly tag: string }): Promise<ScalarBatch>;
  checkpoints(argument: CheckpointsRequest): Promise<CheckpointList>;
  /** What a prune would move now, by the rule or for one chosen row. */
  planPrune(argument: PlanPruneRequest): Promise<PrunePlan>;
  /** What there will be after the saves that are foreseen, now and once `gone` are moved away. */
  endSums(argument: EndSumsRequest): Promise<EndSums>;
  /** The looks below and this one tell how far they have come where they are given a name, and can be cancelled by it. */
  inspectCheckpoint(argument: { readonly prefix: string; readonly verify: boolean; readonly task?: string }): Promise<CheckpointContent>;
  /** Of all numeric variables unless `names` are given. */
  statistics(argument: { readonly prefix: string; readonly names?: readonly string[]; readonly task?: string }): Promise<StatisticsAnswer>;
  /** Scopes are added up down to `depth` levels, 3 unless given. */
  difference(argument: { readonly from: string; readonly to: string; readonly depth?: number; readonly weights?: Weights; readonly task?: string }): Promise<CheckpointDifference>;
  /** Of the numeric variables of these names that both have. */
  pairFigures(argument: { readonly from: string; readonly to: string; readonly names: readonly string[]; readonly weights?: Weights; readonly task?: string }): Promise<readonly PairFigures[]>;
  /** From each of `prefixes`, oldest first, to the next; top-level scopes unless `depth` is given. */
  changeMap(argument: { readonly prefixes: readonly string[]; readonly depth?: number; readonly weights?: Weights; readonly task?: string }): Promise<ChangeMap>;
  /** A two-dimensional slice of one numeric tensor: its last two axes, whole, at index 0 of all others, unless the wish says otherwise. */
  slice(argument: SliceAsk): Promise<TensorSlice>;
  /** Streams values of a checkpoint into a file, checksums compared; the file is whole or not there. */
  exportTensors(argument: TensorExport & { readonly task?: string }): Promise<ExportAnswer>;
  /** `path`: a run's folder, an event file, a GraphDef or MetaGraphDef, binary or text, or a SavedModel. */
  graphSummary(argument: { readonly path: string; readonly depth: number }): Promise<GraphSummary>;
  /** The drawing as an SVG file's text, scopes that run in each step opened down to `depth` levels. Refused where a level is too large to be drawn. */
  graphSvg(argument: { readonly path: string; readonly depth: number }): Promise<string>;
  graphLevel(argument: GraphPlace & { readonly scope: string }): Promise<GraphLevel>;
  graphNode(argument: GraphPlace & { readonly name: string }): Promise<NodeFacts>;
  searchGraph(argument: GraphPlace & GraphSearch): Promise<GraphMatches>;
  /** The shortest path between two boxes, scopes or operations. */
  graphPath(argument: GraphPlace & { readonly from: string; readonly to: string }): Promise<GraphPath>;
  /** What is odd about the graph, in words. */
  graphOddities(argument: GraphPlace): Promise<readonly GraphOddity[]>;
  /** How the graph at `before` became the one at `path`, as a list. */
  graphChanges(argument: Required<GraphPlace>): Promise<GraphChanges>;
  /** What the graph's summaries record; nothing where there is no graph. */
  graphTags(argument: { readonly path: string }): Promise<readonly SummaryTag[]>;
  graphVariables(argument: { readonly path: string; readonly name: string }): Promise<BoxVariables>;
  /** The box that a tag or a variable of a checkpoint belongs to; undefined where the graph knows none. */
  graphPlace(argument: { readonly path: string; readonly of: GraphTie }): Promise<string | undefined>;
  /** What the scripts' lines have made; nothing where there is no graph. */
  graphSources(argument: { readonly path: string }): Promise<readonly SourceFile[]>;
}

/** Which slice of which tensor. */
export interface SliceAsk {
  readonly prefix: string;
  readonly name: string;
  readonly rows?: SliceWindow;
  readonly columns?: SliceWindow;
  /** An index for each axis. */
  readonly at?: readonly number[];
  readonly task?: string;
}

/** `now` in seconds since the epoch: the reader has no clock of its own in this answer. */
export interface CheckpointsRequest {
  readonly dir: string;
  readonly nowSeconds: number;
  /** Only where the caller asks for another rule than the run's own. */
  readonly policy?: RetentionPolicy;
  /** Number of coming saves to simulate. */
  readonly forecast: number;
  /** As many saves as the training will still make, up to `endStep`. */
  readonly toTheEnd?: boolean;
  readonly endStep?: Step;
  /** Seconds between saves; the run's own recent pace where left out. */
  readonly intervalSeconds?: number;
  /** Which metric to give at each checkpoint; the most telling one for an empty wish. Without it no event file is read. */
  readonly metric?: MetricWish;
  /** What comes next is told as it would be after this restore; `stepNow` is where the training stands. */
  readonly afterRestore?: { readonly prefix: string; readonly stepNow?: Step | undefined };
}

/** `policy` is the run's own where left out. */
export interface EndSumsRequest {
  readonly dir: string;
  readonly nowSeconds: number;
  readonly policy?: RetentionPolicy;
  readonly gone: readonly string[];
  readonly endStep?: Step;
}

/** A metric, and whether less of it is better where its name misleads. */
export interface MetricWish {
  readonly tag?: Tag;
  readonly lower?: boolean;
}

/** `policy` is the run's own where left out; with `prefix`, only that row is planned. */
export interface PlanPruneRequest {
  readonly dir: string;
  readonly nowSeconds: number;
  readonly policy?: RetentionPolicy;
  readonly prefix?: string;
}

/** The host tells the reader. */
export interface ReaderTells {
  /** Live points from a run's door, ahead of its event file. Counted once when the file brings them too. */
  append(argument: { readonly dir: string; readonly batches: readonly ScalarBatch[] }): void;
  /** Ends a look: it answers soon with what it has found so far. */
  cancelTask(argument: { readonly task: string }): void;
}

/** The reader tells the host; it carries a notice, no data. */
export interface HostTells {
  seriesChanged(argument: { readonly dir: string; readonly revision: number }): void;
  /** At most ten times a second for each look. */
  taskProgressed(progress: LookProgress): void;
}

/** The worker's end. */
export interface ReaderSide {
  readonly asks: ReaderAsks;
  readonly tells: ReaderTells;
}

/** The host's end. */
export interface ReaderClientSide {
  readonly asks: Record<never, never>;
  readonly tells: HostTells;
}
