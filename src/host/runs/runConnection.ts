// One running training as its host follows it: what it tells, what it can be asked, and how it ended.
import { deferred } from "#base/deferred";
import { Emitter } from "#base/emitter";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { LookProgress } from "#model/checkpointLook";
import type { NonFiniteSearch } from "#model/diagnosis";
import type { RunEnd, RunProgress, StopRung } from "#model/run";
import type { ScalarBatch } from "#model/scalars";
import { processExists, signalGroup } from "#node/processes";
import { readRunRecord, writeRunRecord } from "#node/runRecord";
import { ChannelClosed } from "#protocol/channel";
import type { CheckpointSaved, ClientTells, TrainerAsks, TrainerStatus } from "#protocol/doorApi";
import { enterDoor, type DoorClient } from "./doorClient";

/** How patient a stop is. */
export interface StopOptions {
  /** For the loop to end its step and save. */
  readonly graceMs?: number;
  /** For its processes to go once they are terminated. */
  readonly terminateMs?: number;
  /** Gives the asking no time. */
  readonly now?: boolean;
}

const defaultGraceMs = 60_000;
const defaultTerminateMs = 5000;
const askedMs = 200;
const reconnectEveryMs = 100;
const reconnectForMs = 5000;

/**
 * A connection to a trainer that comes back by itself when it breaks. `ended` resolves however the run ends, also when the
 * process vanished without a word; a connection that was disposed of tells nothing any more.
 */
export class RunConnection implements Disposable {
  readonly #life = new Lifetime();
  readonly #ended = deferred<RunEnd>();
  readonly #scalars = this.#life.own(new Emitter<readonly ScalarBatch[]>());
  readonly #progress = this.#life.own(new Emitter<RunProgress>());
  readonly #saved = this.#life.own(new Emitter<CheckpointSaved>());
  readonly #changed = this.#life.own(new Emitter<void>());
  readonly #restoring = this.#life.own(new Emitter<LookProgress>());
  readonly #nonFinite = this.#life.own(new Emitter<NonFiniteSearch>());
  readonly #notices = this.#life.own(new Emitter<string>());
  readonly #endings = this.#life.own(new Emitter<RunEnd>());
  #client: DoorClient | undefined;
  #status: TrainerStatus | undefined;
  #progressNow: RunProgress | undefined;
  #rung: StopRung | undefined;
  #over = false;
  #told: RunEnd | undefined;

  readonly onScalars = this.#scalars.event;
  readonly onProgress = this.#progress.event;
  readonly onCheckpoint = this.#saved.event;
  /** A restore, a prune or its undo changed the run's checkpoints. */
  readonly onCheckpointsChanged = this.#changed.event;
  /** How much a restore has read. */
  readonly onRestoreProgressed = this.#restoring.event;
  /** A search for the first value that was not finite has ended; `run.json` has it too. */
  readonly onNonFinite = this.#nonFinite.event;
  readonly onNotice = this.#notices.event;
  readonly onEnded = this.#endings.event;
  /** Resolves for every end of the run. */
  readonly ended: Promise<RunEnd> = this.#ended.promise;

  private constructor(readonly dir: string) {}

  /** Connects to a run; undefined when none is alive in this folder. */
  static async connect(dir: string): Promise<RunConnection | undefined> {
    const connection = new RunConnection(dir);
    return (await connection.#enter()) ? connection : undefined;
  }

  /** Where the training stood when we came, with the progress told since. */
  get status(): TrainerStatus {
    if (!this.#status) throw new Error("a connection exists only after its hello");
    return this.#progressNow ? { ...this.#status, progress: this.#progressNow } : this.#status;
  }

  /** What the trainer can be asked. Asks are refused with ChannelClosed once the run has ended. */
  get ask(): TrainerAsks {
    if (!this.#client) throw new ChannelClosed("the run has ended");
    return this.#client.channel.ask;
  }

  /** Ends the run: asks, then terminates its processes, then kills them. The answer names how far it had to go. */
  async stop({
    graceMs = defaultGraceMs,
    terminateMs = defaultTerminateMs,
    now = false,
  }: StopOptions = {}): Promise<RunEnd> {
    const { pid } = this.status;
    if (!this.#over) {
      this.#rung = "asked";
      void this.ask.stop({}).catch(closedIsFine);
      // A trainer takes a signal as an order to leave at once only after it was asked.
      if (await this.#endsWithin(now ? askedMs : graceMs)) return this.ended;
    }
    if (!this.#over) {
      this.#rung = "terminated";
      await signalGroup(pid, "SIGTERM");
      if (await this.#endsWithin(terminateMs)) return this.ended;
    }
    if (!this.#over) {
      this.#rung = "killed";
      await signalGroup(pid, "SIGKILL");
    }
    return this.ended;
  }

  dispose(): void {
    this.#over = true;
    this.#client?.channel.dispose();
    this.#client = undefined;
    this.#life.dispose();
  }

  async #enter(): Promise<boolean> {
    const client = await enterDoor(this.dir, this.#tells());
    if (!client) return false;
    if (this.#over) {
      client.channel.dispose();
      return false;
    }
    this.#client = client;
    this.#status = client.status;
    client.onClose(() => void this.#comeBack());
    return true;
  }

  #tells(): ClientTells {
    return {
      scalarsRecorded: (batches) => this.#scalars.fire(batches),
      progressed: (progress) => {
        this.#progressNow = progress;
        this.#progress.fire(progress);
      },
      checkpointSaved: (saved) => this.#saved.fire(saved),
      checkpointsChanged: () => this.#changed.fire(),
      restoreProgressed: (progress) => this.#restoring.fire(progress),
      nonFiniteSearched: (search) => this.#nonFinite.fire(search),
      noticed: ({ text }) => this.#notices.fire(text),
      // Only when the door is shut may someone start a new training here, so the end counts from then on.
      ended: (end) => (this.#told = end),
    };
  }

  /** The connection broke without a word about the end: a hiccup, or the process is gone. */
  async #comeBack(): Promise<void> {
    if (this.#told) return this.#end(this.#told);
    const { pid } = this.status;
    const until = Date.now() + reconnectForMs;
    while (!this.#over) {
      if (await this.#enter()) return;
      const recorded = await endOnRecord(this.dir, pid);
      if (recorded) return this.#end(recorded);
      if (!processExists(pid) || Date.now() > until) return this.#vanished(pid);
      await new Promise((resolve) => setTimeout(resolve, reconnectEveryMs));
    }
  }

  async #vanished(pid: number): Promise<void> {
    const step = this.#progressNow?.step;
    const at = step === undefined ? {} : { step };
    if (this.#rung !== "killed" && this.#rung !== "terminated") {
      return this.#end({ how: "lost", error: "The process is gone and left no word.", ...at });
    }
    const end: RunEnd = { how: "killed", rung: this.#rung, ...at };
    // The folder of a dead run is the host's; its trainer could not write this.
    const record = await readRunRecord(this.dir);
    if (record?.pid === pid) await writeRunRecord(this.dir, { ...record, state: "killed", end });
    this.#end(end);
  }

  #end(end: RunEnd): void {
    if (this.#over) return;
    this.#over = true;
    const named = this.#rung && end.how !== "finished" && end.how !== "failed" ? { ...end, rung: this.#rung } : end;
    this.#ended.resolve(named);
    this.#endings.fire(named);
    this.#client?.channel.dispose();
    this.#client = undefined;
  }

  async #endsWithin(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
    const inTime = await Promise.race([this.ended.then(() => true), late]);
    clearTimeout(timer);
    return inTime;
  }
}

/** The end that a run wrote down; undefined while it has written none, or when another process wrote there since. */
export async function endOnRecord(dir: string, pid?: number): Promise<RunEnd | undefined> {
  const record = await readRunRecord(dir);
  return pid === undefined || record?.pid === pid ? record?.end : undefined;
}

function closedIsFine(error: unknown): void {
  if (!(error instanceof ChannelClosed)) throw error;
}
