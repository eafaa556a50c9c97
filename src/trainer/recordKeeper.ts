// run.json while its run lives: the one writer, which never lets a full or broken disk disturb the training.
import { messageOf } from "#base/errors";
import type { RunRecord } from "#model/run";
import { writeRunRecord } from "#node/runRecord";

/** Keeps the record and writes it after each change, one write at a time, the newest state last. */
export class RecordKeeper {
  #record: RunRecord;
  #writing: Promise<void> | undefined;
  #dirty = false;
  #complained = false;

  constructor(
    readonly dir: string,
    record: RunRecord,
    private readonly complain: (text: string) => void,
  ) {
    this.#record = record;
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** Changes the record; the promise ends when the change, or a later one, is on disk or was given up. */
  change(part: Partial<RunRecord>): Promise<void> {
    this.#record = { ...this.#record, ...part };
    this.#dirty = true;
    this.#writing ??= this.#write();
    return this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#dirty) {
      this.#dirty = false;
      try {
        await writeRunRecord(this.dir, this.#record);
        this.#complained = false;
      } catch (error) {
        if (!this.#complained) this.complain(`run.json could not be written, training goes on: ${messageOf(error)}`);
        this.#complained = true;
      }
    }
    // In the same turn as the last look at `#dirty`: a change that comes later starts a new round.
    this.#writing = undefined;
  }
}
