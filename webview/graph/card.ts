// The facts of the selection, beside the drawing.
import { shortAmount } from "#analysis/diagram/boxes";
import { opens } from "#analysis/diagram/view";
import type { LevelNode, NodeFacts, NodeLink } from "#model/graph";
import { numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import { iconButton, iconOf, link } from "#kit/ui";
import { lastPart } from "#model/scopedName";
import type { Actions } from "./actions";
import { brokenSection } from "./alive";
import { changesList } from "./changesPanel";
import { boxLink, linkWords, sourceLink } from "./links";
import { nodeOf, type GraphState } from "./state";
import { tiesSection, variablesSection } from "./tiedSections";

/** Links beyond so many wait behind a word. */
const mostLinks = 12;

/** Facts of the selection; nothing while nothing is selected. */
export function card(state: GraphState, actions: Actions): Content {
  const { selected, facts, cardOpen } = state;
  const found = state.life?.nonFinite?.found;
  if (!cardOpen) return nothing;
  if (selected === undefined) return state.changes ? html`<aside class="card" aria-label="Changes">${changesList(state, actions)}</aside>` : nothing;
  const node = nodeOf(state, selected);
  const label = lastPart(selected);
  return html`<aside class="card" aria-label="Facts of ${selected}">${changesList(state, actions)}
    <header>${found?.node === selected ? iconOf("error") : nothing}<h2 title=${selected}>${label}</h2>${iconButton({ icon: "close", label: "Close", onClick: () => actions.select(undefined) })}</header>
    <p class="secondary card-path" title=${selected}>${selected === label ? kindWords(facts, node) : selected}</p>
    <p class="card-links">${facts?.source ? sourceLink(facts.source, actions) : nothing}
      ${node && opens(node) ? link({
        label: state.expanded.has(selected) ? "Collapse" : "Expand", name: "expand", onClick: () => actions.expand(selected, !state.expanded.has(selected)),
      }) : nothing}
      ${link({ label: state.pathSearch && state.pathSearch.to === undefined ? "Choose the end…" : "Path from here", name: "path", title: "Then choose another box (P)", onClick: () => actions.seekPath(selected) })}
      ${node ? asideLink(node, state, actions) : nothing}${restingLink(selected, state, actions)}</p>
    ${found?.node === selected ? brokenSection(found, state, actions) : nothing}
    ${facts ? factSections(facts, actions) : html`<p class="secondary card-section">${state.factsProblem ?? "reading…"}</p>`}
    ${relations(node, actions)}${variablesSection(state, actions)}${tiesSection(state, actions)}</aside>`;
}

function kindWords(facts: NodeFacts | undefined, node: LevelNode | undefined): string {
  const kind = facts?.kind ?? node?.kind;
  if (kind === "scope") return "Name scope";
  if (kind === "variables") return "Scope of variables";
  return facts?.op ?? node?.op ?? kind ?? "";
}

/** Into the aside column or out of it; a box within another one stays where it is. */
function asideLink({ name, aside }: LevelNode, { broughtIn, sentAside }: GraphState, actions: Actions): Content {
  if (name.includes("/")) return nothing;
  const away = sentAside.has(name) || (aside !== undefined && !broughtIn.has(name));
  return link({ label: away ? "Bring In" : "Put Aside", name: "putAside", onClick: () => actions.aside([name], !away) });
}

/** What of an open scope does not run in each step comes into the drawing, or goes out of it. */
function restingLink(name: string, { levels, expanded, broughtIn }: GraphState, actions: Actions): Content {
  const resting = (levels.get(name)?.nodes ?? []).filter(({ aside, inReader }) => aside !== undefined && !inReader);
  if (!expanded.has(name) || resting.length === 0) return nothing;
  return link({ label: resting.some((node) => broughtIn.has(node.name)) ? "Hide What Rests" : "Show What Rests", name: "bringAside", onClick: () => actions.bringAside(name) });
}

function factSections(facts: NodeFacts, actions: Actions): Content {
  const { inputs, outputs, controlInputs } = facts;
  return html`<section class="card-section"><h3 class="capitals">${isSingle(facts) ? "Operation" : "Operations"}</h3>
      <dl>${factRows(facts).map(([name, value]) => html`<dt title=${name}>${name}</dt><dd title=${value}>${value}</dd>`)}</dl></section>
    ${links("Inputs", inputs, actions)}${links("Outputs", outputs, actions)}${links("Waits for", controlInputs, actions)}`;
}

function isSingle({ kind }: NodeFacts): boolean {
  return kind === "operation" || kind === "constant" || kind === "variable" || kind === "group";
}

/** Names and values of a box's own facts. */
export function factRows(facts: NodeFacts): readonly (readonly [string, string])[] {
  const { op, ops, variables, parameters, device, attrs } = facts;
  const single = isSingle(facts);
  return [
    ...(single && op ? [["Type", op] as const] : []), ...(single ? [] : [["Operations", numbers.count(ops)] as const]),
    ...(variables > 0 && !single ? [["Variables", numbers.count(variables)] as const] : []),
    ...(parameters > 0 ? [["Parameters", parameters < 1e5 ? numbers.count(parameters) : `${numbers.count(parameters)} (${shortAmount(parameters)})`] as const] : []),
    ...(device ? [["Device", device] as const] : []), ...attrs,
  ];
}

function relations(node: LevelNode | undefined, actions: Actions): Content {
  if (!node || node.reads.length + node.updates.length === 0) return nothing;
  const named = (title: string, names: readonly string[]): Content => (names.length === 0 ? nothing : html`<h3 class="capitals">${title}</h3>${names.map((name) => html`<p class="card-row">${boxLink(name, actions)}</p>`)}`);
  return html`<section class="card-section">${named("Reads variables of", node.reads)}${named("Updates variables of", node.updates)}</section>`;
}

function links(title: string, all: readonly NodeLink[], actions: Actions): Content {
  if (all.length === 0) return nothing;
  const row = (one: NodeLink): Content => html`<p class="card-row">${boxLink(one.name, actions)}<span class="grow"></span><span class="shape-words">${linkWords(one)}</span></p>`;
  return html`<section class="card-section"><h3 class="capitals">${title}</h3>${all.slice(0, mostLinks).map(row)}
    ${all.length > mostLinks ? html`<details class="card-more"><summary>and ${numbers.count(all.length - mostLinks)} more</summary>${all.slice(mostLinks).map(row)}</details>` : nothing}</section>`;
}
