// The parts of a card that are words: head, values, footnotes, the callout of a spike, the data table.
import type { Slice } from "#model/scalars";
import { numbers, type Numbers } from "#kit/numbers";
import { html, nothing, styled, type Content } from "#kit/template";
import { iconButton, iconOf, link } from "#kit/ui";
import type { CardModel } from "./card";
import { rawHiddenFrom, type LinePlan } from "./charts";
import { axisWord, placeText } from "./places";
import { narrowBelow, type PlotModel } from "./plotModel";
import { cutMiddle } from "./sections";
import { halfLifeWords, printWeight } from "./smoothingScale";
import { runIn } from "./state";
import { swatch } from "./swatch";
import { drawnValueAt, lastBefore, type Tick } from "./ticks";
import { dataTable, type Mark } from "./walk";
import { beyondWords, checkpointName, drawnWords, lostWords, nonFiniteWords, rawWords, staleFor } from "./words";

/** Below this width of a card its head says less. */
const shortBelow = 420;
/** Lines named in the values' row; the rest are counted. */
const mostValues = 4;
/** Pixels that a value takes with its swatch, and the row's margins less one gap. */
const valueWidth = 79;
const valueMargins = 8;

interface HeadParts {
  readonly width: number;
  readonly tableOpen: boolean;
  /** Of the checkpoint whose details are open, also in another card. */
  readonly selected: Tick | undefined;
  toggleTable(): void;
  menu(anchor: HTMLElement): void;
  correct(now: boolean): void;
  dragged(event: DragEvent): void;
}

/** Title and last values. */
export function cardHead(model: CardModel, { width, tableOpen, selected, toggleTable, menu, correct, dragged }: HeadParts): Content {
  const { view, chart } = model;
  const { plan, settings, smoothing, ownWeight } = chart;
  const decay = averageOf(model);
  const ema = decay === undefined ? "" : emaWords(decay, { corrected: settings.corrected ?? false, short: width < shortBelow });
  const own = ownWeight ? `${printWeight(smoothing.weight)} · ${halfLifeWords(smoothing.weight, view.state.snapshot, { tags: plan.tags, numbers })}` : "";
  // The title gives way last, and in its middle.
  const beside = ema !== "" && width >= narrowBelow;
  const room = Math.max(12, Math.floor((width - 80 - (beside ? ema.length * 6 + 60 : 0)) / (7.4 * plan.tags.length)));
  const average = ema === "" || decay === undefined ? nothing : html`<span class="card-own secondary cut" title=${`The graph keeps this average with decay ${numbers.exact(decay)}. It starts at 0, so early values are too low; corrected, they are divided by 1 − decayⁿ, with n = step.`}>${ema}</span>
    ${link({ label: settings.corrected ? "As recorded" : "Correct", name: "correct", onClick: () => correct(!settings.corrected) })}`;
  return html`
    <header class="card-title" draggable="true" @dragstart=${dragged} title="Drag onto another chart to draw both in one">
      <h3 title=${plan.tags.join("\n")}>${plan.tags.map((tag, at) => html`${at > 0 ? html`<span class="secondary"> + </span>` : nothing}${cutMiddle(tag, room) || "(no name)"}`)}</h3>
      ${plan.tags.some((tag) => tag.length > room) ? html`<span class="card-full" aria-hidden="true">${plan.tags.join(" + ")}</span>` : nothing}
      ${own && width > 360 ? html`<span class="card-own secondary cut">${own}</span>` : nothing}
      ${beside ? average : nothing}
      <span class="grow"></span>
      ${iconButton({ icon: "table", label: "Data table (T)", pressed: tableOpen, tabIndex: -1, name: "cardTable", onClick: toggleTable })}
      ${iconButton({ icon: "ellipsis", label: "More of this chart (Shift+F10)", tabIndex: -1, name: "cardMenu", onClick: (event) => menu(event.currentTarget as HTMLElement) })}
    </header>
    <p class="card-values">${valuesRow(model, { width, selected })}</p>
    ${ema === "" || beside ? nothing : html`<p class="card-average">${average}</p>`}`;
}

/** `EMA 0.99, starts at 0`; where there is little room, the link beside it says the rest. */
function emaWords(decay: number, { corrected, short }: { readonly corrected: boolean; readonly short: boolean }): string {
  return `EMA ${printWeight(Number(decay.toPrecision(4)))}${short ? "" : corrected ? ", corrected" : ", starts at 0"}`;
}

/** The decay of the first in-graph average that the chart shows. */
function averageOf({ view, chart }: CardModel): number | undefined {
  const averages = view.state.snapshot?.runs.flatMap((run) => run.averages) ?? [];
  return averages.find(({ tag }) => chart.plan.tags.includes(tag))?.decay;
}

function valuesRow({ view, chart, theme }: CardModel, { width, selected }: Pick<HeadParts, "width" | "selected">): Content {
  const { state } = view;
  const fit = Math.max(1, Math.floor((width - valueMargins) / valueWidth));
  // The count of the others takes about half of a value's room.
  const shown = chart.lines.slice(0, Math.min(mostValues, chart.lines.length <= fit ? fit : Math.max(1, Math.floor((width - valueMargins) / valueWidth - 0.5))));
  const rows = shown.map((line) => {
    const drawn = state.drawn.get(line.key);
    const last = drawn?.slice?.last;
    const mean = drawn?.group?.last;
    const run = runIn(state.snapshot, line.dirs[0])?.run;
    const stale = run && staleFor(run, state.nowSeconds) !== undefined;
    const there = selected && drawnValueAt(drawn?.slice, selected.place);
    if (there !== undefined) return html`<span class="card-value" title=${line.name}>${swatch(theme, line.style)}<b title=${numbers.exact(there)}>${numbers.value(there)}</b></span>`;
    const withRaw = chart.lines.length <= 2 && width > 136 * chart.lines.length;
    return html`<span class="card-value" title=${line.name}>${swatch(theme, line.style)}${last
      ? html`<b title=${numbers.exact(last.smoothed)}>${numbers.value(last.smoothed)}</b>
        ${withRaw ? html`<span class="secondary" title=${numbers.exact(last.value)}>raw ${numbers.value(last.value)}</span>` : nothing}
        ${stale ? html`<span class="secondary">at step ${numbers.count(last.step)}</span>` : nothing}`
      : mean !== undefined ? html`<b title=${numbers.exact(mean)}>${numbers.value(mean)}</b>` : html`<span class="secondary">${drawn ? (drawn.refused ?? "no points yet") : "reading…"}</span>`}</span>`;
  });
  return html`${rows}${selected ? html`<span class="secondary">at ${checkpointName(selected.checkpoint, numbers)}</span>` : nothing}${chart.lines.length > shown.length ? html`<span class="secondary">+ ${numbers.count(chart.lines.length - shown.length)}</span>` : nothing}`;
}

/** Left: how much is drawn. Right: what is not. */
export function cardFoot({ view, chart }: CardModel, format: Numbers, narrow: boolean): Content {
  const { state, focused } = view;
  const drawn = chart.lines.flatMap(({ key }) => state.drawn.get(key) ?? []);
  const slices = drawn.flatMap(({ slice }) => slice ?? []);
  const refused = drawn.find((one) => one.refused !== undefined)?.refused;
  const { run, damage = [] } = focused ?? {};
  const last = slices[0]?.last;
  const members = chart.lines.filter(({ group }) => group).reduce((sum, { dirs }) => sum + dirs.length, 0);
  const reading = state.snapshot?.runs.some(({ reading: now }) => now && !now.halted);
  const rawHidden = view.groups.length >= rawHiddenFrom;
  const words = slices.length > 0 ? drawnWords(slices, { rawHidden, logX: state.settings.xScale === "log" && !view.zoomed, numbers: format }) : "";
  const groupWords = members > 0 ? `mean ± 1 sd of ${format.counted(members, "run", "runs")}` : "";
  const stale = run && last && view.groups.length === 1 && staleFor(run, state.nowSeconds) !== undefined;
  const left = refused ?? (reading ? `${format.count(slices.reduce((sum, { total }) => sum + total, 0))} points so far` : stale ? `last event ${format.time(last.wallTimeSeconds)}` : [words, groupWords].filter(Boolean).join(" · "));
  const beyond = beyondWords(slices, [axisEnd(chart.y.min, format), axisEnd(chart.y.max, format)], format);
  const bad = chart.lines.flatMap(({ key, name }) => {
    const slice = state.drawn.get(key)?.slice;
    return (slice && nonFiniteWords(slice, chart.lines.length > 1 ? name : undefined, format)) ?? [];
  });
  const lost = chart.lines.some(({ dirs }) => dirs.includes(run?.dir ?? "")) ? lostWords(damage, format) : undefined;
  // Where there is little room, what is counted need not be named.
  const short = (text: string): string => (narrow ? text.replace(/ points?(?= (drawn|above|below))| · band = min–max/g, "") : text);
  return html`<footer class="card-foot"><span class=${refused ? "wrong" : nothing} title=${left}>${short(left)}</span>
    <span class="card-foot-right">${beyond ? html`<span>${short(beyond)}</span>` : nothing}${lost ? html`<span>${lost}</span>` : nothing}${bad.length > 0 ? html`<span class="wrong" title=${bad.join(" · ")}>${bad[0]}${bad.length > 1 ? ` · ${bad.length - 1} more` : ""}</span>` : nothing}</span></footer>`;
}

/** An end of an axis is a round number, or one that a person typed. */
function axisEnd(value: number, format: Numbers): string {
  const round = Number(value.toPrecision(6));
  const size = Math.abs(round);
  return size >= 1e9 || (size > 0 && size < 1e-6) ? round.toExponential().replace("e+", "e") : format.exact(round);
}

/** The newest spike of the focused run, with the last good checkpoint before it. */
export function spikeCallout({ view, chart, theme }: CardModel, plot: PlotModel | undefined, { narrow, restore }: {
  readonly narrow: boolean; restore(dir: string, prefix: string): void;
}): { readonly place: number; readonly content: Content } | undefined {
  const { state, focused: run } = view;
  const line = chart.lines.find(({ dirs, group }) => !group && dirs.includes(run?.run.dir ?? ""));
  const spike = (plot?.spikes ?? state.drawn.get(line?.key ?? "")?.slice?.spikes ?? []).at(-1);
  if (!run || !line || !spike) return undefined;
  const before = lastBefore(run.checkpoints, spike.step);
  const color = theme.series[line.style]?.color;
  const where = placeText(spike.x, state.settings.x, numbers);
  const why = "Five points in a row above all 200 before them, by more than six of their interquartile ranges";
  return {
    place: spike.x,
    content: html`${narrow && color ? html`<span class="callout-mark" aria-hidden="true" ${styled({ "border-bottom-color": color })}></span>` : nothing}<span class="secondary" title=${why}>spike at ${where}</span>
      ${before && state.snapshot?.mayChange ? html`<span class="secondary"> · </span>${link({ label: `restore ${checkpointName(before, numbers)}`, name: "restoreBeforeSpike", onClick: () => restore(run.run.dir, before.prefix) })}` : nothing}`,
  };
}

// Not every font has arrows.
const arrows: readonly Content[] = [iconOf("arrow-left"), iconOf("arrow-right")];
const hints: readonly (readonly [keys: readonly Content[], does: string])[] = [[arrows, "point"], [["Shift"], "mark"], [["Enter"], "pin"], [["+", "−"], "zoom"], [["B"], "box"], [["T"], "table"], [["Esc"], "leave"]];

/** The keys of a chart, for those who see them; others hear of them with the chart's name. */
export function keyHints(): Content {
  return html`<p class="card-keys secondary" aria-hidden="true">${hints.map(([keys, does]) => html`<span>${keys.map((key) => html`<kbd>${key}</kbd>`)} ${does}</span>`)}</p>`;
}

interface TableParts {
  readonly open: boolean;
  /** The line that the keys walk on. */
  readonly line: LinePlan | undefined;
  marks(slice: Slice): readonly Mark[];
  exportAll(): void;
  copy(text: string): void;
}

/** The picture as rows, for everyone by key and button, for screen readers always. */
export function cardTable({ view, chart }: CardModel, { open, line, marks, exportAll, copy }: TableParts): Content {
  const shown = line ?? chart.lines[0];
  const slice = shown && view.state.drawn.get(shown.key)?.slice;
  if (!slice || !shown) return nothing;
  const { rows, every } = dataTable(slice, marks(slice));
  const axis = view.state.settings.x;
  const heading = axisWord(slice.oneStep ? { kind: "index" } : axis);
  const all = slice.total;
  const text = (): string => [`${heading}\tsmoothed\traw\tmark`, ...rows.map((row) => [row.place, row.smoothed, row.raw ?? row.rawRange?.join("–") ?? "", row.mark].join("\t"))].join("\n");
  return html`<div class=${open ? "card-table" : "hidden-text"}>
    <div class="table-head"><span class="cut">${chart.plan.tags.length > 1 || chart.lines.length > 1 ? shown.name : shown.tag}</span><span class="grow"></span>${open ? link({ label: "Copy", name: "copyTable", onClick: () => copy(text()) }) : nothing}</div>
    <table><thead><tr><th scope="col">${heading[0]?.toUpperCase()}${heading.slice(1)}</th><th scope="col">Smoothed</th><th scope="col">Raw</th><th scope="col" class="text">Mark</th></tr></thead><tbody>
    ${rows.map((row) => html`<tr><td>${placeText(row.place, axis, numbers)}</td><td title=${numbers.exact(row.smoothed)}>${numbers.value(row.smoothed)}</td>
      <td>${rawWords(row, numbers).replace(/^raw /, "")}</td><td class="text">${row.mark}</td></tr>`)}
  </tbody></table><p class="table-foot secondary"><span>${iconOf("info")} marks and every ${axis.kind === "step" ? `${numbers.count(every)} steps` : placeText(every, axis, numbers)}</span><span class="grow"></span>
    ${open ? link({ label: `All ${numbers.count(all)} points`, name: "allPoints", onClick: exportAll }) : nothing}</p></div>`;
}
