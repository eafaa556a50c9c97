// What one Saver remembers of its saves, and what each save does to older ones: list, state file, deletion (SS-5, RT-*).
import { dirname, resolve } from "node:path";
import {
  changePolicy,
  lastCheckpoints,
  recordSave,
  rememberCheckpoints,
  startRetention,
  type Remembered,
  type RetentionState,
} from "#analysis/retention/retention";
import { printCheckpointState } from "#formats/checkpointState/checkpointState";
import type { RetentionPolicy } from "#model/run";
import { replaceFile } from "#node/files";
import { explainWrite } from "#node/writeProblem";
import type { Clock } from "../training/clock";
import { isGuarded } from "./checkpointGuard";
import { refuseConflict, removeCheckpoint, savedSeconds } from "./checkpointFiles";
import { defaultStateFile, stateFilePath, stateOfSaves } from "./checkpointPaths";

/** How a CheckpointHistory is made. */
export interface HistoryOptions {
  readonly policy: RetentionPolicy;
  readonly clock: Clock;
  /** ST-7. */
  readonly saveRelativePaths: boolean;
  /** Told what could not be deleted. */
  readonly onProblem: (text: string) => void;
}

/** How one save is recorded. */
export interface RecordOptions {
  readonly latestFilename?: string;
  readonly metaSuffix?: string;
  /** A checkpoint that this save must not delete, even if its turn has come. It leaves the list all the same. */
  readonly spare?: string;
}

/** What recording a save did to older checkpoints. */
export interface Recorded {
  readonly deleted: readonly string[];
  readonly keptForever: readonly string[];
  /** Their turn to go came, but they are guarded: they left the list and stay. */
  readonly spared: readonly string[];
}

/** The list of a Saver's newest checkpoints, and the clock that keeps one of them for good every N hours. */
export class CheckpointHistory {
  #policy: RetentionPolicy;
  /** When the Saver was built: its hour clock starts here (RT-2). */
  readonly builtSeconds: number;
  readonly #options: HistoryOptions;
  #state: RetentionState;
  #newest: Remembered | undefined;
  /** A save that follows a recovery waits for it. */
  #recovering: Promise<void> = Promise.resolve();

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#policy = options.policy;
    this.builtSeconds = options.clock.nowSeconds();
    this.#state = startRetention(options.policy, this.builtSeconds);
  }

  get policy(): RetentionPolicy {
    return this.#policy;
  }

  /** Another rule from now on; nothing is deleted by the change itself. */
  changePolicy(policy: RetentionPolicy): void {
    this.#policy = policy;
    this.#state = changePolicy(this.#state, policy, this.#newest);
  }

  /** Prefixes as they were saved, oldest first (RT-1). */
  get lastCheckpoints(): string[] {
    return lastCheckpoints(this.#state);
  }

  /** An evicted checkpoint that was saved after this wall time stays for good (RT-4). */
  get nextKeepSeconds(): number {
    return this.#state.next;
  }

  /**
   * Takes over the checkpoints of an earlier process: those of `paths` that are still there, with the times of their
   * files. Nothing is deleted (RT-9).
   */
  recover(paths: readonly string[]): Promise<void> {
    this.#recovering = this.#recovering.then(() => this.#recover(paths));
    return this.#recovering;
  }

  /** Replaces the list: prefixes with the wall time at which they were saved, Infinity where it is not known (RT-8). */
  remember(last: readonly Remembered[]): void {
    this.#state = rememberCheckpoints(this.#state, last);
  }

  /** Takes checkpoints off the list, because someone moved their files away: neither listed nor deleted from now on. */
  forget(gone: (prefix: string) => boolean): void {
    const stays = ([prefix]: Remembered) => !gone(prefix);
    const { last, pending } = this.#state;
    this.#state = { ...this.#state, last: last.filter(stays), pending: pending.filter(stays) };
  }

  async #recover(paths: readonly string[]): Promise<void> {
    const last: Remembered[] = [];
    for (const path of paths) {
      const seconds = await savedSeconds(path);
      if (seconds !== undefined) last.push([path, seconds]);
    }
    this.#state = rememberCheckpoints(this.#state, last);
  }

  /**
   * Records a save whose data is complete on disk. First the state file is replaced, already without what goes, then at
   * most one older checkpoint is deleted: a listed checkpoint always exists. If the state file cannot be written,
   * nothing was recorded.
   */
  async record(prefix: string, options: RecordOptions = {}): Promise<Recorded> {
    const { latestFilename = defaultStateFile, spare } = options;
    // Whoever asked for a recovery that failed was told; the list is as it was before.
    await this.#recovering.catch(() => undefined);
    const seconds = this.#options.clock.nowSeconds();
    const { state, deletes, keepsForever } = recordSave(this.#state, prefix, seconds);
    await this.#writeState(prefix, { all: lastCheckpoints(state), latestFilename });
    this.#state = state;
    this.#newest = [prefix, seconds];
    const stays = (old: string) => isGuarded(old) || (spare !== undefined && resolve(old) === resolve(spare));
    const deleted = deletes.filter((old) => !stays(old));
    for (const old of deleted) {
      const { onProblem } = this.#options;
      await removeCheckpoint(old, { ...(options.metaSuffix && { metaSuffix: options.metaSuffix }), onProblem });
    }
    return { deleted, keptForever: keepsForever, spared: deletes.filter(stays) };
  }

  async #writeState(newest: string, { all, latestFilename }: { all: readonly string[]; latestFilename: string }): Promise<void> {
    const dir = folderOf(newest);
    const file = stateFilePath(dir, latestFilename);
    const state = stateOfSaves({ dir, newest, all, relativePaths: this.#options.saveRelativePaths });
    refuseConflict(file, state);
    try {
      await replaceFile(file, printCheckpointState(state));
    } catch (error) {
      throw explainWrite(`The state file ${file}, which should list ${newest},`, error);
    }
  }
}

/** The folder part of a path as written; empty for a bare name. */
function folderOf(path: string): string {
  const dir = dirname(path);
  return dir === "." && !path.startsWith(".") ? "" : dir;
}
