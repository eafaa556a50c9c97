// Two graphs in one drawing: the list of what differs, the values of the selected one side by side, and which kinds are shown.
import { changeSigns } from "#analysis/diagram/boxes";
import type { LevelNode } from "#model/graph";
import type { Change, GraphChange } from "#model/graphChanges";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, type Content } from "#kit/template";
import { lastPart } from "#model/scopedName";
import type { Actions } from "./actions";
import type { GraphState } from "./state";

const filters = [["added", "only in the later graph"], ["removed", "only in the earlier graph"], ["changed", "in both, with a difference"], ["renamed", "in both, under another name"]] as const;

/** Buttons that show and hide kinds of changes; nothing where one graph is drawn. */
export function changeFilters({ comparing, changes, hiddenChanges }: GraphState, actions: Actions): Content {
  if (!comparing || !changes) return nothing;
  return html`<span class="change-filters" role="group" aria-label="Changes shown">${filters.map(([kind, words]) => {
    const count = changes.changes.filter((change) => change.kind === kind).length;
    const shown = !hiddenChanges.has(kind);
    // Other names are rare: their button would mostly say 0.
    if (kind === "renamed" && count === 0) return nothing;
    return html`<button type="button" class="change-filter change-${kind}" aria-pressed=${String(shown)} data-action="filter-${kind}" title="${numbers.counted(count, "box", "boxes")} ${words}: ${shown ? "shown" : "hidden"}"
      @click=${() => actions.showChanges(kind, !shown)}><span class="change-sign">${changeSigns[kind]}</span> ${numbers.count(count)}</button>`;
  })}</span>`;
}

/** The list, at the head of the card. */
export function changesList(state: GraphState, actions: Actions): Content {
  const { comparing, changes, hiddenChanges, selected } = state;
  if (!comparing || !changes) return nothing;
  const shown = changes.changes.filter(({ kind }) => !hiddenChanges.has(kind));
  const { added, removed, changed, same } = changes.operations;
  return html`<section class="card-section changes"><h2 class="capitals card-row">Changes<span class="grow"></span><span class="secondary plain cut">${comparing.before} → ${comparing.after}</span></h2>
    <p class="secondary">${numbers.count(added)} operations added, ${numbers.count(removed)} removed, ${numbers.count(changed)} changed, ${numbers.count(same)} the same.</p>
    ${changes.changes.length === 0 ? html`<p>The two graphs are equal.</p>` : nothing}
    ${repeat(shown, ({ name }) => name, ({ kind, name, was, words }) => html`<button type="button" class="change-row change-${kind} ${name === selected ? "selected" : ""}" aria-current=${String(name === selected)} title=${was === undefined ? name : `${was} → ${name}`} @click=${() => actions.reveal(name)}>
      <span class="change-sign" title=${kind}>${changeSigns[kind]}</span><span class="cut">${was === undefined || kind === "renamed" ? name : `${was} → ${name}`}</span><span class="grow"></span><span class="secondary">${words}</span></button>`)}
    ${differences(changes.changes.find(({ name }) => name === selected), comparing)}</section>`;
}

function differences(change: GraphChange | undefined, { before, after }: { readonly before: string; readonly after: string }): Content {
  if (!change || change.rows.length === 0) return nothing;
  return html`<table class="ranges change-table"><thead><tr><th>${lastPart(change.name)}</th><th title=${before}>${before}</th><th title=${after}>${after}</th></tr></thead><tbody>
    ${change.rows.map(([what, one, other]) => html`<tr><td class="cut" title=${what}>${what}</td><td title=${one}>${one || "–"}</td><td title=${other}>${other || "–"}</td></tr>`)}</tbody></table>
    ${change.more > 0 ? html`<p class="secondary">and ${numbers.counted(change.more, "more difference", "more differences")}</p>` : nothing}`;
}

/** Below the drawing, while two graphs are in it. */
export function changeLegend({ before, after }: { readonly before: string; readonly after: string }, changes: GraphState["changes"]): Content {
  const item = (kind: Change, words: string): Content => html`<span class="legend-item change-${kind}"><span class="change-sign">${changeSigns[kind]}</span>${words}</span>`;
  return html`${item("added", `only in ${after}`)}${item("removed", `only in ${before}, dashed`)}${item("changed", "in both, changed inside")}${changes?.changes.some(({ kind }) => kind === "renamed") ? item("renamed", "in both, other name") : nothing}<span class="legend-item">no mark: equal</span>`;
}

/** What happened to a box between two graphs, as before the names of the drawing. */
export function changeMark({ change }: LevelNode): Content {
  return change === undefined ? nothing : html`<span class="change-sign change-${change}" title=${change}>${changeSigns[change]}</span> `;
}
