// What changed most between two checkpoints, variable by variable: figures of both, their histograms laid over each other, the change.
import type { CheckpointDifference, PairFigures, VariableStatistics } from "#model/checkpointLook";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, styled, type Content } from "#kit/template";
import { textField } from "#kit/ui";
import type { CompareState } from "./compareState";
import { histogramLine, histogramPath } from "./statistics";
import { shapeWords, shownName } from "./variables";

/** More rows than this are not drawn; the search brings them in. */
const mostRows = 200;
/** Figures are read of so many of the rows that are shown first. */
const mostFigures = 40;

interface ChangedRow {
  readonly name: string;
  readonly shape: string;
  readonly sign: string;
  readonly text: string;
  readonly relative?: number;
}

/** Changed ones first, by how much; then what only one of the two has, and what has another shape. */
function changedRows({ difference, variables, filter }: CompareState): readonly ChangedRow[] {
  if (!difference) return [];
  const { changed, added, removed, reshaped } = difference;
  const weight = (relative: number): number => (Number.isNaN(relative) ? Infinity : relative);
  const shape = (name: string): string => {
    const found = variables?.to.get(name) ?? variables?.from.get(name);
    return found ? shapeWords(found.shape) : "";
  };
  const rows = [
    ...[...changed].sort((one, other) => weight(other.relative) - weight(one.relative)).map(({ name, relative }): ChangedRow => ({ name, shape: shape(name), sign: "", text: percentText(relative), relative })),
    ...added.map((name): ChangedRow => ({ name, shape: shape(name), sign: "+", text: "Added" })),
    ...removed.map((name): ChangedRow => ({ name, shape: shape(name), sign: "−", text: "Removed" })),
    ...reshaped.map(({ name, from, to }): ChangedRow => ({
      name, sign: "≠", shape: `${shapeWords(from.shape)}, now ${shapeWords(to.shape)}`, text: from.dtype === to.dtype ? "Other shape" : `Other type: ${from.dtype}, now ${to.dtype}`,
    })),
  ];
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}

/** The variables whose figures are missing in what is shown first. */
export function missingFigures(compare: CompareState): readonly string[] {
  return changedRows(compare).filter(({ relative }) => relative !== undefined).slice(0, mostFigures).map(({ name }) => name).filter((name) => !compare.figures.has(name));
}

function percentText(relative: number): string {
  if (Number.isNaN(relative)) return "NaN";
  return Number.isFinite(relative) ? `${(relative * 100).toFixed(1)} %` : "inf";
}

/** `fromName`, `toName`: the two steps. */
export function changedTable(compare: CompareState, difference: CheckpointDifference, { fromName, toName, onFilter }: {
  readonly fromName: string; readonly toName: string; readonly onFilter: (text: string) => void;
}): Content {
  const { equal, changed, added, removed, reshaped, cancelled } = difference;
  const rows = changedRows(compare);
  const most = Math.max(1e-9, ...changed.map(({ relative }) => (Number.isFinite(relative) ? relative : 0)));
  const summary = [
    `${numbers.count(changed.length + equal)} compared`, equal > 0 && `${numbers.count(equal)} equal`, added.length > 0 && `${numbers.count(added.length)} added`,
    removed.length > 0 && `${numbers.count(removed.length)} removed`, reshaped.length > 0 && `${numbers.count(reshaped.length)} other shape`, cancelled && `${numbers.count(cancelled.left)} not read`,
  ].filter(Boolean).join(" · ");
  return html`<section class="changed" aria-label="Most changed variables"><div class="details-head"><h2>Most changed variables</h2><span class="secondary cut">${summary}</span><span class="grow"></span>
      ${textField({ label: "Search variables", placeholder: `Search ${numbers.counted(changed.length, "variable", "variables")}`, value: compare.filter, icon: "search", className: "search", name: "searchChanged", onInput: onFilter })}</div>
    ${rows.length === 0 ? html`<p class="details-problem secondary">${changed.length === 0 && compare.filter === "" ? "Nothing differs between the two." : "No variable matches."}</p>`
      : html`<table class="variables changed-table"><thead><tr><th>Variable</th><th class="shape-column">Shape</th><th class="number pair-column">${fromName}, mean ± std</th><th class="number pair-column">${toName}, mean ± std</th>
        <th class="overlay-column">${fromName} filled, ${toName} line</th><th class="number change-column">Relative change</th></tr></thead>
      <tbody>${repeat(rows.slice(0, mostRows), ({ name }) => name, (row) => changedRow(row, { most, figures: compare.figures.get(row.name) }))}</tbody></table>`}
    ${rows.length > mostRows ? html`<p class="details-problem secondary">… ${numbers.count(rows.length - mostRows)} more; search to see them.</p>` : nothing}</section>`;
}

function changedRow({ name, shape, sign, text, relative }: ChangedRow, { most, figures }: { readonly most: number; readonly figures: PairFigures | undefined }): Content {
  const bar = relative === undefined ? html`<span class="sign">${sign}</span> ${text}`
    : html`<span class="change-bar" ${styled({ "--filled": `${(Number.isFinite(relative) ? relative / most : 1) * 100}%` })}></span><b class=${Number.isNaN(relative) ? "wrong" : ""}>${text}</b>`;
  return html`<tr title=${name}><td class="mono cut"><bdi>${shownName(name)}</bdi></td><td class="mono secondary shape-column">${shape}</td>
    <td class="mono number pair-column">${spread(figures?.from)}</td><td class="mono number pair-column">${spread(figures?.to)}</td><td class="overlay-column">${figures ? overlay(figures) : nothing}</td>
    <td class="number change-column">${bar}</td></tr>`;
}

function spread(figures: VariableStatistics | undefined): string {
  if (!figures) return "–";
  return figures.count === 1 ? numbers.value(figures.mean) : `${numbers.value(figures.mean)} ± ${numbers.value(figures.std)}`;
}

const box = { width: 112, height: 16 };

function overlay({ from, to }: PairFigures): Content {
  const words = `Before ${numbers.value(from.min)} to ${numbers.value(from.max)}, after ${numbers.value(to.min)} to ${numbers.value(to.max)}`;
  return html`<svg class="histogram overlay" viewBox="0 0 ${box.width} ${box.height}" role="img" aria-label=${words}><title>${words}</title>
    <path class="before" d=${histogramPath(from.histogram, box)}></path><path class="after" d=${histogramLine(to.histogram, box)}></path></svg>`;
}
