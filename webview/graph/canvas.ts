// The canvas: pan, zoom, fit and keys over a drawing, and only the boxes in view in the page.
import { aroundBoxes, type Around } from "#analysis/diagram/around";
import type { DrawnBox, DrawnEdge, Drawing } from "#analysis/diagram/drawing";
import { placeLabels, type Room } from "#analysis/diagram/labels";
import type { Layout } from "#analysis/diagram/layout";
import { innermostAround } from "#model/scopedName";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { Change } from "#model/graphChanges";
import { html, nothing, render, repeat, svg } from "#kit/template";
import type { Actions } from "./actions";
import { boxId, drawBox, drawEdge, drawEdgeLabel, type InkOptions } from "./ink";
import { playMotion } from "./motion";
import type { Overlay } from "./overlay";
import type { Viewport } from "./state";
import { walk, type WalkKey } from "./walk";

const scales = { least: 0.25, most: 4, readable: 0.6 };
const margin = 14;
/** Pixels that the drawing moves, by key with Shift. */
const pans = { ArrowUp: [0, 80], ArrowDown: [0, -80], ArrowLeft: [80, 0], ArrowRight: [-80, 0] } as const;
/** The minimap's room in the aside column. */
const mapSize = { width: 148, height: 116 };
/** Below these scales facts and then names would be specks. */
const hides = { facts: 0.5, names: 0.4 };

export interface CanvasContent {
  readonly drawing: Drawing;
  /** Only a new layout moves the view; a drawing of the same one keeps its place. */
  readonly layout: Layout;
  /** Pixels at the right that a card lies over. */
  readonly covered: number;
  readonly title: string;
  readonly selected: string | undefined;
  readonly overlay: Overlay;
  readonly matches: ReadonlySet<string>;
  /** Matches within closed scopes, by scope. */
  readonly inside: ReadonlyMap<string, number>;
  /** Operations of the path that is drawn. */
  readonly path: readonly string[];
  /** Kinds of changes that are not shown. */
  readonly hiddenChanges: ReadonlySet<Change>;
}

export class Canvas implements Disposable {
  readonly element = document.createElement("div");
  /** The whole drawing small; drags the view. */
  readonly minimap = document.createElement("div");
  readonly #life = new Lifetime();
  #content: CanvasContent | undefined;
  #around: ReadonlyMap<string, Around> = new Map();
  #view: Viewport = { x: 0, y: 0, scale: 1 };
  #fitted = false;
  #anchor: { readonly name: string; readonly x: number; readonly y: number } | undefined;
  #reveal: string | undefined;
  #frame: number | undefined;
  /** The edge that keys walk, of the selected box. */
  #edge: { readonly of: string; readonly forward: boolean; readonly index: number; readonly key: string; readonly words: string } | undefined;
  #drag: { readonly x: number; readonly y: number; readonly moved: boolean } | undefined;

  constructor(readonly actions: Actions) {
    this.element.className = "canvas";
    this.minimap.className = "minimap";
    for (const name of ["pointerdown", "pointermove"]) {
      const listener = (event: Event): void => this.#mapDragged(event as PointerEvent);
      this.minimap.addEventListener(name, listener);
      this.#life.onEnd(() => this.minimap.removeEventListener(name, listener));
    }
    this.#listen("wheel", (event) => this.#wheel(event as WheelEvent), { passive: false });
    this.#listen("pointerdown", (event) => this.#press(event as PointerEvent));
    this.#listen("pointermove", (event) => this.#move(event as PointerEvent));
    this.#listen("pointerup", () => this.#release());
    this.#listen("pointercancel", () => this.#release());
    this.#listen("keydown", (event) => this.#key(event as KeyboardEvent));
    const observer = new ResizeObserver(() => this.#resized());
    observer.observe(this.element);
    this.#life.onEnd(() => observer.disconnect());
  }

  show(content: CanvasContent): void {
    const moved = content.layout !== this.#content?.layout;
    const uncovered = content.covered > (this.#content?.covered ?? 0);
    const before = moved && this.#content ? { ...this.#content, view: this.#view } : undefined;
    if (content.drawing !== this.#content?.drawing) this.#around = aroundBoxes(content.drawing);
    this.#content = content;
    if (moved) this.#place();
    if (uncovered) this.#keepSelection();
    this.#draw();
    if (before) playMotion(this.element, before, { ...content, view: this.#view });
  }

  /** Moves the view to a box as soon as a drawing has it. */
  reveal(name: string): void {
    this.#reveal = name;
    this.#place();
    this.#drawSoon();
  }

  /** The whole drawing in view, never larger than life; of one that would be too small to read, its beginning. */
  fit(least: number = scales.least): void {
    const { drawing } = this.#content ?? {};
    const { clientWidth, clientHeight } = this.element;
    if (!drawing || drawing.width === 0 || clientWidth === 0) return;
    const whole = Math.min((clientWidth - 2 * margin) / drawing.width, (clientHeight - 2 * margin) / drawing.height, 1);
    const scale = Math.max(whole, least);
    this.#view = { scale, x: Math.max(margin, (clientWidth - drawing.width * scale) / 2), y: margin };
    // Too large to be read as a whole: begin where execution does, at the top, in the middle.
    if (whole < scale) this.#view = { ...this.#view, x: (clientWidth - drawing.width * scale) / 2 };
    this.#fitted = true;
    this.#drawSoon();
  }

  /** Keeps a box under the pointer through the next layout. */
  hold(name: string): void {
    const at = this.#box(name)?.at;
    if (at) this.#anchor = { name, x: at.x * this.#view.scale + this.#view.x, y: at.y * this.#view.scale + this.#view.y };
  }

  /** What keys reach; undefined before the first drawing. */
  get focusable(): SVGElement | undefined {
    return this.element.querySelector("svg") ?? undefined;
  }

  dispose(): void {
    this.#life.dispose();
  }

  #listen(name: string, listener: (event: Event) => void, options?: AddEventListenerOptions): void {
    this.element.addEventListener(name, listener, options);
    this.#life.onEnd(() => this.element.removeEventListener(name, listener));
  }

  #box(name: string | undefined): DrawnBox | undefined {
    return this.#content?.drawing.boxes.find(({ box }) => box.node.name === name);
  }

  #resized(): void {
    if (this.#fitted) this.#keepSelection();
    else this.fit(scales.readable);
    this.#drawSoon();
  }

  // A card that opens must not take away what it speaks of.
  #keepSelection(): void {
    const selected = this.#box(this.#content?.selected)?.at;
    if (!selected) return;
    // The scope around it stays in view as a whole where it can be read so.
    const around = selected.open ? selected : this.#scopeAround(selected.name);
    if (around) {
      this.#zoomOutFor(around);
      this.#view = { ...this.#view, x: this.#view.x + this.#sideways(around) };
    }
    if (!selected.open) this.#view = { ...this.#view, x: this.#view.x + this.#sideways(selected) };
  }

  /** The innermost open one that a box stands in. */
  #scopeAround(name: string): DrawnBox["at"] | undefined {
    return this.#box(innermostAround(name, (scope) => this.#box(scope)?.at.open === true))?.at;
  }

  // After a layout: what was held stays where it was, what was sought comes into view, else the first drawing is fitted.
  #place(): void {
    const sought = this.#box(this.#reveal)?.at;
    const held = this.#anchor && this.#box(this.#anchor.name)?.at;
    const { scale } = this.#view;
    if (sought) {
      const { clientWidth, clientHeight } = this.element;
      this.#reveal = undefined;
      this.#view = { scale, x: clientWidth / 2 - (sought.x + sought.width / 2) * scale, y: clientHeight / 2 - (sought.y + Math.min(sought.height, 200) / 2) * scale };
    } else if (held && this.#anchor) {
      this.#view = { scale, x: this.#anchor.x - held.x * scale, y: this.#anchor.y - held.y * scale };
      // What was opened should be seen, so it may move sideways and the view zoom out; up and down its header stays under the pointer.
      this.#zoomOutFor(held);
      this.#view = { ...this.#view, x: this.#view.x + this.#sideways(held) };
    } else if (!this.#fitted) {
      this.fit(scales.readable);
    }
    this.#anchor = undefined;
  }

  // So that the whole width is in view, as long as it can be read; what is near the box's header stays where it is.
  #zoomOutFor({ x, y, width }: { readonly x: number; readonly y: number; readonly width: number }): void {
    const { scale } = this.#view;
    const fitting = Math.max(Math.min(scale, scales.readable), Math.min(scale, this.#room() / width));
    this.#view = { scale: fitting, x: this.#view.x + x * (scale - fitting), y: this.#view.y + y * (scale - fitting) };
  }

  /** Width that nothing lies over. */
  #room(): number {
    return this.element.clientWidth - (this.#content?.covered ?? 0) - 2 * margin;
  }

  // How far a box must move to lie in view; one that is too wide shows its left end.
  #sideways({ x, width }: { readonly x: number; readonly width: number }): number {
    const { scale } = this.#view;
    const left = x * scale + this.#view.x;
    const room = this.#room();
    if (left < margin || width * scale > room) return margin - left;
    return Math.min(0, margin + room - (left + width * scale));
  }

  #drawSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
    });
  }

  #draw(): void {
    const content = this.#content;
    if (!content) return;
    const { drawing, selected, title } = content;
    const { x, y, scale } = this.#view;
    const boxes = drawing.boxes.filter((box) => this.#inView(box));
    const options: InkOptions = {
      selected, matches: content.matches, inside: content.inside, path: content.path, hiddenChanges: content.hiddenChanges, overlay: content.overlay, around: this.#around, actions: this.actions, toggle: (drawn) => this.#toggle(drawn),
    };
    const { edges } = drawing;
    // Lines run over open scopes and strips, and under all else.
    const under = ({ at, box }: DrawnBox): boolean => at.open || box.form === "strip";
    const open = boxes.filter(under);
    const classes = [scale < hides.facts ? "no-facts" : "", scale < hides.names ? "no-names" : ""].join(" ");
    render(html`<svg class=${classes} tabindex="0" role="tree" aria-label="Graph of ${title}"
      aria-activedescendant=${selected !== undefined && this.#box(selected) ? boxId(selected) : nothing} @click=${() => this.actions.select(undefined)}>
      <g transform="translate(${Math.round(x)} ${Math.round(y)}) scale(${scale})">
        ${repeat(open, ({ box }) => box.node.name, (drawn) => drawBox(drawn, options))}
        ${repeat(edges, ({ key }) => key, (edge) => drawEdge(edge, options))}
        ${repeat(boxes.filter((box) => !under(box)), ({ box }) => box.node.name, (drawn) => drawBox(drawn, options))}
        ${placeLabels(edges, drawing.boxes, this.#seen()).map(drawEdgeLabel)}
      </g></svg><p class="hidden-text" role="status">${this.#edge?.words ?? ""}</p>`, this.element);
    this.#drawMap(drawing, selected);
  }

  #toggle({ box, at }: DrawnBox): void {
    this.hold(box.node.name);
    if (box.form === "series") this.actions.unfold(box.members);
    else this.actions.expand(box.node.name, !at.open);
  }

  #mapScale({ width, height }: Drawing): number {
    return Math.min(mapSize.width / Math.max(1, width), mapSize.height / Math.max(1, height));
  }

  #drawMap(drawing: Drawing, selected: string | undefined): void {
    const small = this.#mapScale(drawing);
    const broken = this.#content?.overlay.broken;
    const { x, y, scale } = this.#view;
    const { clientWidth, clientHeight } = this.element;
    const [left, top] = [(mapSize.width - drawing.width * small) / 2, (mapSize.height - drawing.height * small) / 2];
    const clip = (value: number, most: number): number => Math.min(most, Math.max(0, value));
    const [viewLeft, viewTop] = [clip(left - (x / scale) * small, mapSize.width), clip(top - (y / scale) * small, mapSize.height)];
    const [viewRight, viewBottom] = [clip(left + ((clientWidth - x) / scale) * small, mapSize.width), clip(top + ((clientHeight - y) / scale) * small, mapSize.height)];
    const least = 3 / small;
    render(html`<svg width=${mapSize.width} height=${mapSize.height} aria-hidden="true">
      ${drawing.boxes.filter(({ at, part }) => !part && (at.width > least || at.depth === 0)).map(({ box, at }) => svg`<rect class=${`map-box ${at.open ? "open" : ""} ${box.node.name === selected ? "selected" : ""} ${box.node.change ? `change-${box.node.change}` : ""} ${broken?.get(box.node.name) === "first" ? "broken-first" : ""}`}
        x=${left + at.x * small} y=${top + at.y * small} width=${Math.max(1.5, at.width * small)} height=${Math.max(1.5, at.height * small)}></rect>`)}
      <rect class="map-view" x=${viewLeft + 0.5} y=${viewTop + 0.5} width=${Math.max(0, viewRight - viewLeft - 1)} height=${Math.max(0, viewBottom - viewTop - 1)}></rect></svg>`, this.minimap);
  }

  #mapDragged(event: PointerEvent): void {
    const drawing = this.#content?.drawing;
    if (!drawing || (event.buttons & 1) === 0) return;
    const { left, top } = this.minimap.querySelector("svg")?.getBoundingClientRect() ?? this.minimap.getBoundingClientRect();
    const small = this.#mapScale(drawing);
    const at = [event.clientX - left - (mapSize.width - drawing.width * small) / 2, event.clientY - top - (mapSize.height - drawing.height * small) / 2] as const;
    const { scale } = this.#view;
    this.#view = { scale, x: this.element.clientWidth / 2 - (at[0] / small) * scale, y: this.element.clientHeight / 2 - (at[1] / small) * scale };
    this.#drawSoon();
  }

  /** What can be seen of the drawing, in its pixels. */
  #seen(): Room {
    const { x, y, scale } = this.#view;
    const { clientWidth, clientHeight } = this.element;
    return { left: -x / scale, top: -y / scale, right: (clientWidth - (this.#content?.covered ?? 0) - x) / scale, bottom: (clientHeight - y) / scale };
  }

  #inView({ at }: DrawnBox): boolean {
    const { x, y, scale } = this.#view;
    const { clientWidth, clientHeight } = this.element;
    const room = 200;
    const left = at.x * scale + x;
    const top = at.y * scale + y;
    return left < clientWidth + room && left + at.width * scale > -room && top < clientHeight + room && top + at.height * scale > -room;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { left, top } = this.element.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) this.#zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - left, y: event.clientY - top });
    else this.#view = { ...this.#view, x: this.#view.x - event.deltaX, y: this.#view.y - event.deltaY };
    this.#drawSoon();
  }

  #zoom(factor: number, { x, y }: { x: number; y: number }): void {
    const scale = Math.min(scales.most, Math.max(scales.least, this.#view.scale * factor));
    const ratio = scale / this.#view.scale;
    this.#view = { scale, x: x - (x - this.#view.x) * ratio, y: y - (y - this.#view.y) * ratio };
    this.#drawSoon();
  }

  #press(event: PointerEvent): void {
    if (event.button === 0) this.#drag = { x: event.clientX, y: event.clientY, moved: false };
  }

  #move(event: PointerEvent): void {
    if (!this.#drag || (event.buttons & 1) === 0) return;
    const [dx, dy] = [event.clientX - this.#drag.x, event.clientY - this.#drag.y];
    if (!this.#drag.moved && Math.hypot(dx, dy) < 4) return;
    // Captured only once it is a drag: a click must still reach its box.
    if (!this.#drag.moved) this.element.setPointerCapture(event.pointerId);
    this.#drag = { x: event.clientX, y: event.clientY, moved: true };
    this.#view = { ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy };
    this.element.classList.add("dragging");
    this.#drawSoon();
  }

  #release(): void {
    this.#drag = undefined;
    this.element.classList.remove("dragging");
  }

  #key(event: KeyboardEvent): void {
    const content = this.#content;
    if (!content || event.ctrlKey || event.metaKey) return;
    const { selected, drawing } = content;
    const here = this.#box(selected);
    const middle = { x: this.element.clientWidth / 2, y: this.element.clientHeight / 2 };
    if (event.altKey && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      this.#walkEdge(event.key === "ArrowRight");
    } else if (event.shiftKey && event.key in pans) {
      const [dx, dy] = pans[event.key as keyof typeof pans];
      this.#view = { ...this.#view, x: this.#view.x + dx, y: this.#view.y + dy };
      this.#drawSoon();
    } else if (event.key === "Enter" && this.#edge && this.#edge.of === selected) {
      this.#followEdge();
    } else if (["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "Escape"].includes(event.key)) {
      const next = walk(drawing, selected, event.key as WalkKey);
      if (next !== undefined) this.#go(next);
      else if (event.key === "Escape") this.actions.select(undefined);
    } else if (event.key === "Enter" && !event.shiftKey && here && (here.box.opens || here.box.form === "series")) {
      this.#toggle(here);
    } else if (event.key === "+" || event.key === "=") {
      this.#zoom(1.25, middle);
    } else if (event.key === "-") {
      this.#zoom(0.8, middle);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** Lights the next edge of the selected box, in the order of its ports, and says it. */
  #walkEdge(forward: boolean): void {
    const { drawing, selected } = this.#content ?? {};
    if (!drawing || selected === undefined) return;
    const edges = edgesOf(drawing, selected, forward);
    const before = this.#edge?.of === selected && this.#edge.forward === forward ? this.#edge.index : -1;
    const index = (before + 1) % Math.max(1, edges.length);
    const edge = edges[index];
    if (!edge) return;
    const end = forward ? edge.edge.to : edge.edge.from;
    const words = `${forward ? "to" : "from"} ${end}, ${edge.label || edge.words}, edge ${index + 1} of ${edges.length}`;
    this.#edge = { of: selected, forward, index, key: edge.key, words };
    this.actions.hoverEdge(edge.key);
    this.#drawSoon();
  }

  #followEdge(): void {
    const edge = this.#content?.drawing.edges.find(({ key }) => key === this.#edge?.key)?.edge;
    const end = edge && (this.#edge?.forward ? edge.to : edge.from);
    this.#edge = undefined;
    this.actions.hoverEdge(undefined);
    if (end !== undefined && this.#box(end)) this.#go(end);
  }

  #go(name: string): void {
    if (this.#edge) this.actions.hoverEdge(undefined);
    this.#edge = undefined;
    this.actions.walkTo(name);
    const at = this.#box(name)?.at;
    if (!at) return;
    const { x, y, scale } = this.#view;
    const { clientHeight } = this.element;
    const top = at.y * scale + y;
    const dx = this.#sideways(at);
    const dy = top < margin ? margin - top : Math.min(0, clientHeight - margin - (top + Math.min(at.height, 60) * scale));
    this.#view = { scale, x: x + dx, y: y + dy };
    this.#drawSoon();
  }
}

/** Edges that leave or reach a box, in the order of its ports. */
function edgesOf({ edges }: Drawing, name: string, forward: boolean): readonly DrawnEdge[] {
  const port = ({ at }: DrawnEdge): number => (forward ? at.points[0] : at.points.at(-1))?.[0] ?? 0;
  return edges.filter(({ edge }) => (forward ? edge.from : edge.to) === name).sort((one, other) => port(one) - port(other));
}
