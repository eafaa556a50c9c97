// A file that only grows, by whole records: nobody waits for it, and a failed write leaves no half record behind.
import type { FileHandle } from "node:fs/promises";

/** How an AppendFile behaves when the disk does not. */
export interface AppendFileOptions {
  /** Told once per streak of failures; the records are kept and tried again with the next append or flush. */
  readonly onProblem?: (error: unknown) => void;
  /** Records that would make more than this wait are dropped and counted. */
  readonly maxWaitingBytes?: number;
}

const defaultMaxWaitingBytes = 64 * 1024 * 1024;

/**
 * Appends records to a file in order. `open` is called at the first record and gives a handle opened for writing, whose
 * file is taken to be empty.
 */
export class AppendFile {
  readonly #open: () => Promise<FileHandle>;
  readonly #onProblem: (error: unknown) => void;
  readonly #maxWaitingBytes: number;
  #handle: FileHandle | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** End of the last whole record in the file. */
  #end = 0;
  #dropped = 0;
  #failing = false;
  #writing: Promise<void> | undefined;

  constructor(open: () => Promise<FileHandle>, options: AppendFileOptions = {}) {
    this.#open = open;
    this.#onProblem = options.onProblem ?? (() => undefined);
    this.#maxWaitingBytes = options.maxWaitingBytes ?? defaultMaxWaitingBytes;
  }

  /** Records that were lost because the disk did not take them for too long. */
  get droppedRecords(): number {
    return this.#dropped;
  }

  /** Queues one record; writing starts in this turn of the event loop and needs no further call. */
  append(record: Uint8Array): void {
    if (this.#waitingBytes + record.length > this.#maxWaitingBytes) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    this.#write().catch((error: unknown) => this.#report(error));
  }

  /** Resolves once all records appended so far are with the operating system; rejects if it does not take them. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#writing) await this.#write();
  }

  /** `flush`, and until the disk has them. */
  async sync(): Promise<void> {
    await this.flush();
    await this.#handle?.sync();
  }

  /** `sync`, then closes the file, also when the former fails. */
  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      const handle = this.#handle;
      this.#handle = undefined;
      await handle?.close();
    }
  }

  /** One writer at a time; joins the one that runs. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    // A turn later, so that the records of one turn go out in one write.
    await undefined;
    while (this.#waiting.length > 0) {
      const records = this.#waiting;
      const bytes = joined(records, this.#waitingBytes);
      this.#waiting = [];
      this.#waitingBytes = 0;
      try {
        this.#handle ??= await this.#open();
        await writeAt(this.#handle, bytes, this.#end);
        this.#end += bytes.length;
        this.#failing = false;
      } catch (error) {
        this.#waiting = [bytes, ...this.#waiting];
        this.#waitingBytes += bytes.length;
        await this.#handle?.truncate(this.#end).catch((second: unknown) => this.#report(second));
        throw error;
      }
    }
  }

  #report(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#onProblem(error);
  }
}

/** Writes all bytes at an offset, however many the system takes at a time. */
export async function writeAt(handle: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(bytes.length - done, maxWriteBytes);
    const { bytesWritten } = await handle.write(bytes, done, length, offset + done);
    done += bytesWritten;
  }
}

/** Node refuses writes of 2 GiB and more. */
const maxWriteBytes = 256 * 1024 * 1024;

function joined(records: readonly Uint8Array[], length: number): Uint8Array {
  if (records.length === 1 && records[0]) return records[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const record of records) {
    bytes.set(record, at);
    at += record.length;
  }
  return bytes;
}
