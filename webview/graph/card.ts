// The facts of the selection, beside the drawing.
import { shortAmount } from "#analysis/diagram/boxes";
import { opens } from "#analysis/diagram/view";
import type { LevelNode, NodeFacts, NodeLink } from "#model/graph";
import { numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import { iconButton, iconOf, link } from "#kit/ui";
import type { Actions } from "./actions";
import { brokenSection } from "./alive";
import { nodeOf, type GraphState } from "./state";

/** Facts of the selection; nothing while nothing is selected. */
export function card(state: GraphState, actions: Actions): Content {
  const { selected, facts, cardOpen } = state;
  const found = state.life?.nonFinite?.found;
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
    ${found?.node === selected ? brokenSection(found, state, actions) : nothing}
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
