// Sequences of calls of a Coordinator, and looper schedules, as TensorFlow's answered and kept them.
import { Coordinator, Looper } from "#runtime/index";
import { FakeClock } from "../support/fakeClock";
import { errorClass, sameError, type ExpectedError } from "./pythonErrors";
import { need, same } from "./report";

/** Here a class of its own: as the base of all errors it would be a clean end together with them. */
class RuntimeError extends Error {}

const kindOf = (type: string) => (type === "RuntimeError" ? RuntimeError : errorClass(type));

interface Op { readonly do: string; readonly error?: string | null; readonly ignore_live_threads?: boolean }
interface Result { readonly value?: boolean; readonly should_stop: boolean; readonly error?: ExpectedError }
export interface CoordinatorCase { readonly clean: readonly string[] | null; readonly ops: readonly Op[]; readonly results: readonly Result[] }

export async function checkCoordinator({ clean, ops, results }: CoordinatorCase): Promise<void> {
  const cleanStopErrors = clean?.map(kindOf);
  const coord = new Coordinator({ ...(cleanStopErrors && { cleanStopErrors }), clock: new FakeClock() });
  for (const [at, op] of ops.entries()) {
    const wanted = need(results[at], `result ${at}`);
    const error = op.error ? new (kindOf(op.error))(`error ${at}`) : undefined;
    let value: unknown;
    let thrown: unknown;
    try {
      value = await call(coord, op, error);
    } catch (failed) {
      thrown = failed;
    }
    sameError(thrown instanceof RuntimeError ? new Error(thrown.message) : thrown, wanted.error);
    if (wanted.value !== undefined) same(`call ${at}, ${op.do}`, value, wanted.value);
    same(`call ${at}: should stop`, coord.shouldStop(), wanted.should_stop);
  }
}

function call(coord: Coordinator, op: Op, error: Error | undefined): unknown {
  switch (op.do) {
    case "should_stop": return coord.shouldStop();
    case "request_stop": return coord.requestStop(error);
    case "wait_for_stop": return coord.waitForStop(0);
    case "stop_on_exception": return coord.stopOnException(() => { if (error) throw error; });
    case "joined": return coord.joined;
    case "join": return coord.join({ ignoreLiveTasks: op.ignore_live_threads ?? false });
    case "raise_requested_exception": return coord.raiseRequestedException();
    case "clear_stop": return coord.clearStop();
    default: throw new Error(`the recording has an unknown call: ${op.do}`);
  }
}

export interface LooperCase {
  readonly interval: number | null;
  readonly calls_last: readonly number[];
  readonly raise_in_call?: number;
  readonly events: readonly (readonly [number, string])[];
  readonly should_stop: boolean;
  readonly error?: ExpectedError;
}

class Recorder extends Looper {
  readonly events: [number, string][] = [];
  #calls = 0;

  constructor(readonly coord: Coordinator, readonly clock: FakeClock, readonly planned: LooperCase) {
    super(coord, { intervalSecs: planned.interval, clock });
  }

  override startLoop(): void {
    this.#note("start_loop");
  }

  override runLoop(): void {
    this.#note("run_loop");
    this.#calls += 1;
    this.clock.advance(this.planned.calls_last[this.#calls - 1] ?? 0);
    if (this.#calls === this.planned.raise_in_call) throw new Error("call failed");
    if (this.#calls === this.planned.calls_last.length) this.coord.requestStop();
  }

  override stopLoop(): void {
    this.#note("stop_loop");
  }

  #note(what: string): void {
    this.events.push([Math.round(this.clock.nowSeconds() * 1e6) / 1e6, what]);
  }
}

export async function checkLooper(planned: LooperCase): Promise<void> {
  const clock = new FakeClock(0);
  const coord = new Coordinator({ clock });
  const looper = new Recorder(coord, clock, planned).start();
  await looper.ended;
  same("events", looper.events, planned.events);
  same("should stop", coord.shouldStop(), planned.should_stop);
  let thrown: unknown;
  try {
    coord.raiseRequestedException();
  } catch (error) {
    thrown = error;
  }
  sameError(thrown, planned.error);
}
