// Work on many bytes: when it takes longer than a moment, a notification says how far it is and offers to cancel it.
import * as vscode from "vscode";
import type { RestoreWatch } from "#host/checkpoints/watched";
import { bytes } from "./words";

/** What is over sooner needs no notification. */
const patienceMs = 1000;

/** Has the work done. It can be cancelled in the notification, and by who waits for it already. */
export async function inNotification<T>(title: string, { signal, progressed }: RestoreWatch, work: (watch: RestoreWatch) => Promise<T>): Promise<T> {
  const cancelled = new AbortController();
  let tell: RestoreWatch["progressed"];
  const working = work({
    signal: signal ? AbortSignal.any([signal, cancelled.signal]) : cancelled.signal,
    progressed: (done, total) => {
      progressed?.(done, total);
      tell?.(done, total);
    },
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<"long">((resolve) => (timer = setTimeout(resolve, patienceMs, "long")));
  const first = await Promise.race([working.then(over, over), patience]);
  clearTimeout(timer);
  if (first === "over") return working;
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const waiting = token.onCancellationRequested(() => cancelled.abort());
    let shown = 0;
    tell = (done, total) => {
      const share = total > 0 ? (100 * done) / total : 0;
      progress.report({ message: `${bytes(done)} of ${bytes(total)}`, increment: share - shown });
      shown = share;
    };
    return working.finally(() => waiting.dispose());
  });
}

function over(): "over" {
  return "over";
}
