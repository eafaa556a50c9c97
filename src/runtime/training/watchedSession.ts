// A session that tells observers how far the global step has come.
import type { StepTimes } from "#model/diagnosis";
import type { Fetched } from "../graph/fetches";
import type { Graph } from "../graph/graph";
import { Session, type RunRequest, type VariableLike } from "../graph/session";
import { tellObservers } from "./observers";
import { StepTimer } from "./stepTimes";

/** A GPU has to be asked for the step, so it is asked this often at most. */
const readEveryMs = 50;

/** As a Session; after its runs the global step is read, without anybody waiting for it. */
export class WatchedSession extends Session {
  readonly #globalStep: VariableLike | undefined;
  #lastRead = Number.NEGATIVE_INFINITY;
  #told: number | undefined;
  #reading = false;
  readonly #times: StepTimer;

  constructor({ graph, globalStep }: { readonly graph: Graph; readonly globalStep?: VariableLike | undefined }) {
    super({ graph });
    this.#globalStep = globalStep;
    this.#times = new StepTimer(graph);
  }

  /** Where the time of its runs goes; asking makes it be measured for a while. */
  stepTimes(): StepTimes {
    return this.#times.ask(performance.now());
  }

  override async run<T>(fetches: T, options: RunRequest = {}): Promise<Fetched<T>> {
    // A run that is looked at by others is none of the training's.
    if (options.probe) return super.run(fetches, options);
    const timing = this.#times.probe(performance.now(), this.#told);
    const result = await super.run(fetches, timing ? { ...options, probe: timing } : options);
    timing?.done();
    if (!this.#reading && performance.now() - this.#lastRead >= readEveryMs) {
      this.#reading = true;
      // A read that fails says nothing about the training: the session may have been closed meanwhile.
      this.tellStep().then(
        () => (this.#reading = false),
        () => (this.#reading = false),
      );
    }
    return result;
  }

  /** The value of the global step, where there is one and it has a value. */
  async readStep(): Promise<number | undefined> {
    if (!this.#globalStep || !this.isInitialized(this.#globalStep)) return undefined;
    return Number((await this.readVariable(this.#globalStep))[0]);
  }

  /** Tells observers the global step if it has changed since they were told. */
  async tellStep(): Promise<void> {
    this.#lastRead = performance.now();
    const step = await this.readStep();
    if (step === undefined || step === this.#told) return;
    this.#told = step;
    tellObservers((observer) => observer.stepDone?.(step));
  }
}

/** Closes a session; the last step is told to observers before its values go. */
export async function closeSession(session: Session | undefined): Promise<void> {
  if (session instanceof WatchedSession) await session.tellStep();
  session?.close();
}
