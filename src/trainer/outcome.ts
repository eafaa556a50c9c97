// How a training came to its end: the script's own way, or an error nobody caught, or a second signal.
import { deferred } from "#base/deferred";
import { messageOf, UserError } from "#base/errors";
import type { HowEnded } from "#model/run";

/** The end of the script, before it is put into a run's words. */
export type Outcome =
  { readonly kind: "returned" } | { readonly kind: "failed"; readonly error: string } | { readonly kind: "killed" };

/** Waits for whichever end comes first. Errors that nobody caught end the run as failed, with their stack in the log. */
export class OutcomeWatch {
  readonly #first = deferred<Outcome>();

  constructor() {
    process.on("uncaughtException", (error) => this.#first.resolve(failed(error)));
    process.on("unhandledRejection", (reason) => this.#first.resolve(failed(reason)));
  }

  /** A signal asked for the end at once. */
  killed(signal: string): void {
    console.error(`${signal} for the second time: leaving at once`);
    this.#first.resolve({ kind: "killed" });
  }

  /** The first end of all. */
  of(script: Promise<void>): Promise<Outcome> {
    script.then(
      () => this.#first.resolve({ kind: "returned" }),
      (error: unknown) => this.#first.resolve(failed(error)),
    );
    return this.#first.promise;
  }
}

/** 0 finished or stopped, 1 failed, 143 as a shell reports a process that SIGTERM ended. */
export function exitCodeOf(how: HowEnded): number {
  if (how === "finished" || how === "stopped") return 0;
  return how === "failed" ? 1 : 143;
}

function failed(error: unknown): Outcome {
  // A person's mistake is one sentence; a stack helps with anything else.
  if (error instanceof UserError) console.error([error.message, error.action].filter(Boolean).join(" "));
  else console.error(error);
  return {
    kind: "failed",
    error: error instanceof UserError ? [error.message, error.action].filter(Boolean).join(" ") : messageOf(error),
  };
}
