// Beside the drawing: the breadcrumb and search above, what is aside, the facts of the selection, and the legend below.
import type { LevelNode, NodeFacts, NodeLink } from "#model/graph";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, svg, type Content } from "#kit/template";
import { iconButton, iconOf, link, textField } from "#kit/ui";
import type { Actions } from "./actions";
import { shortAmount } from "./boxes";
import { asideGroups, asideLinks, type Drawing } from "./drawing";
import { findNodes, nodeOf, opens, parentsOf, type GraphState } from "./state";

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

/** What does not run in each step, by when it runs. */
export function asideColumn(state: GraphState, actions: Actions): Content {
  const groups = asideGroups(state);
  if (!state.asideOpen || groups.length === 0) return nothing;
  const links = asideLinks(state);
  return html`<aside class="aside" aria-label="Aside: what does not run in each step">
    <button type="button" class="capitals aside-title" title="Close" @click=${() => actions.panel("aside", false)}>Aside</button>
    ${groups.map(({ title, nodes }) => html`<h3 class="secondary">${title}</h3>
      ${repeat(nodes, ({ name }) => name, (node) => asideRow(node, { selected: state.selected === node.name, links: links.get(node.name), actions }))}`)}</aside>`;
}

function asideRow(node: LevelNode, { selected, links, actions }: { selected: boolean; links: number | undefined; actions: Actions }): Content {
  return html`<div class="aside-row ${selected ? "selected" : ""} ${links === undefined ? "" : "linked"}">
    ${opens(node) ? html`<button type="button" class="chevron-button" aria-label="Open ${node.label} in the drawing" @click=${() => {
      actions.expand(node.name, true);
      actions.reveal(node.name);
    }}>${iconOf("chevron-right")}</button>` : html`<span class="chevron-button"></span>`}
    <button type="button" class="aside-name cut" title=${node.name} @click=${() => actions.select(node.name)}>${node.label}</button>
    <span class=${links === undefined ? "secondary" : "aside-links"}>${links === undefined ? numbers.count(node.ops) : `← ${numbers.count(links)}`}</span></div>`;
}

/** Facts of the selection; nothing while nothing is selected. */
export function card(state: GraphState, actions: Actions): Content {
  const { selected, facts, cardOpen } = state;
  if (!cardOpen || selected === undefined) return nothing;
  const node = nodeOf(state, selected);
  const label = selected.split("/").at(-1) ?? selected;
  return html`<aside class="card" aria-label="Facts of ${selected}">
    <header><h2 title=${selected}>${label}</h2>${iconButton({ icon: "close", label: "Close", onClick: () => actions.select(undefined) })}</header>
    <p class="secondary card-path">${selected === label ? kindWords(facts, node) : selected}</p>
    <p class="card-links">${facts?.source ? sourceLink(facts.source, actions) : nothing}
      ${node && opens(node) ? link({
        label: state.expanded.has(selected) ? "Collapse" : "Expand", name: "expand", onClick: () => actions.expand(selected, !state.expanded.has(selected)),
      }) : nothing}</p>
    ${facts ? factSections(facts, actions) : html`<p class="secondary card-section">reading…</p>`}</aside>`;
}

function kindWords(facts: NodeFacts | undefined, node: LevelNode | undefined): string {
  const kind = facts?.kind ?? node?.kind;
  if (kind === "scope") return "Name scope";
  if (kind === "variables") return "Scope of variables";
  return facts?.op ?? node?.op ?? kind ?? "";
}

function sourceLink(source: { readonly file: string; readonly line: number }, actions: Actions): Content {
  const name = source.file.split(/[\\/]/).at(-1) ?? source.file;
  return html`${iconOf("go-to-file")} ${link({ label: `${name}:${source.line}`, title: `${source.file}:${source.line}`, name: "source", onClick: () => actions.goToSource(source) })}`;
}

function factSections(facts: NodeFacts, actions: Actions): Content {
  const { kind, op, ops, variables, parameters, device, attrs, inputs, outputs, controlInputs } = facts;
  const single = kind === "operation" || kind === "constant" || kind === "variable" || kind === "group";
  const rows: readonly (readonly [string, string])[] = [
    ...(single && op ? [["Type", op] as const] : []), ...(single ? [] : [["Operations", numbers.count(ops)] as const]),
    ...(variables > 0 && !single ? [["Variables", numbers.count(variables)] as const] : []),
    ...(parameters > 0 ? [["Parameters", parameters < 1e5 ? numbers.count(parameters) : `${numbers.count(parameters)} (${shortAmount(parameters)})`] as const] : []),
    ...(device ? [["Device", device] as const] : []), ...attrs,
  ];
  return html`<section class="card-section"><h3 class="capitals">${single ? "Operation" : "Operations"}</h3>
      <dl>${rows.map(([name, value]) => html`<dt title=${name}>${name}</dt><dd title=${value}>${value}</dd>`)}</dl></section>
    ${links("Inputs", inputs, actions)}${links("Outputs", outputs, actions)}${links("Waits for", controlInputs, actions)}`;
}

function links(title: string, all: readonly NodeLink[], actions: Actions): Content {
  if (all.length === 0) return nothing;
  const shown = all.slice(0, 12);
  return html`<section class="card-section"><h3 class="capitals">${title}</h3>${shown.map(({ name, shape, tensors }) => html`<p class="card-row">
    <button type="button" class="link cut" title=${name} @click=${() => actions.reveal(name)}>${name}</button><span class="grow"></span>
    <span class="shape-words">${tensors > 1 ? numbers.counted(tensors, "tensor", "tensors") : (shape ?? "")}</span></p>`)}
    ${all.length > shown.length ? html`<p class="secondary">and ${numbers.count(all.length - shown.length)} more</p>` : nothing}</section>`;
}

/** The kinds drawn now; at the right the edge under the pointer. */
export function statusLine(state: GraphState, drawing: Drawing | undefined): Content {
  const kinds = new Set(drawing?.boxes.map(({ box }) => box.node.kind));
  const edges = new Set(drawing?.edges.map(({ kind }) => kind));
  const hovered = drawing?.edges.find(({ key }) => key === state.hoveredEdge);
  const item = (sample: Content, word: string): Content => html`<span class="legend-item"><svg class="sample" viewBox="0 0 20 12" aria-hidden="true">${sample}</svg>${word}</span>`;
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
