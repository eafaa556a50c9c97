// Who asked to stop, with which error, and waiting until all tasks have ended: TF1's Coordinator (CO-1 to CO-11).
import { deferred, type Deferred } from "#base/deferred";
import { messageOf } from "#base/errors";
import { OutOfRangeError } from "../graph/errors";
import { systemClock, type Clock } from "./clock";
import { logging } from "./logging";

/** Something that runs beside the training loop and ends by itself once the coordinator says stop. */
export interface Task {
  /** By which `join` names a task that does not end. */
  readonly name: string;
  /** Settles when the task has ended, however it ended. */
  readonly ended: Promise<unknown>;
}

/** A class of errors, for `instanceof`. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/** How a Coordinator is made. */
export interface CoordinatorOptions {
  /** Errors that end training without being a failure; OutOfRangeError unless given (CO-1). */
  readonly cleanStopErrors?: readonly ErrorClass[];
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/** How `join` waits. */
export interface JoinOptions {
  /** Waited for besides the registered tasks. */
  readonly tasks?: readonly Task[];
  /** How long tasks may take to end after the stop; 120 unless given. */
  readonly stopGraceSecs?: number;
  /** Do not throw for tasks that did not end in time. */
  readonly ignoreLiveTasks?: boolean;
}

/** A stop flag shared by tasks: any may ask to stop, with the error that made it, and one waits for all. */
export class Coordinator {
  readonly #cleanStopErrors: readonly ErrorClass[];
  readonly #clock: Clock;
  readonly #registered = new Set<Task>();
  #stop: Deferred<void> = deferred();
  #stopRequested = false;
  #stored: { readonly error: unknown } | undefined;
  #joined = false;

  constructor({ cleanStopErrors = [OutOfRangeError], clock = systemClock }: CoordinatorOptions = {}) {
    this.#cleanStopErrors = cleanStopErrors;
    this.#clock = clock;
  }

  /** Whether `join` has finished since the last `clearStop`. */
  get joined(): boolean {
    return this.#joined;
  }

  /** Whether a stop was requested (CO-4). */
  shouldStop(): boolean {
    return this.#stopRequested;
  }

  /**
   * Asks every task to stop. Only the first request counts: an error that comes with a later one is lost, as in TF
   * (CO-2). After `join` nobody would look at the error any more, so it is thrown here.
   */
  requestStop(error?: unknown): void {
    const failure = error === undefined || this.#isClean(error) ? undefined : { error };
    if (this.#joined && failure) throw failure.error;
    if (this.#stopRequested) return;
    this.#stopRequested = true;
    this.#stored = failure;
    if (failure) logging.info(`Error reported to Coordinator: ${nameOf(failure.error)}, ${messageOf(failure.error)}`);
    this.#stop.resolve();
  }

  /** Forgets a stop, its error and a join, so that training may begin anew; registered tasks stay (CO-5). */
  clearStop(): void {
    this.#joined = false;
    this.#stored = undefined;
    if (!this.#stopRequested) return;
    this.#stopRequested = false;
    this.#stop = deferred();
  }

  /** Waits for a stop, at most `timeoutSecs`; true if it was requested. */
  async waitForStop(timeoutSecs: number = Number.POSITIVE_INFINITY): Promise<boolean> {
    if (this.#stopRequested) return true;
    await this.#within(this.#stop.promise, timeoutSecs);
    return this.#stopRequested;
  }

  /** Runs `body`; whatever it throws becomes a stop request and does not reach the caller (CO-6). */
  async stopOnException(body: () => void | Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      this.requestStop(error);
    }
  }

  /** Makes `join` wait for this task (CO-7). */
  registerTask(task: Task): void {
    this.#registered.add(task);
  }

  /**
   * Waits until every task has ended or a stop is requested, then gives tasks a grace period to end (CO-8, CO-9).
   * Throws the error of the stop, or else an error that names the tasks that still run (CO-10).
   */
  async join({ tasks = [], stopGraceSecs = 120, ignoreLiveTasks = false }: JoinOptions = {}): Promise<void> {
    const alive = new Set<Task>([...this.#registered, ...tasks]);
    const allEnded = Promise.all([...alive].map((task) => settled(task.ended).then(() => alive.delete(task))));
    await Promise.race([allEnded, this.#stop.promise]);
    if (alive.size > 0) await this.#within(allEnded, stopGraceSecs);
    this.#joined = true;
    this.#registered.clear();
    this.raiseRequestedException();
    if (alive.size > 0 && !ignoreLiveTasks) {
      const names = [...alive].map(({ name }) => name).join(" ");
      throw new Error(`Coordinator stopped with threads still running: ${names}`);
    }
  }

  /** Throws the error that came with the stop request, if one did (CO-11). */
  raiseRequestedException(): void {
    if (this.#stored) throw this.#stored.error;
  }

  #isClean(error: unknown): boolean {
    return this.#cleanStopErrors.some((kind) => error instanceof kind);
  }

  async #within(promise: Promise<unknown>, seconds: number): Promise<void> {
    if (seconds === Number.POSITIVE_INFINITY) return void (await promise);
    const timeout = new AbortController();
    try {
      await Promise.race([promise, this.#clock.sleep(seconds, timeout.signal)]);
    } finally {
      timeout.abort();
    }
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}

function settled(promise: Promise<unknown>): Promise<void> {
  return promise.then(
    () => undefined,
    () => undefined,
  );
}
