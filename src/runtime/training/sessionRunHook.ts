// What a hook is: calls at the beginning, around each run and at the end of a monitored session (HK protocol).
import type { Feeds } from "../graph/feeds";
import type { Fetched } from "../graph/fetches";
import type { RunMetadata, RunOptions } from "../graph/runOptions";
import type { Session } from "../graph/session";
import type { Coordinator } from "./coordinator";

/** What a hook adds to a run. */
export interface SessionRunArgs<T = unknown> {
  /** Computed in the same run; `afterRun` gets the values in the same shape. */
  readonly fetches?: T;
  /** A tensor must be fed by one alone: two hooks, or a hook and the caller, are an error. */
  readonly feeds?: Feeds;
  /** Joined with those of the other hooks. */
  readonly options?: RunOptions;
}

/** What a hook is told after a run. */
export interface SessionRunValues<R = unknown> {
  /** Values of what this hook fetched, in its shape; undefined if it fetched nothing. */
  readonly results: R;
  /** The options of the run, those of all hooks together. */
  readonly options: RunOptions;
  /** Filled where some hook asked for a trace. */
  readonly runMetadata: RunMetadata;
}

/** The run that hooks are called around. */
export interface SessionRunContext {
  /** What the caller asked for. */
  readonly originalArgs: SessionRunArgs;
  /** The session itself; a run of it calls no hooks. */
  readonly session: Session;
  /** Whether someone has asked for the end. */
  readonly stopRequested: boolean;
  /** From the end of this run on `shouldStop()` of the monitored session is true. */
  requestStop(): void;
}

/**
 * What a hook may do: `begin` once, then for each session `afterCreateSession`, around each run `beforeRun` and
 * `afterRun`, and `end` unless training ended by an error. All are optional.
 */
export interface Hook {
  /** Before the session is made; the last moment to add operations to the graph. */
  begin?(): void;
  /** A session is ready: the first one, and each that follows a lost one. */
  afterCreateSession?(session: Session, coord: Coordinator): void | Promise<void>;
  /** Before each run; what it answers with joins the run. */
  beforeRun?(context: SessionRunContext): SessionRunArgs | undefined | void | Promise<SessionRunArgs | undefined | void>;
  /** After each run that did not fail. */
  afterRun?(context: SessionRunContext, values: SessionRunValues): void | Promise<void>;
  /** After the last run; not called when training ended by an error. */
  end?(session: Session): void | Promise<void>;
  /**
   * Someone outside restored a checkpoint between two runs, and the global step is `step` now. TensorFlow has no such
   * moment; hooks that count steps begin to count there.
   */
  afterRestore?(step: number): void;
}

/** The values of what a hook fetches. */
export type ResultsOf<T> = unknown extends T ? unknown : Fetched<T>;

/** A hook to extend, as TensorFlow's: every method does nothing. An object with some of the methods is a hook as well. */
export class SessionRunHook<T = unknown> implements Hook {
  /** Before the graph is finalised: operations may be added still. */
  begin(): void {}
  /** Behind each making of a session, that after a loss too; the graph is final. */
  afterCreateSession(_session: Session, _coord: Coordinator): void | Promise<void> {}
  /** Before each run: what to fetch and feed besides. */
  beforeRun(_context: SessionRunContext): SessionRunArgs<T> | undefined | void | Promise<SessionRunArgs<T> | undefined | void> {}
  /** Behind each run: `values.results` has what was asked for; `context.requestStop()` ends the loop. */
  afterRun(_context: SessionRunContext, _values: SessionRunValues<ResultsOf<T>>): void | Promise<void> {}
  /** As training ends, unless by an error; the session still runs. */
  end(_session: Session): void | Promise<void> {}
  /** Someone outside has restored a checkpoint of that step. */
  afterRestore(_step: number): void {}
}
