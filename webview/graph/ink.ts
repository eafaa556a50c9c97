// Ink for the drawing: boxes, chips and edges as SVG. No decision about the graph is made here.
import { numbers } from "#kit/numbers";
import { nothing, svg, type TemplateResult } from "#kit/template";
import type { Actions } from "./actions";
import { boxWords, type Box } from "./boxes";
import type { DrawnBox, DrawnEdge } from "./drawing";
import type { PlacedLabel } from "./labels";
import { edgePath, headerHeight, type Spot } from "./layout";

export interface InkOptions {
  readonly selected: string | undefined;
  readonly matches: ReadonlySet<string>;
  readonly actions: Actions;
  /** Operations left out of an open scope, by name. */
  readonly aside: (scope: string) => number;
  readonly toggle: (name: string, open: boolean, event: Event) => void;
}

/** Id of a box in the page; names hold characters that ids should not. */
export function boxId(name: string): string {
  return `box-${[...name].map((char) => (/\w/.test(char) ? char : `-${char.codePointAt(0)?.toString(16) ?? ""}-`)).join("")}`;
}

/** One box, open or closed. */
export function drawBox(drawn: DrawnBox, options: InkOptions): TemplateResult {
  const { box, at } = drawn;
  const { node } = box;
  const { selected, matches, actions, toggle } = options;
  const classes = ["box", `box-${node.kind}`, at.open ? "open" : "", node.name === selected ? "selected" : "", matches.has(node.name) ? "match" : ""].filter(Boolean).join(" ");
  const twice = (event: Event): void => {
    if (!box.opens) return;
    event.stopPropagation();
    toggle(node.name, !at.open, event);
  };
  return svg`<g id=${boxId(node.name)} class=${classes} role="treeitem" data-name=${node.name} transform="translate(${at.x} ${at.y})"
    aria-level=${at.depth + 1} aria-expanded=${box.opens ? String(at.open) : nothing} aria-selected=${String(node.name === selected)}
    aria-label=${boxWords(node, { open: at.open, numbers })} @click=${(event: Event) => {
      event.stopPropagation();
      actions.select(node.name);
    }} @dblclick=${twice}>
    <title>${node.name}</title>${outline(drawn)}${at.open ? openHeader(drawn, options) : closedWords(box, at.width)}
    ${node.alike ? alikeMark(node.alike, { x: at.width - 24, height: at.height }) : nothing}
    ${box.opens ? svg`<g class="chevron" @click=${twice}><rect width="24" height="26"></rect><path d=${at.open ? "M8.5 11L13 15.5L17.5 11" : "M10.5 8.5L15 13L10.5 17.5"}></path></g>` : nothing}
  </g>`;
}

function outline({ box: { node }, at: { width, height, open } }: DrawnBox): TemplateResult {
  if (open) return svg`<rect class="outline" width=${width} height=${height} rx="4"></rect><path class="rule" d=${`M0 26H${width}`}></path>`;
  switch (node.kind) {
    case "variable":
    case "variables":
      return svg`<rect class="outline" width=${width} height=${height}></rect><path class="bars" d=${`M4.5 0V${height}M${width - 4.5} 0V${height}`}></path>`;
    case "operation":
    case "constant":
      return svg`<rect class="outline" width=${width} height=${height} rx=${height / 2}></rect>`;
    case "group": return svg`<rect class="hit" width=${width} height=${height}></rect><rect class="bar" width=${width} height="4"></rect>`;
    case "scope": return svg`<rect class="outline" width=${width} height=${height} rx="4"></rect>`;
  }
}

function openHeader({ box, at }: DrawnBox, { aside }: InkOptions): TemplateResult {
  const count = aside(at.name);
  const left = count > 0 ? `${numbers.count(count)} ops aside` : "";
  const end = at.width - (box.node.alike ? 34 : 12);
  // Widths of letters are estimated: too little room only leaves words out.
  const used = 24 + box.label.length * 8 + 12;
  const room = { facts: used + box.facts.length * 6.4 < end, both: used + (box.facts.length + left.length) * 6.4 + 16 < end };
  return svg`<rect class="header" width=${at.width} height=${headerHeight} rx="4"></rect>
    <text x="24" y="18"><tspan class="name">${box.label}</tspan>${room.facts ? svg`<tspan class="facts" dx="12">${box.facts}</tspan>` : nothing}</text>
    ${left && room.both ? svg`<text class="facts" x=${end} y="18" text-anchor="end">${left}</text>` : nothing}`;
}

function closedWords(box: Box, width: number): TemplateResult {
  const { node, label, facts, chips, more } = box;
  if (node.kind === "group") return svg`<text class="name" x=${width / 2} y="24" text-anchor="middle">${label} <tspan class="facts">group</tspan></text>`;
  if (node.kind === "operation" || node.kind === "constant") return svg`<text class="name" x=${width / 2} y="16.5" text-anchor="middle">${label}</text>`;
  if (node.kind === "variable") {
    return svg`<text class="name" x="12" y="16.5">${label}${facts ? svg`<tspan class="shape" dx="8">${facts}</tspan>` : nothing}</text>`;
  }
  const left = box.opens ? 24 : 12;
  return svg`<text class="name" x=${left} y="18">${label}</text><text class="facts" x=${left} y="34">${facts}</text>
    ${more ? svg`<text class="facts" x=${width - 10} y="34" text-anchor="end">${more}</text>` : nothing}
    ${chips.length > 0 ? svg`<text class="facts" x=${left} y="50">${chips[0]?.word}</text>` : nothing}
    ${chips.map((chip) => svg`<g class="chip" transform="translate(${chip.x} 38.5)"><rect width=${chip.width} height="15"></rect>
      <path d=${`M2.5 0V15M${chip.width - 2.5} 0V15`}></path><text class="facts" x="7" y="11.5">${chip.label}</text></g>`)}`;
}

// Equal structure: a bar and a letter, so that it does not rest on colour.
function alikeMark(letter: string, { x, height }: { x: number; height: number }): TemplateResult {
  const hue = (letter.codePointAt(0) ?? 0) % 5;
  return svg`<g class="alike alike-${hue}"><rect class="alike-bar" x="-0.5" width="3" height=${height}></rect>
    <rect class="alike-box" x=${x - 0.5} y="6.5" width="15" height="14" rx="3"></rect><text x=${x + 7} y="17.5" text-anchor="middle">${letter}</text></g>`;
}

/** One edge: its line, its arrow, and while lit its label. */
export function drawEdge({ key, at, width, kind, lit }: DrawnEdge, actions: Actions): TemplateResult {
  const path = edgePath(at.points);
  return svg`<g class="edge edge-${kind} ${lit ? "lit" : ""}" @pointerenter=${() => actions.hoverEdge(key)} @pointerleave=${() => actions.hoverEdge(undefined)}>
    <path class="edge-hit" d=${path}></path><path class="edge-line" d=${path} stroke-width=${width}></path>${arrow(at.points)}
    ${kind === "variables" ? startSquare(at.points) : nothing}</g>`;
}

function arrow(points: readonly Spot[]): TemplateResult {
  const [x, y] = points.at(-1) ?? [0, 0];
  const [beforeX, beforeY] = points.at(-2) ?? [x, y];
  if (Math.abs(y - beforeY) < 0.5) {
    const back = x >= beforeX ? -6 : 6;
    return svg`<path class="arrow" d=${`M${x + back} ${y - 3.5}V${y + 3.5}L${x} ${y}Z`}></path>`;
  }
  const back = y >= beforeY ? -6 : 6;
  return svg`<path class="arrow" d=${`M${x - 3.5} ${y + back}H${x + 3.5}L${x} ${y}Z`}></path>`;
}

function startSquare(points: readonly Spot[]): TemplateResult {
  const [x, y] = points[0] ?? [0, 0];
  return svg`<rect class="start" x=${x - 2.5} y=${y - 0.5} width="5" height="5"></rect>`;
}

/** The label of an edge, on the canvas's ground. */
export function drawEdgeLabel({ edge: { label, kind }, x, y, width }: PlacedLabel): TemplateResult {
  return svg`<g class="edge-label" transform="translate(${x} ${y})"><rect width=${width} height="16"></rect>
    <text class=${kind === "control" ? "facts" : "shape"} x="4" y="12">${label}</text></g>`;
}
