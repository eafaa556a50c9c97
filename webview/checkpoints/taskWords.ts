// How far a long look or a restore is, in words.
import type { Numbers } from "#kit/numbers";

/** One at a time. */
export interface Task {
  readonly id: string;
  /** What is done, as a word: `Verifying`. */
  readonly doing: string;
  readonly doneBytes: number;
  /** 0 as long as it is not known. */
  readonly totalBytes: number;
}

export function taskWords({ doing, doneBytes, totalBytes }: Task, numbers: Numbers): string {
  return totalBytes > 0 ? `${doing}: ${numbers.bytes(doneBytes)} of ${numbers.bytes(totalBytes)}` : `${doing}…`;
}

/** A restore that has read all goes on to its end: what it does then is not left half done. */
export function canCancel({ doneBytes, totalBytes }: Task): boolean {
  return totalBytes === 0 || doneBytes < totalBytes;
}
