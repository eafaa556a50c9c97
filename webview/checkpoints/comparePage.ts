// The comparison of checkpoints: the change of scopes over time as a heat map, and what changed most between two.
import { averageEnding } from "#analysis/checkpoints/shadows";
import type { CheckpointDifference, Weights } from "#model/checkpointLook";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, styled, type Content } from "#kit/template";
import { dropdown, iconButton, iconOf, link, notice } from "#kit/ui";
import { changedTable } from "./changedTable";
import { comparable, lastFinite, type CompareState } from "./compareState";
import { cellOf, cellText, cellWords, heatRows, shareOf, type HeatCell, type HeatRow, type Measure } from "./heat";
import { taskLine } from "./task";
import type { Task } from "./taskWords";
import { capital, checkpointIn, nameOf, stepName, whyNoRestore } from "./words";

/** Beyond this share of colour the text turns to white or black. */
const strongShare = 0.34;
const legend = [0.1, 0.3, 1, 3, 10, 30];

/** What a person can do in it. */
export interface CompareActions {
  compare(from: string, to: string): void;
  weigh(weights: Weights): void;
  measure(measure: Measure): void;
  toggleScope(scope: string): void;
  filter(text: string): void;
  /** Opens the restore of one of the two in the checkpoint browser. */
  planRestore(prefix: string): void;
  exportVariables(prefix: string): void;
  cancelTask(id: string): void;
}

interface Options {
  readonly snapshot: CheckpointsSnapshot;
  readonly actions: CompareActions;
  readonly task?: Task;
}

/** The page while checkpoints are compared. */
export function comparePage(compare: CompareState, { snapshot, actions, task }: Options): Content {
  const { problem, difference } = compare;
  return html`<h1 class="hidden-text">Comparison of checkpoints of ${snapshot.run.name}</h1>${toolbar(compare, snapshot, actions)}
    ${task ? taskLine(task, actions) : nothing}
    ${problem === undefined ? nothing : notice({ icon: "warning", kind: "warning", text: `Could not compare: ${problem}`, action: link({ label: "Try Again", onClick: () => actions.compare(compare.from, compare.to) }) })}
    ${difference ? brokenNotice(compare, difference, { snapshot, actions }) : nothing}
    <div class="compare-panes">${heatMap(compare, snapshot, actions)}${difference ? changedTable(compare, difference, { fromName: stepName(compare.from, snapshot.checkpoints, numbers), toName: stepName(compare.to, snapshot.checkpoints, numbers), onFilter: actions.filter })
      : problem === undefined ? html`<p class="details-problem secondary">Comparing…</p>` : nothing}</div>`;
}

function toolbar({ from, to, measure, weights, variables }: CompareState, snapshot: CheckpointsSnapshot, actions: CompareActions): Content {
  const { checkpoints } = snapshot;
  const options = comparable(checkpoints).map(({ prefix }) => ({ value: prefix, label: `step ${stepName(prefix, checkpoints, numbers)}` })).reverse();
  const measures: readonly { readonly value: Measure; readonly label: string }[] = [
    { value: "perThousand", label: "relative change per 1,000 steps" }, { value: "between", label: "relative change between checkpoints" },
  ];
  const kinds: readonly { readonly value: Weights; readonly label: string }[] = [{ value: "raw", label: "raw" }, { value: "ema", label: "EMA averages" }];
  const averages = [...(variables?.to.keys() ?? [])].some((name) => name.endsWith(averageEnding));
  const part = (label: string, control: Content): Content => html`<span class="policy-part"><span>${label}</span>${control}</span>`;
  return html`<div class="policy compare-bar">${part("From", html`${dropdown({ label: "From", value: from, options, name: "compareFrom", onChange: (chosen) => actions.compare(chosen, to) })}${checkpointActs(from, snapshot, actions)}`)}
    ${iconButton({ icon: "arrow-swap", label: "Swap the two", name: "swap", onClick: () => actions.compare(to, from) })}
    ${part("to", html`${dropdown({ label: "To", value: to, options, name: "compareTo", onChange: (chosen) => actions.compare(from, chosen) })}${checkpointActs(to, snapshot, actions)}`)}
    ${averages ? part("Weights", dropdown({ label: "Weights", value: weights, options: kinds, name: "weights", onChange: actions.weigh })) : nothing}
    ${part("Measure", dropdown({ label: "Measure", value: measure, options: measures, name: "measure", onChange: actions.measure }))}</div>`;
}

/** What can be done with one of the two, as in its row of the checkpoint browser. */
function checkpointActs(prefix: string, snapshot: CheckpointsSnapshot, actions: CompareActions): Content {
  const found = snapshot.checkpoints.find((one) => one.prefix === prefix);
  const noRestore = whyNoRestore(snapshot, found);
  const name = nameOf(checkpointIn(snapshot, prefix), numbers);
  return html`<span class="row-actions">${iconButton({
    icon: "discard", label: noRestore ?? `Restore ${name}…`, disabled: noRestore !== undefined, name: "restore", onClick: () => actions.planRestore(prefix),
  })}${iconButton({ icon: "export", label: found ? `Export ${name}…` : "This checkpoint is gone.", disabled: !found, name: "export", onClick: () => actions.exportVariables(prefix) })}</span>`;
}

function brokenNotice({ map }: CompareState, { changed }: CheckpointDifference, { snapshot, actions }: Pick<Options, "snapshot" | "actions">): Content {
  const broken = changed.filter(({ nonFinite }) => nonFinite > 0);
  const first = broken[0];
  if (!first) return nothing;
  const sound = map && lastFinite(map);
  const row = sound === undefined ? undefined : snapshot.checkpoints.find(({ prefix }) => prefix === sound);
  const back = row && whyNoRestore(snapshot, row) === undefined
    ? link({ label: `Restore ${capital(nameOf(row, numbers))}…`, name: "restoreSound", title: "The last checkpoint before values stopped being finite", onClick: () => actions.planRestore(row.prefix) }) : nothing;
  const more = broken.length > 1 ? ` and in ${numbers.counted(broken.length - 1, "other variable", "other variables")}` : "";
  return notice({
    icon: "warning", kind: "warning", text: html`<b>NaN or inf</b> in ${numbers.count(first.nonFinite)} of ${numbers.counted(first.count, "value", "values")} of <span class="mono">${first.name}</span>${more}.`,
    action: html`${link({ label: "Show", name: "showBroken", onClick: () => actions.filter(first.name) })} ${back}`,
  });
}

function heatMap(compare: CompareState, { checkpoints }: CheckpointsSnapshot, actions: CompareActions): Content {
  const { map, difference, measure, from, to } = compare;
  if (!map) return html`<p class="details-problem secondary">Reading ${numbers.counted(comparable(checkpoints).length, "checkpoint", "checkpoints")}…</p>`;
  const saved = (prefix: string): string => {
    const found = checkpoints.find((one) => one.prefix === prefix);
    return found ? `${name(prefix)}, saved ${numbers.fullTime(found.wallTimeSeconds)}` : name(prefix);
  };
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
    <thead><tr><th class="heat-scope">Scope, change in %</th>${map.columns.map((column, index) => html`<th class=${inPair(index) ? "number in-pair" : "number"} title="${saved(column.from)} to ${saved(column.to)}">${name(column.to)}</th>`)}
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

function scopeCell({ scope, name, depth, open, broken }: HeatRow, actions: CompareActions): Content {
  const indent = styled({ "padding-inline-start": `${depth * 16}px` });
  const mark = broken ? html` <span class="wrong">${iconOf("warning")}<span class="hidden-text">holds values that are not numbers</span></span>` : nothing;
  if (open === undefined) return html`<th scope="row" class="heat-scope" title=${scope}><span class="scope-row" ${indent}><span class="heat-gap"></span><span class="cut">${name}</span>${mark}</span></th>`;
  return html`<th scope="row" class="heat-scope" title=${scope}><button type="button" class="scope-row" aria-expanded=${open} ${indent} @click=${() => actions.toggleScope(scope)}>
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
