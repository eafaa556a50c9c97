// The runs of this window: found on disk, connected to while they train, kept up to date. Knows no editor.
import { basename } from "node:path";
import { Emitter, type Event } from "#base/emitter";
import { messageOf } from "#base/errors";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { NonFiniteSearch } from "#model/diagnosis";
import type { RunEnd, RunInfo, RunProgress } from "#model/run";
import type { ScalarBatch } from "#model/scalars";
import type { CheckpointSaved, TrainerAsks, TrainerStatus } from "#protocol/doorApi";
import { compareRuns } from "./runRow";

/** A training that goes on, as its door shows it. */
export interface LiveRun extends Disposable {
  readonly status: TrainerStatus;
  readonly ask: TrainerAsks;
  readonly onScalars: Event<readonly ScalarBatch[]>;
  readonly onProgress: Event<RunProgress>;
  readonly onCheckpoint: Event<CheckpointSaved>;
  readonly onCheckpointsChanged: Event<void>;
  readonly onNonFinite: Event<NonFiniteSearch>;
  readonly onNotice: Event<string>;
  /** Resolves however the run ends; never after `dispose`. */
  readonly ended: Promise<RunEnd>;
  /** Asks, then terminates, then kills; answers when the run has ended. */
  stop(): Promise<RunEnd>;
}

/** Where runs come from. */
export interface RunsSource {
  /** Folders to look in, absolute. */
  roots(): readonly string[];
  find(root: string): Promise<readonly RunInfo[]>;
  /** Looks at one run again; undefined when it is gone. */
  describe(run: RunInfo): Promise<RunInfo | undefined>;
  /** Undefined when no trainer is alive there. */
  connect(dir: string): Promise<LiveRun | undefined>;
  nowSeconds(): number;
}

/** What a run did, for those who speak about it. */
export interface RunEnded {
  readonly run: RunInfo;
  readonly end: RunEnd;
}

/** All runs, by folder. */
export class RunList implements Disposable {
  readonly #life = new Lifetime();
  readonly #runs = new Map<string, RunInfo>();
  readonly #live = new Map<string, LiveRun>();
  readonly #connecting = new Map<string, Promise<boolean>>();
  readonly #changed = this.#life.own(new Emitter<string | undefined>());
  readonly #ended = this.#life.own(new Emitter<RunEnded>());
  readonly #scalars = this.#life.own(new Emitter<{ readonly dir: string; readonly batches: readonly ScalarBatch[] }>());
  readonly #nonFinite = this.#life.own(new Emitter<string>());
  readonly #refused = this.#life.own(new Emitter<{ readonly dir: string; readonly error: unknown }>());
  readonly #connected = this.#life.own(new Emitter<{ readonly dir: string; readonly live: LiveRun }>());
  /** Trainers that did not let us in, with their reason: said once. */
  readonly #refusals = new Map<string, string>();
  /** In order, until one changes: of a thousand runs many are looked at between two changes. */
  #ordered: readonly RunInfo[] | undefined;
  #scan: Promise<void> | undefined;
  #scanAgain = false;
  #problem: unknown;
  #scanned = false;

  /** The folder of the run that changed; undefined when the list itself did. */
  readonly onDidChange = this.#changed.event;
  readonly onEnded = this.#ended.event;
  readonly onScalars = this.#scalars.event;
  /** Folder of the run in which a search for a broken value has ended. */
  readonly onNonFinite = this.#nonFinite.event;
  /** A trainer that lives but does not let us in. */
  readonly onRefused = this.#refused.event;
  readonly onConnected = this.#connected.event;

  constructor(private readonly source: RunsSource) {}

  /** Running first, then newest first. */
  get all(): readonly RunInfo[] {
    return (this.#ordered ??= [...this.#runs.values()].sort(compareRuns));
  }

  get running(): readonly RunInfo[] {
    return this.all.filter(({ state }) => state === "running");
  }

  /** Why the last scan failed, where it did. */
  get problem(): unknown {
    return this.#problem;
  }

  /** Whether a first scan has ended: before that, an empty list means nothing. */
  get scanned(): boolean {
    return this.#scanned;
  }

  get(dir: string): RunInfo | undefined {
    return this.#runs.get(dir);
  }

  live(dir: string): LiveRun | undefined {
    return this.#live.get(dir);
  }

  /** Looks at the folders again; wishes that come during a scan are served by one more. */
  refresh(): Promise<void> {
    if (this.#scan) {
      this.#scanAgain = true;
      return this.#scan;
    }
    this.#scan = this.#scanAll().finally(() => (this.#scan = undefined));
    return this.#scan;
  }

  /**
   * Connects to a run that has just been started, and lists it. First the door, which lets in only when the run's record
   * is on disk: a scan before that would not find the run. False when it was over before anyone could follow it.
   */
  async started(dir: string): Promise<boolean> {
    const followed = await this.#connect(dir);
    await this.refresh();
    return followed;
  }

  /** Looks at one run again. */
  async look(dir: string): Promise<void> {
    const known = this.#runs.get(dir);
    if (!known) return this.refresh();
    const now = await this.source.describe(known);
    if (now) this.#keep(now);
    else this.#forget(dir);
    this.#changed.fire(now ? dir : undefined);
  }

  /** Stops all that trains and waits until it has ended. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.stop()));
  }

  dispose(): void {
    for (const live of this.#live.values()) live.dispose();
    this.#live.clear();
    this.#life.dispose();
  }

  async #scanAll(): Promise<void> {
    do {
      this.#scanAgain = false;
      try {
        const found = toldApart(await Promise.all(this.source.roots().map(async (root) => ({ root, runs: await this.source.find(root) }))));
        const dirs = new Set(found.map(({ dir }) => dir));
        for (const dir of this.#runs.keys()) if (!dirs.has(dir)) this.#forget(dir);
        for (const run of found) this.#keep(run);
        this.#problem = undefined;
      } catch (error) {
        this.#problem = error;
      }
      this.#scanned = true;
      this.#changed.fire(undefined);
      await Promise.all(this.running.map(({ dir }) => this.#connect(dir)));
    } while (this.#scanAgain && !this.#life.ended);
  }

  /** What the door told is newer than what the disk says. */
  #keep(run: RunInfo): void {
    const live = this.#live.get(run.dir);
    this.#set(live ? withProgress(run, live.status.progress, this.source.nowSeconds()) : run);
  }

  #set(run: RunInfo): void {
    this.#runs.set(run.dir, run);
    this.#ordered = undefined;
  }

  #forget(dir: string): void {
    this.#runs.delete(dir);
    this.#ordered = undefined;
  }

  /** One connection to a run at a time: who comes second waits for the first. */
  async #connect(dir: string): Promise<boolean> {
    if (this.#live.has(dir)) return true;
    const connecting = this.#connecting.get(dir) ?? this.#enter(dir).finally(() => this.#connecting.delete(dir));
    this.#connecting.set(dir, connecting);
    return connecting;
  }

  async #enter(dir: string): Promise<boolean> {
    try {
      const live = await this.source.connect(dir);
      if (live) this.#follow(dir, live);
      // It ended between the look and the connection.
      else if (this.#runs.has(dir)) await this.look(dir);
      return live !== undefined;
    } catch (error) {
      const why = messageOf(error);
      if (this.#refusals.get(dir) !== why) this.#refused.fire({ dir, error });
      this.#refusals.set(dir, why);
      return false;
    }
  }

  #follow(dir: string, live: LiveRun): void {
    if (this.#life.ended) return live.dispose();
    this.#live.set(dir, live);
    const stop = new Lifetime();
    stop.own(live.onProgress((progress) => this.#progressed(dir, progress)));
    stop.own(live.onScalars((batches) => this.#scalars.fire({ dir, batches })));
    stop.own(live.onCheckpoint(() => void this.look(dir)));
    stop.own(live.onNonFinite(() => this.#nonFinite.fire(dir)));
    stop.own(live.onCheckpointsChanged(() => void this.look(dir)));
    void live.ended.then(async (end) => {
      stop.dispose();
      this.#live.delete(dir);
      live.dispose();
      if (this.#life.ended) return;
      await this.look(dir);
      const run = this.#runs.get(dir);
      if (run) this.#ended.fire({ run, end });
    });
    this.#connected.fire({ dir, live });
    if (live.status.progress) this.#progressed(dir, live.status.progress);
  }

  #progressed(dir: string, progress: RunProgress): void {
    const run = this.#runs.get(dir);
    if (!run) return;
    this.#set(withProgress(run, progress, this.source.nowSeconds()));
    this.#changed.fire(dir);
  }
}

/** All runs; where two folders have one of the same name, the folder stands behind it. */
function toldApart(found: readonly { readonly root: string; readonly runs: readonly RunInfo[] }[]): readonly RunInfo[] {
  const dirs = new Map<string, Set<string>>();
  for (const { name, dir } of found.flatMap(({ runs }) => runs)) dirs.set(name, (dirs.get(name) ?? new Set()).add(dir));
  const roots = found.map(({ root }) => basename(root));
  const label = (root: string): string => (roots.filter((one) => one === basename(root)).length > 1 ? root : basename(root));
  return found.flatMap(({ root, runs }) => runs.map((run) => ((dirs.get(run.name)?.size ?? 0) > 1 ? { ...run, name: `${run.name} (${label(root)})` } : run)));
}

function withProgress(run: RunInfo, progress: RunProgress | undefined, nowSeconds: number): RunInfo {
  return progress ? { ...run, state: "running", progress, lastStep: progress.step, lastWallTimeSeconds: nowSeconds } : run;
}
