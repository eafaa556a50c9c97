// A session that tells observers how far the global step has come.
import type { Graph } from "../graph/graph";
import { Session, type VariableLike } from "../graph/session";
import { tellObservers } from "./observers";

/** A GPU has to be asked for the step, so it is asked this often at most. */
const readEveryMs = 50;

/** As a Session; after its runs the global step is read, without anybody waiting for it. */
export class WatchedSession extends Session {
  readonly #globalStep: VariableLike | undefined;
  #lastRead = Number.NEGATIVE_INFINITY;
  #told: number | undefined;
  #reading = false;

  constructor({ graph, globalStep }: { readonly graph: Graph; readonly globalStep?: VariableLike | undefined }) {
    super({ graph });
    this.#globalStep = globalStep;
  }

  override async run<T>(...request: Parameters<typeof Session.prototype.run<T>>): ReturnType<typeof Session.prototype.run<T>> {
    const result = await super.run<T>(...request);
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
