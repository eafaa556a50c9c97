// The pieces that a monitored session needs of a graph: given, or found in its collections, or made (SC-1 to SC-4).
import type * as tf from "@tensorflow/tfjs-core";
import { group } from "../graph/controlDependencies";
import type { Feeds } from "../graph/feeds";
import { getDefaultGraph, type Graph } from "../graph/graph";
import { GraphKeys } from "../graph/graphKeys";
import type { Session } from "../graph/session";
import { Saver } from "../saving/saver";
import { reportUninitializedVariables } from "../scope/reportUninitialized";
import { globalVariables, globalVariablesInitializer, localVariablesInitializer } from "../scope/variables";
import { mergeAll } from "../summaries/summaryOperations";
import type { Clock } from "./clock";
import { logging } from "./logging";
import type { Runnable } from "./sessionManager";

/** How a Scaffold is made; what is left out is found or made by `finalize`. */
export interface ScaffoldOptions {
  /** Initialises the global variables where nothing is restored. */
  readonly initOp?: Runnable | undefined;
  /** What `initOp` is fed. */
  readonly initFeeds?: Feeds | undefined;
  /** Called behind `initOp`, where nothing is restored. */
  readonly initFn?: ((scaffold: Scaffold, session: Session) => void | Promise<void>) | undefined;
  /** Answers with the names of what is not initialised; none means that the session is ready. */
  readonly readyOp?: Runnable | undefined;
  /** The same for what must be initialised before `localInitOp` runs. */
  readonly readyForLocalInitOp?: Runnable | undefined;
  /** Initialises what checkpoints do not hold; runs in each new session. */
  readonly localInitOp?: Runnable | undefined;
  /** What summaries are computed by; a merge of all of them unless given. */
  readonly summaryOp?: tf.Tensor | undefined;
  /** That of the collection, or one of all variables, unless given. */
  readonly saver?: Saver | undefined;
  /** Supplies whatever is not given here. */
  readonly copyFromScaffold?: Scaffold;
  /** For a Saver that has to be made. */
  readonly clock?: Clock | undefined;
}

/** The pieces of one graph. Undefined until `finalize`, unless given. */
export class Scaffold {
  /** What `initOp` is fed. */
  readonly initFeeds: Feeds | undefined;
  readonly #userInitFn: ScaffoldOptions["initFn"];
  readonly #clock: Clock | undefined;
  #initOp: Runnable | undefined;
  #readyOp: Runnable | undefined;
  #readyForLocalInitOp: Runnable | undefined;
  #localInitOp: Runnable | undefined;
  #summaryOp: tf.Tensor | undefined;
  #saver: Saver | undefined;

  /** Takes what is given, else what the other scaffold has; `finalize` makes the rest (SC-1). */
  constructor({ copyFromScaffold: other, ...given }: ScaffoldOptions = {}) {
    if (other !== undefined && !(other instanceof Scaffold)) throw new TypeError("copyFromScaffold is not a Scaffold instance.");
    this.initFeeds = given.initFeeds ?? other?.initFeeds;
    this.#userInitFn = given.initFn ?? (other && other.#userInitFn);
    this.#clock = given.clock ?? (other && other.#clock);
    this.#initOp = given.initOp ?? other?.initOp;
    this.#readyOp = given.readyOp ?? other?.readyOp;
    this.#readyForLocalInitOp = given.readyForLocalInitOp ?? other?.readyForLocalInitOp;
    this.#localInitOp = given.localInitOp ?? other?.localInitOp;
    this.#summaryOp = given.summaryOp ?? other?.summaryOp;
    this.#saver = given.saver ?? other?.saver;
  }

  /** Initialises global variables and resources; there once finalised. */
  get initOp(): Runnable | undefined {
    return this.#initOp;
  }

  /** Gives the names of what is not initialised; there once finalised. */
  get readyOp(): Runnable | undefined {
    return this.#readyOp;
  }

  /** Gives the names of what `localInitOp` waits for; there once finalised. */
  get readyForLocalInitOp(): Runnable | undefined {
    return this.#readyForLocalInitOp;
  }

  /** Initialises local variables and tables; there once finalised. */
  get localInitOp(): Runnable | undefined {
    return this.#localInitOp;
  }

  /** Stays undefined where the graph has no summaries. */
  get summaryOp(): tf.Tensor | undefined {
    return this.#summaryOp;
  }

  /** The one Saver of training; there once finalised. */
  get saver(): Saver | undefined {
    return this.#saver;
  }

  /** The given `initFn` with this Scaffold filled in. */
  get initFn(): ((session: Session) => void | Promise<void>) | undefined {
    const initFn = this.#userInitFn;
    return initFn && ((session) => initFn(this, session));
  }

  /** Finds or makes what is missing, and finalises the default graph. A second call changes nothing. */
  finalize(): this {
    const { getOrDefault } = Scaffold;
    this.#initOp ??= getOrDefault<Runnable>("initOp", GraphKeys.INIT_OP, () => group([globalVariablesInitializer()]));
    this.#readyOp ??= getOrDefault<Runnable>("readyOp", GraphKeys.READY_OP, () => reportUninitializedVariables());
    this.#readyForLocalInitOp ??= getOrDefault<Runnable>("readyForLocalInitOp", GraphKeys.READY_FOR_LOCAL_INIT_OP, () =>
      reportUninitializedVariables(globalVariables()));
    this.#localInitOp ??= getOrDefault<Runnable>("localInitOp", GraphKeys.LOCAL_INIT_OP, () => group([localVariablesInitializer()]));
    this.#summaryOp ??= getOrDefault("summaryOp", GraphKeys.SUMMARY_OP, () => mergeAll());
    this.#saver ??= getOrDefault("saver", GraphKeys.SAVERS, () => new Saver({ sharded: true, allowEmpty: true, ...(this.#clock && { clock: this.#clock }) }));
    this.#saver?.build();
    getDefaultGraph().finalize();
    logging.info("Graph was finalized.");
    return this;
  }

  /** The only item of a collection of the default graph; where it is empty the default, added to it (SC-1). */
  static getOrDefault<T>(argName: string, collectionKey: string, makeDefault: () => T | undefined): T | undefined {
    const graph: Graph = getDefaultGraph();
    const items = graph.getCollection<T>(collectionKey);
    if (items.length > 1) {
      throw new Error(`More than one item in collection "${collectionKey}": say which one to use by giving ${argName} to the Scaffold.`);
    }
    if (items[0] !== undefined) return items[0];
    const made = makeDefault();
    if (made !== undefined) graph.addToCollection(collectionKey, made);
    return made;
  }
}
