// Ink for the drawing: its shapes as SVG in the page, with what a person can do to them.
import { boxWords } from "#analysis/diagram/boxes";
import { footerHeight, type DrawnBox, type DrawnEdge } from "#analysis/diagram/drawing";
import type { PlacedLabel } from "#analysis/diagram/labels";
import { linePath } from "#analysis/diagram/linePath";
import { boxShapes, edgeShapes, hueOf, labelShapes, type Shape } from "#analysis/diagram/shapes";
import { numbers } from "#kit/numbers";
import { nothing, svg, type TemplateResult } from "#kit/template";
import type { Actions } from "./actions";

export interface InkOptions {
  readonly selected: string | undefined;
  readonly matches: ReadonlySet<string>;
  /** Matches within closed scopes, by scope. */
  readonly inside: ReadonlyMap<string, number>;
  readonly actions: Actions;
  /** Opens or closes a box; a series is unfolded. */
  readonly toggle: (drawn: DrawnBox) => void;
}

/** Id of a box in the page; names hold characters that ids should not. */
export function boxId(name: string): string {
  return `box-${[...name].map((char) => (/\w/.test(char) ? char : `-${char.codePointAt(0)?.toString(16) ?? ""}-`)).join("")}`;
}

/** One box, open or closed. */
export function drawBox(drawn: DrawnBox, options: InkOptions): TemplateResult {
  const { box, at } = drawn;
  const { node } = box;
  const { selected, matches, inside, actions, toggle } = options;
  const found = at.open ? 0 : (inside.get(node.name) ?? 0);
  const classes = [
    "box", `box-${node.kind}`, `form-${box.form}`, drawn.part ? "part" : "", at.open ? "open" : "", node.name === selected ? "selected" : "", matches.has(node.name) || found > 0 ? "match" : "",
    node.alike ? `alike alike-${hueOf(node.alike)}` : "",
  ].filter(Boolean).join(" ");
  const canOpen = box.opens || box.form === "series";
  const twice = (event: Event): void => {
    if (!canOpen) return;
    event.stopPropagation();
    toggle(drawn);
  };
  const select = (event: Event): void => {
    event.stopPropagation();
    actions.select(node.name);
  };
  return svg`<g id=${boxId(node.name)} class=${classes} role="treeitem" data-name=${node.name} transform="translate(${at.x} ${at.y})"
    aria-level=${at.depth + 1} aria-expanded=${canOpen ? String(at.open) : nothing} aria-selected=${String(node.name === selected)}
    aria-label=${boxWords(node, { open: at.open, numbers })} @click=${select} @dblclick=${twice}>
    <title>${node.name}</title>${boxShapes(drawn, numbers).map(drawShape)}
    ${found > 0 ? svg`<text class="facts found" x=${at.width - 8} y=${at.height + 12} text-anchor="end">${numbers.counted(found, "match", "matches")}</text>` : nothing}
    ${canOpen ? svg`<g class="chevron" @click=${twice}><rect width="24" height="26"></rect></g>` : nothing}
    ${(drawn.resting?.length ?? 0) > 0 ? svg`<rect class="footer" y=${at.height - footerHeight} width=${at.width} height=${footerHeight} @click=${(event: Event) => {
      event.stopPropagation();
      actions.bringAside(node.name);
    }}><title>Show what does not run in each step, or put it aside again</title></rect>` : nothing}
  </g>`;
}

/** One edge: its line, its arrow; a wider strip of it feels the pointer. */
export function drawEdge(edge: DrawnEdge, actions: Actions): TemplateResult {
  const { key, at, kind, lit, quiet } = edge;
  return svg`<g class="edge edge-${kind} ${lit ? "lit" : ""} ${quiet ? "quiet" : ""}" @pointerenter=${() => actions.hoverEdge(key)} @pointerleave=${() => actions.hoverEdge(undefined)}>
    ${edgeShapes(edge).map(drawShape)}<path class="edge-hit" d=${linePath(at.points)}></path></g>`;
}

/** The label of an edge. */
export function drawEdgeLabel(label: PlacedLabel): TemplateResult {
  return svg`<g class="edge-label" transform="translate(${label.x} ${label.y})">${labelShapes(label).map(drawShape)}</g>`;
}

function drawShape(shape: Shape): TemplateResult {
  switch (shape.tag) {
    case "rect": return svg`<rect class=${shape.class} x=${shape.x} y=${shape.y} width=${shape.width} height=${shape.height} rx=${shape.rx ?? nothing}></rect>`;
    case "path": return svg`<path class=${shape.class} d=${shape.d} stroke-width=${shape.stroke ?? nothing}></path>`;
    case "text": return svg`<text class=${shape.class} x=${shape.x} y=${shape.y} text-anchor=${shape.anchor ?? nothing}>${shape.text}</text>`;
  }
}
