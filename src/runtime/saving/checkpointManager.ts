// Keeps a folder's newest checkpoints by age and number, over restarts: TensorFlow's CheckpointManager (CM-1 to CM-4).
import { basename, join } from "node:path";
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
  readonly directory: string;
  /** How many of the newest checkpoints stay; null keeps all. */
  readonly maxToKeep: number | null;
  /** Of those that would go, one in so many hours stays for good. */
  readonly keepCheckpointEveryNHours?: number | null;
  /** Name of the checkpoints: `ckpt` unless given. */
  readonly checkpointName?: string;
  /** The system\'s unless given; tests put in one of their own. */
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
  /** Prefixes that may still be deleted, with the seconds at which they were saved, oldest first. */
  readonly #active: Map<string, number>;
  #latest: string | undefined;
  #lastPreserved: number;
  #saves: number;

  private constructor(saver: Pick<Saver, "save">, options: CheckpointManagerOptions, found: Found) {
    this.#saver = saver;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#active = new Map(found.active);
    this.#latest = found.latest;
    this.#lastPreserved = found.lastPreserved;
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
    return [...this.#active.keys()];
  }

  /** The newest checkpoint. */
  get latestCheckpoint(): string | undefined {
    return this.#latest;
  }

  /** Wall time in seconds of the newest checkpoint that stays for good. */
  get lastPreservedTimestamp(): number {
    return this.#lastPreserved;
  }

  /** Saves under the next number, or the given one, then deletes what is too much (CM-2). */
  async save(session: Session, checkpointNumber?: number): Promise<string> {
    const number = checkpointNumber ?? this.#saves + 1;
    const { directory, checkpointName = "ckpt" } = this.#options;
    const path = join(directory, `${checkpointName}-${number}`);
    await this.#saver.save(session, path, { writeState: false, writeMetaGraph: false });
    this.#saves = number;
    this.#active.delete(path);
    this.#active.set(path, this.#clock.nowSeconds());
    this.#latest = path;
    // Written twice, so that it never lists what is gone, and never misses what is there.
    await this.#writeState();
    await this.#sweep();
    await this.#writeState();
    return path;
  }

  async #sweep(): Promise<void> {
    const { maxToKeep, keepCheckpointEveryNHours: hours } = this.#options;
    for (const [path, seconds] of [...this.#active]) {
      if (maxToKeep === null || this.#active.size <= maxToKeep) return;
      this.#active.delete(path);
      if (hours && seconds - hours * 3600 >= this.#lastPreserved) this.#lastPreserved = seconds;
      else await removeCheckpoint(path, { onProblem: notice });
    }
  }

  async #writeState(): Promise<void> {
    const { directory } = this.#options;
    const newest = this.#latest ?? "";
    const state = stateOfSaves({ dir: directory, newest, all: this.checkpoints, relativePaths: true });
    const timestamps = [...this.#active.values()];
    const content = printCheckpointState({ ...state, timestamps, lastPreservedTimestamp: this.#lastPreserved });
    await replaceFile(stateFilePath(directory), content);
  }
}

interface Found {
  readonly active: readonly (readonly [string, number])[];
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
