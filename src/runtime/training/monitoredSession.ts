// Sessions that train with hooks, and that are made again when they are lost: TF1's MonitoredSession (MS-1 to MS-17).
import { beginBetweenRuns, endBetweenRuns, holdBetweenRuns, serveBetweenRuns } from "../graph/betweenRuns";
import { OutOfRangeError, StopIteration } from "../graph/errors";
import { messageOf } from "#base/errors";
import type { Fetched } from "../graph/fetches";
import { getDefaultGraph, type Graph } from "../graph/graph";
import type { RunRequest, Session } from "../graph/session";
import { saversOf } from "../saving/saver";
import { FileWriterCache } from "../summaries/fileWriterCache";
import type { Clock } from "./clock";
import type { Coordinator } from "./coordinator";
import { getGlobalStep } from "./globalStep";
import { HookedSession, isPreemption } from "./hookedSession";
import { CheckpointSaverHook } from "./hooks/checkpointSaverHook";
import { logging } from "./logging";
import { tellObservers } from "./observers";
import { ChiefSessionCreator, type ChiefSessionCreatorOptions, type SessionCreator } from "./sessionCreators";
import type { Hook } from "./sessionRunHook";
import { declareTraining, restoreAsAsked, saveAfterStop, stepOf, type DeclaredTraining } from "./training";

/** How a monitored session is opened. */
export interface MonitoredSessionOptions {
  /** Makes the sessions; a ChiefSessionCreator unless given. */
  readonly sessionCreator?: SessionCreator | undefined;
  /** Called in this order everywhere. */
  readonly hooks?: readonly Hook[];
  /** How long tasks of the coordinator may take to end; 120 unless given. */
  readonly stopGraceSecs?: number;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock | undefined;
}

/** What a step function gets (MS-16). */
export interface StepContext {
  /** The session itself; a run of it calls no hooks. */
  readonly session: Session;
  /** As the monitored session's `run`. */
  runWithHooks<T>(fetches: T, request?: RunRequest): Promise<Fetched<T>>;
  /** Leaves the step function, and the body of the monitored session, as a clean end. */
  requestStop(): never;
}

/**
 * A session with hooks. When a run, a hook or a task ends with AbortedError or UnavailableError, the session is made
 * again from the newest checkpoint and the run is repeated.
 */
export class MonitoredSession {
  readonly #graph: Graph;
  readonly #options: Required<Pick<MonitoredSessionOptions, "hooks" | "stopGraceSecs">> & MonitoredSessionOptions;
  readonly #creator: SessionCreator;
  readonly #wasFinalized: boolean;
  readonly #recovers: boolean;
  #current: HookedSession | undefined;
  #closed = false;
  #endLive: (() => DeclaredTraining) | undefined;
  #stopAsked = false;
  #begun = false;

  /** Use `open`, `within` or `MonitoredTrainingSession`: a session takes time to make. */
  protected constructor(options: MonitoredSessionOptions, { recovers }: { readonly recovers: boolean }) {
    this.#graph = getDefaultGraph();
    this.#wasFinalized = this.#graph.finalized;
    this.#options = { hooks: [], stopGraceSecs: 120, ...options };
    this.#creator = options.sessionCreator ?? new ChiefSessionCreator({ clock: options.clock });
    this.#recovers = recovers;
  }

  /** Begins the hooks, finalises the graph and makes a session. Whoever opens it closes it. */
  static async open(options: MonitoredSessionOptions = {}): Promise<MonitoredSession> {
    return new MonitoredSession(options, { recovers: true }).begin();
  }

  /** Opens a session, and runs `body` with it as `MonitoredSession.use` does. */
  static async within<T>(options: MonitoredSessionOptions, body: (session: MonitoredSession) => T | Promise<T>): Promise<T | undefined> {
    return (await MonitoredSession.open(options)).use(body);
  }

  /** The graph that it runs. */
  get graph(): Graph {
    return this.#graph;
  }

  /**
   * TensorFlow's `with` block: runs `body`, then the hooks' `end`, and closes. OutOfRangeError and StopIteration end the
   * body silently, and the answer is undefined then; with any other error the hooks' `end` is not called (MS-7).
   */
  async use<T>(body: (session: this) => T | Promise<T>): Promise<T | undefined> {
    let result: T | undefined;
    try {
      result = await body(this);
    } catch (error) {
      if (!isCleanEnd(error)) {
        await this.#close({ failed: true }).catch((late: unknown) => {
          logging.error(`Training had failed already: ${messageOf(error)}`);
          throw late;
        });
        throw error;
      }
    }
    await this.#close({ failed: false });
    return result;
  }

  /** One run together with what the hooks want; the answer has the shape of `fetches` (MS-2). */
  async run<T>(fetches: T, request: RunRequest = {}): Promise<Fetched<T>> {
    return this.#recovering((current) => current.run(fetches, request));
  }

  /** Calls `step` with the session itself; it is called again when it meets a lost session (MS-16). */
  async runStepFn<T>(step: (context: StepContext) => T | Promise<T>): Promise<T> {
    return this.#recovering(async (current) => step({
      session: current.session,
      runWithHooks: (fetches, request = {}) => current.run(fetches, request),
      requestStop: () => {
        throw new StopIteration("A step function asked to stop.");
      },
    }));
  }

  /**
   * Whether training should end: the loop's condition. False once when the coordinator was told of a lost session, which
   * the next run makes again.
   */
  shouldStop(): boolean {
    if (this.#closed) return true;
    try {
      return this.#current?.shouldStop() ?? false;
    } catch (error) {
      if (this.#recovers) return !isPreemption(error);
      throw error;
    }
  }

  /** Ends training as the end of a `use` block does. A second time is an error (MS-10). */
  async close(): Promise<void> {
    await this.#close({ failed: false });
  }

  /** The session itself while there is one. */
  protected get session(): Session | undefined {
    return this.#current?.session;
  }

  protected async begin(): Promise<this> {
    for (const hook of this.#options.hooks) hook.begin?.();
    try {
      this.#current = await this.#create();
    } catch (error) {
      // As in TensorFlow the graph stays finalised.
      this.#endLive?.();
      await FileWriterCache.flush();
      throw error;
    }
    return this;
  }

  async #recovering<T>(work: (current: HookedSession) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error("Run called on a monitored session that is closed.");
    await serveBetweenRuns();
    // What others ask for waits for the end of the run with all its hooks.
    return holdBetweenRuns(async () => {
      for (;;) {
        this.#current ??= await this.#create();
        const current = await this.#sound(this.#current);
        try {
          return await work(current);
        } catch (error) {
          if (!this.#recovers || !isPreemption(error)) throw error;
          logging.info(`An error was raised in a run that may be due to a lost session: it is closed and made again. Error: ${messageOf(error)}`);
          await this.#drop(current);
        }
      }
    });
  }

  /** The session, or a new one where the coordinator was told that it is lost. */
  async #sound(current: HookedSession): Promise<HookedSession> {
    if (!this.#recovers) return current;
    try {
      current.coord.raiseRequestedException();
      return current;
    } catch (error) {
      if (!isPreemption(error)) return current;
      logging.info(`An error was raised beside the loop that may be due to a lost session: it is closed and made again. Error: ${messageOf(error)}`);
      await this.#drop(current);
      return (this.#current = await this.#create());
    }
  }

  /** Closes a session that is lost; that it is lost was said already. */
  async #drop(lost: HookedSession): Promise<void> {
    this.#current = undefined;
    try {
      await lost.close();
    } catch (error) {
      if (!isPreemption(error)) throw error;
    }
  }

  async #create(): Promise<HookedSession> {
    const options = { ...this.#options, creator: this.#creator, onSession: this.#onSession };
    for (;;) {
      try {
        return await holdBetweenRuns(() => HookedSession.create(options));
      } catch (error) {
        if (!this.#recovers || !isPreemption(error)) throw error;
        logging.info(`An error was raised while a session was being created, which may be due to a lost session: it is made again. Error: ${messageOf(error)}`);
      }
    }
  }

  /** From here on others may ask something of the training. */
  readonly #onSession = async (session: Session, coord: Coordinator): Promise<void> => {
    const training = this.#training(session, coord);
    await restoreAsAsked(training);
    beginBetweenRuns();
    const end = declareTraining(training);
    this.#endLive = () => {
      end();
      return training;
    };
    if (this.#begun) return;
    this.#begun = true;
    const step = await stepOf(training);
    tellObservers((observer) => observer.sessionStarted?.(step === undefined ? {} : { step }));
  };

  #training(session: Session, coord: Coordinator): DeclaredTraining {
    const { hooks } = this.#options;
    const saving = hooks.find((hook) => hook instanceof CheckpointSaverHook);
    const logdir = saving?.checkpointDir ?? this.#creator.checkpointDir;
    return {
      session,
      savers: saversOf(this.#graph),
      logdir,
      globalStep: getGlobalStep(this.#graph),
      saver: this.#creator.scaffold?.saver,
      savePath: saving?.savePath,
      summaryWriter: logdir === undefined ? undefined : FileWriterCache.find(logdir),
      requestStop: () => {
        this.#stopAsked = true;
        coord.requestStop();
      },
      restored: (step) => {
        for (const hook of hooks) hook.afterRestore?.(step);
      },
    };
  }

  async #close({ failed }: { readonly failed: boolean }): Promise<void> {
    const current = this.#current;
    try {
      if (!failed) await holdBetweenRuns(() => this.#end(current));
    } finally {
      await this.#leave(current);
    }
  }

  async #end(current: HookedSession | undefined): Promise<void> {
    // A second close has no session left; TensorFlow's hooks meet the same and fail (MS-10).
    if (!current) return;
    for (const hook of this.#options.hooks) await hook.end?.(current.session);
    const training = this.#endLive?.();
    if (training && this.#stopAsked) await saveAfterStop(training);
  }

  /** Whatever happened: nothing can be asked any more, the session is closed, the graph may grow again. */
  async #leave(current?: HookedSession): Promise<void> {
    const wasClosed = this.#closed;
    this.#closed = true;
    this.#current = undefined;
    this.#endLive?.();
    this.#endLive = undefined;
    try {
      if (wasClosed) throw new Error("Session is already closed.");
      endBetweenRuns();
      await current?.close();
    } finally {
      if (!this.#wasFinalized) this.#graph.unfinalize();
      await FileWriterCache.flush();
    }
  }
}

/** As MonitoredSession, but a lost session is an error like any other (MS-15). */
export class SingularMonitoredSession extends MonitoredSession {
  /** Opens a session as chief. */
  static override async open({ scaffold, checkpointDir, checkpointFilenameWithPath, ...options }: SingularMonitoredSessionOptions = {}): Promise<SingularMonitoredSession> {
    const sessionCreator = new ChiefSessionCreator({ scaffold, checkpointDir, checkpointFilenameWithPath, clock: options.clock });
    return new SingularMonitoredSession({ ...options, sessionCreator }, { recovers: false }).begin();
  }

  /** Opens a session and runs `body` with it. */
  static override async within<T>(options: SingularMonitoredSessionOptions, body: (session: SingularMonitoredSession) => T | Promise<T>): Promise<T | undefined> {
    return (await SingularMonitoredSession.open(options)).use(body);
  }

  /** The session without hooks; undefined once it is closed. */
  rawSession(): Session | undefined {
    return this.session;
  }
}

/** How a SingularMonitoredSession is opened. */
export interface SingularMonitoredSessionOptions
  extends Omit<MonitoredSessionOptions, "sessionCreator">, Omit<ChiefSessionCreatorOptions, "clock"> {}

/** Exactly these classes: what derives from them is a failure (MS-7). */
function isCleanEnd(error: unknown): boolean {
  return error instanceof Error && (error.constructor === OutOfRangeError || error.constructor === StopIteration);
}
