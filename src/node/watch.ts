// Noticing that a folder or file changed: the operating system's notices, and a look from time to time where those may fail.
import { watch, type FSWatcher } from "node:fs";
import { stat, statfs } from "node:fs/promises";
import type { Disposable } from "#base/lifetime";

/** How often to look without a notice, at first and at most. */
export interface WatchOptions {
  /** Also while timed looks find what no notice told of. */
  readonly soonMs?: number;
  /** Where nothing was found for a while and notices come. */
  readonly seldomMs?: number;
  /** Where nothing was found for a while and notices do not come. */
  readonly seldomUnnoticedMs?: number;
}

/** Answers whether it found anything new. */
export type Look = () => Promise<boolean>;

const defaults: Required<WatchOptions> = { soonMs: 1000, seldomMs: 30_000, seldomUnnoticedMs: 5000 };

/** Linux tells of changes on these file systems, since nobody else can make any: statfs(2) has the numbers. */
const localFileSystems: ReadonlySet<number> = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0x2fc12fc1, 0xf2f52010, 0x858458f6, 0xca451a4e, 0x3153464a, 0x52654973,
]);

/**
 * Calls `look` whenever something in the folder, or the one file, may have changed, and every now and then; never after
 * disposal. Calls come close together: `look` must bear that. The path may go and come back. Timed looks become rare where
 * nothing happens, so that a thousand folders can be followed.
 */
export function watchPath(path: string, look: Look, options: WatchOptions = {}): Disposable {
  const watching = new PathWatch(path, look, { ...defaults, ...options });
  watching.begin();
  return { dispose: () => watching.end() };
}

/** What is known after a timed look. */
export interface Looked {
  readonly found: boolean;
  /** Notices come, as far as one can tell. */
  readonly noticed: boolean;
  /** An earlier timed look has found something that no notice had told of. */
  readonly missed: boolean;
}

/** Milliseconds to the next timed look, after one that came `gapMs` after the one before. */
export function nextGapMs(gapMs: number, { found, noticed, missed }: Looked, options: WatchOptions = {}): number {
  const { soonMs, seldomMs, seldomUnnoticedMs } = { ...defaults, ...options };
  if (found) return soonMs;
  return noticed && !missed ? seldomMs : Math.min(2 * gapMs, noticed ? seldomMs : seldomUnnoticedMs);
}

class PathWatch {
  #watcher: FSWatcher | undefined;
  /** Of what is watched: a folder that took another one's name must be watched anew. */
  #identity: string | undefined;
  #local = false;
  #missed = false;
  #gapMs: number;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(
    private readonly path: string,
    private readonly look: Look,
    private readonly options: Required<WatchOptions>,
  ) {
    this.#gapMs = options.soonMs;
  }

  begin(): void {
    this.#watch();
    void this.#renew();
    this.#lookLater();
  }

  end(): void {
    this.#ended = true;
    this.#watcher?.close();
    clearTimeout(this.#timer);
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => void this.#timedLook(), this.#gapMs).unref();
  }

  async #timedLook(): Promise<void> {
    await this.#renew();
    if (this.#ended) return;
    const found = await this.look();
    const noticed = this.#local && this.#watcher !== undefined;
    this.#gapMs = nextGapMs(this.#gapMs, { found, noticed, missed: this.#missed }, this.options);
    this.#missed ||= found;
    if (!this.#ended) this.#lookLater();
  }

  /** Watches what has the path now. What changed before that is found by a look. */
  async #renew(): Promise<void> {
    const identity = await identityOf(this.path);
    // The same folder stays on the same file system.
    if (identity !== this.#identity) this.#local = identity !== undefined && await isLocal(this.path);
    if (this.#ended) return;
    if (this.#identity !== undefined && identity !== this.#identity) {
      this.#watch();
      void this.look();
    } else if (!this.#watcher) this.#watch();
    this.#identity = identity;
  }

  /** Not every file system can be watched, and watches are a limited good: timed looks go on without. */
  #watch(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    try {
      const watcher = watch(this.path, { persistent: false }, (kind) => this.#notice(kind));
      watcher.on("error", () => {
        watcher.close();
        if (this.#watcher === watcher) this.#watcher = undefined;
      });
      this.#watcher = watcher;
    } catch {
      this.#watcher = undefined;
    }
  }

  /** A file came, or went, or it was the folder itself. */
  #notice(kind: string): void {
    if (this.#ended) return;
    void this.look();
    if (kind === "rename") void this.#renew();
  }
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path);
    return `${dev}:${ino}`;
  } catch {
    // It is not there now, whatever the reason; a look will tell it better.
    return undefined;
  }
}

/** Whether all changes are made by this machine, so that it can tell of them. */
async function isLocal(path: string): Promise<boolean> {
  if (process.platform !== "linux") return !path.startsWith("\\\\");
  try {
    return localFileSystems.has((await statfs(path)).type);
  } catch {
    return false;
  }
}
