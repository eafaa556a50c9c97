// Above and below the drawing: breadcrumb and search, and the kinds that are drawn now.
import { openMenu, type MenuItem } from "#kit/menu";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, svg, type Content } from "#kit/template";
import { iconButton, iconOf, link, textField } from "#kit/ui";
import { lastPart, pathTo } from "#model/scopedName";
import type { Actions } from "./actions";
import { brokenLegend, timeLegend } from "./alive";
import type { Drawing } from "#analysis/diagram/drawing";
import { crowdedLevel } from "#analysis/diagram/crowded";
import { changeFilters, changeLegend } from "./changesPanel";
import type { GraphState } from "./state";

/** Above the list of a level that would be no picture: why it is a list, and the way to draw it all the same. */
export function crowdedNote(state: GraphState, actions: Actions): Content {
  const crowded = state.asTree ? undefined : crowdedLevel(state);
  const left = [...state.levels.values()].reduce((sum, level) => sum + (level.left ?? 0), 0);
  if (!crowded && left === 0) return nothing;
  return html`<p class="crowded-note secondary" role="status">${crowded
    ? html`${crowded.scope === "" ? "The graph" : crowded.scope} has ${numbers.count(crowded.boxes)} boxes on one level: a list reads better than a picture. ${link({ label: "Draw Anyway", name: "draw-anyway", onClick: () => actions.drawAnyway(crowded.scope) })}`
    : nothing} ${left > 0 ? `${numbers.count(left)} boxes more are not in the list; the search finds them.` : nothing}</p>`;
}

/** Of a longer way to the selection, scopes that are named at its beginning and at its end. */
const mostCrumbs = { first: 2, last: 4 };

/** Path of the selection, search, and what changes the picture. */
export function toolbar(state: GraphState, actions: Actions, { narrow, fit, toDrawing }: { narrow: boolean; fit: () => void; toDrawing: () => void }): Content {
  const { search, title, selected, asTree, asideOpen, cardOpen } = state;
  const path = selected === undefined ? [] : pathTo(selected);
  const between = path.slice(mostCrumbs.first, -mostCrumbs.last);
  return html`<div class="toolbar" role="toolbar" aria-label="Graph">
    ${narrow ? nothing : html`<nav class="breadcrumb" aria-label="Scope"><span class="cut">${link({ label: state.comparing ? `${state.comparing.before} → ${state.comparing.after}` : title, onClick: () => actions.select(undefined) })}</span>
      ${path.map((name, index) => between.includes(name) ? (name === between[0] ? html`${iconOf("chevron-right")}<span title=${numbers.counted(between.length, "scope", "scopes")}>…</span>` : nothing) : html`${iconOf("chevron-right")}<span class="cut">${index === path.length - 1
        ? html`<b>${lastPart(name)}</b>` : link({ label: lastPart(name), onClick: () => actions.reveal(name) })}</span>`)}</nav><span class="grow"></span>`}
    <div class="search-box">${textField({
      label: "Find by name, type or shape", placeholder: "Find name, type or shape", value: search, icon: "search", className: "search", name: "search",
      onInput: (text) => actions.search(text),
      onKey: (event) => searchKey(event, { actions, toDrawing }),
    })}${results(state, actions)}</div>
    ${changeFilters(state, actions)}
    ${narrow ? nothing : html`
      ${asTree || !state.life?.running ? nothing : iconButton({ icon: "watch", label: "Colour by time", pressed: state.byTime, name: "by-time", onClick: () => actions.colourByTime(!state.byTime) })}
      ${state.oddities.length === 0 ? nothing : html`<span class="odd-place" @keydown=${(event: KeyboardEvent) => oddKey(event, actions)}>${iconButton({ icon: "warning", label: `${numbers.counted(state.oddities.length, "thing is", "things are")} odd about this graph`, pressed: state.odditiesOpen, name: "odd", onClick: () => actions.panel("oddities", !state.odditiesOpen) })}
        ${state.odditiesOpen ? oddList(state, actions) : nothing}</span>`}
      ${asTree ? nothing : html`${iconButton({ icon: "screen-full", label: "Fit (F)", name: "fit", onClick: fit })}
        ${iconButton({ icon: "export", label: "Save the drawing…", name: "export", onClick: (event) => openMenu(event.currentTarget as HTMLElement, "Save the drawing", saveItems(actions)) })}`}
      ${iconButton({ icon: asTree ? "type-hierarchy" : "list-tree", label: asTree ? "Show as drawing" : "Show as tree (T)", name: "tree", onClick: () => actions.panel("tree", !asTree) })}
      ${iconButton({ icon: "layout-sidebar-right", label: "Aside column", pressed: asideOpen, name: "aside", onClick: () => actions.panel("aside", !asideOpen) })}
      ${iconButton({ icon: "info", label: "Facts", pressed: cardOpen, name: "card", onClick: () => actions.panel("card", !cardOpen) })}`}
  </div>`;
}

function searchKey(event: KeyboardEvent, { actions, toDrawing }: { readonly actions: Actions; readonly toDrawing: () => void }): void {
  const list = (event.currentTarget as HTMLElement).parentElement?.querySelector<HTMLElement>(".result");
  if (event.key === "Enter") void actions.revealFirst().then((shown) => shown && toDrawing());
  else if (event.key === "Escape") actions.search("");
  else if (event.key === "ArrowDown" && list) list.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// Up and Down walk the list; above its first row is the field.
function resultKey(event: KeyboardEvent, actions: Actions): void {
  const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("button")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const field = (event.currentTarget as HTMLElement).parentElement?.querySelector<HTMLElement>(".search");
  if (event.key === "ArrowDown") rows[Math.min(rows.length - 1, at + 1)]?.focus();
  else if (event.key === "ArrowUp") (at > 0 ? rows[at - 1] : field)?.focus();
  else if (event.key === "Escape") {
    actions.search("");
    field?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function results({ search, found }: GraphState, actions: Actions): Content {
  if (search.trim() === "") return nothing;
  if (!found) return html`<div class="results"><p class="secondary results-count" role="status">Searching…</p></div>`;
  const { total, matches, problem } = found;
  if (problem !== undefined) {
    return html`<div class="results"><p class="secondary results-count" role="status">${problem} ${link({ label: "Search Again", name: "searchAgain", onClick: () => actions.search(search) })}</p></div>`;
  }
  return html`<div class="results" role="region" aria-label="Matches" @keydown=${(event: KeyboardEvent) => resultKey(event, actions)}>
    <p class="secondary results-count" role="status">${numbers.counted(total, "match", "matches")}</p>
    ${repeat(matches, ({ name }) => name, ({ name, kind, op, shape, device, ops }) => html`<button type="button" class="result" title=${[name, op, shape, device].filter(Boolean).join("\n")} @click=${() => actions.reveal(name)}>
      <span class="cut result-name"><bdi>${name}</bdi></span><span class="secondary">${op ?? (kind === "scope" || kind === "variables" ? numbers.counted(ops, "op", "ops") : kind)}</span></button>`)}
    ${matches.length < total ? html`<button type="button" class="result" data-action="findMore" @click=${() => actions.findMore()}><span class="link">${numbers.count(total - matches.length)} more…</span></button>` : nothing}</div>`;
}

function saveItems(actions: Actions): readonly MenuItem[] {
  return [
    { label: "Save as SVG…", name: "save-svg", run: () => actions.save("svg") },
    { label: "Save as PNG…", name: "save-png", run: () => actions.save("png") },
    { label: "Save as DOT…", name: "save-dot", run: () => actions.save("dot") },
  ];
}

function oddKey(event: KeyboardEvent, actions: Actions): void {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  actions.panel("oddities", false);
}

/** What is odd about the graph, with ways there. */
function oddList({ oddities }: GraphState, actions: Actions): Content {
  return html`<div class="results odd-list" role="region" aria-label="What is odd about this graph">${oddities.map(({ text, names }) => html`<div class="odd">${iconOf("warning")}<div><p>${text}</p>
    ${names.map((name) => html`<p class="card-row"><button type="button" class="link cut" title=${name} @click=${() => {
      actions.panel("oddities", false);
      actions.reveal(name);
    }}>${name}</button></p>`)}</div></div>`)}</div>`;
}

/** The kinds drawn now; at the right the edge under the pointer. */
export function statusLine(state: GraphState, drawing: Drawing | undefined, problem = state.problem): Content {
  const hovered = drawing?.edges.find(({ key }) => key === state.hoveredEdge);
  const words = hovered?.words ?? state.said ?? problem ?? "";
  if (state.byTime && !state.comparing) return html`<footer class="status">${timeLegend(state)}</footer>`;
  return html`<footer class="status"><span class="legend">${state.comparing ? changeLegend(state.comparing, state.changes) : kindLegend(drawing)}${brokenLegend(state)}</span><span class="cut status-words" role="status" title=${words}>${words}</span></footer>`;
}

function kindLegend(drawing: Drawing | undefined): Content {
  const kinds = new Set(drawing?.boxes.map(({ box }) => box.node.kind));
  const forms = new Set(drawing?.boxes.map(({ box }) => box.form));
  const edges = new Set(drawing?.edges.map(({ kind }) => kind));
  const item = (sample: Content, word: string): Content => html`<span class="legend-item"><svg class="sample" viewBox="0 0 20 12" aria-hidden="true">${sample}</svg>${word}</span>`;
  return html`
    ${kinds.has("scope") ? item(svg`<rect class="sample-box" x="0.5" y="0.5" width="17" height="11" rx="3"></rect>`, "scope") : nothing}
    ${forms.has("series") ? item(svg`<path class="sample-box" d="M6.5 3.5V0.5H19.5V8.5H16.5"></path><rect class="sample-box" x="0.5" y="3.5" width="15" height="8" rx="2"></rect>`, "series of alike scopes") : nothing}
    ${kinds.has("operation") ? item(svg`<rect class="sample-box" x="0.5" y="0.5" width="17" height="11" rx="5.5"></rect>`, "operation") : nothing}
    ${kinds.has("variables") || kinds.has("variable") ? item(svg`<path class="sample-variables" d="M0.5 0.5H17.5V11.5H0.5ZM3.5 0.5V11.5M14.5 0.5V11.5"></path>`, "variables") : nothing}
    ${kinds.has("group") ? item(svg`<rect class="sample-bar" y="4" width="18" height="4"></rect>`, "group") : nothing}
    ${edges.has("tensors") ? item(svg`<path class="sample-edge" d="M0 6H13"></path><path class="sample-arrow" d="M13 2.5L19 6L13 9.5Z"></path>`, "tensors, wider = more") : nothing}
    ${edges.has("variables") ? item(svg`<path class="sample-variables" d="M5 6H13M0.5 3.5H5V8.5H0.5Z"></path><path class="sample-reads" d="M13 2.5L19 6L13 9.5Z"></path>`, "reads variables") : nothing}
    ${edges.has("control") ? item(svg`<path class="sample-edge dashed" d="M0 6H13"></path><path class="sample-arrow" d="M13 2.5L19 6L13 9.5Z"></path>`, "runs after") : nothing}
    ${drawing?.boxes.some(({ box }) => box.node.alike !== undefined) ? html`<span class="legend-item"><span class="letter" aria-hidden="true">A</span>same structure</span>` : nothing}`;
}
