// A promise that someone else settles, and waiting for one with a limit.

/** A promise together with the two functions that settle it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** Makes an unsettled promise. */
export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = unready;
  let reject: (reason: unknown) => void = unready;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve: (value) => resolve(value), reject: (reason) => reject(reason) };
}

function unready(): never {
  throw new Error("a promise's executor runs at once");
}
