// In the place of the variables: the values of one of them, a slice at a time, under pointer and keys.
import type { SliceCells, TensorSlice } from "#model/checkpointLook";
import { numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import { button, dropdown, iconOf, link, textField } from "#kit/ui";
import { shapeWords, shownName } from "./variables";
import { cellStop, isWholeSlice, wholeSlice, withAxis, withIndex, zoomedIn, type Cell, type ValuesActions, type ValuesState } from "./values";
import { cellAt, scaleOf } from "./valuesDraw";

/** What can be done beside looking. */
export interface ValuesPaneActions extends ValuesActions {
  exportVariable(name: string): void;
}

export function valuesPane(values: ValuesState, actions: ValuesPaneActions): Content {
  const { name, slice, problem } = values;
  return html`<div class="values" @keydown=${(event: KeyboardEvent) => event.key === "Escape" && actions.closeValues()}>
    <div class="values-head">${link({ label: html`${iconOf("arrow-left")} Variables`, name: "closeValues", onClick: () => actions.closeValues() })}
      <h3 class="mono cut" title=${name}>${shownName(name)}</h3>${slice ? html`<span class="secondary nowrap">${slice.dtype} · ${shapeWords(slice.shape)}${slice.magnitude ? " · magnitude" : ""}</span>` : nothing}
      <span class="grow"></span>${button({ label: "Export Variable…", name: "exportValues", onClick: () => actions.exportVariable(name) })}</div>
    ${problem === undefined ? nothing : html`<p class="details-problem wrong">${iconOf("warning")} ${problem}</p>`}
    ${slice ? html`${axesLine(slice, actions)}<div class="values-body">${map(values, slice, actions)}${side(values, slice)}</div>`
      : problem === undefined ? html`<p class="details-problem secondary">Reading the slice…</p>` : nothing}</div>`;
}

/** Into the values as they open, and back to their variable's row as they close. */
export function moveFocus(root: ParentNode, before: ValuesState | undefined, now: ValuesState | undefined): void {
  if (before?.name === now?.name) return;
  const there = now ? root.querySelector<HTMLElement>("[data-action='closeValues']") : root.querySelector<HTMLElement>(`.variables tr[data-name="${CSS.escape(before?.name ?? "")}"]`);
  there?.focus();
}

/** Which axes are rows and columns, and where the slice lies on the others. */
function axesLine(slice: TensorSlice, actions: ValuesActions): Content {
  const { shape, rows, columns } = slice;
  const axes = shape.map((size, axis) => ({ value: String(axis), label: `axis ${axis} (${numbers.count(size)})` }));
  const fixed = shape.map((size, axis) => ({ size, axis })).filter(({ axis }) => axis !== rows.axis && axis !== columns.axis);
  const choose = (which: "rows" | "columns"): Content => dropdown({
    label: which === "rows" ? "Rows" : "Columns", value: String(slice[which].axis), options: axes, name: which, onChange: (axis) => actions.chooseSlice(withAxis(slice, which, Number(axis))),
  });
  return html`<div class="values-axes">${shape.length > 2 ? html`<span class="values-choice"><span>Rows</span>${choose("rows")}</span><span class="values-choice"><span>Columns</span>${choose("columns")}</span>
      ${fixed.map(({ size, axis }) => html`<span class="values-choice"><span class="nowrap">axis ${axis}</span>${indexField(slice, axis, actions)}<span class="secondary nowrap">of ${numbers.count(size)}</span></span>`)}` : nothing}
    <span class="secondary">${partWords(rows, "row")} × ${partWords(columns, "column")}</span>
    ${isWholeSlice(slice) ? nothing : link({ label: "Whole Slice", name: "wholeSlice", onClick: () => actions.chooseSlice(wholeSlice(slice)) })}</div>`;
}

function indexField(slice: TensorSlice, axis: number, { chooseSlice }: ValuesActions): Content {
  const index = slice.at[axis] ?? 0;
  const go = (to: number): void => {
    if (Number.isInteger(to) && to !== index) chooseSlice(withIndex(slice, axis, to));
  };
  return textField({
    label: `Index on axis ${axis}`, value: String(index), className: "index-field", name: `axis${axis}`, onCommit: (text) => go(Number(text)),
    onKey: (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      go(index + (event.key === "ArrowUp" ? 1 : -1));
    },
  });
}

function partWords({ from, count, each }: SliceCells, word: string): string {
  const many = numbers.counted(count, word, `${word}s`);
  const part = from > 0 ? ` from ${numbers.count(from)}` : "";
  return each > 1 ? `${many}${part}, ${numbers.count(each)} a cell` : `${many}${part}`;
}

function map(values: ValuesState, slice: TensorSlice, actions: ValuesActions): Content {
  const { cell } = values;
  const here = (event: MouseEvent): Cell | undefined => {
    const { left, top, width, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return cellAt(slice, { x: event.clientX - left, y: event.clientY - top, width, height });
  };
  const zoom = (at: Cell | undefined): void => {
    const choice = at && zoomedIn(slice, at);
    if (choice) actions.chooseSlice(choice);
  };
  const key = (event: KeyboardEvent): void => {
    const next = cellStop(cell ?? { row: 0, column: 0 }, event.key, slice);
    if (next) actions.pointCell(cell ? next : { row: 0, column: 0 });
    else if (event.key === "Enter") zoom(cell);
    else if (event.key === "0" && !isWholeSlice(slice)) actions.chooseSlice(wholeSlice(slice));
    else return;
    event.preventDefault();
  };
  return html`<div class="values-box"><canvas class="values-map" tabindex="0" role="application" aria-roledescription="heat map" aria-label=${mapWords(slice)} aria-describedby="cell-words"
    @mousemove=${(event: MouseEvent) => actions.pointCell(here(event))} @mouseleave=${() => actions.pointCell(undefined)} @dblclick=${(event: MouseEvent) => zoom(here(event))} @keydown=${key}></canvas></div>`;
}

function mapWords(slice: TensorSlice): string {
  return `Values of ${slice.name}: ${numbers.counted(slice.rows.count, "row", "rows")}, ${numbers.counted(slice.columns.count, "column", "columns")}. ${factWords(slice)}`;
}

function factWords({ range: { least, greatest }, nan, infinite }: TensorSlice): string {
  const range = Number.isNaN(least) ? "No finite value." : `${numbers.value(least)} to ${numbers.value(greatest)}.`;
  const broken = [nan > 0 && `${numbers.count(nan)} NaN`, infinite > 0 && `${numbers.count(infinite)} infinite`].filter(Boolean).join(", ");
  return broken === "" ? range : `${range} ${broken}.`;
}

/** Beside the map: the cell under pointer or keys, the scale, and what the shapes mean. */
function side(values: ValuesState, slice: TensorSlice): Content {
  const most = scaleOf(slice);
  const cancelled = slice.cancelled ? html`<p class="wrong">Cancelled: what was not read is marked by a stroke.</p>` : nothing;
  return html`<div class="values-side" role="group" aria-label="Cell and scale" tabindex="0"><p id="cell-words" class="cell-words" aria-live="polite">${values.cell ? cellWords(slice, values.cell) : html`<span class="secondary">${slice.rows.each * slice.columns.each > 1
      ? "Point at a cell, or walk by arrow keys; double click or Enter looks closer." : "Point at a cell, or walk by arrow keys."}</span>`}</p>
    <div class="scale"><div class="scale-bar" aria-hidden="true"></div><div class="scale-words"><span>${numbers.value(-most)}</span><span>0</span><span>${numbers.value(most)}</span></div></div>
    <p class=${slice.nan + slice.infinite > 0 ? "wrong" : "secondary"}>${factWords(slice)}</p>
    ${slice.nan + slice.infinite > 0 ? html`<p class="secondary">× NaN, ▲ ∞, ▼ −∞</p>` : nothing}${cancelled}</div>`;
}

const markWords: Readonly<Record<number, string>> = { 1: "NaN", 2: "∞", 3: "−∞", 4: "not read" };

/** Where a cell is, by the tensor's own indices, and what stands in it. */
export function cellWords({ rows, columns, at, mean, least, greatest, marks, dtype }: TensorSlice, { row, column }: Cell): string {
  const cell = row * columns.cells + column;
  const index = at.map((one, axis) => (axis === rows.axis ? placeWords(rows, row) : axis === columns.axis ? placeWords(columns, column) : String(one)));
  const place = `[${index.join(", ")}]`;
  const mark = marks[cell] ?? 0;
  const value = mean[cell] ?? NaN;
  if (!least || !greatest) return `${place} ${mark > 0 ? (markWords[mark] ?? "") : print(value, dtype)}`;
  const range = Number.isNaN(value) ? "" : ` mean ${print(value, dtype)}, ${print(least[cell] ?? NaN, dtype)} to ${print(greatest[cell] ?? NaN, dtype)}`;
  return `${place}${range}${mark > 0 ? `${range ? ", with" : ""} ${markWords[mark] ?? ""}` : ""}`;
}

function placeWords({ from, each, count }: SliceCells, cell: number): string {
  const first = from + cell * each;
  const last = Math.min(from + count, first + each) - 1;
  return last > first ? `${first}–${last}` : String(first);
}

/** As many digits as the type carries. */
function print(value: number, dtype: string): string {
  return numbers.exact(Number(value.toPrecision(dtype === "float64" ? 15 : 7))).replace("-", "−");
}
