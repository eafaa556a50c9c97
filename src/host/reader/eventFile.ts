// One event file, read on from where the last reading ended.
import { FormatError } from "#base/errors";
import { decodeEvent } from "#formats/events/decodeEvent";
import type { Event } from "#formats/events/event";
import { RecordScanner } from "#formats/records/recordScanner";
import type { EventFileEntry } from "#node/eventFiles";
import { openFileSource } from "#node/files";
import type { Damage } from "#protocol/readerApi";
import type { EventPlace } from "./runEvents";

/** No more than this is in memory at once, but for a single record that is larger; between two chunks others are answered. */
const chunkBytes = 256 * 1024;

/** Takes what a reading brings. */
export interface EventSink {
  onEvent(event: Event, place: EventPlace): void;
  onDamage(damage: Damage): void;
  /** After each chunk. */
  onChunk(): void;
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

  /** Reads to the present end; answers whether there was anything new. */
  async readOn(sink: EventSink, signal?: AbortSignal): Promise<boolean> {
    const source = await openFileSource(this.entry.path);
    const before = this.#read;
    try {
      this.#size = await source.size();
      for (;;) {
        signal?.throwIfAborted();
        const bytes = await source.read(this.#read, chunkBytes);
        if (bytes.length === 0) return this.#read > before;
        this.#read += bytes.length;
        this.#scanner.push(bytes);
        this.#takeRecords(sink);
        sink.onChunk();
        if (bytes.length < chunkBytes) return true;
      }
    } finally {
      await source.close();
    }
  }

  #takeRecords(sink: EventSink): void {
    const { name, path } = this.entry;
    for (;;) {
      const read = this.#scanner.next();
      if (read.kind === "needMore") return;
      if (read.kind === "skipped") {
        sink.onDamage({ file: name, offset: read.offset, reason: read.reason });
        continue;
      }
      try {
        sink.onEvent(decodeEvent(read.data), { path, offset: read.offset, length: read.data.length });
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        sink.onDamage({ file: name, offset: read.offset, reason: error.reason });
      }
    }
  }
}
