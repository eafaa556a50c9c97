// Other programs' wishes (save, restore, inspect), carried out between two runs of the process's session.
import { AsyncLocalStorage } from "node:async_hooks";

type Wish = { readonly work: () => Promise<void>; readonly refuse: (error: Error) => void };

let waiting: Wish[] = [];
let ended = false;
let serving: Promise<void> | undefined;
const carryingOut = new AsyncLocalStorage<true>();

/**
 * Has `work` done before the next run starts; no run goes on meanwhile, except those that `work` itself starts.
 * Refused once the training has ended.
 */
export function requestBetweenRuns<T>(work: () => Promise<T>): Promise<T> {
  if (ended) return Promise.reject(trainingEnded());
  return new Promise<T>((resolve, reject) => {
    waiting.push({ work: () => work().then(resolve, reject), refuse: reject });
  });
}

/** Carries out what is waiting, in order. A run awaits this before it starts. */
export async function serveBetweenRuns(): Promise<void> {
  if (carryingOut.getStore()) return;
  while (serving || waiting.length > 0) {
    serving ??= carryingOut.run(true, serve).finally(() => (serving = undefined));
    await serving;
  }
}

/** Whether something waits to be carried out. */
export function isAskedBetweenRuns(): boolean {
  return waiting.length > 0;
}

/** Runs `work` during which nothing is carried out for others, whatever sessions it runs. */
export function holdBetweenRuns<T>(work: () => Promise<T>): Promise<T> {
  return carryingOut.run(true, work);
}

/** Opens the queue for a training; it is open from the start. */
export function beginBetweenRuns(): void {
  ended = false;
}

/** Closes the queue: what waits and what comes later is refused, since no further run will start. */
export function endBetweenRuns(): void {
  ended = true;
  const late = waiting;
  waiting = [];
  for (const { refuse } of late) refuse(trainingEnded());
}

async function serve(): Promise<void> {
  for (let wish = waiting.shift(); wish; wish = waiting.shift()) await wish.work();
}

function trainingEnded(): Error {
  return new Error("The training has ended, so there is no next step to do this before.");
}
