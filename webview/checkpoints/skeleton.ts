// What stands in the place of the page until the run's files are read: its parts at their size, rows as bars without motion.
import { html, nothing, styled, type Content } from "#kit/template";

/** Widths of a row's bars, so that it looks like the row that comes: step, time, age, size, reason, what comes next. */
const barWidths = [48, 40, 56, 52, 220, 200];
/** As many as fill a window of usual height. */
const rowCount = 12;

/** A bar where a value will be. */
export function bar(width: number): Content {
  return html`<span class="skeleton-bar" ${styled({ "inline-size": `${width}px` })}></span>`;
}

/** The whole page; it says what it waits for once that takes long. */
export function skeleton({ narrow, slow }: { readonly narrow: boolean; readonly slow: boolean }): Content {
  const widths = narrow ? [160] : barWidths;
  return html`<div class=${narrow ? "page narrow-page skeleton" : "page skeleton"} role="status" aria-label="Reading the checkpoints" aria-busy="true">
    <div class="policy">${bar(320)}${narrow ? nothing : bar(200)}</div><div class="skeleton-strip"></div><div class="disk">${bar(240)}</div>
    <div class="below"><div class="skeleton-row secondary">${slow ? "Reading checkpoints…" : nothing}</div>${Array.from({ length: rowCount }, () => html`<div class="skeleton-row">${widths.map(bar)}</div>`)}</div></div>`;
}
