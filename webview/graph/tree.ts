// Draws the graph as a tree of rows, where there is little room or by choice.
import type { LevelNode, NodeLink } from "#model/graph";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, styled, svg, type Content } from "#kit/template";
import { iconOf, link } from "#kit/ui";
import type { Actions } from "./actions";
import { boxBadge } from "#analysis/diagram/badge";
import { boxWords, factWords } from "#analysis/diagram/boxes";
import { hueOf } from "#analysis/diagram/shapes";
import { opens } from "#analysis/diagram/view";
import { factRows } from "./card";
import { timeWords } from "./alive";
import { changeMark } from "./changesPanel";
import { boxLink, linkWords, sourceLink } from "./links";
import { overlayOf, type Overlay } from "./overlay";
import type { GraphState } from "./state";
import { treeSections, treeStep, type TreeRow } from "./treeRows";

/** Links of one kind, and facts, beyond so many are only counted here. */
const mostLinks = 4;
const mostFacts = 6;

/** Draws the tree. */
export function treeView(state: GraphState, actions: Actions): Content {
  const sections = treeSections(state);
  const overlay = overlayOf(state);
  const rows = sections.flatMap((section) => section.rows);
  const key = (event: KeyboardEvent): void => {
    if (!["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "Enter"].includes(event.key)) return;
    event.preventDefault();
    const { select, expand } = treeStep(rows, state.selected, event.key);
    if (expand) actions.expand(expand.name, expand.open);
    if (select === undefined) return;
    actions.walkTo(select);
    const tree = event.currentTarget as HTMLElement;
    tree.querySelector<HTMLElement>(`[data-name="${CSS.escape(select)}"]`)?.scrollIntoView({ block: "nearest" });
  };
  return html`<div class="tree" role="tree" tabindex="0" aria-label="Graph of ${state.title}" @keydown=${key}>
    ${sections.map(({ title, rows: own, count }) => html`<div role="group" aria-label="${title}, ${numbers.count(count)}"><div class="tree-section capitals" aria-hidden="true"><span>${title}</span><span class="grow"></span><span>${numbers.count(count)}</span></div>
      ${repeat(own, ({ node }) => node.name, (row) => treeRow(row, state, { actions, overlay }))}</div>`)}</div>`;
}

function treeRow({ node, depth, open }: TreeRow, state: GraphState, { actions, overlay }: { readonly actions: Actions; readonly overlay: Overlay }): Content {
  const selected = node.name === state.selected;
  const [time, broken] = [overlay.times?.get(node.name), overlay.broken.get(node.name)];
  const badge = node.kind === "scope" ? boxBadge(node, state.badges) : undefined;
  const [first, ...more] = [badge?.text, time ? timeWords(time) : factWords(node, numbers)].filter(Boolean).join(" · ").split(" · ");
  const indent = styled({ "padding-inline-start": `${depth * 16 + 4}px` });
  return html`<div class="tree-row ${selected ? "selected" : ""}" role="treeitem" aria-level=${depth + 1} aria-expanded=${opens(node) ? String(open) : nothing} aria-selected=${String(selected)}
      aria-description=${boxWords(node, { open, numbers })} data-name=${node.name} ${indent} @click=${() => actions.select(node.name)} @dblclick=${() => opens(node) && actions.expand(node.name, !open)}>
    <span class="tree-chevron" @click=${(event: Event) => {
      if (!opens(node)) return;
      event.stopPropagation();
      actions.expand(node.name, !open);
    }}>${opens(node) ? iconOf(open ? "chevron-down" : "chevron-right") : nothing}</span>${kindSample(node)}
    <span class="cut" title=${node.name}>${changeMark(node)}${node.label}</span>${node.alike ? html`<span class="letter alike-${hueOf(node.alike)}">${node.alike}</span>` : nothing}${broken ? html`<span class="tree-broken" title=${broken === "first" ? "First value that is not finite" : "Values that are not finite came here"}>${iconOf(broken === "first" ? "error" : "warning")}</span>` : nothing}<span class="grow"></span>
    <span class="secondary tree-facts">${first}${more.length > 0 ? html`<span class="tree-more"> · ${more.join(" · ")}</span>` : nothing}</span></div>
    ${selected ? html`<div role="treeitem" aria-level=${depth + 2}>${selectionRows(state, node, { depth, actions })}</div>` : nothing}`;
}

function kindSample({ kind }: LevelNode): Content {
  return html`<svg class="sample" viewBox="0 0 18 12" aria-hidden="true">${kind === "variables" || kind === "variable"
    ? svg`<path class="sample-variables" d="M2.5 1.5H15.5V10.5H2.5ZM5.5 1.5V10.5M12.5 1.5V10.5"></path>`
    : kind === "group" ? svg`<rect class="sample-bar" x="2" y="4" width="14" height="4"></rect>`
      : svg`<rect class="sample-box" x="2.5" y="1.5" width="13" height="9" rx=${kind === "scope" ? 2.5 : 4.5}></rect>`}</svg>`;
}

// The card's facts as rows below the selection: there is no room for a card.
function selectionRows(state: GraphState, node: LevelNode, { depth, actions }: { depth: number; actions: Actions }): Content {
  const { facts, ties, values } = state;
  if (!facts) return nothing;
  const { inputs, outputs, controlInputs, source } = facts;
  const indent = styled({ "padding-inline-start": `${depth * 16 + 39}px` });
  const row = (title: string, value: Content, more: Content = ""): Content => html`<div class="tree-fact" ${indent}><span class="secondary tree-fact-name" title=${title}>${title}</span>
    <span class="cut grow">${value}</span><span class="shape-words">${more}</span></div>`;
  const named = (title: string, all: readonly NodeLink[]): Content => html`${all.slice(0, mostLinks).map((one, index) => row(index === 0 ? title : "", boxLink(one.name, actions), linkWords(one)))}
    ${all.length > mostLinks ? row("", `and ${numbers.count(all.length - mostLinks)} more`) : nothing}`;
  const boxes = (title: string, names: readonly string[]): Content => html`${names.map((name, index) => row(index === 0 ? title : "", boxLink(name, actions)))}`;
  const known = ties?.name === state.selected && !state.file ? ties : undefined;
  const stored = values && values.name === state.selected ? values.values : undefined;
  return html`${named("Inputs", inputs)}${named("Outputs", outputs)}${named("Waits for", controlInputs)}${boxes("Reads", node.reads)}${boxes("Updates", node.updates)}
    ${source ? row("Source", sourceLink(source, actions)) : nothing}
    ${known && known.tags.length > 0 ? row("Curves", link({ label: numbers.counted(known.tags.length, "tag", "tags"), name: "curves", onClick: () => actions.showTied("curves", known.name) })) : nothing}
    ${known && known.variables.length > 0 ? row("Checkpoint", link({ label: stored?.prefix.split(/[\\/]/).at(-1) ?? "variables", name: "checkpoints", onClick: () => actions.showTied("checkpoints", known.name) }), numbers.counted(known.variables.length, "variable", "variables")) : nothing}
    ${stored?.variables.length === 1 ? stored.variables.map(({ mean, std, min, max }) => html`${row("Mean, std", `${numbers.value(mean)}, ${numbers.value(std)}`)}${row("Min, max", `${numbers.value(min)}, ${numbers.value(max)}`)}`) : nothing}
    ${row("Path", link({ label: state.pathSearch?.to === undefined && state.pathSearch ? "choose the end…" : "from here…", name: "path", onClick: () => actions.seekPath(node.name) }))}
    ${factRows(facts).filter(([name]) => !["Operations", "Variables"].includes(name)).slice(0, mostFacts).map(([name, value]) => row(name, value))}`;
}
