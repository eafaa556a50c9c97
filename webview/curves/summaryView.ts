// The table of all curves, drawn: by tag for one or two runs, side by side for more.
import type { StepValue } from "#model/scalars";
import { numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import type { Theme } from "#kit/theme";
import { iconOf, link } from "#kit/ui";
import { byKeys } from "./legend";
import { lastCommonStep, type View } from "./requests";
import type { Settings, Sorting } from "./settings";
import { summaryTable, type SummaryCells, type SummaryColumn, type SummaryRow, type SummaryTable } from "./summary";
import { swatch } from "./swatch";

export interface SummaryActions {
  toggle(open: boolean): void;
  sort(sorting: Sorting): void;
  point(dir: string | undefined): void;
  runMenu(anchor: HTMLElement, dir: string): void;
  /** Shows the members of a group below it, or no longer. */
  foldGroup(name: string, closed: boolean): void;
  copy(text: string): void;
  /** At which step the comparison is made. */
  compareAt(anchor: HTMLElement, common: number): void;
}

/** Tags whose numbers stand side by side; the others are below. */
const mostColumns = 4;

/** Rows that stand in the table; of a thousand runs nobody reads all, and a browser takes seconds to lay them out. */
const mostRows = 200;

/** Below these widths the table says less, or says it closer together. */
const narrowBelow = 440;
const tightBelow = 520;
/** Below this width it is closed at first. */
const closedBelow = 330;

/** The section below or beside the cards. */
export function summarySection(view: View, theme: Theme, { width, actions }: { readonly width: number; readonly actions: SummaryActions }): Content {
  const { settings } = view.state;
  const narrow = width < narrowBelow;
  const open = tableOpen(settings, width);
  const table = summaryTable(view);
  const comparing = view.groups.length > 2 || settings.baseline !== undefined || view.groups.some(({ runs }) => runs.length > 1);
  const common = lastCommonStep(view);
  const facts = comparing
    ? `${numbers.counted(view.groups.length, "line", "lines")}${settings.sorting?.tag && !narrow ? ` · sorted by ${settings.sorting.tag}` : ""}`
    : `${numbers.counted(view.groups.length, "run", "runs")} · ${numbers.counted(table.tags.length, "tag", "tags")}`;
  return html`<div class="scope"><h2><button type="button" class="scope-toggle" aria-expanded=${open} @click=${() => actions.toggle(!open)}>
      ${iconOf(open ? "chevron-down" : "chevron-right")}<span>${comparing ? "Comparison" : "Summary"}</span><span class="secondary scope-count">${facts}</span></button></h2><span class="grow"></span>
      ${open && comparing && common !== undefined ? html`${narrow ? nothing : html`<span class="secondary scope-fact">values at</span>`}<button type="button" class="link compare-at" data-action="compareAt" aria-haspopup="menu" aria-expanded="false"
        @click=${(event: Event) => actions.compareAt(event.currentTarget as HTMLElement, common)}title="Where values are compared">${narrow ? shortCommon(settings.compareAt, common) : commonWords(settings.compareAt, common)}${iconOf("chevron-down")}</button>` : nothing}
      ${open ? link({ label: "Copy", name: "copySummary", onClick: () => actions.copy(summaryText(table)) }) : nothing}</div>
    ${open ? html`<div class=${width < tightBelow ? "summary summary-tight" : "summary"} tabindex="0" role="region" aria-label=${comparing ? "Comparison of runs" : "Summary of runs"}>
      ${comparing ? comparison(table, theme, { settings, narrow, actions }) : byTag(table, theme, { narrow, tight: width < tightBelow, actions })}
      <p class="card-foot"><span>whole runs, superseded tails left out${[...table.directions.values()].includes("none") ? " · – no direction set" : ""}</span></p></div>` : nothing}`;
}

/** In a narrow page the table is closed until it is wanted: it would push the curves apart. */
function tableOpen({ tableOpen: wanted }: Settings, width: number): boolean {
  return wanted ?? width >= closedBelow;
}

function shortCommon(compareAt: Settings["compareAt"], common: number): string {
  return compareAt === "last" ? "last steps" : `step ${numbers.count(common)}`;
}

/** `last common step 8,150`. */
export function commonWords(compareAt: Settings["compareAt"], common: number): string {
  return compareAt === "last" ? "each run’s last step" : `last common step ${numbers.count(common)}`;
}

function byTag({ tags, rows }: SummaryTable, theme: Theme, { narrow, tight, actions }: { readonly narrow: boolean; readonly tight: boolean; readonly actions: SummaryActions }): Content {
  return html`<table><thead><tr><th scope="col" class="text">Run</th><th scope="col">Last</th><th scope="col">${tight ? "Best" : "Best (smoothed)"}</th>
      ${narrow ? nothing : html`<th scope="col">Min (raw)</th><th scope="col">Max (raw)</th>`}</tr></thead>
    ${tags.map((tag) => html`<tbody><tr><th scope="colgroup" class="text summary-tag" colspan=${narrow ? 3 : 5}><span class="cut" title=${tag}>${tag}</span></th></tr>
      ${rows.map((row) => {
        const cell = row.cells.find((one) => one.tag === tag);
        if (!cell || cell.lastStep === undefined) return nothing;
        return html`<tr @pointerenter=${() => actions.point(row.dir)} @pointerleave=${() => actions.point(undefined)}>${runCell(row, theme, { actions })}
          <td title=${exact(cell.last)}>${value(cell.last)}</td><td>${at(cell.best)}</td>${narrow ? nothing : html`<td>${at(cell.min)}</td><td>${at(cell.max)}</td>`}</tr>`;
      })}</tbody>`)}</table>`;
}

/** What stands side by side for each tag. */
const columnWords: Readonly<Record<Exclude<SummaryColumn, "speed">, string>> = { value: "Smoothed", difference: "Δ", percent: "Δ %", best: "Best", min: "Min (raw)", max: "Max (raw)" };

function columnsOf(rows: readonly SummaryRow[], narrow: boolean): readonly (keyof typeof columnWords)[] {
  if (narrow) return ["value", "best"];
  return rows.some(({ baseline }) => baseline) ? ["value", "difference", "percent", "best"] : ["value", "best", "min", "max"];
}

function comparison({ tags, rows, directions }: SummaryTable, theme: Theme, { settings: { sorting, closedGroups }, narrow, actions }: {
  readonly settings: Settings; readonly narrow: boolean; readonly actions: SummaryActions;
}): Content {
  const shown = tags.slice(0, mostColumns);
  const unfolded = rows.filter(({ group }) => group === undefined || !closedGroups.includes(group));
  const columns = columnsOf(rows, narrow);
  const header = (tag: string, column: SummaryColumn, label: string): Content => {
    const sorted = sorting?.tag === tag && sorting.column === column;
    const descending = sorted ? !sorting.descending : directions.get(tag) === "higher" || column === "speed";
    return html`<th scope="col" aria-sort=${sorted ? (sorting.descending ? "descending" : "ascending") : nothing}><button type="button" class="sort" @click=${() => actions.sort({ tag, column, descending })}
      >${label}${sorted ? iconOf(sorting.descending ? "arrow-down" : "arrow-up") : nothing}</button></th>`;
  };
  return html`<table class="comparison"><thead>
    <tr><td colspan=${narrow ? 1 : 2}></td>${shown.map((tag) => html`<th scope="colgroup" colspan=${columns.length} class="summary-tag"><span class="cut" title=${tag}>${tag}</span></th>`)}${narrow ? nothing : html`<td></td>`}</tr>
    <tr><th scope="col" class="text">Run</th>${narrow ? nothing : html`<th scope="col" class="text">State</th>`}${shown.map((tag) => columns.map((column) => header(tag, column, columnWords[column])))}
      ${narrow ? nothing : header("", "speed", "Steps/s")}</tr></thead>
    <tbody>${unfolded.slice(0, mostRows).map((row) => html`<tr class=${`row-${row.kind}${row.baseline ? " row-baseline" : ""}`} @pointerenter=${() => actions.point(row.dir)} @pointerleave=${() => actions.point(undefined)}>
      ${runCell(row, theme, { actions, closed: closedGroups.includes(row.name) })}${narrow ? nothing : html`<td class="text secondary">${row.state}</td>`}
      ${shown.map((tag) => columns.map((column) => comparedCell(row.cells.find((one) => one.tag === tag), column)))}${narrow ? nothing : html`<td>${value(row.stepsPerSecond)}</td>`}</tr>`)}</tbody></table>
    ${unfolded.length > mostRows ? html`<p class="card-foot"><span>the first ${numbers.count(mostRows)} of ${numbers.count(unfolded.length)} rows: sort the table or filter runs to see others; Copy has all</span></p>` : nothing}
    ${tags.length > shown.length ? html`<p class="card-foot"><span>the first ${numbers.count(shown.length)} of ${numbers.counted(tags.length, "tag", "tags")}: filter or hide tags to choose others; Copy has all</span></p>` : nothing}`;
}

function comparedCell(cell: SummaryCells | undefined, column: keyof typeof columnWords): Content {
  switch (column) {
    case "value": {
      const spread = cell?.spread === undefined || cell.value === undefined ? nothing : html`<span class="secondary"> ± ${likewise(cell.spread, cell.value)}</span>`;
      return html`<td title=${exact(cell?.value)}>${value(cell?.value)}${spread}</td>`;
    }
    case "difference": {
      const better = cell?.better ? html`<span class="better" role="img" aria-label="better">${iconOf((cell.difference ?? 0) < 0 ? "triangle-down" : "triangle-up")}</span>` : nothing;
      return html`<td title=${exact(cell?.difference)}>${better}${signed(cell?.difference, 3)}</td>`;
    }
    case "percent": return html`<td>${cell?.percent === undefined ? "–" : `${signed(cell.percent, 1)} %`}</td>`;
    default: return html`<td>${at(cell?.[column])}</td>`;
  }
}

/** `closed`: of a group, its members are not shown. */
function runCell(row: SummaryRow, theme: Theme, { actions, closed = false }: { readonly actions: SummaryActions; readonly closed?: boolean }): Content {
  return html`<th scope="row" class="text summary-run"><span class="run-cell">${row.members === undefined ? nothing : html`<button type="button" class="group-toggle" aria-expanded=${!closed} aria-label=${`Runs of ${row.name}`}
    title=${closed ? "Show its runs" : "Hide its runs"} @click=${() => actions.foldGroup(row.name, !closed)}>${iconOf(closed ? "chevron-right" : "chevron-down")}</button>`}<button type="button" class="run-name" aria-haspopup="menu" @focus=${(event: Event) => byKeys(event) && actions.point(row.dir)} @blur=${() => actions.point(undefined)}
    @click=${(event: Event) => actions.runMenu(event.currentTarget as HTMLElement, row.dir)}
    >${row.kind === "member" ? html`<span class="swatch"></span>` : swatch(theme, row.style)}<span class="cut" title=${row.name}>${row.name}</span>${row.baseline ? html`<span class="badge">baseline</span>` : nothing}${row.members === undefined ? nothing : html`<span class="badge">mean of ${numbers.count(row.members)}</span>`}</button></span></th>`;
}

function value(one: number | undefined): string {
  return one === undefined ? "–" : numbers.value(one);
}

function exact(one: number | undefined): string {
  return one === undefined ? "" : numbers.exact(one);
}

function at(one: StepValue | undefined): Content {
  return one ? html`<span title=${numbers.exact(one.value)}>${numbers.value(one.value)}</span><span class="secondary"> @ ${numbers.count(one.step)}</span>` : "–";
}

/** A spread with as many decimals as its mean has. */
function likewise(spread: number, mean: number): string {
  const decimals = (numbers.value(mean).split(/[.,]/)[1] ?? "").length;
  const text = spread.toFixed(decimals);
  return Number(text) === 0 && spread > 0 ? numbers.value(spread) : text;
}

/** A difference: true minus sign, sign always shown. */
function signed(one: number | undefined, digits: number): string {
  if (one === undefined) return "–";
  const text = Math.abs(one).toFixed(digits);
  return `${one < 0 ? "−" : "+"}${Math.abs(one) > 0 && Number(text) === 0 ? numbers.value(Math.abs(one)) : text}`;
}

/** The whole table with full figures, cells apart by tabs. */
function summaryText({ rows }: SummaryTable): string {
  const heading = ["run", "state", "tag", "smoothed", "spread", "last", "last_step", "difference", "best", "best_step", "min", "min_step", "max", "max_step"];
  const lines = rows.flatMap((row) =>
    row.cells.filter(({ lastStep }) => lastStep !== undefined).map((cell) =>
      [row.name, row.state, cell.tag, cell.value, cell.spread, cell.last, cell.lastStep, cell.difference, cell.best?.value, cell.best?.step, cell.min?.value, cell.min?.step, cell.max?.value, cell.max?.step]
        .map((one) => one ?? "").join("\t")));
  return [heading.join("\t"), ...lines].join("\n");
}
