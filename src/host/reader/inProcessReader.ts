// A reader in our own process, for a program that has nothing better to do meanwhile.
import type { Disposable } from "#base/lifetime";
import type { HostTells, ReaderAsks } from "#protocol/readerApi";
import { createReader } from "./readerService";

/** A reader that follows nothing: what it is asked, it reads. `onProgress` hears of long looks that have a name. */
export function startInProcessReader(onProgress?: HostTells["taskProgressed"]): ReaderAsks & Disposable {
  return createReader({ seriesChanged: () => undefined, taskProgressed: (progress) => onProgress?.(progress) });
}
