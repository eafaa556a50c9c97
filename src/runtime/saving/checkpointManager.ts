// Keeps a folder's newest checkpoints by age and number, over restarts: TensorFlow's CheckpointManager (CM-1 to CM-4).
import { basename, join } from "node:path";
import { recordManagedSave, type ManagerState } from "#analysis/retention/managerRetention";
import type { Remembered } from "#analysis/retention/retention";
import { printCheckpointState } from "#formats/checkpointState/checkpointState";
import { replaceFile } from "#node/files";
import { ValueError } from "../graph/errors";
import type { Session } from "../graph/session";
import { systemClock, type Clock } from "../training/clock";
import { logging } from "../training/logging";
import { notice } from "../training/observers";
import { getCheckpointState, removeCheckpoint } from "./checkpointFiles";
import { stateFilePath, stateOfSaves } from "./checkpointPaths";
import type { Saver } from "./saver";

/** How a CheckpointManager is made. */
export interface CheckpointManagerOptions {
  /** Where checkpoints and state file lie. */
  readonly directory: string;
  /** How many of the newest checkpoints stay; null keeps all. */
  readonly maxToKeep: number | null;
  /** Of those that would go, one in so many hours stays for good. */
  readonly keepCheckpointEveryNHours?: number | null;
  /** Name of the checkpoints: `ckpt` unless given. */
  readonly checkpointName?: string;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/**
 * Unlike a Saver's, its memory is in the state file: times of all checkpoints, and of the last one that stays for good. A
 * Saver does the writing; its own list is not used. `open` reads what an earlier process left.
 */
export class CheckpointManager {
  readonly #saver: Pick<Saver, "save">;
  readonly #options: CheckpointManagerOptions;
  readonly #clock: Clock;
  #state: ManagerState;
  #latest: string | undefined;
  #saves: number;

  /** Use `CheckpointManager.open`, which reads the folder first. */
  private constructor(saver: Pick<Saver, "save">, options: CheckpointManagerOptions, found: Found) {
    this.#saver = saver;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const { maxToKeep, keepCheckpointEveryNHours: hours } = options;
    this.#state = {
      maxToKeep: maxToKeep ?? Infinity, intervalSeconds: hours ? hours * 3600 : Infinity, last: found.active, lastPreservedSeconds: found.lastPreserved,
    };
    this.#latest = found.latest;
    this.#saves = found.latest === undefined ? 0 : numberOf(found.latest);
  }

  /** Takes over the folder's checkpoints whose times its state file tells (CM-3). */
  static async open(saver: Pick<Saver, "save">, options: CheckpointManagerOptions): Promise<CheckpointManager> {
    const { maxToKeep, directory, clock = systemClock } = options;
    if (maxToKeep !== null && !(maxToKeep > 0)) {
      throw new ValueError(`Expected a positive integer or \`null\` for \`maxToKeep\`, got ${maxToKeep}.`);
    }
    return new CheckpointManager(saver, options, await found(directory, clock.nowSeconds()));
  }

  /** Prefixes that may still be deleted, oldest first. */
  get checkpoints(): string[] {
    return this.#state.last.map(([path]) => path);
  }

  /** The newest checkpoint. */
  get latestCheckpoint(): string | undefined {
    return this.#latest;
  }

  /** Wall time in seconds of the newest checkpoint that stays for good. */
  get lastPreservedTimestamp(): number {
    return this.#state.lastPreservedSeconds;
  }

  /** Saves under the next number, or the given one, then deletes what is too much (CM-2). */
  async save(session: Session, checkpointNumber?: number): Promise<string> {
    const number = checkpointNumber ?? this.#saves + 1;
    const { directory, checkpointName = "ckpt" } = this.#options;
    const path = join(directory, `${checkpointName}-${number}`);
    await this.#saver.save(session, path, { writeState: false, writeMetaGraph: false });
    this.#saves = number;
    const seconds = this.#clock.nowSeconds();
    this.#latest = path;
    // Written twice, so that it never lists what is gone, and never misses what is there.
    await this.#writeState(recordManagedSave({ ...this.#state, maxToKeep: Infinity }, path, seconds).state);
    const { state, deletes } = recordManagedSave(this.#state, path, seconds);
    this.#state = state;
    for (const gone of deletes) await removeCheckpoint(gone, { onProblem: notice });
    await this.#writeState(state);
    return path;
  }

  async #writeState({ last, lastPreservedSeconds }: ManagerState): Promise<void> {
    const { directory } = this.#options;
    const newest = this.#latest ?? "";
    const state = stateOfSaves({ dir: directory, newest, all: last.map(([path]) => path), relativePaths: true });
    const timestamps = last.map(([, seconds]) => seconds);
    const content = printCheckpointState({ ...state, timestamps, lastPreservedTimestamp: lastPreservedSeconds });
    await replaceFile(stateFilePath(directory), content);
  }
}

interface Found {
  readonly active: readonly Remembered[];
  readonly latest: string | undefined;
  readonly lastPreserved: number;
}

/** What the state file says, seen from now: times are not later than now, and only what is newer than the last kept one is active. */
async function found(directory: string, now: number): Promise<Found> {
  const state = await getCheckpointState(directory);
  if (!state) return { active: [], latest: undefined, lastPreserved: now - 1 };
  const { allModelCheckpointPaths: paths, timestamps, lastPreservedTimestamp, modelCheckpointPath: latest } = state;
  let lastPreserved = lastPreservedTimestamp ?? now;
  if (now < lastPreserved) {
    logging.warn("The clock has gone back since the last checkpoint of this folder was kept; checkpoints from before stay for good.");
    lastPreserved = now;
  }
  const timed = paths.map((path, at) => [path, timestamps.length === paths.length ? Math.min(timestamps[at] ?? now, now) : lastPreserved] as const);
  return { active: timed.filter(([, seconds]) => seconds > lastPreserved), latest, lastPreserved };
}

function numberOf(prefix: string): number {
  return Number(/-(\d+)$/.exec(basename(prefix))?.[1] ?? 0);
}
