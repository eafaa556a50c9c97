// A long look into values, drawn: how far it is, and a way to end it.
import { numbers } from "#kit/numbers";
import { html, styled, type Content } from "#kit/template";
import { link } from "#kit/ui";
import type { Actions } from "./actions";
import { taskWords, type Task } from "./taskWords";

/** A line of 2 px, how much of how much, and Cancel. */
export function taskLine(task: Task, actions: Pick<Actions, "cancelTask">): Content {
  return html`<div class="task">${progressLine(task)}
    <span class="secondary">${taskWords(task, numbers)}</span>${link({ label: "Cancel", name: "cancelTask", onClick: () => actions.cancelTask(task.id) })}</div>`;
}

/** The line alone; it lies along the upper edge of what holds it. */
export function progressLine({ doing, doneBytes, totalBytes }: Task): Content {
  const share = totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : 0;
  return html`<div class="task-line" role="progressbar" aria-label=${doing} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(share * 100)}
      ${styled({ "--filled": `${share * 100}%` })}></div>`;
}
