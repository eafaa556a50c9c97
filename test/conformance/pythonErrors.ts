// Python's and TensorFlow's errors by their names, as ours: the class by its meaning, the message by its key words.
import * as errors from "#runtime/graph/errors";
import { NanLossDuringTrainingError } from "#runtime/index";
import { Mismatch } from "./report";

export interface ExpectedError {
  readonly type: string;
  readonly message: string;
}

/** An error of Python's for which the runtime has no class of its own. */
export class KeyError extends Error {
  override readonly name = "KeyError";
}

const classes: Readonly<Record<string, new (message: string) => Error>> = {
  RuntimeError: Error, KeyError, TypeError, ValueError: errors.ValueError, StopIteration: errors.StopIteration,
  AbortedError: errors.AbortedError, CancelledError: errors.CancelledError, DataLossError: errors.DataLossError,
  DeadlineExceededError: errors.DeadlineExceededError, FailedPreconditionError: errors.FailedPreconditionError,
  InvalidArgumentError: errors.InvalidArgumentError, NotFoundError: errors.NotFoundError, OpError: errors.OpError,
  OutOfRangeError: errors.OutOfRangeError, UnavailableError: errors.UnavailableError, NanLossDuringTrainingError,
};

/** The class that stands for Python's. */
export function errorClass(type: string): new (message: string) => Error {
  const found = classes[type];
  if (!found) throw new Mismatch("error class", type, undefined);
  return found;
}

/** Throws where what was thrown is not what is expected; `null` stands for nothing thrown. */
export function sameError(thrown: unknown, wanted: ExpectedError | null | undefined, { anyText = false } = {}): void {
  if (!wanted) {
    if (thrown === undefined) return;
    throw thrown;
  }
  const right = thrown instanceof Error && thrown.constructor === errorClass(wanted.type);
  const key = keyWords(wanted.message);
  if (!right || !(anyText || keyWords(thrown.message).includes(key))) {
    throw new Mismatch("error", `${wanted.type}: ${wanted.message}`, thrown instanceof Error ? `${thrown.constructor.name}: ${thrown.message}` : thrown);
  }
}

/** The last line, without what Python and JavaScript spell differently. */
function keyWords(message: string): string {
  return (message.split("\n").at(-1) ?? "").toLowerCase().replace(/\bnull\b/g, "none").replace(/[_' ]/g, "");
}
