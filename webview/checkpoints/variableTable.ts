// The variables of one checkpoint as a tree of scopes, of which only the rows in sight are drawn, and whether its bytes are what they were.
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, styled, type Content } from "#kit/template";
import { button, iconButton, iconOf } from "#kit/ui";
import type { VariableStatistics } from "#model/checkpointLook";
import type { Details } from "./state";
import { brokenOf, distanceOf, histogramPath } from "./statistics";
import { rowWindow, type TreeActions, type TreeView } from "./tree";
import { walkTree } from "./variableKeys";
import { rowKey, shapeWords, variableRows, type VariableRow } from "./variables";

/** What can be done with the variables. */
export interface VariableActions extends TreeActions {
  verify(prefix: string): void;
  exportVariable(name: string): void;
  showValues(name: string): void;
  /** Left out where there is no graph to show. */
  showInGraph?(name: string): void;
}

/** What is drawn. */
export interface VariableTableTask {
  readonly view: TreeView;
  readonly details: Details | undefined;
  readonly actions: VariableActions;
  /** What VS Code hands to a command of its context menu over a variable; without it there is no such menu. */
  menu?(name: string): string;
}

/** The line that says whether the bytes are what they were, or the button that finds out. */
export function verified(details: Details | undefined, { prefix, bytes, actions }: { readonly prefix: string; readonly bytes: number; readonly actions: Pick<VariableActions, "verify"> }): Content {
  if (details?.verifying) return html`<span class="secondary">verifying ${numbers.bytes(bytes)}…</span>`;
  const content = details?.content;
  if (content?.verified) return html`<span class="verified">${iconOf("check")} verified, ${numbers.bytes(content.bytes)}</span>`;
  if (content && content.problems.length > 0) return html`<span class="wrong cut" title=${content.problems.join("\n")}>${iconOf("warning")} ${content.problems[0]}</span>`;
  return button({ label: "Verify", name: "verify", onClick: () => actions.verify(prefix) });
}

/** Head and rows, or in words why there are none. */
export function variableTable(task: VariableTableTask): Content {
  const { view, details, actions } = task;
  if (details?.problem) return html`<p class="details-problem wrong">${iconOf("warning")} ${details.problem}</p>`;
  const content = details?.content;
  const statistics = details?.statistics;
  if (!content) return html`<p class="details-problem secondary">Reading the index…</p>`;
  const rows = variableRows(content.variables, view);
  if (rows.length === 0) {
    return html`<p class="details-problem secondary">${content.variables.length === 0 ? "It holds no variables." : `No variable${view.scope?.name === undefined ? "" : ` of ${view.scope.name}`} matches “${view.filter}”.`}</p>`;
  }
  const { first, last, above, below } = rowWindow(rows.length, { top: view.top, height: window.innerHeight });
  const shown = rows.slice(first, last);
  const stop = shown.some((row) => rowKey(row) === view.at) ? view.at : shown[0] && rowKey(shown[0]);
  const gap = (pixels: number): Content => pixels > 0 ? html`<tr aria-hidden="true"><td class="gap" colspan="8" ${styled({ height: `${pixels}px` })}></td></tr>` : nothing;
  return html`<div class="variables-box" @scroll=${(event: Event) => actions.scrollTree((event.currentTarget as HTMLElement).scrollTop)}
      @keydown=${(event: KeyboardEvent) => walkTree(event, rows, { actions, enter: (name) => actions.showValues(name) })}>
    <table class=${statistics ? "variables with-figures" : "variables"} role="treegrid" aria-label="Variables" aria-rowcount=${rows.length + 1}>
    <thead><tr aria-rowindex="1"><th>Variable</th><th>Shape</th><th>Type</th><th class="number">Bytes</th>
      ${statistics ? html`<th class="number figure">Mean</th><th class="number figure">Std</th><th class="histogram-column">Histogram</th><th class="number distance">Distance raw to EMA</th>` : html`<th class="checksum">CRC-32C</th>`}</tr></thead>
    <tbody>${gap(above)}${repeat(shown, rowKey, (row, index) => variableRow(row, { ...task, statistics, at: first + index, isStop: rowKey(row) === stop }))}${gap(below)}</tbody></table></div>`;
}

interface RowOptions extends VariableTableTask {
  readonly statistics: Statistics | undefined;
  /** Its place among all rows. */
  readonly at: number;
  readonly isStop: boolean;
}

function variableRow(row: VariableRow, { actions, statistics, at, isStop, menu }: RowOptions): Content {
  const indent = styled({ "padding-inline-start": `${row.depth * 16 + (row.kind === "variable" ? 24 : 4)}px` });
  const stop = isStop ? 0 : -1;
  if (row.kind === "scope") {
    return html`<tr data-row=${at} tabindex=${stop} aria-level=${row.depth + 1} aria-rowindex=${at + 2} aria-expanded=${row.open} class="scope" @click=${() => actions.toggleScope(row.path)}>
      <td title=${row.path}><span class="scope-row" ${indent}>${iconOf(row.open ? "chevron-down" : "chevron-right")}<span class="cut">${row.name}</span></span></td>
      <td class="secondary">${numbers.counted(row.variables, "variable", "variables")}</td><td></td><td class="number">${numbers.bytes(row.bytes)}</td>
      ${statistics ? html`<td></td><td></td><td></td><td class="number">${distance(distanceOf(statistics, row.path))}</td>` : html`<td class="checksum"></td>`}</tr>`;
  }
  const { name, variable } = row;
  const { showInGraph } = actions;
  return html`<tr data-row=${at} tabindex=${stop} aria-level=${row.depth + 1} aria-rowindex=${at + 2} title=${variable.name} data-name=${variable.name} @dblclick=${() => actions.showValues(variable.name)} data-vscode-context=${menu?.(variable.name) ?? nothing}>
    <td class="mono cut with-actions"><span class="indented" ${indent}>${name}</span><span class="row-actions tree-actions">${variable.dtype === "string" ? nothing : iconButton({
      icon: "table", label: `Show the values of ${variable.name}`, name: "showValues", tabIndex: -1, onClick: () => actions.showValues(variable.name),
    })}${showInGraph ? iconButton({
      icon: "type-hierarchy", label: `Show ${variable.name} in the graph`, name: "showInGraph", tabIndex: -1, onClick: () => showInGraph(variable.name),
    }) : nothing}${iconButton({
      icon: "export", label: `Export ${variable.name}…`, name: "exportVariable", tabIndex: -1, onClick: () => actions.exportVariable(variable.name),
    })}</span></td><td class="mono">${shapeWords(variable.shape)}</td><td class="mono secondary">${variable.dtype}</td>
    <td class="number">${numbers.bytes(variable.bytes)}</td>${statistics ? figures(statistics.get(variable.name)) : html`<td class="mono secondary checksum">${variable.crc32c ?? ""}</td>`}</tr>`;
}

type Statistics = ReadonlyMap<string, VariableStatistics>;

function figures(found: VariableStatistics | undefined): Content {
  if (!found) return html`<td></td><td></td><td></td><td></td>`;
  const { mean, std, min, max, nan, infinite, count, histogram, shadow } = found;
  const broken = nan + infinite;
  const range = `${numbers.value(min)} to ${numbers.value(max)}`;
  return html`<td class=${broken > 0 ? "mono number wrong" : "mono number"} title="${range}${broken > 0 ? `; ${numbers.count(nan)} NaN and ${numbers.count(infinite)} infinite of ${numbers.count(count)}` : ""}">
      ${broken > 0 ? `NaN in ${numbers.count(broken)}` : numbers.value(mean)}</td>
    <td class="mono number">${numbers.value(std)}</td>
    <td class="histogram-column"><svg class="histogram" viewBox="0 0 80 16" role="img" aria-label="Values from ${range}"><title>${range}</title><path d=${histogramPath(histogram, { width: 80, height: 16 })}></path></svg></td>
    <td class="number">${distance(shadow?.distance)}</td>`;
}

function distance(share: number | undefined): Content {
  if (share === undefined) return nothing;
  const filled = Number.isFinite(share) ? Math.min(1, share * 10) : 1;
  return html`<span class="change-bar short-bar" ${styled({ "--filled": `${filled * 100}%` })}></span>${Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : "NaN"}`;
}

/** What a scan of all values found, in the head. */
export function nonFiniteWords(statistics: Statistics): Content {
  const broken = brokenOf(statistics);
  if (broken.length === 0) return html`<span class="verified">${iconOf("check")} no NaN, no inf</span>`;
  return html`<span class="wrong cut" title=${broken.map(({ name }) => name).join("\n")}>${iconOf("warning")} NaN or inf in ${numbers.counted(broken.length, "variable", "variables")}</span>`;
}
