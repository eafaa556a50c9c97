// A long look into values: how far it is, and a way to end it.
import { numbers } from "#kit/numbers";
import { html, styled, type Content } from "#kit/template";
import { link } from "#kit/ui";
import type { Actions } from "./actions";

/** One look at a time. */
export interface Task {
  readonly id: string;
  /** What is done, as a word: `Verifying`. */
  readonly doing: string;
  readonly doneBytes: number;
  /** 0 as long as it is not known. */
  readonly totalBytes: number;
}

/** A line of 2 px, how much of how much, and Cancel. */
export function taskLine({ id, doing, doneBytes, totalBytes }: Task, actions: Pick<Actions, "cancelTask">): Content {
  const share = totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : 0;
  const words = totalBytes > 0 ? `${doing}: ${numbers.bytes(doneBytes)} of ${numbers.bytes(totalBytes)}` : `${doing}…`;
  return html`<div class="task"><div class="task-line" role="progressbar" aria-label=${doing} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(share * 100)}
      ${styled({ "--filled": `${share * 100}%` })}></div>
    <span class="secondary">${words}</span>${link({ label: "Cancel", name: "cancelTask", onClick: () => actions.cancelTask(id) })}</div>`;
}
