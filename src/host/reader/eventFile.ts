// One event file, read on from where the last reading ended.
import { FormatError } from "#base/errors";
import { decodeEvent } from "#formats/events/decodeEvent";
import type { Event } from "#formats/events/event";
import type { ScalarEvents } from "#formats/events/scalarEvents";
import { RecordScanner } from "#formats/records/recordScanner";
import type { EventFileEntry } from "#node/eventFiles";
import { openFileSource, type FileSource } from "#node/files";
import type { Damage } from "#protocol/readerApi";
import type { EventPlace } from "./runEvents";

/** No more than this is in memory at once, but for a single record that is larger; between two chunks others are answered. */
const chunkBytes = 512 * 1024;
/** Space kept for further chunks, so that what is not yet looked through is seldom moved. */
const spareChunks = 3;
/** For what is added to a file while it is read. */
const leastBytes = 16 * 1024;

/** Takes what a reading brings. */
export interface EventSink {
  /** Shared by all files whose events go to one place. */
  readonly scalars: ScalarEvents;
  /** `scalars` has read a point. False: the event is wanted in full. */
  onScalar(): boolean;
  onEvent(event: Event, place: EventPlace): void;
  onDamage(damage: Damage): void;
  /** After each chunk. */
  onChunk(): void;
}

interface Chunk {
  readonly count: number;
  /** There may be more. */
  readonly full: boolean;
}

/** Remembers how far a file was read; half a record at the end is simply not there yet. */
export class EventFile {
  readonly #scanner = new RecordScanner({ streamBytes: () => this.#size });
  #read = 0;
  /** Of the file when it was last looked at: what lies in it may be as large as it says. */
  #size = 0;

  constructor(readonly entry: EventFileEntry) {}

  /** Bytes read so far. */
  get bytes(): number {
    return this.#read;
  }

  /** Damage behind which no sound record has been found yet. */
  get damage(): Damage | undefined {
    const lost = this.#scanner.damage;
    return lost && { file: this.entry.name, offset: lost.offset, reason: "badLengthCrc" };
  }

  /** Whether what lies there now is this file with something added, and not one that shrank or took its name. */
  continues({ identity, bytes }: EventFileEntry): boolean {
    return identity === this.entry.identity && bytes >= this.#read;
  }

  /** Reads to the present end; answers whether there was anything new. The next chunk is read while one is looked through. */
  async readOn(sink: EventSink, signal?: AbortSignal): Promise<boolean> {
    const source = await openFileSource(this.entry.path);
    const before = this.#read;
    let reading: Promise<Chunk> | undefined;
    try {
      this.#size = await source.size();
      reading = this.#readChunk(source);
      for (;;) {
        const { count, full } = await reading;
        signal?.throwIfAborted();
        this.#scanner.filled(count);
        if (count === 0) return this.#read > before;
        this.#read += count;
        if (full) reading = this.#readChunk(source);
        this.#takeRecords(sink);
        sink.onChunk();
        if (!full) return true;
      }
    } finally {
      // A read that nobody waits for still writes into the scanner's space.
      await reading?.catch(() => undefined);
      this.#scanner.trim();
      await source.close();
    }
  }

  /** Into the space behind what was read before. */
  async #readChunk(source: FileSource): Promise<Chunk> {
    // At least a byte more than is known to be there: only a full read asks for another.
    const wanted = Math.max(this.#size - this.#read + 1, leastBytes);
    const room = this.#scanner.room(Math.min(wanted, chunkBytes), Math.min(wanted, spareChunks * chunkBytes));
    const count = await source.readInto(room, this.#read);
    return { count, full: count === room.length };
  }

  #takeRecords(sink: EventSink): void {
    const scanner = this.#scanner;
    for (;;) {
      const kind = scanner.scan(sink.scalars);
      if (kind === "needMore") return;
      if (kind === "skipped") this.#tellSkipped(sink);
      else if (kind === "record" || !sink.onScalar()) this.#takeEvent(sink);
    }
  }

  #takeEvent(sink: EventSink): void {
    const { name, path } = this.entry;
    const { payload, recordOffset: offset } = this.#scanner;
    try {
      const event = decodeEvent(payload);
      sink.onEvent(event, { path, offset, length: payload.length });
      sink.scalars.learn(payload, event);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      sink.onDamage({ file: name, offset, reason: error.reason });
    }
  }

  #tellSkipped(sink: EventSink): void {
    const { skipped } = this.#scanner;
    if (skipped.kind === "skipped") sink.onDamage({ file: this.entry.name, offset: skipped.offset, reason: skipped.reason });
  }
}
