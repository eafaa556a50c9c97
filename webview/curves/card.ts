// One card: a tag's title, last values, plot and footnotes, its keys, and the table that says the same as the picture.
import type { CheckpointInfo } from "#model/checkpoint";
import type { RunInfo } from "#model/run";
import type { TagInfo } from "#model/scalars";
import type { Disposable } from "#base/lifetime";
import { markBox, markOf } from "#kit/marks";
import { numbers } from "#kit/numbers";
import { html, nothing, render, type Content } from "#kit/template";
import type { Theme } from "#kit/theme";
import { button, iconButton, iconOf } from "#kit/ui";
import type { Axis } from "./axes";
import { readAt, type Reading } from "./lines";
import { Plot, type Crosshair, type PlotActions } from "./plot";
import { narrowBelow, plotModel } from "./plotModel";
import { cutMiddle } from "./sections";
import type { DrawnSlice, YScale } from "./state";
import { swatch } from "./swatch";
import { dataTable, moved, nearestCheckpoint, type Move } from "./walk";
import { checkpointName, checkpointWords, drawnWords, figureWords, notDrawnWords, pointWords, rawWords, staleFor } from "./words";

export interface CardModel {
  readonly info: TagInfo;
  readonly run: RunInfo;
  readonly drawn?: DrawnSlice;
  readonly problem?: string;
  readonly x: Axis;
  readonly scale: YScale;
  readonly smoothing: number;
  readonly theme: Theme;
  readonly checkpoints: readonly CheckpointInfo[];
  readonly openTick?: CheckpointInfo;
  readonly restoring: boolean;
  readonly nowSeconds: number;
}

export interface CardActions extends PlotActions {
  closeTick(): void;
  restore(prefix: string): void;
  /** The width of the plot became known or changed. */
  sized(pixels: number): void;
}

const keyMoves: Readonly<Record<string, Move>> = { ArrowRight: "next", ArrowLeft: "previous", Home: "first", End: "last" };
/** The line below a card waits for a pause of the keys before it speaks. */
const speakAfterMs = 250;

export class Card implements Disposable {
  readonly element = document.createElement("article");
  readonly #plot: Plot;
  readonly #observer: ResizeObserver;
  #model: CardModel | undefined;
  #step: number | undefined;
  #mine = false;
  #byKeys = false;
  #tableOpen = false;
  #spoken = "";
  #speakTimer: number | undefined;
  #pixels = 0;

  constructor(readonly tag: string, readonly actions: CardActions) {
    this.element.className = "card";
    this.element.tabIndex = 0;
    this.element.dataset.tag = tag;
    this.#plot = new Plot(actions);
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("blur", () => this.#leave());
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(this.element);
  }

  /** Width of the plot area, for which points are asked. */
  get pixels(): number {
    return this.#pixels;
  }

  show(model: CardModel): void {
    const opening = model.openTick && model.openTick.prefix !== this.#model?.openTick?.prefix;
    this.#model = model;
    this.#draw();
    if (opening) this.element.querySelector<HTMLElement>(".popover .button")?.focus();
  }

  /** Moves the crosshair; `mine` when the pointer is over this card. */
  point(step: number | undefined, mine: boolean): void {
    if (this.#byKeys && step === undefined) return;
    this.#step = step;
    this.#mine = mine;
    this.#byKeys = false;
    this.#drawPoint();
  }

  dispose(): void {
    this.#observer.disconnect();
    window.clearTimeout(this.#speakTimer);
    this.#plot.dispose();
    this.element.remove();
  }

  get #narrow(): boolean {
    return this.element.clientWidth < narrowBelow;
  }

  #resized(): void {
    if (this.#model) this.#draw();
    this.#plot.resized();
    // Before the first drawing the plot area is not known; margins of the mock-up stand in.
    this.#pixels = Math.round(this.#plot.pixels || this.element.clientWidth - 80);
    if (this.#pixels > 0) this.actions.sized(this.#pixels);
  }

  #draw(): void {
    const model = this.#model;
    if (!model) return;
    const { drawn, run, theme, nowSeconds } = model;
    this.element.setAttribute("aria-label", figureWords(this.tag, drawn?.slice, numbers));
    this.element.classList.toggle("card-narrow", this.#narrow);
    render(html`${this.#head(model)}${this.#plot.element}${this.#foot(model)}`, this.element);
    const style = theme.series[0];
    if (!style || this.element.clientWidth === 0) return;
    const open = model.openTick;
    this.#plot.show({
      model: plotModel(drawn?.slice, {
        x: model.x, scale: model.scale, narrow: this.#narrow, smoothing: model.smoothing, pixels: this.#pixels || this.element.clientWidth - 80,
        numbers, locale: document.documentElement.lang || navigator.language,
      }),
      look: { theme, style, live: run.state === "running" && staleFor(run, nowSeconds) === undefined },
      ticks: model.checkpoints.map((checkpoint) => ({
        checkpoint, label: checkpointWords(checkpoint, numbers), open: checkpoint.prefix === open?.prefix,
      })),
      popover: open?.step === undefined ? undefined : { step: open.step, content: this.#tickDetails(open, model) },
    });
    this.#drawPoint();
  }

  #head({ info, drawn, theme, run, nowSeconds }: CardModel): Content {
    const last = drawn?.slice.last;
    const stale = staleFor(run, nowSeconds) !== undefined;
    const room = Math.max(12, Math.floor((this.element.clientWidth - 56) / 7.4));
    return html`
      <header class="card-title"><h3 title=${info.tag}>${cutMiddle(info.tag, room)}</h3><span class="grow"></span>
        ${iconButton({ icon: "table", label: "Data table (T)", pressed: this.#tableOpen, tabIndex: -1, onClick: () => this.#toggleTable() })}
      </header>
      <p class="card-values">${last
        ? html`${swatch(theme)}<b title=${numbers.exact(last.smoothed)}>${numbers.value(last.smoothed)}</b>
            <span class="secondary" title=${numbers.exact(last.value)}>raw ${numbers.value(last.value)}</span>
            ${stale ? html`<span class="secondary">at step ${numbers.count(last.step)}</span>` : nothing}`
        : html`<span class="secondary">${drawn ? "no points yet" : "reading…"}</span>`}</p>`;
  }

  #foot(model: CardModel): Content {
    const { drawn, problem, run, nowSeconds, checkpoints } = model;
    const notDrawn = drawn && notDrawnWords(drawn.slice, numbers);
    const stale = staleFor(run, nowSeconds) !== undefined && drawn?.slice.last;
    const left = problem ?? (stale ? `last event ${numbers.clock(stale.wallTimeSeconds, nowSeconds)}` : drawn ? drawnWords(drawn.slice, numbers) : "");
    return html`
      <footer class="card-foot"><span class=${problem ? "wrong cut" : "cut"} title=${left}>${left}</span>
        ${notDrawn ? html`<span class="wrong">${notDrawn}</span>` : nothing}</footer>
      ${this.#narrow && this.#mine ? this.#readout(model) : nothing}
      <p class=${this.#spoken ? "card-point" : "hidden-text"} aria-live="polite">${this.#spoken}</p>
      ${drawn ? html`<div class=${this.#tableOpen ? "card-table" : "hidden-text"}>${tableOf(dataTable(drawn.slice, checkpoints))}</div>` : nothing}`;
  }

  #tickDetails(checkpoint: CheckpointInfo, { restoring, nowSeconds }: CardModel): Content {
    const name = checkpointName(checkpoint, numbers);
    return html`
      <div class="popover-head">${markBox(markOf(checkpoint))}<b>${name[0]?.toUpperCase()}${name.slice(1)}</b>
        <span class="secondary">${numbers.clock(checkpoint.wallTimeSeconds, nowSeconds)} · ${numbers.bytes(checkpoint.bytes)}</span><span class="grow"></span>
        ${iconButton({ icon: "close", label: "Close", onClick: () => this.actions.closeTick() })}</div>
      <p>${checkpoint.reason}</p><p class="secondary">${checkpoint.next}</p>
      <div class="popover-actions">${button({
        label: restoring ? "Restoring…" : `Restore ${name}…`, primary: true, disabled: restoring || !checkpoint.complete, name: "restore",
        onClick: () => this.actions.restore(checkpoint.prefix),
      })}</div>`;
  }

  get #reading(): Reading | undefined {
    const { drawn, x } = this.#model ?? {};
    if (!drawn || !x || this.#step === undefined) return undefined;
    return readAt(drawn.slice, this.#step, (x.max - x.min) / Math.max(1, this.#pixels));
  }

  #drawPoint(): void {
    const model = this.#model;
    const reading = this.#reading;
    if (!model || this.#step === undefined) {
      this.#plot.point(undefined);
    } else {
      const step = reading?.step ?? this.#step;
      const crosshair: Crosshair = { step, label: numbers.count(step), value: reading?.smoothed, ring: this.#byKeys };
      const floats = this.#mine && !this.#narrow && !model.openTick && reading;
      this.#plot.point(floats ? { ...crosshair, tooltip: this.#readout(model) } : crosshair);
    }
    if (this.#narrow && model) render(html`${this.#head(model)}${this.#plot.element}${this.#foot(model)}`, this.element);
  }

  #readout({ run, theme, checkpoints, x }: CardModel): Content {
    const reading = this.#reading;
    if (!reading) return nothing;
    const near = nearestCheckpoint(checkpoints, reading.step);
    const close = near?.step !== undefined && Math.abs(near.step - reading.step) <= ((x.max - x.min) / Math.max(1, this.#pixels)) * 8;
    return html`<div class="readout">
      <p class="readout-head">step ${numbers.count(reading.step)}</p>
      <p class="readout-row">${swatch(theme)}<span class="cut">${run.name}</span><span class="grow"></span>
        <b>${numbers.value(reading.smoothed)}</b><span class="secondary">${rawWords(reading, numbers)}</span></p>
      ${near && close ? html`<p class="readout-mark">${markBox(markOf(near))}<span class="secondary">checkpoint ${checkpointWords(near, numbers).replace(/^step /, "")}</span></p>` : nothing}
    </div>`;
  }

  #key(event: KeyboardEvent): void {
    const model = this.#model;
    if (!model || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target !== this.element && event.key !== "Escape") return;
    const move = keyMoves[event.key];
    if (move && model.drawn) {
      const far: Move = event.shiftKey && move === "next" ? "nextMark" : event.shiftKey && move === "previous" ? "previousMark" : move;
      this.#step = moved(model.drawn.slice, model.checkpoints, { step: this.#step, move: far });
      this.#byKeys = true;
      this.#mine = false;
      this.#drawPoint();
      this.#speakSoon();
    } else if (!this.#command(event.key, model)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #command(key: string, { x, checkpoints, openTick }: CardModel): boolean {
    const middle = this.#step ?? (x.min + x.max) / 2;
    const zoomed = (factor: number): void => {
      const half = ((x.max - x.min) * factor) / 2;
      this.actions.zoom({ from: Math.max(0, middle - half), to: middle + half });
    };
    const near = this.#step === undefined ? undefined : nearestCheckpoint(checkpoints, this.#step);
    if (key === "Enter" && near) this.actions.openTick(near.prefix);
    else if (key === "+" || key === "=") zoomed(0.5);
    else if (key === "-") zoomed(2);
    else if (key === "0") this.actions.fit();
    else if (key === "t" || key === "T") this.#toggleTable();
    else if (key === "Escape" && openTick) this.#closeTick();
    else if (key === "Escape") this.#leave();
    else return false;
    return true;
  }

  #closeTick(): void {
    this.actions.closeTick();
    this.element.focus();
  }

  #toggleTable(): void {
    this.#tableOpen = !this.#tableOpen;
    this.#draw();
  }

  #speakSoon(): void {
    window.clearTimeout(this.#speakTimer);
    this.#speakTimer = window.setTimeout(() => {
      const reading = this.#reading;
      if (!this.#model || !reading) return;
      this.#spoken = pointWords(this.#model.run, reading, { near: nearestCheckpoint(this.#model.checkpoints, reading.step), numbers });
      this.#draw();
    }, speakAfterMs);
  }

  #leave(): void {
    if (!this.#byKeys) return;
    window.clearTimeout(this.#speakTimer);
    this.#byKeys = false;
    this.#step = undefined;
    this.#spoken = "";
    this.#draw();
  }
}

function tableOf({ rows, every }: ReturnType<typeof dataTable>): Content {
  return html`<table><thead><tr><th>Step</th><th>Smoothed</th><th>Raw</th><th class="text">Mark</th></tr></thead><tbody>
    ${rows.map(({ step, smoothed, raw, rawRange, mark }) => html`<tr><td>${numbers.count(step)}</td><td>${numbers.value(smoothed)}</td>
      <td>${rawWords({ step, smoothed, raw, rawRange }, numbers).replace(/^raw /, "")}</td><td class="text">${mark}</td></tr>`)}
  </tbody></table><p class="secondary">${iconOf("info")} marks and every ${numbers.count(every)} steps</p>`;
}
