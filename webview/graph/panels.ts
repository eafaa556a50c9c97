// Above and below the drawing: breadcrumb and search, and the kinds that are drawn now.
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, svg, type Content } from "#kit/template";
import { iconButton, iconOf, link, textField } from "#kit/ui";
import type { Actions } from "./actions";
import { timeLegend } from "./alive";
import type { Drawing } from "#analysis/diagram/drawing";
import { opens, parentsOf } from "#analysis/diagram/view";
import { findNodes, type GraphState } from "./state";

/** Search results beyond this many are counted, not listed. */
const mostFound = 60;

/** Path of the selection, search, and what changes the picture. */
export function toolbar(state: GraphState, actions: Actions, { narrow, fit }: { narrow: boolean; fit: () => void }): Content {
  const { search, title, selected, asTree, asideOpen, cardOpen } = state;
  const path = selected === undefined ? [] : [...parentsOf(selected), selected];
  return html`<div class="toolbar" role="toolbar" aria-label="Graph">
    ${narrow ? nothing : html`<nav class="breadcrumb" aria-label="Scope"><span class="cut">${link({ label: title, onClick: () => actions.select(undefined) })}</span>
      ${path.map((name, index) => html`${iconOf("chevron-right")}<span class="cut">${index === path.length - 1
        ? html`<b>${name.split("/").at(-1)}</b>` : link({ label: name.split("/").at(-1), onClick: () => actions.reveal(name) })}</span>`)}</nav><span class="grow"></span>`}
    <div class="search-box">${textField({
      label: "Find by name, type or shape", placeholder: "Find name, type or shape", value: search, icon: "search", className: "search", name: "search",
      onInput: (text) => {
        actions.index();
        actions.search(text);
      },
      onKey: (event) => searchKey(event, state, actions),
    })}${results(state, actions)}</div>
    ${narrow ? nothing : html`
      ${asTree || !state.life?.running ? nothing : iconButton({ icon: "watch", label: "Colour by time", pressed: state.byTime, name: "by-time", onClick: () => actions.colourByTime(!state.byTime) })}
      ${asTree ? nothing : iconButton({ icon: "screen-full", label: "Fit (F)", name: "fit", onClick: fit })}
      ${iconButton({ icon: asTree ? "type-hierarchy" : "list-tree", label: asTree ? "Show as drawing" : "Show as tree (T)", name: "tree", onClick: () => actions.panel("tree", !asTree) })}
      ${iconButton({ icon: "layout-sidebar-right", label: "Aside column", pressed: asideOpen, name: "aside", onClick: () => actions.panel("aside", !asideOpen) })}
      ${iconButton({ icon: "info", label: "Facts", pressed: cardOpen, name: "card", onClick: () => actions.panel("card", !cardOpen) })}`}
  </div>`;
}

function searchKey(event: KeyboardEvent, state: GraphState, actions: Actions): void {
  const first = findNodes(state)[0];
  if (event.key === "Enter" && first) actions.reveal(first.name);
  else if (event.key === "Escape") actions.search("");
  else return;
  event.stopPropagation();
}

function results(state: GraphState, actions: Actions): Content {
  if (state.search.trim() === "") return nothing;
  const found = findNodes(state);
  const count = numbers.counted(found.length, "match", "matches");
  return html`<div class="results" role="listbox" aria-label="Matches"><p class="secondary results-count" role="status">${count}${state.indexed ? "" : ", still reading…"}</p>
    ${repeat(found.slice(0, mostFound), ({ name }) => name, (node) => html`<button type="button" class="result" role="option" aria-selected="false" @click=${() => actions.reveal(node.name)}>
      <span class="cut" title=${node.name}>${node.name}</span><span class="secondary">${node.op ?? (opens(node) ? numbers.counted(node.ops, "op", "ops") : node.kind)}</span></button>`)}
    ${found.length > mostFound ? html`<p class="secondary results-count">… ${numbers.count(found.length - mostFound)} more</p>` : nothing}</div>`;
}

/** The kinds drawn now; at the right the edge under the pointer. */
export function statusLine(state: GraphState, drawing: Drawing | undefined): Content {
  const kinds = new Set(drawing?.boxes.map(({ box }) => box.node.kind));
  const edges = new Set(drawing?.edges.map(({ kind }) => kind));
  const hovered = drawing?.edges.find(({ key }) => key === state.hoveredEdge);
  const item = (sample: Content, word: string): Content => html`<span class="legend-item"><svg class="sample" viewBox="0 0 20 12" aria-hidden="true">${sample}</svg>${word}</span>`;
  if (state.byTime) return html`<footer class="status">${timeLegend(state)}</footer>`;
  return html`<footer class="status">
    ${kinds.has("scope") ? item(svg`<rect class="sample-box" x="0.5" y="0.5" width="17" height="11" rx="3"></rect>`, "scope") : nothing}
    ${kinds.has("operation") ? item(svg`<rect class="sample-box" x="0.5" y="0.5" width="17" height="11" rx="5.5"></rect>`, "operation") : nothing}
    ${kinds.has("variables") || kinds.has("variable") ? item(svg`<path class="sample-variables" d="M0.5 0.5H17.5V11.5H0.5ZM3.5 0.5V11.5M14.5 0.5V11.5"></path>`, "variables") : nothing}
    ${kinds.has("group") ? item(svg`<rect class="sample-bar" y="4" width="18" height="4"></rect>`, "group") : nothing}
    ${edges.has("tensors") ? item(svg`<path class="sample-edge" d="M0 6H13"></path><path class="sample-arrow" d="M13 2.5L19 6L13 9.5Z"></path>`, "tensors, wider = more") : nothing}
    ${edges.has("variables") ? item(svg`<path class="sample-variables" d="M5 6H13M0.5 3.5H5V8.5H0.5Z"></path><path class="sample-reads" d="M13 2.5L19 6L13 9.5Z"></path>`, "reads variables") : nothing}
    ${edges.has("control") ? item(svg`<path class="sample-edge dashed" d="M0 6H13"></path><path class="sample-arrow" d="M13 2.5L19 6L13 9.5Z"></path>`, "runs after") : nothing}
    <span class="grow"></span><span class="cut" role="status" title=${hovered?.words ?? ""}>${hovered?.words ?? state.problem ?? ""}</span></footer>`;
}
