// Ink for the drawing: its shapes as SVG in the page, with what a person can do to them.
import type { Around } from "#analysis/diagram/around";
import { boxWords } from "#analysis/diagram/boxes";
import { footerHeight, type DrawnBox, type DrawnEdge } from "#analysis/diagram/drawing";
import type { PlacedLabel } from "#analysis/diagram/labels";
import { linePath } from "#analysis/diagram/linePath";
import { boxShapes, edgeShapes, factWidth, hueOf, labelShapes, type Shape } from "#analysis/diagram/shapes";
import type { Change } from "#model/graphChanges";
import { numbers } from "#kit/numbers";
import { nothing, svg, type TemplateResult } from "#kit/template";
import { isWithin } from "#model/scopedName";
import type { Actions } from "./actions";
import { brokenMark, timeWords } from "./alive";
import { heatOf, type Overlay } from "./overlay";

export interface InkOptions {
  readonly selected: string | undefined;
  readonly matches: ReadonlySet<string>;
  /** Matches within closed scopes, by scope. */
  readonly inside: ReadonlyMap<string, number>;
  /** Operations of the path that is drawn. */
  readonly path: readonly string[];
  readonly hiddenChanges: ReadonlySet<Change>;
  readonly overlay: Overlay;
  readonly around: ReadonlyMap<string, Around>;
  readonly actions: Actions;
  /** Opens or closes a box; a series is unfolded. */
  readonly toggle: (drawn: DrawnBox) => void;
}

/** Id of a box in the page; names hold characters that ids should not. */
export function boxId(name: string): string {
  return `box-${[...name].map((char) => (/\w/.test(char) ? char : `-${char.codePointAt(0)?.toString(16) ?? ""}-`)).join("")}`;
}

/** One box, open or closed. */
export function drawBox(plain: DrawnBox, options: InkOptions): TemplateResult {
  const { at } = plain;
  const { node } = plain.box;
  const time = options.overlay.times?.get(node.name);
  // The time stands where the facts are: in a second line, so that nothing has to be laid out anew.
  const timed = time && plain.box.form === "box" && plain.box.opens && !at.open;
  const drawn = timed ? { ...plain, box: { ...plain.box, facts: timeWords(time) } } : plain;
  const { box } = drawn;
  const broken = options.overlay.broken.get(node.name);
  const { selected, matches, inside, path, actions, toggle } = options;
  const around = options.around.get(node.name);
  const onPath = path.some((name) => (at.open ? name === node.name : isWithin(name, node.name)));
  const found = at.open ? 0 : (inside.get(node.name) ?? 0);
  const classes = [
    "box", `box-${node.kind}`, `form-${box.form}`, drawn.part ? "part" : "", at.open ? "open" : "", node.name === selected ? "selected" : "", matches.has(node.name) || found > 0 ? "match" : "", onPath ? "on-path" : "",
    node.alike ? `alike alike-${hueOf(node.alike)}` : "", time && !at.open ? `heat-${heatOf(time.share)}` : "", broken ? `broken-${broken}` : "", node.change ? `change-${node.change}` : "", isHidden(node.change, options) ? "hidden-change" : "",
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
    aria-level=${at.depth + 1} aria-posinset=${around?.position ?? nothing} aria-setsize=${around?.siblings ?? nothing} aria-expanded=${canOpen ? String(at.open) : nothing} aria-selected=${String(node.name === selected)}
    aria-description=${[boxWords(node, { open: at.open, numbers, around }), time ? `${timeWords(time)} of the run.` : "", broken === "first" ? "First value that is not finite here." : broken ? "Reached by values that are not finite." : "", box.badge ? `${box.badge.text}.` : "", onPath ? "On the path." : ""].filter(Boolean).join(" ")} @click=${select} @dblclick=${twice}>
    <title>${node.name}${time ? ` · ${timeWords(time)}` : ""}</title>${boxShapes(drawn, numbers).map(drawShape)}
    ${timed ? svg`<rect class="time-bar" x="1" y=${at.height - 4} width=${Math.max(1, (at.width - 2) * time.share)} height="3"></rect>` : nothing}
    ${broken && !at.open && !drawn.part ? brokenMark(broken, node.kind === "operation" && box.form === "box" ? at.width + 10 : at.width - 18) : nothing}
    ${found > 0 ? foundMark(numbers.counted(found, "match", "matches"), at.width) : nothing}
    ${canOpen ? svg`<g class="chevron" @click=${twice}><rect width="24" height="26"></rect></g>` : nothing}
    ${(drawn.resting?.length ?? 0) > 0 ? svg`<rect class="footer" y=${at.height - footerHeight} width=${at.width} height=${footerHeight} @click=${(event: Event) => {
      event.stopPropagation();
      actions.bringAside(node.name);
    }}><title>Show what does not run in each step, or put it aside again</title></rect>` : nothing}
  </g>`;
}

/** How many matches a closed box holds: on its upper right corner, on ground of its own, so that no line strikes it through. */
function foundMark(words: string, boxWidth: number): TemplateResult {
  const width = Math.ceil(words.length * factWidth + 10);
  return svg`<g class="found" transform="translate(${boxWidth - width + 6} -9)"><rect class="found-ground" width=${width} height="16" rx="3"></rect><text class="facts" x=${width / 2} y="12" text-anchor="middle">${words}</text></g>`;
}

function isHidden(change: Change | undefined, { hiddenChanges }: InkOptions): boolean {
  return change !== undefined && hiddenChanges.has(change);
}

/** One edge: its line, its arrow; a wider strip of it feels the pointer. */
export function drawEdge(edge: DrawnEdge, options: InkOptions): TemplateResult {
  const { key, at, kind, lit, quiet } = edge;
  const { overlay: { broken }, actions } = options;
  const carries = kind === "tensors" && broken.has(edge.edge.from) && broken.has(edge.edge.to) ? "broken" : "";
  return svg`<g class="edge edge-${kind} ${lit ? "lit" : ""} ${quiet ? "quiet" : ""} ${carries} ${edge.edge.change ? `change-${edge.edge.change}` : ""} ${isHidden(edge.edge.change, options) ? "hidden-change" : ""}" @pointerenter=${() => actions.hoverEdge(key)} @pointerleave=${() => actions.hoverEdge(undefined)}>
    ${edgeShapes(edge).map(drawShape)}<path class="edge-hit" d=${linePath(at.points)}></path></g>`;
}

/** The label of an edge. */
export function drawEdgeLabel(label: PlacedLabel): TemplateResult {
  return svg`<g class="edge-label" transform="translate(${label.x} ${label.y})">${labelShapes(label).map(drawShape)}</g>`;
}

function drawShape(shape: Shape): TemplateResult {
  switch (shape.tag) {
    case "rect": return svg`<rect class=${shape.class} x=${shape.x} y=${shape.y} width=${shape.width} height=${shape.height} rx=${shape.rx ?? nothing}></rect>`;
    case "path": return svg`<path class=${shape.class} transform=${shape.at ? `translate(${shape.at.join(" ")})` : nothing} d=${shape.d} stroke-width=${shape.stroke ?? nothing}></path>`;
    case "text": return svg`<text class=${shape.class} x=${shape.x} y=${shape.y} text-anchor=${shape.anchor ?? nothing}>${shape.text}</text>`;
  }
}
