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
  /** Tells the page something that a living page answers with an ask. Where there is nothing to tell, it is loaded anew when it moved. */
  nudge?(): void;
}

/**
 * Fills a panel's page again when it says nothing after it was made, shown or moved. In a browser, VS Code serves the files
 * of all pages through one service worker; a page that begins while another takes the worker over is served nothing.
 * The same may happen to a page that has just spoken: VS Code loads it again. So the first word is believed when one more follows.
 */
export function refillWhenSilent({ panel, pipe, fill, nudge }: WatchedPage): Disposable {
  const life = new Lifetime();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let place = placeOf(panel);
  /** Which word of the page is waited for. */
  let waiting: "first" | "second" | undefined;
  const disarm = (): void => {
    clearTimeout(timer);
    waiting = undefined;
  };
  const arm = (tries: number, word: "first" | "second"): void => {
    disarm();
    if (tries >= maxTries) return;
    waiting = word;
    timer = setTimeout(() => {
      if (!panel.visible) return;
      fill();
      arm(tries + 1, "first");
    }, firstWaitMs * 2 ** tries);
  };
  const heard = (): void => {
    if (waiting === undefined) return;
    const first = waiting === "first";
    disarm();
    if (!first || !nudge) return;
    timer = setTimeout(() => {
      if (!panel.visible) return;
      arm(0, "second");
      nudge();
    }, firstWaitMs);
  };
  life.own(pipe.onMessage(heard));
  life.own(
    panel.onDidChangeViewState(() => {
      const now = placeOf(panel);
      if (now === place) return;
      place = now;
      if (!panel.visible) return;
      arm(0, "first");
      (nudge ?? fill)();
    }),
  );
  life.onEnd(disarm);
  arm(0, "first");
  return life;
}

/** A page may be made anew when its panel is shown, and when it moves between columns. */
function placeOf({ visible, viewColumn }: WatchedPage["panel"]): string {
  return visible ? `column ${viewColumn ?? "none"}` : "hidden";
}
