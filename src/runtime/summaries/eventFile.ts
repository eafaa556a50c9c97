// One event file on disk: its name, its first record, and records behind it (SY-9, SY-11, SY-12).
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { encodeEvent, eventFileVersion } from "#formats/events/encodeEvent";
import type { Event } from "#formats/events/event";
import { encodeRecord } from "#formats/records/encodeRecord";
import { AppendFile } from "#node/appendFile";
import { codeOf } from "#node/files";

/** The first record of each file. */
const fileVersion = { kind: "fileVersion", version: eventFileVersion, writer: "trainscope.runtime.summaries" } as const;

/** How an EventFile is made. */
export interface EventFileOptions {
  readonly filenameSuffix?: string;
  readonly nowSeconds: () => number;
  /** Told when the disk does not take records; they are kept and tried again. */
  readonly onProblem: (error: unknown) => void;
}

/** A new event file in a folder. The file is made at its first event. */
export class EventFile {
  readonly #file: AppendFile;
  readonly #nowSeconds: () => number;
  #path: string | undefined;
  #begun = false;

  constructor(logdir: string, { filenameSuffix = "", nowSeconds, onProblem }: EventFileOptions) {
    this.#nowSeconds = nowSeconds;
    const name = `events.out.tfevents.${String(Math.floor(nowSeconds())).padStart(10, "0")}.${hostname()}${filenameSuffix}`;
    this.#file = new AppendFile(async () => {
      await mkdir(logdir, { recursive: true });
      const { handle, path } = await createUnique(join(logdir, name));
      this.#path = path;
      return handle;
    }, { onProblem });
  }

  /** Where the file is, once it is there. */
  get path(): string | undefined {
    return this.#path;
  }

  /** Queues an event; a whole record reaches the file or nothing. */
  write(event: Event): void {
    if (!this.#begun) this.#append({ wallTimeSeconds: this.#nowSeconds(), step: 0, what: fileVersion });
    this.#begun = true;
    this.#append(event);
  }

  /** Resolves once all events so far are with the operating system. */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  /** Flushes to disk and closes. */
  close(): Promise<void> {
    return this.#file.close();
  }

  #append(event: Event): void {
    this.#file.append(encodeRecord(encodeEvent(event)));
  }
}

/**
 * Creates a file of that name. TensorFlow overwrites a file of the same second and loses its records; here the later
 * one gets `.1`, `.2` … at its end, which sorts behind the earlier one, as readers order the files of a run by name.
 */
async function createUnique(path: string): Promise<{ handle: FileHandle; path: string }> {
  for (let attempt = 0; ; attempt++) {
    const candidate = attempt === 0 ? path : `${path}.${attempt}`;
    try {
      return { handle: await open(candidate, "wx"), path: candidate };
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}
