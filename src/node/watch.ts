// Noticing that a folder changed: the operating system's notices, and a look from time to time where those do not come.
import { watch, type FSWatcher } from "node:fs";
import type { Disposable } from "#base/lifetime";

/** How often to look without a notice. */
export interface WatchOptions {
  /** Network and mounted folders send no notices. */
  readonly lookEveryMs?: number;
}

/**
 * Calls `look` whenever something in the folder, or the one file, may have changed, and every now and then; never after
 * disposal. Calls come close together: `look` must bear that.
 */
export function watchPath(path: string, look: () => void, { lookEveryMs = 1000 }: WatchOptions = {}): Disposable {
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  const watcher = tryWatch(path, look);
  return {
    dispose: () => {
      clearInterval(timer);
      watcher?.close();
    },
  };
}

/** Not every file system can be watched, and watches are a limited good: the timer goes on without. */
function tryWatch(path: string, look: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, look);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
