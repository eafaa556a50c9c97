// One card: the chart's title, last values, plot and footnotes, its keys, and the table that says the same as the picture.
import type { CurvePoint } from "#model/scalars";
import type { Disposable } from "#base/lifetime";
import { numbers } from "#kit/numbers";
import { html, nothing, render, type Content } from "#kit/template";
import type { Theme } from "#kit/theme";
import { iconButton, link } from "#kit/ui";
import { cardFoot, cardHead, cardTable, keyHints, spikeCallout } from "./cardParts";
import type { ChartPlan, LinePlan } from "./charts";
import { pixelsOf } from "./pixels";
import { beginBox, boxTo, higher, lower, type Box, type KeyBox } from "./keyBox";
import { damagedPlaces, narrowBelow, plotModel } from "./plotModel";
import { moveHandle, pinned, type BoxPlace } from "./pinned";
import { placeText } from "./places";
import { Plot, type Crosshair, type PlotActions } from "./plot";
import { readLines, readout, readoutText, type LineReading, type ReadAt } from "./readout";
import { isCurrent, type ChartView, type View } from "./requests";
import { runIn } from "./state";
import { swatch } from "./swatch";
import { tickDetails } from "./tickView";
import { drawnValueAt, nearestCheckpoint, ticksOf, type Tick } from "./ticks";
import { marksOf, moved, type Mark, type Move } from "./walk";
import { boxWords, figureWords, pointWords } from "./words";

export interface CardModel {
  readonly view: View;
  readonly chart: ChartView;
  readonly theme: Theme;
}

export interface CardActions extends Omit<PlotActions, "openTick" | "pin"> {
  openTick(dir: string, prefix: string): void;
  closeTick(): void;
  restore(dir: string, prefix: string): void;
  branch(dir: string, prefix: string): void;
  /** The width of the plot became known or changed. */
  sized(pixels: number): void;
  /** The exact points of all lines at a place; also where the keys or the pointer have moved on meanwhile. */
  pointsAt(place: number): Promise<ReadonlyMap<string, CurvePoint>>;
  menu(anchor: HTMLElement): void;
  correct(now: boolean): void;
  exportAll(): void;
  copy(text: string): void;
  /** Another chart's title was dropped here. */
  dropped(chart: string): void;
}

/** A move along a line, or to the next or the previous line. */
type Step = Move | "nextLine" | "previousLine";

const keySteps: Readonly<Record<string, Step>> = { ArrowRight: "next", ArrowLeft: "previous", Home: "first", End: "last", ArrowDown: "nextLine", ArrowUp: "previousLine" };
const keyMarks: Readonly<Record<string, Step>> = { ArrowRight: "nextMark", ArrowLeft: "previousMark" };
/** The line below a card waits for a pause of the keys before it speaks. */
const speakAfterMs = 250;
/** The pointer rests this long before exact points are asked for. */
const askAfterMs = 60;
/** From this width on a plot is higher: it would be a strip. */
const wideFrom = 900;
/** A mark so near to the point of the keys, in pixels, is what Enter opens. */
const markWithin = 2;
const dragType = "application/x-trainscope-chart";

export class Card implements Disposable {
  readonly element = document.createElement("article");
  readonly #plot: Plot;
  readonly #observer: ResizeObserver;
  #model: CardModel | undefined;
  #place: number | undefined;
  #row: number | undefined;
  #mine = false;
  #byKeys = false;
  #pinned = false;
  #movedTo: BoxPlace | undefined;
  #box: KeyBox | undefined;
  #line = 0;
  #tableOpen = false;
  #spoken = "";
  #speakTimer: number | undefined;
  #askTimer: number | undefined;
  #points: ReadonlyMap<string, CurvePoint> = new Map();
  /** Moves by keys that wait for the cut they are meant for. */
  #moves: readonly Step[] = [];
  /** A key has changed the axis since this was drawn. */
  #outdated = false;
  #pixels = 0;

  constructor(readonly plan: ChartPlan, readonly actions: CardActions) {
    this.element.className = "card";
    this.element.tabIndex = 0;
    this.element.dataset.tag = plan.tags[0] ?? "";
    this.element.dataset.chart = plan.id;
    this.#plot = new Plot({ ...actions, pin: () => this.#pin(), openTick: (tick) => this.#openTick(tick) });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("blur", () => this.#leave());
    this.#acceptDrops();
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(this.element);
  }

  /** Width of the plot area, for which points are asked. */
  get pixels(): number {
    return this.#pixels;
  }

  show(model: CardModel): void {
    const opening = model.view.state.openTick;
    const before = this.#model?.view.state.openTick;
    this.#model = model;
    this.#outdated = false;
    this.#draw();
    this.#walkOn();
    if (opening && opening !== before && opening.chart === this.plan.id) this.element.querySelector<HTMLElement>(".popover .button")?.focus();
  }

  /** Moves the crosshair; `row` is the pointer's where it is over this card. */
  point(place: number | undefined, row?: number): void {
    if (this.#pinned || (this.#byKeys && place === undefined)) return;
    this.#place = place;
    this.#row = row;
    this.#mine = row !== undefined;
    this.#byKeys = false;
    this.#points = new Map();
    window.clearTimeout(this.#askTimer);
    if (this.#mine && place !== undefined) this.#askTimer = window.setTimeout(() => void this.#askPoints(), askAfterMs);
    this.#drawPoint();
  }

  dispose(): void {
    this.#observer.disconnect();
    window.clearTimeout(this.#speakTimer);
    window.clearTimeout(this.#askTimer);
    this.#plot.dispose();
    this.element.remove();
  }

  get #narrow(): boolean {
    return this.element.clientWidth < narrowBelow;
  }

  #resized(): void {
    if (this.#model) this.#draw();
    this.#plot.resized();
    const pixels = Math.round(this.#plot.pixels);
    if (pixels <= 0 || pixels === this.#pixels) return;
    this.#pixels = pixels;
    this.actions.sized(pixels);
  }

  #draw(): void {
    const model = this.#model;
    if (!model || this.element.clientWidth === 0) return;
    const { view, chart, theme } = model;
    const { state } = view;
    const lines = chart.lines.map(({ key, name }) => ({ name, slice: state.drawn.get(key)?.slice }));
    this.element.setAttribute("aria-label", figureWords(this.plan.tags.join(", "), lines, numbers));
    this.element.classList.toggle("card-narrow", this.#narrow);
    this.element.classList.toggle("card-wide", this.element.clientWidth >= wideFrom);
    this.#drawFrame(model);
    const plot = plotModel(view, chart, { narrow: this.#narrow, numbers, locale: document.documentElement.lang || navigator.language });
    const open = state.openTick?.chart === this.plan.id ? this.#ticks.find(({ open: isOpen }) => isOpen) : undefined;
    const callout = spikeCallout(model, plot, { narrow: this.#narrow, restore: this.actions.restore });
    // Marks on the axis have the colour of the run that they are of.
    const focused = chart.lines.find(({ dirs }) => dirs.includes(view.focused?.run.dir ?? ""));
    this.#plot.element.style.setProperty("--accent", theme.series[focused?.style ?? 0]?.color ?? theme.foreground);
    this.#plot.show({
      model: plot, theme, ticks: this.#ticks,
      ...(open && { popover: { place: open.place, content: this.#tickDetails(open, model) } }),
      ...(callout && !this.#narrow && { callout }),
    });
    this.#drawPoint();
  }

  #drawFrame(model: CardModel): void {
    const callout = this.#narrow ? spikeCallout(model, undefined, { narrow: true, restore: this.actions.restore }) : undefined;
    render(html`
      ${cardHead(model, {
        width: this.element.clientWidth, tableOpen: this.#tableOpen, selected: this.#ticks.find(({ open }) => open), toggleTable: () => this.#toggleTable(), menu: this.actions.menu, correct: this.actions.correct,
        dragged: (event) => event.dataTransfer?.setData(dragType, this.plan.id),
      })}
      ${this.#plot.element}
      ${callout ? html`<p class="card-callout">${callout.content}</p>` : nothing}
      ${cardFoot(model, numbers, this.#narrow)}
      ${this.#narrow && (this.#mine || this.#pinned) ? this.#readout() : nothing}
      <p class=${this.#spoken ? "card-point" : "hidden-text"} aria-live="polite">${this.#spoken}</p>
      ${this.#spoken && !this.#box ? keyHints() : nothing}
      ${cardTable(model, { open: this.#tableOpen, marks: (slice) => this.#marksOf(slice), exportAll: this.actions.exportAll, copy: this.actions.copy, line: this.#walked })}`, this.element);
  }

  get #ticks(): readonly Tick[] {
    const { view, chart } = this.#model ?? {};
    const run = view?.focused;
    if (!view || !chart || !run) return [];
    const line = chart.lines.find(({ dirs }) => dirs.includes(run.run.dir));
    const slice = line && view.state.drawn.get(line.key)?.slice;
    if (!line) return [];
    const { openTick } = view.state;
    return ticksOf(run.checkpoints, { axis: view.state.settings.x, slice, openPrefix: openTick?.dir === run.run.dir ? openTick.prefix : undefined, numbers });
  }

  #marksOf(slice: Parameters<typeof marksOf>[0], ticks = this.#ticks): readonly Mark[] {
    return marksOf(slice, ticks, this.#model ? damagedPlaces(this.#model.view) : []);
  }

  #tickDetails({ checkpoint, place }: Tick, { view, chart, theme }: CardModel): Content {
    const { state } = view;
    const dir = state.openTick?.dir ?? "";
    const values = chart.lines.flatMap((line) => {
      const value = drawnValueAt(state.drawn.get(line.key)?.slice, place);
      return value === undefined ? [] : [{ swatch: swatch(theme, line.style), name: line.name, value: numbers.value(value) }];
    });
    return tickDetails({
      checkpoint, values, mayChange: state.snapshot?.mayChange ?? false, nowSeconds: state.nowSeconds, numbers,
      close: () => this.#closeTick(), restore: () => this.actions.restore(dir, checkpoint.prefix), branch: () => this.actions.branch(dir, checkpoint.prefix),
    });
  }

  #openTick({ checkpoint }: Tick): void {
    const dir = this.#model?.view.focused?.run.dir;
    if (dir !== undefined) this.actions.openTick(dir, checkpoint.prefix);
  }

  /** The line that the keys walk on. */
  get #walked(): LinePlan | undefined {
    const lines = this.#model?.chart.lines ?? [];
    return lines[((this.#line % lines.length) + lines.length) % lines.length];
  }

  get #readings(): readonly LineReading[] {
    const model = this.#model;
    if (!model || this.#place === undefined) return [];
    const all = readLines(model.view, model.chart, { place: this.#place, row: this.#row, rowOf: (value) => this.#plot.rowOf(value), points: this.#points });
    const walked = this.#walked?.key;
    return this.#byKeys ? [...all].sort((one, other) => Number(other.line.key === walked) - Number(one.line.key === walked)) : all;
  }

  async #askPoints(): Promise<void> {
    const place = this.#place;
    if (place === undefined) return;
    const points = await this.actions.pointsAt(place);
    if (this.#place !== place) return;
    this.#points = points;
    this.#drawPoint();
  }

  #drawPoint(): void {
    const model = this.#model;
    if (!model || this.#place === undefined) {
      this.#plot.point(undefined);
    } else {
      const readings = this.#readings;
      const [first] = readings;
      const { x, state } = model.view;
      // On its own card the crosshair stands on the nearest point of the nearest line; on the others at the same place.
      const place = this.#mine || this.#byKeys ? (first?.point?.x ?? first?.reading?.x ?? this.#place) : this.#place;
      const toColumn = pixelsOf({ ...x, scale: state.settings.xScale }, 0, this.#pixels);
      const snapped = Math.abs(toColumn(place) - toColumn(this.#place)) < 24 ? place : this.#place;
      const dots = readings.slice(0, 16).map(({ line, smoothed }, at) => ({ value: smoothed, color: model.theme.series[line.style]?.color ?? model.theme.foreground, ring: this.#byKeys && at === 0 }));
      const crosshair: Crosshair = { place: snapped, label: placeText(snapped, state.settings.x, numbers), dots };
      const floats = (this.#mine || this.#pinned) && !this.#narrow && state.openTick?.chart !== this.plan.id && readings.length > 0;
      const box = this.#boxNow;
      this.#plot.point({ ...crosshair, ...(floats && { tooltip: this.#readout(), tooltipAt: this.#movedTo }), ...(box && { box }) });
    }
    if (this.#narrow && model) this.#drawFrame(model);
  }

  /** What the keys would zoom to. */
  get #boxNow(): Box | undefined {
    return this.#box && this.#model && this.#place !== undefined ? boxTo(this.#box, this.#place, this.#model) : undefined;
  }

  #readout(): Content {
    const model = this.#model;
    const place = this.#place;
    const readings = this.#readings;
    if (!model || place === undefined || readings.length === 0) return nothing;
    const { view, theme } = model;
    const actions = this.#pinned ? html`${this.#narrow ? nothing : moveHandle()}${link({ label: "Copy", name: "copyReadout", onClick: () => this.actions.copy(readoutText(this.#readoutParts(view, place, readings))) })}
      ${iconButton({ icon: "close", label: "Close (Esc)", onClick: () => this.#unpin() })}` : undefined;
    const content = readout({ ...this.#readoutParts(view, place, readings), theme, ...(actions && { actions }) });
    return this.#pinned ? pinned(content, (to) => this.#moveTo(to)) : content;
  }

  #readoutParts(view: View, place: number, readings: readonly LineReading[]): ReadAt {
    return { view, place, readings, numbers, checkpoints: view.focused?.checkpoints ?? [] };
  }

  #moveTo(to: BoxPlace): void {
    this.#movedTo = to;
    this.#drawPoint();
  }

  #pin(): void {
    if (this.#pinned) return this.#unpin();
    if (this.#place === undefined || this.#readings.length === 0) return;
    this.#pinned = true;
    this.#movedTo = undefined;
    this.#drawPoint();
  }

  #unpin(): void {
    this.#pinned = this.#mine = false;
    // Keys walk on from where they were.
    if (!this.#byKeys) this.#place = undefined;
    if (this.element.contains(document.activeElement)) this.element.focus();
    this.#drawPoint();
  }

  #key(event: KeyboardEvent): void {
    const model = this.#model;
    if (!model || event.altKey) return;
    const inside = event.target !== this.element;
    if (inside && event.key !== "Escape") return;
    if (event.key === "F10" && event.shiftKey) this.#openMenu();
    else if ((event.ctrlKey || event.metaKey) && event.key === "c" && this.#place !== undefined) this.actions.copy(readoutText(this.#readoutParts(model.view, this.#place, this.#readings)));
    else if (event.ctrlKey || event.metaKey || !(this.#walk(event) || this.#command(event.key, model))) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #openMenu(): void {
    const anchor = this.element.querySelector<HTMLElement>("[data-action='cardMenu']");
    if (anchor) this.actions.menu(anchor);
  }

  #walk({ key, shiftKey }: KeyboardEvent): boolean {
    const step = (shiftKey ? keyMarks[key] : undefined) ?? keySteps[key];
    if (!step || (this.#box && (step === "nextLine" || step === "previousLine"))) return false;
    this.#moves = [...this.#moves, step];
    this.#walkOn();
    return true;
  }

  /** Takes the steps that were asked for by keys, as soon as the curve stands as it was when they were pressed. */
  #walkOn(): void {
    const { view, chart } = this.#model ?? {};
    const line = this.#walked;
    if (this.#moves.length === 0 || !view || !chart || !line || this.#outdated || !isCurrent(view, chart, line)) return;
    const steps = this.#moves;
    this.#moves = [];
    for (const step of steps) this.#take(step, view);
    this.#byKeys = true;
    this.#mine = this.#pinned = false;
    this.#row = undefined;
    this.#points = new Map();
    this.#speakSoon();
  }

  #speakSoon(): void {
    this.#drawPoint();
    window.clearTimeout(this.#speakTimer);
    this.#speakTimer = window.setTimeout(() => void this.#speak(), speakAfterMs);
  }

  #take(step: Step, { state }: View): void {
    if (step === "nextLine" || step === "previousLine") this.#line += step === "nextLine" ? 1 : -1;
    const slice = state.drawn.get(this.#walked?.key ?? "")?.slice;
    if (!slice) return;
    if (step === "nextLine" || step === "previousLine") this.#place ??= moved(slice, [], { move: "last" });
    else this.#place = moved(slice, this.#marksOf(slice), { place: this.#place, move: step });
  }

  async #speak(): Promise<void> {
    const place = this.#place;
    const { view, chart } = this.#model ?? {};
    const line = this.#walked;
    if (place === undefined || !view || !chart || !line) return;
    const point = (await this.actions.pointsAt(place)).get(line.key);
    const run = runIn(view.state.snapshot, line.dirs[0]);
    const slice = view.state.drawn.get(line.key)?.slice;
    if (!point || !run || this.#place !== place) return;
    const width = (view.x.max - view.x.min) / Math.max(1, this.#pixels);
    // The nearest checkpoint is named anyway.
    const marks = slice ? this.#marksOf(slice, []).filter((mark) => Math.abs(mark.place - point.x) <= width / 2).map(({ word }) => `${word[0]?.toUpperCase()}${word.slice(1)}`) : [];
    const above = chart.limited && point.value > chart.y.max ? ["Above the chart"] : chart.limited && point.value < chart.y.min ? ["Below the chart"] : [];
    const box = this.#boxNow;
    this.#spoken = this.#box ? boxWords(box, view.state.settings.x, numbers) : pointWords(line.name, point, { near: nearestCheckpoint(run.checkpoints, point.step), marks: [...above, ...marks], last: slice?.last?.step, numbers });
    this.#points = new Map([[line.key, point]]);
    this.#draw();
  }

  #command(key: string, { view: { x, state } }: CardModel): boolean {
    const middle = this.#place ?? (x.min + x.max) / 2;
    const zoom = (from: number, to: number): void => {
      this.#outdated = true;
      this.actions.zoom({ from, to }, false);
    };
    const zoomed = (factor: number): void => zoom(middle - (middle - x.min) * factor, middle + (x.max - middle) * factor);
    const panned = (share: number): void => zoom(x.min + (x.max - x.min) * share, x.max + (x.max - x.min) * share);
    const tick = this.#place === undefined ? undefined : nearestTick(this.#ticks, this.#place, ((x.max - x.min) / Math.max(1, this.#pixels)) * markWithin);
    if (this.#box) return this.#boxKey(key, this.#box);
    if (key === "Enter" && tick) this.#openTick(tick);
    else if (key === "Enter") this.#pin();
    else if (key === "+" || key === "=") zoomed(0.5);
    else if (key === "-") zoomed(2);
    else if (key === "[") panned(-0.5);
    else if (key === "]") panned(0.5);
    else if (key === "0") this.#fit();
    else if (key === "t" || key === "T") this.#toggleTable();
    else if (key === "b" || key === "B") this.#beginBox(middle);
    else if (key === "Escape" && state.openTick) this.#closeTick();
    else if (key === "Escape" && this.#pinned) this.#unpin();
    else if (key === "Escape") this.#leave();
    else return false;
    return true;
  }

  #beginBox(place: number): void {
    this.#pinned = this.#mine = false;
    this.#byKeys = true;
    this.#place = place;
    this.#box = beginBox(place);
    this.#speakSoon();
  }

  /** Keys that mean the box while there is one. */
  #boxKey(key: string, box: KeyBox): boolean {
    const zoom = key === "Enter" ? this.#boxNow : undefined;
    if (zoom) this.#outdated = true;
    if (key === "ArrowUp") this.#box = higher(box);
    else if (key === "ArrowDown") this.#box = lower(box);
    else if (key === "Escape" || zoom) this.#box = undefined;
    else return false;
    if (zoom) this.actions.zoomBox(zoom.range, zoom.limits);
    this.#speakSoon();
    return true;
  }

  #fit(): void {
    this.#outdated = true;
    this.actions.fit();
  }

  #closeTick(): void {
    this.actions.closeTick();
    this.element.focus();
  }

  #toggleTable(): void {
    this.#tableOpen = !this.#tableOpen;
    this.#draw();
  }

  /** Where keys have pinned the point they go on into the tooltip. */
  #leave(): void {
    this.#moves = [];
    this.#box = undefined;
    if (!this.#byKeys || this.#pinned) return;
    window.clearTimeout(this.#speakTimer);
    this.#byKeys = false;
    this.#place = undefined;
    this.#spoken = "";
    this.#draw();
  }

  #acceptDrops(): void {
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes(dragType)) return;
      event.preventDefault();
      this.element.classList.toggle("card-target", event.type === "dragover");
    };
    this.element.addEventListener("dragover", over);
    this.element.addEventListener("dragleave", over);
    this.element.addEventListener("drop", (event) => {
      over(event);
      const chart = event.dataTransfer?.getData(dragType);
      if (chart && chart !== this.plan.id) this.actions.dropped(chart);
    });
  }
}

function nearestTick(ticks: readonly Tick[], place: number, within: number): Tick | undefined {
  const near = ticks.filter((tick) => Math.abs(tick.place - place) <= within);
  return near.sort((one, other) => Math.abs(one.place - place) - Math.abs(other.place - place))[0];
}
