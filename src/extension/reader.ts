// The reader worker as the extension uses it: started on the first ask, followed per run, closed when nobody looks.
import { Emitter, type Event } from "#base/emitter";
import { Lifetime, type Disposable } from "#base/lifetime";
import { startReader, type ReaderClient } from "#host/reader/readerClient";
import type { LookProgress } from "#model/checkpointLook";
import type { ScalarBatch } from "#model/scalars";
import { ChannelClosed } from "#protocol/channel";
import type { ReaderAsks, RunContent } from "#protocol/readerApi";

/** A run whose event files are followed. */
export interface Following extends Disposable {
  /** What the files hold now. */
  content(): Promise<RunContent>;
  /** The new revision. */
  readonly onChanged: Event<number>;
}

interface Followed {
  readonly changed: Emitter<number>;
  count: number;
  /** The newest that was told. */
  revision: number;
}

/** Speaks with the worker; several panels on one run share one following. */
export class Reader implements Disposable {
  readonly #life = new Lifetime();
  readonly #followed = new Map<string, Followed>();
  #client: ReaderClient | undefined;
  /** A worker has failed: the next goes on with what it followed. */
  #failed = false;
  readonly #progress = this.#life.own(new Emitter<LookProgress>());
  /** How far a long look has come, by the name that its asker gave it. */
  readonly onTaskProgressed = this.#progress.event;

  /** `program` is the absolute path of dist/reader.mjs. */
  constructor(private readonly program: string) {}

  get ask(): ReaderAsks {
    return this.#started().ask;
  }

  /** Reads a run's event files and goes on as they grow, until disposed of. */
  follow(dir: string): Following {
    const followed = this.#followed.get(dir) ?? { changed: new Emitter<number>(), count: 0, revision: 0 };
    this.#followed.set(dir, followed);
    followed.count += 1;
    let over = false;
    const dispose = (): void => {
      if (over) return;
      over = true;
      followed.count -= 1;
      if (followed.count > 0) return;
      this.#followed.delete(dir);
      followed.changed.dispose();
      void this.#client?.ask.close({ dir }).catch(closedAlready);
    };
    return { content: () => this.ask.open({ dir, follow: true, after: followed.revision }), onChanged: followed.changed.event, dispose };
  }

  /** What a run's event files hold, read once; nothing stays in memory for it unless someone follows the run. */
  async peek(dir: string): Promise<RunContent> {
    const content = await this.ask.open({ dir, follow: false });
    if (!this.#followed.has(dir)) await this.ask.close({ dir });
    return content;
  }

  /** Hands on live points of a run that is followed; its event file brings the others. */
  append(dir: string, batches: readonly ScalarBatch[]): void {
    if (this.#followed.has(dir)) this.#started().tell.append({ dir, batches });
  }

  /** Ends a long look; its ask answers with what it has found. */
  cancelTask(task: string): void {
    this.#client?.tell.cancelTask({ task });
  }

  dispose(): void {
    this.#followed.clear();
    this.#life.dispose();
  }

  #started(): ReaderClient {
    if (this.#client) return this.#client;
    const client = startReader(this.program);
    this.#client = this.#life.own(client);
    this.#life.own(client.onSeriesChanged(({ dir, revision }) => this.#changed(dir, revision)));
    this.#life.own(client.onTaskProgressed((progress) => this.#progress.fire(progress)));
    this.#life.own(
      client.onClose(() => {
        this.#client = undefined;
        this.#failed = true;
      }),
    );
    // Who asks for a run's content hears why it cannot be read.
    if (this.#failed) for (const [dir, { revision }] of this.#followed) void client.ask.open({ dir, follow: true, after: revision }).catch(() => undefined);
    return client;
  }

  #changed(dir: string, revision: number): void {
    const followed = this.#followed.get(dir);
    if (!followed) return;
    followed.revision = revision;
    followed.changed.fire(revision);
  }
}

/** A reader that ended has let go of everything. */
function closedAlready(error: unknown): void {
  if (!(error instanceof ChannelClosed)) throw error;
}
