// Draws the graph as a tree of rows, where there is little room or by choice.
import type { LevelNode } from "#model/graph";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, styled, svg, type Content } from "#kit/template";
import { iconOf, link } from "#kit/ui";
import type { Actions } from "./actions";
import { boxWords, factWords } from "#analysis/diagram/boxes";
import { opens } from "#analysis/diagram/view";
import type { GraphState } from "./state";
import { treeSections, treeStep, type TreeRow } from "./treeRows";

/** Draws the tree. */
export function treeView(state: GraphState, actions: Actions): Content {
  const sections = treeSections(state);
  const rows = sections.flatMap((section) => section.rows);
  const key = (event: KeyboardEvent): void => {
    if (!["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "Enter"].includes(event.key)) return;
    event.preventDefault();
    const { select, expand } = treeStep(rows, state.selected, event.key);
    if (expand) actions.expand(expand.name, expand.open);
    if (select === undefined) return;
    actions.select(select);
    const tree = event.currentTarget as HTMLElement;
    tree.querySelector<HTMLElement>(`[data-name="${CSS.escape(select)}"]`)?.scrollIntoView({ block: "nearest" });
  };
  return html`<div class="tree" role="tree" tabindex="0" aria-label="Graph of ${state.title}" @keydown=${key}>
    ${sections.map(({ title, rows: own, count }) => html`<h3 class="tree-section capitals"><span>${title}</span><span class="grow"></span><span>${numbers.count(count)}</span></h3>
      ${repeat(own, ({ node }) => node.name, (row) => treeRow(row, state, actions))}`)}</div>`;
}

function treeRow({ node, depth, open }: TreeRow, state: GraphState, actions: Actions): Content {
  const selected = node.name === state.selected;
  const indent = styled({ "padding-inline-start": `${depth * 16 + 4}px` });
  return html`<div class="tree-row ${selected ? "selected" : ""}" role="treeitem" aria-level=${depth + 1} aria-expanded=${opens(node) ? String(open) : nothing} aria-selected=${String(selected)}
      aria-label=${boxWords(node, { open, numbers })} data-name=${node.name} ${indent} @click=${() => actions.select(node.name)} @dblclick=${() => opens(node) && actions.expand(node.name, !open)}>
    <span class="tree-chevron" @click=${(event: Event) => {
      if (!opens(node)) return;
      event.stopPropagation();
      actions.expand(node.name, !open);
    }}>${opens(node) ? iconOf(open ? "chevron-down" : "chevron-right") : nothing}</span>${kindSample(node)}
    <span class="cut" title=${node.name}>${node.label}</span>${node.alike ? html`<span class="letter">${node.alike}</span>` : nothing}<span class="grow"></span>
    <span class="secondary tree-facts">${factWords(node, numbers)}</span></div>
    ${selected ? selectionRows(state, { depth, actions }) : nothing}`;
}

function kindSample({ kind }: LevelNode): Content {
  return html`<svg class="sample" viewBox="0 0 18 12" aria-hidden="true">${kind === "variables" || kind === "variable"
    ? svg`<path class="sample-variables" d="M2.5 1.5H15.5V10.5H2.5ZM5.5 1.5V10.5M12.5 1.5V10.5"></path>`
    : kind === "group" ? svg`<rect class="sample-bar" x="2" y="4" width="14" height="4"></rect>`
      : svg`<rect class="sample-box" x="2.5" y="1.5" width="13" height="9" rx=${kind === "scope" ? 2.5 : 4.5}></rect>`}</svg>`;
}

// The card's facts as rows below the selection: there is no room for a card.
function selectionRows({ facts }: GraphState, { depth, actions }: { depth: number; actions: Actions }): Content {
  if (!facts) return nothing;
  const { inputs, outputs, controlInputs, source, attrs } = facts;
  const indent = styled({ "padding-inline-start": `${depth * 16 + 39}px` });
  const row = (title: string, value: Content, more?: string): Content => html`<div class="tree-fact" ${indent}><span class="secondary tree-fact-name">${title}</span>
    <span class="cut grow">${value}</span><span class="shape-words">${more ?? ""}</span></div>`;
  const linked = (title: string, all: typeof inputs): Content => html`${all.slice(0, 4).map(({ name, shape, tensors }, index) => row(
    index === 0 ? title : "", link({ label: name, title: name, onClick: () => actions.reveal(name) }), tensors > 1 ? numbers.counted(tensors, "tensor", "tensors") : shape))}
    ${all.length > 4 ? row("", `and ${numbers.count(all.length - 4)} more`) : nothing}`;
  return html`${linked("Inputs", inputs)}${linked("Outputs", outputs)}${linked("Waits for", controlInputs)}
    ${source ? row("Source", link({ label: `${source.file.split(/[\\/]/).at(-1) ?? source.file}:${source.line}`, name: "source", onClick: () => actions.goToSource(source) })) : nothing}
    ${attrs.slice(0, 6).map(([name, value]) => row(name, value))}`;
}
