// Sessions that are ready to train: restored from a checkpoint or initialised, then checked (SM-1 to SM-10).
import type * as tf from "@tensorflow/tfjs-core";
import { DeadlineExceededError, FailedPreconditionError, ValueError } from "../graph/errors";
import type { Feeds } from "../graph/feeds";
import { getDefaultGraph, type Graph } from "../graph/graph";
import type { Operation } from "../graph/operation";
import { Session } from "../graph/session";
import { getCheckpointState, whereItIs } from "../saving/checkpointFiles";
import type { Saver } from "../saving/saver";
import { systemClock, type Clock } from "./clock";
import { logging } from "./logging";

/** What may be run for its effect or its answer. */
export type Runnable = Operation | tf.Tensor;

/** How a SessionManager is made (SM-1). Pieces that are left out are not used. */
export interface SessionManagerOptions {
  /** Answers with the names of what is not initialised yet; nothing means ready (SM-8). */
  readonly readyOp?: Runnable | undefined;
  /** Gives the names of what `localInitOp` waits for. */
  readonly readyForLocalInitOp?: Runnable | undefined;
  /** Run in each session that is ready for it. */
  readonly localInitOp?: Runnable | undefined;
  /** The default graph unless given. */
  readonly graph?: Graph;
  /** Seconds between two looks at what is not there yet; 30 unless given. */
  readonly recoveryWaitSecs?: number;
  /** Makes the sessions; `new Session({ graph })` unless given. */
  readonly makeSession?: (graph: Graph) => Session;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/** Where a session may be restored from: a folder, or one checkpoint, never both (SM-4). */
export interface RestoreSource {
  /** Without one nothing is restored. */
  readonly saver?: Saver | undefined;
  /** Its newest checkpoint is restored, and its list taken over by the Saver. */
  readonly checkpointDir?: string | undefined;
  /** The prefix of one checkpoint. */
  readonly checkpointFilenameWithPath?: string | undefined;
  /** Wait for a first checkpoint in the folder, at most `maxWaitSecs`. */
  readonly waitForCheckpoint?: boolean;
  /** 7200 unless given. */
  readonly maxWaitSecs?: number;
}

/** How `prepareSession` prepares. */
export interface PrepareOptions extends RestoreSource {
  /** Run where nothing was restored. */
  readonly initOp?: Runnable | undefined;
  /** What `initOp` is fed. */
  readonly initFeeds?: Feeds;
  /** Called behind `initOp`, where nothing was restored. */
  readonly initFn?: ((session: Session) => void | Promise<void>) | undefined;
}

type Readiness = { readonly ready: true } | { readonly ready: false; readonly why: string };

const ready: Readiness = { ready: true };

/** Makes sessions and brings them into a state in which training can go on. */
export class SessionManager {
  readonly #graph: Graph;
  readonly #options: SessionManagerOptions;
  readonly #recoveryWaitSecs: number;
  readonly #clock: Clock;

  /** Throws a ValueError for readyForLocalInitOp without localInitOp. */
  constructor(options: SessionManagerOptions = {}) {
    const { graph = getDefaultGraph(), recoveryWaitSecs = 30, clock = systemClock } = options;
    if (options.readyForLocalInitOp && !options.localInitOp) {
      throw new ValueError("If you pass a readyForLocalInitOp you must also pass a localInitOp.");
    }
    this.#graph = graph;
    this.#options = options;
    this.#recoveryWaitSecs = recoveryWaitSecs;
    this.#clock = clock;
  }

  /** A session that is ready: restored, or else initialised; throws where it cannot be made ready (SM-2, SM-3). */
  async prepareSession({ initOp, initFeeds = [], initFn, ...source }: PrepareOptions = {}): Promise<Session> {
    const { session, restored } = await this.#restoreSession(source);
    try {
      if (!restored) {
        if (!initOp && !initFn && !this.#options.localInitOp) {
          throw new Error("Model is not initialized and no init_op or init_fn or local_init_op was given");
        }
        if (initOp) await session.run(initOp, { feeds: initFeeds });
        await initFn?.(session);
      }
      const local = await this.#initLocal(session);
      if (!local.ready) throw new Error(`Init operations did not make model ready for local_init: ${local.why}`);
      const all = await isReady(session, this.#options.readyOp);
      if (!all.ready) throw new Error(`Init operations did not make model ready: ${all.why}`);
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** A session, and whether it was restored and is ready; nothing is initialised but local variables (SM-9). */
  async recoverSession(source: RestoreSource = {}): Promise<{ readonly session: Session; readonly recovered: boolean }> {
    const { session, restored } = await this.#restoreSession(source);
    const local = await this.#initLocal(session);
    if (!restored) return { session, recovered: false };
    const state = local.ready ? await isReady(session, this.#options.readyOp) : local;
    const from = source.checkpointDir || source.checkpointFilenameWithPath;
    logging.info(state.ready ? `Restored model from ${from}` : `Restoring model from ${from} did not make model ready: ${state.why}`);
    return { session, recovered: state.ready };
  }

  /** Waits until a new session finds everything initialised by someone else (SM-10). */
  async waitForSession({ maxWaitSecs = Number.POSITIVE_INFINITY }: { readonly maxWaitSecs?: number } = {}): Promise<Session> {
    const end = this.#clock.nowSeconds() + maxWaitSecs;
    for (;;) {
      const session = this.#newSession();
      const local = await this.#initLocal(session);
      const state = local.ready ? await isReady(session, this.#options.readyOp) : local;
      if (state.ready) return session;
      session.close();
      if (end - this.#clock.nowSeconds() - this.#recoveryWaitSecs < 0) {
        throw new DeadlineExceededError(`Session was not ready after waiting ${maxWaitSecs} secs: ${state.why}`);
      }
      logging.info(`Waiting for model to be ready.  Ready_for_local_init_op:  ${local.ready ? "None" : local.why}, ready: ${local.ready ? state.why : "None"}`);
      await this.#clock.sleep(this.#recoveryWaitSecs);
    }
  }

  /** A new session, restored if there is what to restore from (SM-5, SM-6). */
  async #restoreSession(source: RestoreSource): Promise<{ session: Session; restored: boolean }> {
    const { saver, checkpointDir, checkpointFilenameWithPath: file } = source;
    if (checkpointDir && file) throw new ValueError("Can not provide both checkpoint_dir and checkpoint_filename_with_path.");
    const session = this.#newSession();
    if (!saver || (!checkpointDir && !file)) return { session, restored: false };
    if (file) {
      await saver.restore(session, file);
      return { session, restored: true };
    }
    return { session, restored: await this.#restoreFromDir(session, saver, source) };
  }

  async #restoreFromDir(session: Session, saver: Saver, source: RestoreSource): Promise<boolean> {
    const { checkpointDir: dir = "", waitForCheckpoint = false, maxWaitSecs = 7200 } = source;
    let waitedSecs = 0;
    let state = await getCheckpointState(dir);
    while (!state) {
      if (!waitForCheckpoint || waitedSecs >= maxWaitSecs) return false;
      logging.info("Waiting for checkpoint to be available.");
      await this.#clock.sleep(this.#recoveryWaitSecs);
      waitedSecs += this.#recoveryWaitSecs;
      state = await getCheckpointState(dir);
    }
    await saver.restore(session, await whereItIs(state.modelCheckpointPath, dir));
    await saver.recoverLastCheckpoints(await Promise.all(state.allModelCheckpointPaths.map((path) => whereItIs(path, dir))));
    return true;
  }

  /** Runs the local init operation once the session is ready for it (SM-7). */
  async #initLocal(session: Session): Promise<Readiness> {
    const { localInitOp, readyForLocalInitOp } = this.#options;
    if (!localInitOp) return ready;
    const state = await isReady(session, readyForLocalInitOp);
    if (!state.ready) return state;
    logging.info("Running local_init_op.");
    await session.run(localInitOp);
    logging.info("Done running local_init_op.");
    return ready;
  }

  #newSession(): Session {
    const { makeSession = (graph) => new Session({ graph }) } = this.#options;
    return makeSession(this.#graph);
  }
}

/** What an operation of readiness says (SM-8). */
async function isReady(session: Session, operation: Runnable | undefined): Promise<Readiness> {
  if (!operation) return ready;
  try {
    const names = namesIn(await session.run(operation));
    return names.length === 0 ? ready : { ready: false, why: `Variables not initialized: ${names.join(", ")}` };
  } catch (error) {
    if (!(error instanceof FailedPreconditionError) || !error.message.includes("uninitialized")) throw error;
    return { ready: false, why: error.message };
  }
}

/** Strings are names; nothing at all, and numbers, mean ready. */
function namesIn(answer: unknown): string[] {
  if (answer instanceof Uint8Array && !("shape" in answer)) return [new TextDecoder().decode(answer)];
  if (!Array.isArray(answer)) return [];
  return answer.map((name: unknown) => (name instanceof Uint8Array ? new TextDecoder().decode(name) : String(name)));
}
