// The host's side of a view's border for pages opened outside the editor: answers from memory. `?case=` chooses what it tells.
import { Emitter } from "#base/emitter";
import type { Pipe } from "#protocol/channel";

/** The pipe's far end, and the function that VS Code would give to the page. */
export function pageBorder(): Pipe {
  const fromPage = new Emitter<unknown>();
  let saved: unknown;
  const api = {
    postMessage: (message: unknown) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => fromPage.fire(copy));
    },
    getState: () => saved,
    setState: (state: unknown) => {
      saved = structuredClone(state);
    },
  };
  Object.assign(globalThis, { acquireVsCodeApi: () => api });
  return {
    post: (message) => window.postMessage(message, "*"),
    onMessage: fromPage.event,
    onClose: () => ({ dispose: () => undefined }),
    dispose: () => undefined,
  };
}

/** What the address asks for: `?case=empty`. */
export function wantedCase(): string {
  return new URLSearchParams(location.search).get("case") ?? "usual";
}
