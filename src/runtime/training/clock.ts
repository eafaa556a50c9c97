// The time that savers, loopers and supervisors go by: given to them, so that tests can hold it still.
import { setTimeout as wait } from "node:timers/promises";

/** Wall time and waiting. Everything in `training` and `saving` that has to do with time takes one of these. */
export interface Clock {
  /** Seconds since the epoch, with fractions. */
  nowSeconds(): number;
  /** Waits that long, or until `signal` is aborted; never rejects. Negative counts as none. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowSeconds: () => Date.now() / 1000,
  sleep: sleepOnSystem,
};

/** Node's timers take at most 2³¹ − 1 ms and fire at once beyond that, so long waits are waited in parts. */
const longestWaitMs = 2 ** 31 - 1;

async function sleepOnSystem(seconds: number, signal?: AbortSignal): Promise<void> {
  const end = Date.now() + seconds * 1000;
  try {
    for (let left = seconds * 1000; left > 0 && !signal?.aborted; left = end - Date.now()) {
      await wait(Math.min(left, longestWaitMs), undefined, signal ? { signal } : {});
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
