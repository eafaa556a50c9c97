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
export function taskLine(task: Task, actions: Pick<Actions, "cancelTask">): Content {
  return html`<div class="task">${progressLine(task)}
    <span class="secondary">${taskWords(task)}</span>${link({ label: "Cancel", name: "cancelTask", onClick: () => actions.cancelTask(task.id) })}</div>`;
}

/** The line alone; it lies along the upper edge of what holds it. */
export function progressLine({ doing, doneBytes, totalBytes }: Task): Content {
  const share = totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : 0;
  return html`<div class="task-line" role="progressbar" aria-label=${doing} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(share * 100)}
      ${styled({ "--filled": `${share * 100}%` })}></div>`;
}

export function taskWords({ doing, doneBytes, totalBytes }: Task): string {
  return totalBytes > 0 ? `${doing}: ${numbers.bytes(doneBytes)} of ${numbers.bytes(totalBytes)}` : `${doing}…`;
}

/** A restore that has read all goes on to its end: what it does then is not left half done. */
export function canCancel({ doneBytes, totalBytes }: Task): boolean {
  return totalBytes === 0 || doneBytes < totalBytes;
}
