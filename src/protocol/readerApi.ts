// What crosses between a host and its reader, the worker that parses files.
import type { CheckpointContent, CheckpointList, PrunePlan } from "#model/checkpoint";
import type { GraphLevel, GraphSummary, NodeFacts } from "#model/graph";
import type { Hyperparameters } from "#model/hyperparameters";
import type { RetentionPolicy, Step, Tag } from "#model/run";
import type { ScalarBatch, Slice, SliceRequest, TagInfo } from "#model/scalars";

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
  readonly lastStep?: Step;
  readonly lastWallTimeSeconds?: number;
  readonly damage: readonly Damage[];
}

/** Bytes that were skipped. */
export interface Damage {
  readonly file: string;
  readonly offset: number;
  readonly reason: string;
}

/** `dir` is the absolute path of a run's folder; prefixes are absolute. */
export interface ReaderAsks {
  /** Reads the run's event files; with `follow`, goes on as they grow and tells `seriesChanged`. */
  open(argument: { readonly dir: string; readonly follow: boolean }): Promise<RunContent>;
  close(argument: { readonly dir: string }): Promise<void>;
  slice(argument: SliceRequest & { readonly dir: string }): Promise<Slice>;
  /** Every point of a scalar tag, standing ones only. */
  points(argument: { readonly dir: string; readonly tag: string }): Promise<ScalarBatch>;
  checkpoints(argument: CheckpointsRequest): Promise<CheckpointList>;
  /** What a prune would move now, by the rule or for one chosen row. */
  planPrune(argument: PlanPruneRequest): Promise<PrunePlan>;
  inspectCheckpoint(argument: { readonly prefix: string; readonly verify: boolean }): Promise<CheckpointContent>;
  /** `path`: a run's folder, an event file, a GraphDef or MetaGraphDef, binary or text, or a SavedModel. */
  graphSummary(argument: { readonly path: string; readonly depth: number }): Promise<GraphSummary>;
  graphLevel(argument: { readonly path: string; readonly scope: string }): Promise<GraphLevel>;
  graphNode(argument: { readonly path: string; readonly name: string }): Promise<NodeFacts>;
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
}

/** The reader tells the host; it carries a notice, no data. */
export interface HostTells {
  seriesChanged(argument: { readonly dir: string; readonly revision: number }): void;
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
