// The line above the drawing while a path is looked for: where it begins, its steps, and why there is none.
import type { GraphPath } from "#model/graphSearch";
import { numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import { iconButton, iconOf } from "#kit/ui";
import { lastPart } from "#model/scopedName";
import type { Actions } from "./actions";
import type { GraphState } from "./state";

/** Nothing while no path is wanted. */
export function pathLine({ pathSearch }: GraphState, actions: Actions): Content {
  if (!pathSearch) return nothing;
  const { from, to, answer } = pathSearch;
  return html`<div class="banner banner-info path-line" role="status">${iconOf("git-commit")}<span class="cut path-words">${to === undefined
    ? html`Path from <b>${from}</b>: choose the box where it ends (by keys: walk there, then P).`
    : !answer ? html`Looking for a path from <b>${from}</b> to <b>${to}</b>…` : found(answer, actions, { from, to })}</span><span class="grow"></span>
    ${iconButton({ icon: "close", label: "Close the path", name: "closePath", onClick: () => actions.seekPath(undefined) })}</div>`;
}

function found(answer: GraphPath, actions: Actions, { from, to }: { readonly from: string; readonly to: string }): Content {
  if (!answer.found) return html`<span title="${from} to ${to}">${answer.why}</span>`;
  const { steps, reversed, control } = answer;
  return html`<b>${reversed ? to : from}</b> to <b>${reversed ? from : to}</b>, ${numbers.counted(steps.length, "operation", "operations")}${reversed ? ", against the order chosen" : ""}${control ? ", over edges of control" : ""}:
    ${steps.map(({ name, by, shape }, index) => html`${index > 0 ? html`<span class="secondary" title=${shape ?? ""}>${by === "control" ? " ⇢ " : by === "queue" ? " ⇉ " : " → "}</span>` : nothing}<button
      type="button" class="link" title=${name} @click=${() => actions.reveal(name)}>${lastPart(name).replace(/^\((.*)\)$/, "$1")}</button>`)}`;
}
