// TensorFlow's error classes, with TensorFlow's meaning: what a run, a restore or a lookup may end with.

/** Base of the errors that an operation may end with. `node` is the operation's name where one is to blame. */
export class OpError extends Error {
  override readonly name: string = "OpError";

  /** The key words of the message are TensorFlow's; `node` is the operation at fault, where one is. */
  constructor(
    message: string,
    /** The operation's name. */
    readonly node?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An argument is wrong by itself: shape, type, or a placeholder without a value. */
export class InvalidArgumentError extends OpError {
  override readonly name = "InvalidArgumentError";
}

/** Something that was asked for by name is not there: a file, a key of a checkpoint, a node. */
export class NotFoundError extends OpError {
  override readonly name = "NotFoundError";
}

/** The state of the session does not allow it: above all, an uninitialised variable. */
export class FailedPreconditionError extends OpError {
  override readonly name = "FailedPreconditionError";
}

/** An iterator has come to its end. */
export class OutOfRangeError extends OpError {
  override readonly name = "OutOfRangeError";
}

/** Aborted by someone else; may be tried again. */
export class AbortedError extends OpError {
  override readonly name = "AbortedError";
}

/** The far side is not there at the moment; may be tried again. */
export class UnavailableError extends OpError {
  override readonly name = "UnavailableError";
}

/** Called off by the caller. */
export class CancelledError extends OpError {
  override readonly name = "CancelledError";
}

/** Took longer than was allowed. */
export class DeadlineExceededError extends OpError {
  override readonly name = "DeadlineExceededError";
}

/** Bytes were lost or damaged beyond repair. */
export class DataLossError extends OpError {
  override readonly name = "DataLossError";
}

/** A name, scope or request that TensorFlow refuses with Python's ValueError. */
export class ValueError extends Error {
  override readonly name = "ValueError";
}

/** Python's end of an iteration: leaves the body of a monitored session as OutOfRangeError does, and is no failure. */
export class StopIteration extends Error {
  override readonly name = "StopIteration";
}
