// The state of a view: one reducer, one place where it changes, and pacing for what follows from a change.

/** Holds a state that only `reduce` changes. */
export interface Store<State, Happening> {
  readonly state: State;
  dispatch(happening: Happening): void;
}

/** `changed` runs after each change, never within another; what happens meanwhile waits its turn. */
export function createStore<State, Happening>(
  initial: State,
  reduce: (state: State, happening: Happening) => State,
  changed: (state: State, happening: Happening) => void,
): Store<State, Happening> {
  const waiting: Happening[] = [];
  let state = initial;
  let busy = false;
  return {
    get state() {
      return state;
    },
    dispatch(happening) {
      waiting.push(happening);
      if (busy) return;
      busy = true;
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          state = reduce(state, next);
          changed(state, next);
        }
      } finally {
        busy = false;
      }
    },
  };
}

/** Runs `work` at most once per `everyMs`, which may change from time to time, at once when it has rested long enough, and not at all while the page is hidden. */
export function paced(work: () => void, everyMs: number | (() => number)): () => void {
  let timer: number | undefined;
  let lastMs = -Infinity;
  let wanted = false;
  const go = (): void => {
    timer = undefined;
    if (document.hidden) return;
    wanted = false;
    lastMs = performance.now();
    work();
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && wanted && timer === undefined) go();
  });
  return () => {
    wanted = true;
    if (timer !== undefined || document.hidden) return;
    timer = window.setTimeout(go, Math.max(0, lastMs + (typeof everyMs === "number" ? everyMs : everyMs()) - performance.now()));
  };
}

/** Runs `work` with the next frame, once however often it is wished for until then. A browser that is behind with its painting begins no frame. */
export function withNextFrame(work: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}
