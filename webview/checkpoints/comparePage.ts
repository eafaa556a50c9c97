// The comparison of checkpoints: the change of scopes over time as a heat map, and what changed most between two.
import type { CheckpointDifference } from "#model/checkpointLook";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, styled, type Content } from "#kit/template";
import { dropdown, iconButton, iconOf, link, notice, textField } from "#kit/ui";
import type { Actions } from "./actions";
import { comparable, type CompareState } from "./compareState";
import { cellOf, cellText, cellWords, heatRows, shareOf, type HeatCell, type HeatRow, type Measure } from "./heat";
import { taskLine } from "./task";
import type { Task } from "./taskWords";
import { shapeWords } from "./variables";
import { stepName } from "./words";

/** More rows than this are not drawn; the search brings them in. */
const mostRows = 200;
/** Beyond this share of colour the text turns to white or black. */
const strongShare = 0.34;
const legend = [0.1, 0.3, 1, 3, 10, 30];

interface Options {
  readonly snapshot: CheckpointsSnapshot;
  readonly actions: Actions;
  readonly task?: Task;
}

/** The page while checkpoints are compared. */
export function comparePage(compare: CompareState, { snapshot, actions, task }: Options): Content {
  const { problem, difference } = compare;
  return html`<h1 class="hidden-text">Comparison of checkpoints of ${snapshot.run.name}</h1>${toolbar(compare, snapshot, actions)}
    ${task ? taskLine(task, actions) : nothing}
    ${problem === undefined ? nothing : notice({ icon: "warning", kind: "warning", text: `Could not compare: ${problem}`, action: link({ label: "Try Again", onClick: () => actions.compare(compare.from, compare.to) }) })}
    ${difference ? brokenNotice(difference, actions) : nothing}
    <div class="compare-panes">${heatMap(compare, snapshot, actions)}${difference ? mostChanged(compare, difference, actions)
      : problem === undefined ? html`<p class="details-problem secondary">Comparing…</p>` : nothing}</div>`;
}

function toolbar({ from, to, measure }: CompareState, { checkpoints }: CheckpointsSnapshot, actions: Actions): Content {
  const options = comparable(checkpoints).map(({ prefix }) => ({ value: prefix, label: `step ${stepName(prefix, checkpoints, numbers)}` })).reverse();
  const measures: readonly { readonly value: Measure; readonly label: string }[] = [
    { value: "perThousand", label: "relative change per 1,000 steps" }, { value: "between", label: "relative change between checkpoints" },
  ];
  return html`<div class="policy compare-bar">${link({ label: html`${iconOf("arrow-left")} Checkpoints`, name: "closeCompare", onClick: () => actions.closeCompare() })}
    <span>From</span>${dropdown({ label: "From", value: from, options, name: "compareFrom", onChange: (chosen) => actions.compare(chosen, to) })}
    ${iconButton({ icon: "arrow-swap", label: "Swap the two", name: "swap", onClick: () => actions.compare(to, from) })}
    <span>to</span>${dropdown({ label: "To", value: to, options, name: "compareTo", onChange: (chosen) => actions.compare(from, chosen) })}
    <span>Measure</span>${dropdown({ label: "Measure", value: measure, options: measures, name: "measure", onChange: actions.measure })}</div>`;
}

function brokenNotice({ changed }: CheckpointDifference, actions: Actions): Content {
  const broken = changed.filter(({ nonFinite }) => nonFinite > 0);
  const first = broken[0];
  if (!first) return nothing;
  const more = broken.length > 1 ? ` and in ${numbers.counted(broken.length - 1, "other variable", "other variables")}` : "";
  return notice({
    icon: "warning", kind: "warning", text: html`<b>NaN or inf</b> in ${numbers.count(first.nonFinite)} of ${numbers.counted(first.count, "value", "values")} of <span class="mono">${first.name}</span>${more}.`,
    action: link({ label: "Show", name: "showBroken", onClick: () => actions.filterCompare(first.name) }),
  });
}

function heatMap(compare: CompareState, { checkpoints }: CheckpointsSnapshot, actions: Actions): Content {
  const { map, difference, measure, from, to } = compare;
  if (!map) return html`<p class="details-problem secondary">Reading ${numbers.counted(comparable(checkpoints).length, "checkpoint", "checkpoints")}…</p>`;
  const stepOf = (prefix: string): number | undefined => checkpoints.find((one) => one.prefix === prefix)?.step;
  const name = (prefix: string): string => stepName(prefix, checkpoints, numbers);
  const distance = (one: string, other: string): number | undefined => {
    const [first, second] = [stepOf(one), stepOf(other)];
    return first === undefined || second === undefined ? undefined : Math.abs(second - first);
  };
  const rows = heatRows(map, {
    open: new Set(compare.openScopes), measure, steps: (column) => distance(map.columns[column]?.from ?? "", map.columns[column]?.to ?? ""),
  });
  const [first, last] = [map.columns.findIndex((column) => column.from === from), map.columns.findIndex((column) => column.to === to)];
  const inPair = (column: number): boolean => first >= 0 && last >= 0 && column >= Math.min(first, last) && column <= Math.max(first, last);
  const whole = new Map(difference?.scopes.map((scope) => [scope.scope, scope]));
  return html`<div class="heat-box"><table class="heat" role="grid" aria-label="Relative change of scopes, in percent" @keydown=${walkCells}>
    <thead><tr><th class="heat-scope">Scope, change in %</th>${map.columns.map((column, index) => html`<th class=${inPair(index) ? "number in-pair" : "number"} title="${name(column.from)} to ${name(column.to)}">${name(column.to)}</th>`)}
      <th class="number heat-whole">${name(from)} to ${name(to)}</th></tr></thead>
    <tbody>${repeat(rows, ({ scope }) => scope, (row, at) => html`<tr>${scopeCell(row, actions)}
      ${row.cells.map((cell, index) => heatCell(row, cell, { from: name(map.columns[index]?.from ?? ""), to: name(map.columns[index]?.to ?? ""), measure, first: at === 0 && index === 0 }))}
      ${heatCell(row, cellOf(whole.get(row.scope)?.relative, { nonFinite: whole.get(row.scope)?.nonFinite ?? 0, steps: undefined, measure: "between" }), { from: name(from), to: name(to), measure: "between", whole: true })}</tr>`)}</tbody></table>
    <p class="heat-legend secondary"><span class="grow">Each column: change since the checkpoint before it${measure === "perThousand" ? ", per 1,000 steps" : ""}. Last column: the whole change.</span>
      ${legend.map((percent) => sample(percent))} %</p></div>`;
}

function sample(percent: number): Content {
  const share = shareOf(percent);
  return html`<span class=${share > strongShare ? "heat-cell heat-sample heat-strong" : "heat-cell heat-sample"} ${styled({ "--share": `${share * 100}%` })}>${percent}</span>`;
}

function scopeCell({ scope, name, depth, open, broken }: HeatRow, actions: Actions): Content {
  const indent = styled({ "padding-inline-start": `${depth * 16}px` });
  const mark = broken ? html` <span class="wrong">${iconOf("warning")}<span class="hidden-text">holds values that are not numbers</span></span>` : nothing;
  if (open === undefined) return html`<th scope="row" class="heat-scope" title=${scope}><span class="scope-row" ${indent}><span class="heat-gap"></span><span class="cut">${name}</span>${mark}</span></th>`;
  return html`<th scope="row" class="heat-scope" title=${scope}><button type="button" class="scope-row" aria-expanded=${open} ${indent} @click=${() => actions.toggleCompared(scope)}>
    ${iconOf(open ? "chevron-down" : "chevron-right")}<span class="cut">${name}</span>${mark}</button></th>`;
}

function heatCell(row: HeatRow, cell: HeatCell, { from, to, measure, whole, first }: {
  readonly from: string; readonly to: string; readonly measure: Measure; readonly whole?: boolean; readonly first?: boolean;
}): Content {
  const broken = cell.nonFinite > 0 && (cell.percent === undefined || Number.isNaN(cell.percent));
  const words = cellWords(row, broken ? cell : { ...cell, nonFinite: 0 }, { from, to, measure, numbers });
  const style = ["heat-cell number", whole ? "heat-whole" : "", broken ? "heat-broken" : "", cell.share > strongShare ? "heat-strong" : ""].filter(Boolean).join(" ");
  return html`<td role="gridcell" class=${style} tabindex=${first ? 0 : -1} title=${words} aria-label=${words} ${styled({ "--share": `${cell.share * 100}%` })}>${cellText(cell.percent, numbers)}</td>`;
}

// One tab stop; arrows go from cell to cell.
function walkCells(event: KeyboardEvent): void {
  const { target } = event;
  const cell = target instanceof HTMLTableCellElement ? target : undefined;
  const row = cell?.parentElement;
  if (!cell || !(row instanceof HTMLTableRowElement)) return;
  const other = event.key === "ArrowUp" ? row.previousElementSibling : event.key === "ArrowDown" ? row.nextElementSibling : row;
  const shift = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
  if (!["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(event.key) || !(other instanceof HTMLTableRowElement)) return;
  event.preventDefault();
  const next = other.cells[cell.cellIndex + shift];
  if (!next || next.tagName !== "TD") return;
  cell.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

interface ChangedRow {
  readonly name: string;
  readonly shape: string;
  readonly sign: string;
  readonly text: string;
  readonly relative?: number;
}

/** Changed ones first, by how much; then what only one of the two has, and what has another shape. */
function changedRows({ changed, added, removed, reshaped }: CheckpointDifference): readonly ChangedRow[] {
  const weight = (relative: number): number => (Number.isNaN(relative) ? Infinity : relative);
  return [
    ...[...changed].sort((one, other) => weight(other.relative) - weight(one.relative)).map(({ name, relative, count }): ChangedRow => ({ name, shape: numbers.counted(count, "value", "values"), sign: "", text: percentText(relative), relative })),
    ...added.map((name): ChangedRow => ({ name, shape: "", sign: "+", text: "Added" })),
    ...removed.map((name): ChangedRow => ({ name, shape: "", sign: "−", text: "Removed" })),
    ...reshaped.map(({ name, from, to }): ChangedRow => ({
      name, sign: "≠", shape: `${shapeWords(from.shape)}, now ${shapeWords(to.shape)}`, text: from.dtype === to.dtype ? "Other shape" : `Other type: ${from.dtype}, now ${to.dtype}`,
    })),
  ];
}

function percentText(relative: number): string {
  if (Number.isNaN(relative)) return "NaN";
  return Number.isFinite(relative) ? `${(relative * 100).toFixed(1)} %` : "inf";
}

function mostChanged({ filter }: CompareState, difference: CheckpointDifference, actions: Actions): Content {
  const { equal, changed, added, removed, reshaped, cancelled } = difference;
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = changedRows(difference).filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  const most = Math.max(1e-9, ...changed.map(({ relative }) => (Number.isFinite(relative) ? relative : 0)));
  const summary = [
    `${numbers.count(changed.length + equal)} compared`, equal > 0 && `${numbers.count(equal)} equal`, added.length > 0 && `${numbers.count(added.length)} added`,
    removed.length > 0 && `${numbers.count(removed.length)} removed`, reshaped.length > 0 && `${numbers.count(reshaped.length)} other shape`, cancelled && `${numbers.count(cancelled.left)} not read`,
  ].filter(Boolean).join(" · ");
  return html`<section class="changed" aria-label="Most changed variables"><div class="details-head"><h2>Most changed variables</h2><span class="secondary cut">${summary}</span><span class="grow"></span>
      ${textField({ label: "Search variables", placeholder: `Search ${numbers.counted(changed.length, "variable", "variables")}`, value: filter, icon: "search", className: "search", name: "searchChanged", onInput: actions.filterCompare })}</div>
    ${rows.length === 0 ? html`<p class="details-problem secondary">${changed.length === 0 && words.length === 0 ? "Nothing differs between the two." : "No variable matches."}</p>`
      : html`<table class="variables changed-table"><thead><tr><th>Variable</th><th>Shape</th><th class="number">Relative change</th></tr></thead>
      <tbody>${repeat(rows.slice(0, mostRows), ({ name }) => name, ({ name, shape, sign, text, relative }) => html`<tr title=${name}><td class="mono cut">${name}</td><td class="secondary">${shape}</td>
        <td class="number">${relative === undefined ? html`<span class="sign">${sign}</span> ${text}` : html`<span class="change-bar" ${styled({ "--filled": `${(Number.isFinite(relative) ? relative / most : 1) * 100}%` })}></span><b class=${Number.isNaN(relative) ? "wrong" : ""}>${text}</b>`}</td></tr>`)}</tbody></table>`}
    ${rows.length > mostRows ? html`<p class="details-problem secondary">… ${numbers.count(rows.length - mostRows)} more; search to see them.</p>` : nothing}</section>`;
}
