// One run's event files, read and, while someone looks, followed.
import { messageOf } from "#base/errors";
import type { Disposable } from "#base/lifetime";
import type { ScalarBatch } from "#model/scalars";
import { listEventFiles, type EventFileEntry } from "#node/eventFiles";
import { isNotFound } from "#node/files";
import { watchPath } from "#node/watch";
import type { ReadingProgress, RunContent } from "#protocol/readerApi";
import { EventFile } from "./eventFile";
import { RunEvents } from "./runEvents";

/** Notices come at most this often. */
const noticeEveryMs = 100;
/** Reading a run all over again may take this share of the time at most. */
const rereadShare = 0.2;

/** Reads in the order of the files' names, so that what it holds is what a fresh reading would find. */
export class RunReader implements Disposable {
  #events = new RunEvents();
  #files: EventFile[] = [];
  #revision = 0;
  #reading: Promise<void> | undefined;
  #again = false;
  #watching: Disposable | undefined;
  #notice: NodeJS.Timeout | undefined;
  #toldMs = -Infinity;
  #mayRereadMs = 0;
  #bytesThere = 0;
  #halt = new AbortController();
  readonly #closed = new AbortController();

  /** `path` is a run's folder or a single event file. `changed` is called, at most ten times a second, after a change. */
  constructor(
    readonly path: string,
    private readonly changed: (revision: number) => void,
  ) {}

  /** What has been read so far; valid until the next change. */
  get events(): RunEvents {
    return this.#events;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Revisions to come are later than this one. */
  countFrom(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
  }

  get followed(): boolean {
    return this.#watching !== undefined;
  }

  /** Whether a person stopped the reading: `resume` goes on. */
  get halted(): boolean {
    return this.#halt.signal.aborted;
  }

  /** How far the present reading is; undefined when all that was there has been read. */
  get progress(): ReadingProgress | undefined {
    if (!this.#reading && !this.halted) return undefined;
    return { bytes: this.#bytes(), of: Math.max(this.#bytes(), this.#bytesThere), halted: this.halted };
  }

  /** Ends the present reading at the next chunk; what was read stays. */
  halt(): void {
    this.#halt.abort(new Error("the reading was stopped"));
    this.#note();
  }

  /** Takes a halt back; the next `refresh` reads on from there. */
  resume(): void {
    if (this.halted) this.#halt = new AbortController();
  }

  content(): RunContent {
    const content = this.#events.content({ files: this.#files.length, bytes: this.#bytes(), revision: this.#revision });
    return { ...content, damage: [...content.damage, ...this.#files.flatMap(({ damage }) => (damage ? [damage] : []))] };
  }

  /** Reads all there is now, and goes on by itself from then on. A failure to look again shows at the next `refresh`. */
  follow(): void {
    if (this.#closed.signal.aborted) return;
    this.#watching ??= watchPath(this.path, async () => {
      const before = this.#revision;
      await this.refresh().catch(() => undefined);
      return this.#revision !== before;
    });
  }

  /** Reads what is new; answers when all that was there at the time of the call has been read. */
  refresh(): Promise<void> {
    this.#again = true;
    this.#reading ??= this.#readAll().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** Points of a running training, ahead of its file. */
  append(batches: readonly ScalarBatch[]): void {
    if (this.#events.addTold(batches)) this.#note();
  }

  dispose(): void {
    this.#closed.abort(new Error("the run was closed"));
    this.#watching?.dispose();
    clearTimeout(this.#notice);
  }

  async #readAll(): Promise<void> {
    while (this.#again && !this.#closed.signal.aborted && !this.halted) {
      this.#again = false;
      await this.#readOnce();
    }
  }

  async #readOnce(): Promise<void> {
    const entries = await listEventFiles(this.path).catch((error: unknown) => {
      // The folder or all of its files went: what was read stays until the run is closed.
      if (isNotFound(error) && this.#files.length > 0) return undefined;
      throw error;
    });
    if (!entries || (entries.length === 0 && this.#files.length > 0)) return;
    if (!this.#continues(entries)) {
      if (Date.now() < this.#mayRereadMs) return;
      this.#startAnew();
    }
    const began = Date.now();
    const fresh = this.#files.length === 0;
    this.#bytesThere = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const entry of entries) if (!this.halted) await this.#readFile(entry, this.#bytesThere);
    if (fresh) this.#mayRereadMs = Date.now() + (Date.now() - began) / rereadShare;
  }

  /** Whether every known file goes on, none before the newest grew, and new ones come behind. */
  #continues(entries: readonly EventFileEntry[]): boolean {
    const now = new Map(entries.map((entry, place) => [entry.name, { entry, place }]));
    const newest = this.#files.findLastIndex((file) => file.bytes > 0);
    return this.#files.every((file, place) => {
      const there = now.get(file.entry.name);
      if (!there) return false;
      const grewBehind = place < newest && there.entry.bytes > file.bytes;
      return there.place === place && file.continues(there.entry) && !grewBehind;
    });
  }

  #startAnew(): void {
    const told = this.#events.toldPoints();
    this.#files = [];
    this.#events = new RunEvents();
    this.#events.addTold(told);
    this.#note();
  }

  /** `whole`: bytes of all of the run's files. */
  async #readFile(entry: EventFileEntry, whole: number): Promise<void> {
    const known = this.#files.find((file) => file.entry.name === entry.name);
    if (known && known.bytes === entry.bytes) return;
    const file = known ?? new EventFile(entry);
    if (!known) this.#files.push(file);
    const events = this.#events;
    try {
      const grew = await file.readOn({
        scalars: events.scalars,
        onScalar: () => events.addScalar(),
        onEvent: (event, at) => events.add(event, at),
        onDamage: (damage) => events.addDamage(damage),
        onChunk: () => {
          events.settle();
          events.expectMore(this.#bytes() / whole);
          this.#note();
        },
      }, AbortSignal.any([this.#closed.signal, this.#halt.signal]));
      if (grew || !known) this.#note();
    } catch (error) {
      if (this.#closed.signal.aborted || this.halted) return;
      if (!known) events.addDamage({ file: entry.name, offset: file.bytes, reason: messageOf(error) });
    }
  }

  #bytes(): number {
    return this.#files.reduce((sum, file) => sum + file.bytes, 0);
  }

  /** Counts a change and tells of it, now or when the last notice is old enough. */
  #note(): void {
    this.#revision++;
    this.#notice ??= setTimeout(() => {
      this.#notice = undefined;
      this.#toldMs = performance.now();
      if (!this.#closed.signal.aborted) this.changed(this.#revision);
    }, Math.max(0, this.#toldMs + noticeEveryMs - performance.now())).unref();
  }
}
