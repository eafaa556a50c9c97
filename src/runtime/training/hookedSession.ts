// One life of a monitored session: a session with its coordinator, run together with the hooks (MS-1 to MS-6, MS-13, MS-14).
import { messageOf } from "#base/errors";
import { AbortedError, UnavailableError } from "../graph/errors";
import type { FeedValue, Feeds } from "../graph/feeds";
import { feedTarget, type Fetched } from "../graph/fetches";
import { mergeRunOptions, RunMetadata, type RunOptions } from "../graph/runOptions";
import type { RunRequest, Session } from "../graph/session";
import type * as tf from "@tensorflow/tfjs-core";
import type { Clock } from "./clock";
import { Coordinator } from "./coordinator";
import { logging } from "./logging";
import type { SessionCreator } from "./sessionCreators";
import type { Hook, SessionRunArgs, SessionRunContext } from "./sessionRunHook";
import { closeSession } from "./watchedSession";

/** How a session is looked after. */
export interface HookedSessionOptions {
  readonly creator: SessionCreator;
  readonly hooks: readonly Hook[];
  readonly stopGraceSecs: number;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock | undefined;
  /** Called with each new session before the hooks hear of it. */
  readonly onSession: (session: Session, coord: Coordinator) => Promise<void>;
}

/** Whether an error means that the session was lost and may be made again (MS-7's preemption errors). */
export function isPreemption(error: unknown): boolean {
  return error instanceof AbortedError || error instanceof UnavailableError;
}

/** A session, its coordinator and its hooks. */
export class HookedSession {
  readonly session: Session;
  readonly coord: Coordinator;
  readonly #options: HookedSessionOptions;
  #stop = false;

  private constructor(session: Session, coord: Coordinator, options: HookedSessionOptions) {
    this.session = session;
    this.coord = coord;
    this.#options = options;
  }

  /** A session that is ready, with the hooks told of it. */
  static async create(options: HookedSessionOptions): Promise<HookedSession> {
    const session = await options.creator.createSession();
    try {
      // No error is a clean end here: the body and the hooks must see them all.
      const coord = new Coordinator({ cleanStopErrors: [], ...(options.clock && { clock: options.clock }) });
      await options.onSession(session, coord);
      for (const hook of options.hooks) await hook.afterCreateSession?.(session, coord);
      return new HookedSession(session, coord, options);
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Whether training should end; throws the error that the coordinator was given. */
  shouldStop(): boolean {
    this.coord.raiseRequestedException();
    return this.coord.shouldStop() || this.#stop;
  }

  /** One run with the hooks; of two errors, a preemption that the coordinator was given decides (MS-13). */
  async run<T>(fetches: T, request: RunRequest): Promise<Fetched<T>> {
    try {
      return await this.#run(fetches, request);
    } catch (error) {
      if (isPreemption(error)) throw error;
      try {
        this.coord.raiseRequestedException();
      } catch (requested) {
        if (isPreemption(requested)) throw requested;
      }
      throw error;
    }
  }

  /** Ends the tasks and closes the session; throws what a task made it stop for (MS-9). */
  async close(): Promise<void> {
    this.coord.requestStop();
    try {
      await this.coord.join({ stopGraceSecs: this.#options.stopGraceSecs, ignoreLiveTasks: true });
    } finally {
      await closeSession(this.session).catch((error: unknown) => logging.warn(`The session was closed with: ${messageOf(error)}`));
    }
  }

  async #run<T>(fetches: T, request: RunRequest): Promise<Fetched<T>> {
    if (this.#stop) throw new Error("Run called even after should_stop requested.");
    const context = new HookedRun(this.session, { fetches, ...(request.feeds && { feeds: request.feeds }) });
    const wishes: (SessionRunArgs | undefined)[] = [];
    for (const hook of this.#options.hooks) wishes.push((await hook.beforeRun?.(context)) ?? undefined);
    const options: RunOptions = mergeRunOptions([request.options, ...wishes.map((wish) => wish?.options)]);
    const runMetadata = request.runMetadata ?? new RunMetadata();
    const results = (await this.session.run([fetches, ...wishes.map((wish) => wish?.fetches)] as [T, ...unknown[]], {
      feeds: mergeFeeds(this.session, request.feeds, wishes),
      options,
      runMetadata,
    })) as readonly [Fetched<T>, ...unknown[]];
    for (const [at, hook] of this.#options.hooks.entries()) {
      await hook.afterRun?.(context, { results: results[at + 1], options, runMetadata });
    }
    this.#stop ||= context.stopRequested;
    return results[0];
  }
}

/** What hooks see of one run. */
class HookedRun implements SessionRunContext {
  stopRequested = false;

  constructor(
    readonly session: Session,
    readonly originalArgs: SessionRunArgs,
  ) {}

  requestStop(): void {
    this.stopRequested = true;
  }
}

/** All feeds as one list; the caller's own is not changed (MS-3). */
function mergeFeeds({ graph }: Session, own: Feeds = [], wishes: readonly (SessionRunArgs | undefined)[]): Feeds {
  const hooks = new Map<string, readonly [tf.Tensor | string, FeedValue]>();
  for (const pair of wishes.flatMap((wish) => [...(wish?.feeds ?? [])])) {
    const { name } = feedTarget(graph, pair[0]);
    if (hooks.has(name)) throw new Error(`Same tensor is fed by two hooks: ${name}`);
    hooks.set(name, pair);
  }
  for (const [key] of own) {
    const { name } = feedTarget(graph, key);
    if (hooks.has(name)) throw new Error(`Same tensor is fed by a SessionRunHook and user: ${name}`);
  }
  return [...own, ...hooks.values()];
}
