// A task that calls back on a fixed schedule until training stops: TF1's LooperThread (CO-12, CO-13).
import { setImmediate as turn } from "node:timers/promises";
import { ValueError } from "../graph/errors";
import { systemClock, type Clock } from "./clock";
import { Coordinator, type Task } from "./coordinator";

/** How a Looper is made. */
export interface LooperOptions {
  /** Seconds between the beginnings of two calls; `null` calls back to back. */
  readonly intervalSecs: number | null;
  /** What to call; otherwise a subclass overrides `runLoop`. */
  readonly target?: () => void | Promise<void>;
  /** By which `join` names it; Looper unless given. */
  readonly name?: string;
  /** The system's unless given; tests put in one of their own. */
  readonly clock?: Clock;
}

/** Calls its target on schedule. An error in a call stops the coordinator with that error. */
export class Looper implements Task {
  /** By which `join` names it. */
  readonly name: string;
  readonly #coord: Coordinator;
  readonly #intervalSecs: number | null;
  readonly #target: (() => void | Promise<void>) | undefined;
  readonly #clock: Clock;
  readonly #started: Promise<void>;
  /** Settles once it was started and has ended; never rejects: errors go to the coordinator. */
  readonly ended: Promise<void>;
  #start: () => void = () => undefined;

  /** Does not begin before `start`. Throws a ValueError where `coord` is no Coordinator. */
  constructor(coord: Coordinator, { intervalSecs, target, name = "Looper", clock = systemClock }: LooperOptions) {
    if (!(coord instanceof Coordinator)) throw new ValueError("'coord' argument must be a Coordinator.");
    this.#coord = coord;
    this.#intervalSecs = intervalSecs;
    this.#target = target;
    this.name = name;
    this.#clock = clock;
    this.#started = new Promise((resolve) => (this.#start = resolve));
    this.ended = this.#started.then(() => coord.stopOnException(() => this.#run()));
  }

  /** Makes a looper and starts it. */
  static loop(coord: Coordinator, options: LooperOptions): Looper {
    return new Looper(coord, options).start();
  }

  /** Begins calling, the first time at once. The coordinator's `join` waits for a started looper only. */
  start(): this {
    this.#coord.registerTask(this);
    this.#start();
    return this;
  }

  /** Runs once before the first call. */
  startLoop(): void | Promise<void> {}

  /** Runs at each due time. */
  runLoop(): void | Promise<void> {
    return this.#target?.();
  }

  /** Runs once after the last call, unless a call threw (CO-13). */
  stopLoop(): void | Promise<void> {}

  async #run(): Promise<void> {
    await this.startLoop();
    // Due times advance by the interval from the first one: after a slow call the next ones follow at once until
    // the schedule is met again.
    let dueSeconds = this.#clock.nowSeconds();
    if (this.#intervalSecs === null) {
      while (!this.#coord.shouldStop()) await this.#callOnce();
    } else {
      while (!(await this.#coord.waitForStop(dueSeconds - this.#clock.nowSeconds()))) {
        dueSeconds += this.#intervalSecs;
        await this.#callOnce();
      }
    }
    await this.stopLoop();
  }

  /** Calls that follow at once still leave the event loop its turn in between. */
  async #callOnce(): Promise<void> {
    await this.runLoop();
    await turn();
  }
}
