// How monitored sessions come by their sessions: as chief, restored or initialised; as worker, waiting (MT-4, MS-1).
import { getDefaultGraph } from "../graph/graph";
import type { Session } from "../graph/session";
import type { Clock } from "./clock";
import { getGlobalStep } from "./globalStep";
import { Scaffold } from "./scaffold";
import { SessionManager } from "./sessionManager";
import { WatchedSession } from "./watchedSession";

/** Makes the sessions of a monitored session: the first one, and one after each that was lost. */
export interface SessionCreator {
  /** A new session, ready to train; asked again when one was lost (MS-11). */
  createSession(): Promise<Session>;
  /** Whose Saver others may ask to save and restore with. */
  readonly scaffold?: Scaffold;
  /** Where checkpoints are restored from, and saved where a hook or a person asks for it. */
  readonly checkpointDir?: string | undefined;
}

/** How a ChiefSessionCreator is made. */
export interface ChiefSessionCreatorOptions {
  /** The pieces of the graph; made from the default graph unless given. */
  readonly scaffold?: Scaffold | undefined;
  /** The newest checkpoint of this folder is restored, where it has one. */
  readonly checkpointDir?: string | undefined;
  /** This checkpoint is restored; not together with a folder. */
  readonly checkpointFilenameWithPath?: string | undefined;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock | undefined;
}

/** Restores from the folder, or else initialises; every session is ready to train. */
export class ChiefSessionCreator implements SessionCreator {
  /** The pieces of the graph that sessions are made ready with. */
  readonly scaffold: Scaffold;
  /** The folder that sessions are restored from. */
  readonly checkpointDir: string | undefined;
  readonly #options: ChiefSessionCreatorOptions;
  #manager: SessionManager | undefined;

  /** Makes nothing yet: the scaffold is finalised with the first session. */
  constructor(options: ChiefSessionCreatorOptions = {}) {
    this.scaffold = options.scaffold ?? new Scaffold({ clock: options.clock });
    this.checkpointDir = options.checkpointDir;
    this.#options = options;
  }

  /** A session that is restored, or else initialised. */
  async createSession(): Promise<Session> {
    const { saver, initOp, initFeeds, initFn } = this.scaffold.finalize();
    this.#manager ??= managerOf(this.scaffold, this.#options.clock);
    return this.#manager.prepareSession({
      saver,
      initOp,
      initFn,
      checkpointDir: this.checkpointDir,
      checkpointFilenameWithPath: this.#options.checkpointFilenameWithPath,
      ...(initFeeds && { initFeeds }),
    });
  }
}

/** Waits until the variables are initialised. Sessions here share nothing, so it is for graphs without any, and for tests. */
export class WorkerSessionCreator implements SessionCreator {
  /** The pieces of the graph that sessions are made ready with. */
  readonly scaffold: Scaffold;
  readonly #options: { readonly maxWaitSecs?: number; readonly clock?: Clock | undefined };
  #manager: SessionManager | undefined;

  /** `maxWaitSecs` is how long a session may wait for its variables; half an hour unless given. */
  constructor({ scaffold, ...options }: { readonly scaffold?: Scaffold | undefined; readonly maxWaitSecs?: number; readonly clock?: Clock | undefined } = {}) {
    this.scaffold = scaffold ?? new Scaffold({ clock: options.clock });
    this.#options = options;
  }

  /** Waits until somebody else has initialised the variables. */
  async createSession(): Promise<Session> {
    this.scaffold.finalize();
    this.#manager ??= managerOf(this.scaffold, this.#options.clock);
    return this.#manager.waitForSession({ maxWaitSecs: this.#options.maxWaitSecs ?? 1800 });
  }
}


function managerOf({ readyOp, readyForLocalInitOp, localInitOp }: Scaffold, clock: Clock | undefined): SessionManager {
  const graph = getDefaultGraph();
  return new SessionManager({
    graph,
    readyOp,
    readyForLocalInitOp,
    localInitOp,
    makeSession: () => new WatchedSession({ graph, globalStep: getGlobalStep(graph) }),
    ...(clock && { clock }),
  });
}
