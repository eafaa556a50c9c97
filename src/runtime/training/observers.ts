// What goes on in this process's training, told to whoever watches it; nobody who watches can hold it up or break it.
import { messageOf } from "#base/errors";
import type { Disposable } from "#base/lifetime";
import type { RetentionPolicy, Step } from "#model/run";
import type { ScalarBatch } from "#model/scalars";

/** A watcher of the training. Calls come between steps and must return at once. */
export interface TrainingObserver {
  /** A managed session is ready; its body starts now, at this step. */
  sessionStarted?(started: { readonly step?: Step }): void;
  /** Scalars of one record, as they went to the event file. */
  scalarsRecorded?(batches: readonly ScalarBatch[]): void;
  /** The global step has come to this value. Several steps may be told as one. */
  stepDone?(step: Step): void;
  /** A checkpoint is complete on disk; `deleted` are the prefixes of those that went for it (RT-4). */
  checkpointSaved?(saved: SavedCheckpoint): void;
  /** Something a person should know; one sentence. */
  noticed?(text: string): void;
  /** A line of the log, whatever reaches the console. */
  logged?(line: LogLine): void;
  /** Training will end at this step by itself. */
  lastStepPlanned?(step: Step): void;
  /** What a Saver keeps: as it is built, and after each of its saves. */
  retentionChanged?(change: RetentionChange): void;
}

/** How much a log line matters. */
export type LogLevel = "info" | "warn" | "error";

/** What the kit said. */
export interface LogLine {
  /** How much it matters. */
  readonly level: LogLevel;
  /** One line, without a line break. */
  readonly text: string;
}

/** A saved checkpoint. Prefixes are as the Saver got them: absolute, or relative to the working directory. */
export interface SavedCheckpoint {
  /** The checkpoint's prefix. */
  readonly path: string;
  /** The step in its name, where it has one. */
  readonly step?: Step;
  /** Prefixes that the save deleted, by the Saver's rule. */
  readonly deleted: readonly string[];
  /** Their turn to go came, but they are guarded and stay. */
  readonly spared: readonly string[];
}

/** The rule by which a Saver keeps checkpoints, and where its clock stands (RT-2, RT-4). */
export interface RetentionChange {
  /** What is kept. */
  readonly policy: RetentionPolicy;
  /** Seconds since 1970: where the hours are counted from. */
  readonly saverBuiltSeconds: number;
  /** Seconds since 1970: a checkpoint from then on is kept for good. */
  readonly nextKeepSeconds: number;
}

const observers = new Set<TrainingObserver>();

/** Starts telling `observer`; disposing the result ends it. */
export function observeTraining(observer: TrainingObserver): Disposable {
  observers.add(observer);
  return { dispose: () => void observers.delete(observer) };
}

/** Tells all observers. An observer that throws is reported to the others' console, never to the training. */
export function tellObservers(tell: (observer: TrainingObserver) => void): void {
  for (const observer of [...observers]) {
    try {
      tell(observer);
    } catch (error) {
      console.error(`A watcher of the training failed: ${messageOf(error)}`);
    }
  }
}

/** Tells a person something: to the observers, or to standard error where nobody watches. */
export function notice(text: string): void {
  const listening = [...observers].some((observer) => observer.noticed);
  if (!listening) console.error(text);
  tellObservers((observer) => observer.noticed?.(text));
}
