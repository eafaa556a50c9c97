// One plot: the chart, and over it what follows the pointer (crosshair, read-out, zoom) and what stands on the axis.
import { Lifetime, type Disposable } from "#base/lifetime";
import { html, nothing, render, repeat, styled, type Content } from "#kit/template";
import type { Theme } from "#kit/theme";
import { placeLabelsOf } from "./axisDraw";
import { openChart, redraw, screenLook, type CurvesChart } from "./chart";
import type { Area } from "./ink";
import type { Box } from "./keyBox";
import type { BoxPlace } from "./pinned";
import { tickButton } from "./tickView";
import type { Tick } from "./ticks";
import { pixelsOf, valuesOf } from "./pixels";
import type { PlotModel } from "./plotModel";
import type { Range } from "./state";

/** What a person does with a plot. */
export interface PlotActions {
  /** The pointer rests on a place, at a height in pixels of the plot; undefined when it left. */
  hover(place: number | undefined, y?: number): void;
  /** `moving`: more of it follows. */
  zoom(range: Range, moving: boolean): void;
  /** A box: places and values. */
  zoomBox(range: Range, limits: readonly [number, number]): void;
  fit(): void;
  /** A click that was no drag. */
  pin(): void;
  openTick(tick: Tick): void;
}

/** A dot on a line under the crosshair. */
export interface Dot {
  readonly value: number;
  readonly color: string;
  readonly ring: boolean;
}

/** Where the crosshair stands, its words, and the lines' dots. */
export interface Crosshair {
  readonly place: number;
  readonly label: string;
  readonly dots: readonly Dot[];
  readonly tooltip?: Content;
  /** Where the tooltip was moved to. */
  readonly tooltipAt?: BoxPlace;
  /** What keys are about to zoom to. */
  readonly box?: Box;
}

export interface PlotContent {
  readonly model: PlotModel;
  readonly theme: Theme;
  readonly ticks: readonly Tick[];
  readonly popover?: { readonly place: number; readonly content: Content };
  /** A spike's words in the note lane, with the place it is about. */
  readonly callout?: { readonly place: number; readonly content: Content };
}

/** Pixels of a drag below which it was a click. */
const dragThreshold = 4;
const popoverWidth = 272;
/** How much one notch of the wheel zooms. */
const wheelFactor = 1.2;
/** Beside the words of the crosshair's label, and between it and the next. */
const labelPadding = 10;
/** Room beside the pointer. */
const tooltipGap = 16;

interface Drag {
  readonly kind: "zoom" | "box" | "pan";
  readonly fromX: number;
  readonly fromY: number;
  toX: number;
  toY: number;
  readonly range: Range;
}

interface Axes extends Pick<PlotModel, "x" | "y"> {
  readonly area: Area;
  readonly theme: Theme;
  readonly ctx: CanvasRenderingContext2D;
  readonly toColumn: (place: number) => number;
  readonly placeAt: (column: number) => number;
  readonly toRow: (value: number) => number;
  readonly valueAt: (row: number) => number;
}

export class Plot implements Disposable {
  readonly element = document.createElement("div");
  readonly #life = new Lifetime();
  readonly #canvas = document.createElement("canvas");
  readonly #overlay = document.createElement("div");
  #chart: CurvesChart | undefined;
  #content: PlotContent | undefined;
  #crosshair: Crosshair | undefined;
  #drag: Drag | undefined;

  constructor(readonly actions: PlotActions) {
    this.element.className = "plot";
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#overlay.className = "plot-overlay";
    this.element.append(this.#canvas, this.#overlay);
    this.#listen("pointermove", (event) => this.#moved(event));
    this.#listen("pointerleave", () => !this.#drag && this.actions.hover(undefined));
    this.#listen("pointerdown", (event) => this.#pressed(event));
    this.#listen("pointerup", (event) => this.#released(event));
    this.#listen("dblclick", (event) => !isOverlay(event) && this.actions.fit());
    this.#listen("wheel", (event) => this.#wheel(event as WheelEvent));
    this.#life.onEnd(() => this.#chart?.destroy());
  }

  /** Width of the plot area in pixels; 0 before the first drawing. */
  get pixels(): number {
    return this.#chart?.chartArea?.width ?? 0;
  }

  show(content: PlotContent): void {
    this.#content = content;
    if (this.#chart) redraw(this.#chart, content.model, content.theme);
    else this.#chart = openChart(this.#canvas, content.model, content.theme);
    this.#drawOverlay();
  }

  point(crosshair: Crosshair | undefined): void {
    if (!crosshair && !this.#crosshair) return;
    this.#crosshair = crosshair;
    this.#drawOverlay();
  }

  /** The pixel row of a value; undefined where it is not in the picture. */
  rowOf(value: number): number | undefined {
    const row = this.#axes()?.toRow(value);
    return row !== undefined && Number.isFinite(row) ? row : undefined;
  }

  /** Ticks and crosshair stand on pixels, so they move when the width does. */
  resized(): void {
    this.#chart?.resize();
    this.#drawOverlay();
  }

  dispose(): void {
    this.#life.dispose();
  }

  #listen(name: "pointermove" | "pointerleave" | "pointerdown" | "pointerup" | "dblclick" | "wheel", listener: (event: MouseEvent) => void): void {
    this.element.addEventListener(name, listener, { passive: false });
    this.#life.onEnd(() => this.element.removeEventListener(name, listener));
  }

  #at(event: MouseEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** The axes as they are drawn, and the ways between values and pixels; undefined before the first drawing. */
  #axes(): Axes | undefined {
    const area = this.#chart?.chartArea;
    if (!this.#chart || !area || !this.#content) return undefined;
    const { model: { x, y }, theme } = this.#content;
    const { left, right, top, bottom } = area;
    return { x, y, theme, area, ctx: this.#chart.ctx, toColumn: pixelsOf(x, left, right), placeAt: valuesOf(x, left, right), toRow: pixelsOf(y, bottom, top), valueAt: valuesOf(y, bottom, top) };
  }

  #placeOf(pixel: number): number {
    const axes = this.#axes();
    if (!axes) return 0;
    return Math.min(axes.x.max, Math.max(axes.x.min, axes.placeAt(pixel)));
  }

  #moved(event: MouseEvent): void {
    const at = this.#at(event);
    const drag = this.#drag;
    if (drag) {
      drag.toX = at.x;
      drag.toY = at.y;
      if (drag.kind === "pan") this.actions.zoom(this.#shifted(drag), true);
      else this.#drawOverlay();
    }
    this.actions.hover(this.#placeOf(at.x), at.y);
  }

  #pressed(event: MouseEvent): void {
    if (event.button > 1 || isOverlay(event)) return;
    const x = this.#content?.model.x;
    if (!x) return;
    const { x: fromX, y: fromY } = this.#at(event);
    const kind = event.shiftKey ? "box" : event.button === 1 || event.altKey ? "pan" : "zoom";
    this.#drag = { kind, fromX, fromY, toX: fromX, toY: fromY, range: { from: x.min, to: x.max } };
    if (event instanceof PointerEvent) this.element.setPointerCapture(event.pointerId);
    if (event.button === 1) event.preventDefault();
  }

  #released(event: MouseEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (!drag) return;
    const { x: toX, y: toY } = this.#at(event);
    const range = ordered(this.#placeOf(drag.fromX), this.#placeOf(toX));
    const wide = Math.abs(toX - drag.fromX) > dragThreshold && range.to > range.from;
    const axes = this.#axes();
    if (drag.kind === "pan") this.actions.zoom(this.#shifted(drag), false);
    else if (!wide) this.actions.pin();
    else if (drag.kind === "box" && axes && Math.abs(toY - drag.fromY) > dragThreshold) {
      const values = ordered(axes.valueAt(drag.fromY), axes.valueAt(toY));
      this.actions.zoomBox(range, [Math.max(values.from, axes.y.min), Math.min(values.to, axes.y.max)]);
    } else this.actions.zoom(range, false);
    // The pointer has not moved, but what is under it has.
    if (wide && drag.kind !== "pan") this.actions.hover(undefined);
    this.#drawOverlay();
  }

  #shifted({ fromX, toX, range }: Drag): Range {
    const perPixel = (range.to - range.from) / Math.max(1, this.pixels);
    const by = (fromX - toX) * perPixel;
    return { from: range.from + by, to: range.to + by };
  }

  /** With Ctrl or Cmd the wheel zooms around the pointer, sideways it pans; otherwise the page scrolls. */
  #wheel(event: WheelEvent): void {
    const x = this.#content?.model.x;
    if (!x) return;
    if (event.ctrlKey || event.metaKey) {
      const place = this.#placeOf(this.#at(event).x);
      const factor = wheelFactor ** (event.deltaY > 0 ? 1 : -1);
      this.actions.zoom({ from: place - (place - x.min) * factor, to: place + (x.max - place) * factor }, true);
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = ((x.max - x.min) * event.deltaX) / Math.max(1, this.pixels);
      this.actions.zoom({ from: x.min + by, to: x.max + by }, true);
    } else {
      return;
    }
    event.preventDefault();
  }

  #drawOverlay(): void {
    const axes = this.#axes();
    const content = this.#content;
    if (!axes || !content) return;
    const { x, toColumn: at, area: { top, bottom, left, right } } = axes;
    const inside = (place: number): boolean => place >= x.min && place <= x.max;
    const crosshair = this.#crosshair;
    render(html`
      ${content.callout && inside(content.callout.place) ? calloutAt(at(content.callout.place), content.callout.content, { left, right, top }) : nothing}
      ${repeat(content.ticks.filter(({ place }) => inside(place)), ({ checkpoint }) => checkpoint.prefix, (tick) =>
        tickButton(tick, { x: at(tick.place), y: bottom, onClick: () => this.actions.openTick(tick) }))}
      ${this.#selection({ top, bottom })}${crosshair?.box ? this.#keyBox(crosshair.box, { x: (place) => Math.min(right, Math.max(left, at(place))), top, bottom }) : nothing}
      ${crosshair && inside(crosshair.place) ? this.#crosshairParts(crosshair, { x: at(crosshair.place), top, bottom, left, right }) : nothing}
      ${content.popover ? html`<div class="popover" role="dialog" aria-label="Checkpoint" ${styled(popoverPlace(at(content.popover.place), {
        right: right + 12, bottom: this.element.clientHeight - bottom + 6 }))}>${content.popover.content}</div>` : nothing}
    `, this.#overlay);
  }

  #selection({ top, bottom }: { readonly top: number; readonly bottom: number }): Content {
    const drag = this.#drag;
    if (!drag || drag.kind === "pan" || Math.abs(drag.toX - drag.fromX) <= dragThreshold) return nothing;
    const { from, to } = ordered(drag.fromX, drag.toX);
    const box = drag.kind === "box" ? ordered(drag.fromY, drag.toY) : { from: top, to: bottom };
    return html`<div class=${drag.kind === "box" ? "selection selection-box" : "selection"} ${styled({
      left: `${from}px`, width: `${to - from}px`, top: `${box.from}px`, height: `${box.to - box.from}px` })}></div>`;
  }

  /** A box of the keys, as far as it is in the picture. */
  #keyBox({ range, limits }: Box, { x, top, bottom }: { readonly x: (place: number) => number; readonly top: number; readonly bottom: number }): Content {
    const inside = (row: number | undefined): number => Math.min(bottom, Math.max(top, row ?? bottom));
    const [low, high] = limits.map((limit) => inside(this.rowOf(limit)));
    return html`<div class="selection selection-box" ${styled({
      left: `${x(range.from)}px`, width: `${x(range.to) - x(range.from)}px`, top: `${high ?? top}px`, height: `${(low ?? bottom) - (high ?? top)}px` })}></div>`;
  }

  /** Where the crosshair's label stands, inside the card, and the labels of the axis that it would touch: they are covered, so that no digit looks out beside it. */
  #labelAt(label: string, x: number): { readonly middle: number; readonly covered: readonly Range[] } {
    const axes = this.#axes();
    if (!axes) return { middle: x, covered: [] };
    const { ctx, area } = axes;
    ctx.save();
    ctx.font = screenLook(axes.theme).font;
    const half = ctx.measureText(label).width / 2 + labelPadding;
    const middle = Math.min(this.element.clientWidth - half, Math.max(half, x));
    const labels = placeLabelsOf(ctx, axes.x, area).map(({ from, to }) => ({ from: from - 1, to: to + 1 }));
    ctx.restore();
    return { middle, covered: labels.filter(({ from, to }) => to > middle - half && from < middle + half) };
  }

  #crosshairParts({ label, dots, tooltip, tooltipAt }: Crosshair, { x, top, bottom, left, right }: { readonly x: number; readonly top: number; readonly bottom: number; readonly left: number; readonly right: number }): Content {
    const { middle, covered } = this.#labelAt(label, x);
    const beside: Record<string, string> = tooltipAt ? { left: `${tooltipAt.left}px` } : x < (left + right) / 2 ? { left: `${x + tooltipGap}px` } : { right: `${this.element.clientWidth - x + tooltipGap}px` };
    return html`
      <div class="crosshair" ${styled({ left: `${Math.round(x)}px`, top: `${top}px`, height: `${bottom - top}px` })}></div>
      ${dots.map(({ value, color, ring }) => {
        const y = this.rowOf(value);
        return y === undefined || y < top - 4 || y > bottom + 4 ? nothing : html`<div class=${ring ? "dot dot-ring" : "dot"} ${styled({ left: `${x}px`, top: `${y}px`, "--dot": color })}></div>`;
      })}
      ${covered.map(({ from, to }) => html`<div class="label-cover" ${styled({ left: `${from}px`, width: `${to - from}px`, top: `${bottom + 21}px` })}></div>`)}
      <div class="crosshair-step" ${styled({ left: `${middle}px`, top: `${bottom + 21}px` })}>${label}</div>
      ${tooltip ? html`<div class="tooltip" ${styled({ ...beside, top: `${tooltipAt?.top ?? top + 4}px` })}>${tooltip}</div>` : nothing}`;
  }
}

/** Buttons, links and boxes over a plot answer for themselves. */
function isOverlay(event: Event): boolean {
  return event.target instanceof Element && event.target.closest("button, .popover, .tooltip-pinned") !== null;
}

function ordered(one: number, other: number): Range {
  return { from: Math.min(one, other), to: Math.max(one, other) };
}

/** Words in the note lane end above their place, or begin there where there is no room; a leader points down. */
function calloutAt(x: number, content: Content, { left, right, top }: { readonly left: number; readonly right: number; readonly top: number }): Content {
  const toTheLeft = x > (left + right) / 2;
  return html`<div class="callout-leader" ${styled({ left: `${Math.round(x)}px`, top: `${top - 6}px` })}></div>
    <div class="callout" ${styled({ top: `${top - 21}px`, ...(toTheLeft ? { right: `calc(100% - ${Math.min(right, x + 60)}px)` } : { left: `${Math.max(left, x - 8)}px` }) })}>${content}</div>`;
}

function popoverPlace(x: number, { right, bottom }: { readonly right: number; readonly bottom: number }): Record<string, string> {
  const fits = Math.min(popoverWidth, right);
  return { left: `${Math.min(right - fits, Math.max(0, x - fits / 2))}px`, width: `${fits}px`, bottom: `${bottom}px` };
}
