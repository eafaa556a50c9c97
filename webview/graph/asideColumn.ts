// The aside column: what does not run in each step, grouped by when it runs, and the minimap at its foot.
import { asideLinks } from "#analysis/diagram/drawing";
import { seriesLabel } from "#analysis/diagram/series";
import { opens } from "#analysis/diagram/view";
import type { LevelNode } from "#model/graph";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, type Content } from "#kit/template";
import { iconOf } from "#kit/ui";
import type { Actions } from "./actions";
import { changeMark } from "./changesPanel";
import { asideGroups, type GraphState } from "./state";

/** Draws the column; `minimap` is the canvas's own. */
export function asideColumn(state: GraphState, actions: Actions, minimap: Node): Content {
  const groups = asideGroups(state);
  if (!state.asideOpen || groups.length === 0) return nothing;
  const links = asideLinks(state.levels.get(""), state.selected);
  return html`<aside class="aside" aria-label="Aside: what does not run in each step"><div class="aside-list">
    <button type="button" class="capitals aside-title" title="Close" @click=${() => actions.panel("aside", false)}>Aside</button>
    ${groups.map(({ title, rows }) => html`<h2 class="secondary">${title}</h2>
      ${repeat(rows, ([first]) => first?.name, (nodes) => asideRow(nodes, { state, links, actions }))}`)}</div>${minimap}</aside>`;
}

interface Row {
  readonly state: GraphState;
  readonly links: ReadonlyMap<string, number>;
  readonly actions: Actions;
}

function asideRow(nodes: readonly LevelNode[], { state, links, actions }: Row): Content {
  const [first] = nodes;
  if (!first) return nothing;
  const names = nodes.map(({ name }) => name);
  const selected = state.selected !== undefined && names.includes(state.selected);
  const linked = names.some((name) => links.has(name));
  const tensors = names.reduce((sum, name) => sum + (links.get(name) ?? 0), 0);
  const label = nodes.length > 1 ? `${seriesLabel(nodes.map((node) => node.label))} ×${nodes.length}` : first.label;
  const bring = (): void => {
    actions.aside(names, false);
    if (nodes.length === 1 && opens(first)) actions.expand(first.name, true);
    actions.reveal(first.name);
  };
  return html`<div class="aside-row ${selected ? "selected" : ""} ${linked ? "linked" : ""}">
    <button type="button" class="chevron-button" aria-label="Bring ${label} into the drawing" title="Bring into the drawing" @click=${bring}>${iconOf("chevron-right")}</button>
    <button type="button" class="aside-name cut" title=${names.join(", ")} @click=${() => actions.select(first.name)}>${changeMark(first)}${label}</button>
    <span class=${linked ? "aside-links" : "secondary"}>${linked ? `← ${numbers.count(tensors)}` : numbers.count(nodes.reduce((sum, { ops }) => sum + ops, 0))}</span></div>`;
}
