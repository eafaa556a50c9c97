// A page that loads nothing says nothing: it is filled again.
import type * as vscode from "vscode";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { Pipe } from "#protocol/channel";

/** Long for a page that loads, short for a person before an empty panel. Doubles with each try. */
const firstWaitMs = 4000;
const maxTries = 3;

/** What is watched, and what is done about it. */
export interface WatchedPage {
  readonly panel: Pick<vscode.WebviewPanel, "visible" | "viewColumn" | "onDidChangeViewState">;
  readonly pipe: Pipe;
  /** Loads the page. */
  fill(): void;
  /** Tells the page something that a living page answers with an ask. */
  nudge(): void;
}

/**
 * Fills a panel's page again when it says nothing after it was made, shown or moved. In a browser, VS Code serves the files
 * of all pages through one service worker; a page that begins while another takes the worker over is served nothing.
 */
export function refillWhenSilent({ panel, pipe, fill, nudge }: WatchedPage): Disposable {
  const life = new Lifetime();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let place = placeOf(panel);
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
      const now = placeOf(panel);
      if (now === place) return;
      place = now;
      if (!panel.visible) return;
      nudge();
      arm(0);
    }),
  );
  life.onEnd(disarm);
  arm(0);
  return life;
}

/** A page may be made anew when its panel is shown, and when it moves between columns. */
function placeOf({ visible, viewColumn }: WatchedPage["panel"]): string {
  return visible ? `column ${viewColumn ?? "none"}` : "hidden";
}
