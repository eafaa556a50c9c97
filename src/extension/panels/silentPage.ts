// A page that loads nothing says nothing: it is filled again.
import type * as vscode from "vscode";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { Pipe } from "#protocol/channel";

/** Long for a page that loads, short for a person before an empty panel. Doubles with each try. */
const firstWaitMs = 4000;
const maxTries = 3;

/**
 * Fills a panel's page again when it says nothing after it was made or shown. In a browser, VS Code serves the files of all
 * pages through one service worker; a page that begins while another takes the worker over is served nothing.
 */
export function refillWhenSilent(panel: Pick<vscode.WebviewPanel, "visible" | "onDidChangeViewState">, pipe: Pipe, fill: () => void): Disposable {
  const life = new Lifetime();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown = panel.visible;
  const disarm = (): void => clearTimeout(timer);
  const arm = (tries: number): void => {
    disarm();
    if (tries >= maxTries) return;
    timer = setTimeout(() => {
      if (!panel.visible) return;
      fill();
      arm(tries + 1);
    }, firstWaitMs * 2 ** tries);
  };
  life.own(pipe.onMessage(disarm));
  life.own(
    panel.onDidChangeViewState(() => {
      if (panel.visible && !shown) arm(0);
      shown = panel.visible;
    }),
  );
  life.onEnd(disarm);
  arm(0);
  return life;
}
