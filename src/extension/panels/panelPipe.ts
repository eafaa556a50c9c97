// A webview panel as a pipe.
import type * as vscode from "vscode";
import { Emitter } from "#base/emitter";
import { Lifetime } from "#base/lifetime";
import type { Pipe } from "#protocol/channel";
import { packNumbers, unpackNumbers } from "#protocol/plainNumbers";

/** What a panel has of a pipe. It closes when the panel does; a hidden page is gone and asks anew when it is shown. */
export function panelPipe(panel: Pick<vscode.WebviewPanel, "webview" | "onDidDispose">): Pipe {
  const life = new Lifetime();
  const messages = life.own(new Emitter<unknown>());
  const closed = new Emitter<string>();
  const close = (why: string): void => {
    if (life.ended) return;
    life.dispose();
    closed.fire(why);
  };
  life.own(panel.webview.onDidReceiveMessage((message: unknown) => messages.fire(unpackNumbers(message))));
  life.own(panel.onDidDispose(() => close("the panel was closed")));
  return {
    post: (message) => {
      if (!life.ended) void panel.webview.postMessage(packNumbers(message));
    },
    onMessage: messages.event,
    onClose: closed.event,
    dispose: () => close("the host closed the panel's pipe"),
  };
}
