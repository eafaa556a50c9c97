// The page's pipe to the host, and the small object in which VS Code keeps a view's preferences.
import { Emitter } from "#base/emitter";
import type { Pipe } from "#protocol/channel";
import { packNumbers, unpackNumbers } from "#protocol/plainNumbers";

/** What VS Code hands to the script of a webview, once. */
export interface HostWindow {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): HostWindow;

/** Takes the page's end of the border. VS Code allows this once per page. */
export function hostWindow(): HostWindow {
  return acquireVsCodeApi();
}

/** A pipe to the host. It closes when the page goes away. */
export function hostPipe(host: HostWindow): Pipe {
  const messages = new Emitter<unknown>();
  const closed = new Emitter<string>();
  const receive = (event: MessageEvent<unknown>): void => messages.fire(unpackNumbers(event.data));
  const leave = (): void => close("the page was closed");
  let open = true;
  const close = (why: string): void => {
    if (!open) return;
    open = false;
    window.removeEventListener("message", receive);
    window.removeEventListener("pagehide", leave);
    closed.fire(why);
  };
  window.addEventListener("message", receive);
  window.addEventListener("pagehide", leave);
  return {
    post: (message) => host.postMessage(packNumbers(message)),
    onMessage: messages.event,
    onClose: closed.event,
    dispose: () => close("the page closed the pipe"),
  };
}
