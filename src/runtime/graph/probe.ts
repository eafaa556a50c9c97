// What may look at a run while it goes on: each operation as it has just run, with what it took and gave.
import type { Operation, Value } from "./operation";

/** An operation that has just run. Values are the session's own: they are to be read at once and not kept. */
export interface ProbedOperation {
  readonly operation: Operation;
  /** How long its call took; on a backend that computes asynchronously, how long it took to hand the work over. */
  readonly milliseconds: number;
  /** An input as it is now; undefined for a variable without a value. */
  input(index: number): Value | undefined;
  /** An output; undefined where it was fed. */
  output(index: number): Value | undefined;
}

/** Looks at a run. */
export interface RunProbe {
  ran(operation: ProbedOperation): void | Promise<void>;
}
