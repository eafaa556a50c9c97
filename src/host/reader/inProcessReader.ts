// A reader in our own process, for a program that has nothing better to do meanwhile.
import type { Disposable } from "#base/lifetime";
import type { ReaderAsks } from "#protocol/readerApi";
import { createReader } from "./readerService";

/** A reader that follows nothing: what it is asked, it reads. */
export function startInProcessReader(): ReaderAsks & Disposable {
  return createReader({ seriesChanged: () => undefined });
}
