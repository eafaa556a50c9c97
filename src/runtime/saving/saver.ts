// TF1's Saver: variables to checkpoint files and back, and which of the older files stay (SV-*, SS-*, SR-*, RT-*).
import { basename, dirname } from "node:path";
import type * as tf from "@tensorflow/tfjs-core";
import { encodeMetaGraphDef, type MetaGraphDef, type SaverDef } from "#formats/graphDef/metaGraphDef";
import type { RetentionPolicy, Step } from "#model/run";
import { defaultRetention } from "#model/run";
import { UserError } from "#base/errors";
import type { WorkWatch } from "#node/namedTasks";
import { bytesPerElement } from "#formats/tensor/dtypes";
import { freeBytes } from "#node/diskSpace";
import { replaceFile } from "#node/files";
import { explainWrite } from "#node/writeProblem";
import { InvalidArgumentError, NotFoundError, ValueError } from "../graph/errors";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { sizeOf } from "../graph/dtypes";
import { Session } from "../graph/session";
import { Variable } from "../scope/variable";
import { systemClock, type Clock } from "../training/clock";
import { logging } from "../training/logging";
import { notice, tellObservers } from "../training/observers";
import { checkpointExists } from "./checkpointFiles";
import { beforeSave } from "./checkpointGuard";
import { CheckpointHistory, type Recorded } from "./checkpointHistory";
import { checkpointPrefix, defaultStateFile, metaFileName } from "./checkpointPaths";
import { existingOperations } from "./existingOperations";
import { exportMetaGraph, metaGraphOf, type ExportMetaGraphOptions } from "./metaGraph";
import { readVariables, type CheckpointRead } from "./readVariables";
import { saveablesOf, type Saveable, type VarList } from "./saveables";
import { giveRead, reshapes, restoresBehind } from "./saveNodes";
import { makeSaveOperations, type SaveOperations } from "./saveOperations";

/** How a Saver is made (SV-1). */
export interface SaverOptions {
  /** What to save and restore, and under which names; all global variables unless given (SV-2 to SV-4). */
  readonly varList?: VarList;
  /** How many of the newest checkpoints stay; 0 or null keeps all and remembers none (RT-6). */
  readonly maxToKeep?: number | null;
  /** Of those that would go, one in so many hours stays for good (RT-4). */
  readonly keepCheckpointEveryNHours?: number;
  /** Name scope of the Saver's operations: `save` unless given (SV-9). */
  readonly name?: string;
  /** Zeros before the step in file names, to 8 digits (SS-2). */
  readonly padStepNumber?: boolean;
  /** Paths in the state file relative to its folder even where they are absolute (ST-7). */
  readonly saveRelativePaths?: boolean;
  /** A graph without variables is no error; then saving and restoring do nothing (SV-7). */
  readonly allowEmpty?: boolean;
  /** Default value of the filename tensor: `model` unless given. */
  readonly filename?: string;
  /** A restored tensor takes its variable's shape if it has as many elements (SV-12). */
  readonly reshape?: boolean;
  /** A data file for each device of the variables (SV-13). */
  readonly sharded?: boolean;
  /** Make the operations only when `build` is called, with the variables that are there by then (SV-8). */
  readonly deferBuild?: boolean;
  /** Restores happen one variable after the other in any case; taken so that programs need no change (SV-14). */
  readonly restoreSequentially?: boolean;
  /** The operations and the policy of a Saver that is in the graph already, by their names (SV-11). */
  readonly saverDef?: SaverDef;
  /** The format that is written: 2, TensorFlow's since 1.0. Both are read. */
  readonly writeVersion?: 2;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
  /** How many bytes the disk of a folder has left; asked of the system unless given. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** How one save goes. */
export interface SaveOptions {
  /** Appended to the file name: a number, or a variable or tensor that is read first (SS-2). */
  readonly globalStep?: number | tf.Tensor | string;
  /** Name of the state file: `checkpoint` unless given. */
  readonly latestFilename?: string;
  /** `meta` unless given. */
  readonly metaGraphSuffix?: string;
  /** Write `<prefix>.meta`; yes unless told not to. */
  readonly writeMetaGraph?: boolean;
  /** Record the save in state file and list; yes unless told not to: then nothing is ever deleted for it or of it. */
  readonly writeState?: boolean;
  /** A checkpoint that must survive this save although its turn to go has come. */
  readonly spare?: string;
}

/** What a Saver did last. */
export interface LastSave {
  /** The path it was asked for, without a step. */
  readonly path: string;
  /** As it was saved, without `.index`. */
  readonly prefix: string;
  /** The step in its name, where it has one. */
  readonly step?: Step;
}

const saversOfGraph = Symbol("savers");

/** All Savers that were made for a graph, oldest first. */
export function saversOf(graph: Graph): readonly Saver[] {
  return graph.part<Saver[]>(saversOfGraph, () => []);
}

/** Saves variables of a session and restores them. Making one adds operations to the default graph. */
export class Saver {
  /** The graph whose variables it saves. */
  readonly graph: Graph;
  readonly #options: SaverOptions;
  #built: BuiltSaver | undefined;
  #lastSave: LastSave | undefined;
  #metaGraph: { readonly version: number; readonly bytes: Uint8Array } | undefined;

  /** Adds the operations `save/…` to the default graph. ValueError where the graph has no variables (SV-7). */
  constructor(options: SaverOptions = {}) {
    const { varList, deferBuild = false, saverDef, writeVersion = 2 } = options;
    if (deferBuild && varList) throw new ValueError("If `varList` is provided then build immediately; do not give deferBuild as well.");
    if (writeVersion !== 2) throw new ValueError("Only checkpoints of version 2 are written; those of version 1 are read.");
    this.graph = getDefaultGraph();
    this.#options = options;
    if (saverDef) this.#built = builtFromDef(this.graph, saverDef, options);
    else if (!deferBuild) this.build();
    this.graph.part<Saver[]>(saversOfGraph, () => []).push(this);
  }

  /** Makes the operations of a Saver that was deferred; a second call changes nothing. The hour clock starts here (RT-2). */
  build(): void {
    if (this.#built) return;
    this.#built = this.graph.asDefault(() => buildSaver(this.graph, this.#options));
    this.#tellRetention();
  }

  /** What is saved, in ascending byte order of the names. */
  get saveables(): readonly Saveable[] {
    return this.#built?.saveables ?? [];
  }

  /** Prefixes of the checkpoints that this Saver may still delete, oldest first (RT-1). */
  get lastCheckpoints(): string[] {
    return this.#ready.history.lastCheckpoints;
  }

  /** The last save of this object, if there was one. */
  get lastSave(): LastSave | undefined {
    return this.#lastSave;
  }

  /** How many it keeps, and of which hours. */
  get policy(): RetentionPolicy {
    return this.#ready.history.policy;
  }

  /**
   * Saves the session's variables and answers with the checkpoint's prefix; undefined for an empty Saver. In this
   * order: data, index, state file, deletion of at most one older checkpoint, meta graph (SS-5). A crash in between
   * leaves files that nothing lists, never a listed checkpoint that is not whole.
   */
  async save(session: Session, path: string, options: SaveOptions = {}): Promise<string | undefined> {
    const { latestFilename = defaultStateFile, metaGraphSuffix = "meta", writeMetaGraph = true, writeState = true } = options;
    const { operations, history } = this.#ready;
    if (basename(latestFilename) !== latestFilename) throw new ValueError(`'latestFilename' must not contain path components: ${latestFilename}`);
    const step = await stepOf(session, options.globalStep);
    const prefix = this.prefixOf(path, step);
    if (step === undefined && !this.#options.sharded && basename(path) === latestFilename) {
      throw new ValueError(`'latestFilename' collides with 'path': '${latestFilename}' and '${path}'`);
    }
    if (!(session instanceof Session)) throw new TypeError("'session' must be a Session.");
    if (operations) {
      await this.#refuseFullDisk(prefix, writeMetaGraph);
      await beforeSave(prefix);
      await session.run(operations.save.tensor, { feeds: [[operations.filename.tensor, prefix]] });
    }
    const record = operations && writeState;
    const done: Recorded = record
      ? await history.record(prefix, { latestFilename, metaSuffix: metaGraphSuffix, ...(options.spare && { spare: options.spare }) })
      : { deleted: [], keptForever: [], spared: [] };
    if (writeMetaGraph) await this.#writeMetaGraph(metaFileName(prefix, metaGraphSuffix));
    if (!operations) return undefined;
    this.#lastSave = { path, prefix, ...(step !== undefined && { step }) };
    tellObservers((observer) =>
      observer.checkpointSaved?.({ path: prefix, ...(step !== undefined && { step }), deleted: done.deleted, spared: done.spared }),
    );
    this.#tellRetention();
    return prefix;
  }

  /**
   * Restores all of this Saver's variables, initialised or not. Every one must be in the checkpoint with its type and
   * shape, else nothing changes; what else the checkpoint holds is not read (SR-1 to SR-7). What `read` has read is set as it is.
   */
  async restore(session: Session, prefix: string, read?: CheckpointRead): Promise<void> {
    const { operations } = this.#ready;
    if (!operations) return;
    await refuseNone(prefix);
    const { filename, restoreAll } = operations;
    const restores = restoresBehind(restoreAll);
    logging.info(`Restoring parameters from ${prefix}`);
    try {
      giveRead(restores, read);
      await session.run(restoreAll, { feeds: [[filename.tensor, prefix]] });
    } catch (error) {
      throw explainedRestore(error);
    } finally {
      giveRead(restores, undefined);
    }
  }

  /**
   * The first half of a restore: reads and checks all that it will set, and changes nothing. Throws as `restore` does, and the reason
   * of the watch's signal when it is called off. Undefined for an empty Saver.
   */
  async read(prefix: string, watch: WorkWatch = {}): Promise<CheckpointRead | undefined> {
    const { operations, saveables } = this.#ready;
    if (!operations) return undefined;
    await refuseNone(prefix);
    try {
      return await readVariables(prefix, saveables, { reshape: restoresBehind(operations.restoreAll).some(reshapes), watch });
    } catch (error) {
      throw explainedRestore(error);
    }
  }

  /** The prefix that a save to this path at this step gets (SS-2). */
  prefixOf(path: string, step?: Step): string {
    return checkpointPrefix(path, step, this.#options.padStepNumber);
  }

  /** Takes over the checkpoints of an earlier process that are still there; nothing is deleted (RT-9). */
  async recoverLastCheckpoints(paths: readonly string[]): Promise<void> {
    await this.#ready.history.recover(paths);
  }

  /** Replaces the list by these prefixes. Their times are not known, so none of them is ever deleted (RT-8). */
  setLastCheckpoints(paths: readonly string[]): void {
    this.setLastCheckpointsWithTime(paths.map((path) => [path, Number.POSITIVE_INFINITY]));
  }

  /** Replaces the list by these prefixes with the seconds at which they were saved; nothing is deleted (RT-8). */
  setLastCheckpointsWithTime(pairs: readonly (readonly [prefix: string, savedSeconds: number])[]): void {
    if (!Array.isArray(pairs)) throw new TypeError("The last checkpoints must be a list.");
    this.#ready.history.remember(pairs);
  }

  /** Another rule than the one it was made with, from now on; an addition to TF1. Nothing is deleted by the change itself. */
  changePolicy(policy: RetentionPolicy): void {
    this.#ready.history.changePolicy(checkedPolicy(policy));
    this.#tellRetention();
  }

  /** Takes checkpoints whose files someone moved away off the list, so that no state file names them again. */
  forgetCheckpoints(gone: (prefix: string) => boolean): void {
    this.#ready.history.forget(gone);
  }

  /** What a meta graph says of this Saver (SV-10). */
  asSaverDef(): SaverDef {
    const { filename, save, restoreAll } = this.#ready.operations ?? {};
    return {
      filenameTensorName: filename?.name ?? "",
      saveTensorName: save?.name ?? "",
      restoreOpName: restoreAll?.name ?? "",
      maxToKeep: this.policy.maxToKeep,
      sharded: this.#options.sharded ?? this.#options.saverDef?.sharded ?? false,
      keepCheckpointEveryNHours: Math.fround(this.policy.keepCheckpointEveryNHours),
      version: 2,
    };
  }

  /** The graph with its collections and this Saver; written where a name is given (MG-2). */
  exportMetaGraph(options: Omit<ExportMetaGraphOptions, "graph" | "saverDef"> = {}): Promise<MetaGraphDef> {
    return exportMetaGraph({ ...options, graph: this.graph, saverDef: this.asSaverDef() });
  }

  get #ready(): BuiltSaver {
    if (!this.#built) throw new Error("`build()` should be called before save and restore where deferBuild was given.");
    return this.#built;
  }

  /** What cannot fit is refused before anything is written; strings are counted by their number alone. */
  async #refuseFullDisk(prefix: string, withMetaGraph: boolean): Promise<void> {
    const needed = bytesNeeded(this.saveables) + (withMetaGraph ? this.#metaGraphBytes().length : 0);
    const free = await (this.#options.freeBytes ?? freeBytes)(dirname(prefix));
    if (needed <= free) return;
    throw new UserError(
      `The checkpoint ${prefix} takes ${megabytes(needed)}, and its disk has ${megabytes(free)} left. Nothing was written.`,
      "Make room, for instance by pruning checkpoints.",
    );
  }

  async #writeMetaGraph(path: string): Promise<void> {
    try {
      await replaceFile(path, this.#metaGraphBytes());
    } catch (error) {
      throw explainWrite(`The meta graph ${path}`, error);
    }
  }

  /** The same for all saves of a graph that no longer grows. */
  #metaGraphBytes(): Uint8Array {
    const { version } = this.graph;
    if (this.#metaGraph?.version !== version) {
      this.#metaGraph = { version, bytes: encodeMetaGraphDef(metaGraphOf(this.graph, this.asSaverDef())) };
    }
    return this.#metaGraph.bytes;
  }

  #tellRetention(): void {
    const { policy, builtSeconds, nextKeepSeconds } = this.#ready.history;
    tellObservers((observer) => observer.retentionChanged?.({ policy, saverBuiltSeconds: builtSeconds, nextKeepSeconds }));
  }
}

/** What a Saver has once its operations are made. An empty one has none. */
interface BuiltSaver {
  readonly saveables: readonly Saveable[];
  readonly operations: SaveOperations | undefined;
  readonly history: CheckpointHistory;
}

function buildSaver(graph: Graph, options: SaverOptions): BuiltSaver {
  const saveables = saveablesOf(graph, options.varList);
  if (saveables.length === 0 && !options.allowEmpty) throw new ValueError("No variables to save");
  const { name, filename, sharded, reshape } = options;
  const operations =
    saveables.length === 0
      ? undefined
      : makeSaveOperations(graph, saveables, { ...(name && { name }), ...(filename && { filename }), ...(sharded && { sharded }), ...(reshape && { reshape }) });
  return { saveables, operations, history: historyOf(policyOf(options), options) };
}

/** A Saver on operations that are in the graph already (SV-11). `name` is the scope that they were imported under. */
function builtFromDef(graph: Graph, def: SaverDef, options: SaverOptions): BuiltSaver {
  const made = existingOperations(graph, def, options.name ? `${options.name}/` : "");
  const { maxToKeep, keepCheckpointEveryNHours } = def;
  return { ...made, history: historyOf({ maxToKeep, keepCheckpointEveryNHours }, options) };
}

function historyOf(policy: RetentionPolicy, { clock = systemClock, saveRelativePaths = false }: SaverOptions): CheckpointHistory {
  return new CheckpointHistory({ policy, clock, saveRelativePaths, onProblem: notice });
}

/** An index holds a key and a few numbers for each tensor. */
const indexBytesPerTensor = 64;

function bytesNeeded(saveables: readonly Saveable[]): number {
  const bytesOf = ({ name, dtype, shape }: Saveable) => (bytesPerElement(dtype) ?? 1) * sizeOf(shape) + name.length + indexBytesPerTensor;
  return saveables.reduce((sum, saveable) => sum + bytesOf(saveable), 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: bytes < 1e7 ? 2 : 0 })} MB`;
}

function policyOf({ maxToKeep, keepCheckpointEveryNHours }: SaverOptions): RetentionPolicy {
  return checkedPolicy({
    maxToKeep: maxToKeep === undefined ? defaultRetention.maxToKeep : (maxToKeep ?? 0),
    keepCheckpointEveryNHours: keepCheckpointEveryNHours ?? defaultRetention.keepCheckpointEveryNHours,
  });
}

function checkedPolicy(policy: RetentionPolicy): RetentionPolicy {
  if (!Number.isInteger(policy.maxToKeep) || policy.maxToKeep < 0) {
    throw new ValueError(`maxToKeep must be a whole number that is not negative, not ${policy.maxToKeep}`);
  }
  return policy;
}

async function stepOf(session: Session, step: number | tf.Tensor | string | undefined): Promise<Step | undefined> {
  if (step === undefined || typeof step === "number") return step;
  if (step instanceof Variable) return Math.trunc(Number((await session.readVariable(step))[0]));
  const value = await session.run(step);
  if (typeof value !== "number") throw new ValueError("globalStep must be a number, or a tensor with one element.");
  return Math.trunc(value);
}

async function refuseNone(prefix: string): Promise<void> {
  if (typeof prefix !== "string") throw new ValueError("Can't load save_path when it is None.");
  if (!(await checkpointExists(prefix))) throw new ValueError(`The passed save_path is not a valid checkpoint: ${prefix}`);
}

/** Keeps the class of the error, as those who catch it decide by it (SR-7). */
function explainedRestore(error: unknown): unknown {
  if (error instanceof NotFoundError) {
    const why = "Most likely a variable name or other graph key is missing from it.";
    return new NotFoundError(`Restoring from checkpoint failed. ${why}\n\n${error.message}`, error.node, { cause: error });
  }
  if (error instanceof InvalidArgumentError) {
    const why = "Most likely there is a mismatch between the current graph and the graph that was saved.";
    return new InvalidArgumentError(`Restoring from checkpoint failed. ${why}\n\n${error.message}`, error.node, { cause: error });
  }
  return error;
}

