// Whether tf calls are recorded at this moment: on while a graph is built, off while a run executes kernels.

let building = 0;
let suspended = 0;

/** Whether tf calls are recorded now. */
export function isTracing(): boolean {
  return building > 0 && suspended === 0;
}

/** Counts one more builder; the answer counts it off again, once. */
export function countBuilding(): () => void {
  building += 1;
  return once(() => (building -= 1));
}

/** Lets tf calls compute for real until the answer is called, once. */
export function suspendTracing(): () => void {
  suspended += 1;
  return once(() => (suspended -= 1));
}

/** Runs `body` with tf calls computing for real. */
export function untraced<T>(body: () => T): T {
  const resume = suspendTracing();
  try {
    return body();
  } finally {
    resume();
  }
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
