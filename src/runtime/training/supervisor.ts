// TF1's Supervisor: prepares a session, looks after it while a body trains with it, and cleans up (SU-1 to SU-13).
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs-core";
import { messageOf } from "#base/errors";
import type { SummaryValue } from "#formats/events/event";
import type { Step } from "#model/run";
import { beginBetweenRuns, endBetweenRuns } from "../graph/betweenRuns";
import { OutOfRangeError, ValueError } from "../graph/errors";
import { getDefaultGraph, type Graph } from "../graph/graph";
import type { Feeds } from "../graph/feeds";
import type { Session } from "../graph/session";
import { saversOf, type Saver } from "../saving/saver";
import type { Variable } from "../scope/variable";
import { FileWriter } from "../summaries/fileWriter";
import { systemClock, type Clock } from "./clock";
import { Coordinator } from "./coordinator";
import { Looper } from "./looper";
import { logging } from "./logging";
import { notice, tellObservers } from "./observers";
import { SessionManager, type Runnable } from "./sessionManager";
import { standardPieces, type StandardPieces } from "./standardPieces";
import { startStandardServices } from "./standardServices";
import { declareTraining, defaultCheckpointBasename, restoreAsAsked, saveAfterStop, stepOf, type DeclaredTraining } from "./training";
import { closeSession, WatchedSession } from "./watchedSession";
import { writeGraphText } from "./writeGraphText";

/** How a Supervisor is made (SU-1). A piece left out is taken from the graph or made (SU-2); `null` does without it. */
export interface SupervisorOptions {
  /** A Supervisor that is not chief writes, saves and initialises nothing, and waits for its variables; true unless given. */
  readonly isChief?: boolean;
  /** Folder for checkpoints, event files and `graph.pbtxt`; without one nothing is written. */
  readonly logdir?: string | undefined;
  /** The default graph unless given. */
  readonly graph?: Graph;
  /** Names the variables that have no value yet; the session is ready once there is none. */
  readonly readyOp?: Runnable | null;
  /** As `readyOp`, for what the local initializer needs. */
  readonly readyForLocalInitOp?: Runnable | null;
  /** Runs where no checkpoint was restored; the global variables' initializer unless given. */
  readonly initOp?: Runnable | null;
  /** Fed to `initOp`. */
  readonly initFeeds?: Feeds;
  /** Called behind `initOp`, such as to restore weights of another model. */
  readonly initFn?: (session: Session) => void | Promise<void>;
  /** Runs in each session, behind the restore; initializes the local variables unless given. */
  readonly localInitOp?: Runnable | null;
  /** What the automatic summaries run, without feeds; all summaries of the graph merged unless given. */
  readonly summaryOp?: tf.Tensor | null;
  /** `null`: no automatic save, and no automatic restore from the folder. */
  readonly saver?: Saver | null;
  /** The graph's own unless given. */
  readonly globalStep?: Variable | null;
  /** One for `logdir` unless given. */
  readonly summaryWriter?: FileWriter | null;
  /** Seconds between automatic summaries; 0 for none; 120 unless given. */
  readonly saveSummariesSecs?: number;
  /** Seconds between automatic checkpoints; 0 for none; 600 unless given. */
  readonly saveModelSecs?: number;
  /** Seconds between two looks whether the variables are ready; 30 unless given. */
  readonly recoveryWaitSecs?: number;
  /** How long one that is not chief waits for its variables; 7200 unless given. */
  readonly maxWaitSecs?: number;
  /** How long services may take to end; 120 unless given. */
  readonly stopGraceSecs?: number;
  /** `model.ckpt` unless given. */
  readonly checkpointBasename?: string;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/** How a managed session is run. */
export interface ManagedSessionOptions {
  /** Automatic summaries, checkpoints and the step counter; true unless given, on the chief alone. */
  readonly startStandardServices?: boolean;
  /** At the end; true unless given. */
  readonly closeSummaryWriter?: boolean;
}

/** Looks after a training. Making one finalises the graph (SU-3). */
export class Supervisor {
  /** Whether it writes, saves and initialises. */
  readonly isChief: boolean;
  /** Ends the services, and the training once someone asks it to. */
  readonly coord: Coordinator;
  /** The graph that is trained; finalised. */
  readonly graph: Graph;
  /** Folder of all that it writes. */
  readonly logdir: string | undefined;
  /** Of the automatic checkpoints. */
  readonly saver: Saver | undefined;
  /** Where the step is counted, if the graph does. */
  readonly globalStep: Variable | undefined;
  /** What automatic summaries run. */
  readonly summaryOp: tf.Tensor | undefined;
  /** Where automatic checkpoints go, without the step. */
  readonly savePath: string | undefined;
  /** How sessions are made ready. */
  readonly sessionManager: SessionManager;
  readonly #options: SupervisorOptions;
  readonly #pieces: StandardPieces;
  readonly #writer: FileWriter | undefined;
  readonly #clock: Clock;
  /** The training while others may ask something of it. */
  #live: { readonly training: DeclaredTraining; readonly end: () => void } | undefined;
  #graphWritten = false;
  #stopAsked = false;

  /** Adds what is left out to the graph, then finalises it (SU-2, SU-3). */
  constructor(options: SupervisorOptions = {}) {
    const { isChief = true, graph = getDefaultGraph(), clock = systemClock, recoveryWaitSecs = 30 } = options;
    const logdir = isChief ? options.logdir || undefined : undefined;
    this.#options = options;
    this.#clock = clock;
    this.graph = graph;
    this.logdir = logdir;
    this.isChief = isChief;
    this.coord = new Coordinator({ clock });
    this.#pieces = graph.asDefault(() => standardPieces(graph, options, clock));
    this.saver = this.#pieces.saver;
    this.globalStep = this.#pieces.globalStep;
    this.summaryOp = this.#pieces.summaryOp;
    this.savePath = logdir === undefined ? undefined : join(logdir, options.checkpointBasename ?? defaultCheckpointBasename);
    this.#writer = isChief ? writerOf(options) : undefined;
    this.sessionManager = new SessionManager({
      graph,
      clock,
      recoveryWaitSecs,
      readyOp: this.#pieces.readyOp,
      readyForLocalInitOp: this.#pieces.readyForLocalInitOp,
      localInitOp: this.#pieces.localInitOp,
      makeSession: () => new WatchedSession({ graph, globalStep: this.globalStep }),
    });
    if (!isChief) refuseUnplaced(graph);
    graph.finalize();
  }

  /** The writer of events; an error where there is none (SU-4). */
  get summaryWriter(): FileWriter {
    if (!this.#writer) throw new Error("This Supervisor requires a summary writer: give it a logdir or a summaryWriter.");
    return this.#writer;
  }

  /** Whether training should end: the loop's condition. */
  shouldStop(): boolean {
    return this.coord.shouldStop();
  }

  /** Asks the loop and all services to end; with an error, `stop` throws it. */
  requestStop(error?: unknown): void {
    this.coord.requestStop(error);
  }

  /** As `Coordinator.stopOnException`. */
  stopOnException(body: () => void | Promise<void>): Promise<void> {
    return this.coord.stopOnException(body);
  }

  /** Resolves once a stop was requested. */
  async waitForStop(): Promise<void> {
    await this.coord.waitForStop();
  }

  /** Calls `target` every so many seconds until training stops (SU-12). */
  loop(intervalSecs: number | null, target: () => void | Promise<void>): Looper {
    return Looper.loop(this.coord, { intervalSecs, target, clock: this.#clock });
  }

  /**
   * Prepares a session, runs `body` with it, and stops everything whatever happens. An error of the body, or of a
   * service, is thrown at the end; OutOfRangeError ends training silently (SU-10). After a stop that someone outside
   * asked for, the state is saved unless the script has just done so, and errors are still thrown, which TF loses.
   */
  async managedSession(
    body: (session: Session) => void | Promise<void>,
    { startStandardServices: services = true, closeSummaryWriter = true }: ManagedSessionOptions = {},
  ): Promise<void> {
    let session: Session | undefined;
    let lost: unknown;
    try {
      session = await this.prepareOrWaitForSession({ startStandardServices: services });
      await body(session);
      await this.#endLive({ save: true });
    } catch (error) {
      // The coordinator keeps only what came with the first request (CO-2), and here that was a wish, not a failure.
      if (this.#stopAsked && !(error instanceof OutOfRangeError)) lost = error;
      this.coord.requestStop(error);
    } finally {
      await this.#endLive({ save: false });
      try {
        await this.stop({ closeSummaryWriter });
      } finally {
        await closeSession(session);
      }
    }
    if (lost !== undefined) throw lost;
  }

  /**
   * A session that is ready, with graph, services and all that others may ask for, as in a managed session; `stop` ends
   * it, and saves after a stop that someone outside asked for (SU-5). The caller closes the session.
   */
  async prepareOrWaitForSession({ startStandardServices: services = true }: ManagedSessionOptions = {}): Promise<Session> {
    const session = await this.#prepare();
    try {
      await this.#begin(this.#training(session), services);
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /**
   * Ends training: asks everything to stop, waits for the services, throws what made it stop. In any case the writer
   * gets its STOP and is closed (SU-9).
   */
  async stop({ closeSummaryWriter = true }: { readonly closeSummaryWriter?: boolean } = {}): Promise<void> {
    const saved = await settled(this.#endLive({ save: true }));
    this.coord.requestStop(saved?.error);
    const joined = await settled(this.coord.join({ stopGraceSecs: this.#options.stopGraceSecs ?? 120 }));
    const closed = closeSummaryWriter ? await settled(this.#closeWriter()) : undefined;
    if ((joined ?? saved) && closed) notice(`The event file may lack its last records: ${messageOf(closed.error)}`);
    const failed = joined ?? saved ?? closed;
    if (failed) throw failed.error;
  }

  /** Records what a summary operation gave, at the present step unless one is given (SU-12). */
  async summaryComputed(session: Session, summary: Uint8Array | readonly SummaryValue[], globalStep?: Step): Promise<void> {
    const step = globalStep ?? (await stepOf({ ...this.#training(session) }));
    this.summaryWriter.addSummary(summary, step);
  }

  /**
   * Notes the start and starts the services: summaries, steps per second, checkpoints; each fires at once and ends with the
   * coordinator (SU-6). A managed session does this by itself unless told not to.
   */
  async startStandardServices(session: Session): Promise<Looper[]> {
    if (!this.isChief) throw new Error("Only chief supervisor can start standard services, because only chief supervisors can write events.");
    if (this.logdir === undefined) {
      notice("Standard services need a 'logdir' passed to the Supervisor.");
      return [];
    }
    logging.info("Starting standard services.");
    const { saveSummariesSecs = 120, saveModelSecs = 600 } = this.#options;
    const options = { coord: this.coord, clock: this.#clock, saveSummariesSecs, saveModelSecs, summaryOp: this.summaryOp };
    return startStandardServices(this.#training(session), options);
  }

  async #prepare(): Promise<Session> {
    const { initFeeds, initFn, maxWaitSecs = 7200 } = this.#options;
    this.#stopAsked = false;
    this.coord.clearStop();
    if (!this.isChief) return this.sessionManager.waitForSession({ maxWaitSecs });
    this.#writer?.reopen();
    return this.sessionManager.prepareSession({
      saver: this.saver,
      checkpointDir: this.logdir,
      initOp: this.#pieces.initOp,
      ...(initFeeds && { initFeeds }),
      initFn,
    });
  }

  async #begin(training: DeclaredTraining, services: boolean): Promise<void> {
    await restoreAsAsked(training);
    await this.#start(training, services);
    beginBetweenRuns();
    this.#live = { training, end: declareTraining(training) };
    const step = await stepOf(training);
    tellObservers((observer) => observer.sessionStarted?.(step === undefined ? {} : { step }));
  }

  async #start({ session }: DeclaredTraining, services: boolean): Promise<void> {
    if (!this.isChief) return;
    const { graphDef, metaGraph } = await writeGraphText(this.graph, { logdir: this.logdir, saver: this.saver });
    if (this.#writer && !this.#graphWritten) {
      this.#writer.addGraphDef(graphDef);
      this.#writer.addMetaGraph(metaGraph);
      this.#graphWritten = true;
    }
    if (services) await this.startStandardServices(session);
  }

  async #closeWriter(): Promise<void> {
    this.#writer?.addSessionLog({ status: "stop" });
    this.#graphWritten = false;
    await this.#writer?.close();
  }

  #training(session: Session): DeclaredTraining {
    return {
      session,
      savers: saversOf(this.graph),
      logdir: this.logdir,
      globalStep: this.globalStep,
      saver: this.saver,
      savePath: this.savePath,
      summaryWriter: this.#writer,
      requestStop: () => {
        this.#stopAsked = true;
        this.coord.requestStop();
      },
    };
  }

  /** From here on nothing can be asked any more. A stop that was asked for is answered with a save. */
  async #endLive({ save }: { readonly save: boolean }): Promise<void> {
    const live = this.#live;
    this.#live = undefined;
    if (!live) return;
    endBetweenRuns();
    live.end();
    if (save && this.#stopAsked) await saveAfterStop(live.training);
  }
}

function writerOf({ logdir, summaryWriter, clock = systemClock }: SupervisorOptions): FileWriter | undefined {
  if (summaryWriter !== undefined) return summaryWriter ?? undefined;
  return !logdir ? undefined : new FileWriter(logdir, { clock });
}

/** Where several processes share variables, each must say where it lies (SU-3). */
function refuseUnplaced(graph: Graph): void {
  const unplaced = graph.operations.find(({ type, device }) => type === "VariableV2" && device === "");
  if (unplaced) throw new ValueError(`When using replicas, all Variables must have their device set: ${unplaced.name}`);
}

/** What a promise was rejected with; undefined where it was not. */
function settled(promise: Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
}
