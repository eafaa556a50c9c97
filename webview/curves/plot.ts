// One plot: the chart, and over it what follows the pointer and the keys (crosshair, read-out, zoom, ticks of checkpoints).
import type { CheckpointInfo } from "#model/checkpoint";
import { Lifetime, type Disposable } from "#base/lifetime";
import { markBox, markOf } from "#kit/marks";
import { html, nothing, render, repeat, styled, type Content } from "#kit/template";
import { openChart, redraw, type LineChart, type Look } from "./chart";
import type { PlotModel } from "./plotModel";
import type { StepRange } from "./state";

/** What a person does with a plot. */
export interface PlotActions {
  /** The pointer rests on a step; undefined when it left. */
  hover(step: number | undefined): void;
  zoom(range: StepRange): void;
  fit(): void;
  openTick(prefix: string): void;
}

/** A checkpoint's tick and its name for those who do not see it. */
export interface Tick {
  readonly checkpoint: CheckpointInfo;
  readonly label: string;
  readonly open: boolean;
}

/** Where the crosshair stands: its step, its words, and the value at which the dot is drawn. */
export interface Crosshair {
  readonly step: number;
  readonly label: string;
  readonly value?: number;
  readonly ring: boolean;
  readonly tooltip?: Content;
}

export interface PlotContent {
  readonly model: PlotModel;
  readonly look: Look;
  readonly ticks: readonly Tick[];
  readonly popover?: { readonly step: number; readonly content: Content };
}

/** Pixels of a drag below which it was a click. */
const dragThreshold = 4;

export class Plot implements Disposable {
  readonly element = document.createElement("div");
  readonly #life = new Lifetime();
  readonly #canvas = document.createElement("canvas");
  readonly #overlay = document.createElement("div");
  #chart: LineChart | undefined;
  #content: PlotContent | undefined;
  #crosshair: Crosshair | undefined;
  #dragFrom: number | undefined;
  #dragTo: number | undefined;

  constructor(readonly actions: PlotActions) {
    this.element.className = "plot";
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#overlay.className = "plot-overlay";
    this.element.append(this.#canvas, this.#overlay);
    this.#listen("pointermove", (event) => this.#moved(event));
    this.#listen("pointerleave", () => this.actions.hover(undefined));
    this.#listen("pointerdown", (event) => this.#pressed(event));
    this.#listen("pointerup", (event) => this.#released(event));
    this.#listen("dblclick", () => this.actions.fit());
    this.#life.onEnd(() => this.#chart?.destroy());
  }

  /** Width of the plot area in pixels; 0 before the first drawing. */
  get pixels(): number {
    return this.#chart?.chartArea?.width ?? 0;
  }

  show(content: PlotContent): void {
    this.#content = content;
    if (this.#chart) redraw(this.#chart, content.model, content.look);
    else this.#chart = openChart(this.#canvas, content.model, content.look);
    this.#drawOverlay();
  }

  point(crosshair: Crosshair | undefined): void {
    this.#crosshair = crosshair;
    this.#drawOverlay();
  }

  /** Ticks and crosshair stand on pixels, so they move when the width does. */
  resized(): void {
    this.#chart?.resize();
    this.#drawOverlay();
  }

  dispose(): void {
    this.#life.dispose();
  }

  #listen(name: "pointermove" | "pointerleave" | "pointerdown" | "pointerup" | "dblclick", listener: (event: MouseEvent) => void): void {
    this.element.addEventListener(name, listener);
    this.#life.onEnd(() => this.element.removeEventListener(name, listener));
  }

  #stepAt(event: MouseEvent): number | undefined {
    const x = this.#chart?.scales.x;
    if (!x) return undefined;
    const at = event.clientX - this.element.getBoundingClientRect().left;
    return Math.min(x.max, Math.max(x.min, x.getValueForPixel(at) ?? x.min));
  }

  #moved(event: MouseEvent): void {
    const step = this.#stepAt(event);
    if (this.#dragFrom !== undefined && step !== undefined) {
      this.#dragTo = step;
      this.#drawOverlay();
    }
    this.actions.hover(step);
  }

  #pressed(event: MouseEvent): void {
    if (event.button !== 0 || (event.target as Element).closest("button, .popover")) return;
    this.#dragFrom = this.#stepAt(event);
    if (event instanceof PointerEvent) this.element.setPointerCapture(event.pointerId);
  }

  #released(event: MouseEvent): void {
    const from = this.#dragFrom;
    const to = this.#stepAt(event);
    this.#dragFrom = this.#dragTo = undefined;
    const x = this.#chart?.scales.x;
    if (from !== undefined && to !== undefined && x) {
      const wide = Math.abs(x.getPixelForValue(to) - x.getPixelForValue(from)) > dragThreshold;
      if (wide && Math.abs(to - from) >= 1) this.actions.zoom({ from: Math.min(from, to), to: Math.max(from, to) });
    }
    this.#drawOverlay();
  }

  #drawOverlay(): void {
    const chart = this.#chart;
    const x = chart?.scales.x;
    const y = chart?.scales.y;
    const content = this.#content;
    if (!chart?.chartArea || !x || !y || !content) return;
    const { top, bottom, left, right } = chart.chartArea;
    const inside = (step: number): boolean => step >= x.min && step <= x.max;
    const at = (step: number): number => x.getPixelForValue(step);
    render(html`
      ${repeat(content.ticks.filter(({ checkpoint: { step } }) => step !== undefined && inside(step)), ({ checkpoint }) => checkpoint.prefix, (tick) =>
        tickButton(tick, { x: at(tick.checkpoint.step ?? 0), y: bottom, onClick: () => this.actions.openTick(tick.checkpoint.prefix) }))}
      ${this.#selection(at, { top, bottom })}
      ${this.#crosshair && inside(this.#crosshair.step)
        ? crosshairParts(this.#crosshair, { x: at(this.#crosshair.step), y: valuePixel(this.#crosshair, y), top, bottom, left, right })
        : nothing}
      ${content.popover ? html`<div class="popover" role="dialog" aria-label="Checkpoint"
        ${styled(placed(at(content.popover.step), { left: 0, right: right + 12, width: 264, bottom: this.element.clientHeight - bottom + 6 }))}
        >${content.popover.content}</div>` : nothing}
    `, this.#overlay);
  }

  #selection(at: (step: number) => number, { top, bottom }: { top: number; bottom: number }): Content {
    if (this.#dragFrom === undefined || this.#dragTo === undefined) return nothing;
    const [from, to] = [at(this.#dragFrom), at(this.#dragTo)].sort((a, b) => a - b);
    return html`<div class="selection" ${styled({ left: `${from}px`, width: `${(to ?? 0) - (from ?? 0)}px`, top: `${top}px`, height: `${bottom - top}px` })}></div>`;
  }
}

function valuePixel({ value }: Crosshair, y: { getPixelForValue(value: number): number }): number | undefined {
  const pixel = value === undefined || !Number.isFinite(value) ? NaN : y.getPixelForValue(value);
  return Number.isFinite(pixel) ? pixel : undefined;
}

function tickButton({ checkpoint, label, open }: Tick, { x, y, onClick }: { x: number; y: number; onClick: () => void }): Content {
  return html`<button
    type="button" class="tick" tabindex="-1" aria-label=${label} title=${label} aria-expanded=${open} data-prefix=${checkpoint.prefix}
    ${styled({ left: `${x}px`, top: `${y}px` })} @click=${onClick}
  >${markBox(markOf(checkpoint))}</button>`;
}

interface Area {
  readonly x: number;
  readonly y: number | undefined;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function crosshairParts({ label, ring, tooltip }: Crosshair, { x, y, top, bottom, left, right }: Area): Content {
  const dot = y === undefined || y < top - 4 || y > bottom + 4 ? nothing : html`<div
    class=${ring ? "dot dot-ring" : "dot"} ${styled({ left: `${x}px`, top: `${y}px` })}></div>`;
  const width = 244;
  const beside = x + 16 + width > right ? x - 16 - width : x + 16;
  return html`
    <div class="crosshair" ${styled({ left: `${Math.round(x)}px`, top: `${top}px`, height: `${bottom - top}px` })}></div>
    ${dot}
    <div class="crosshair-step" ${styled({ left: `${Math.min(right - 16, Math.max(left + 16, x))}px`, top: `${bottom + 21}px` })}>${label}</div>
    ${tooltip ? html`<div class="tooltip" ${styled({ left: `${Math.max(0, beside)}px`, top: `${top + 4}px`, width: `${width}px` })}>${tooltip}</div>` : nothing}`;
}

function placed(x: number, { left, right, width, bottom }: { left: number; right: number; width: number; bottom: number }): Record<string, string> {
  const fits = Math.min(width, right - left);
  return { left: `${Math.min(right - fits, Math.max(left, x - fits / 2))}px`, width: `${fits}px`, bottom: `${bottom}px` };
}
