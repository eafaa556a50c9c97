// Below the table: what the selected checkpoint holds, and whether its bytes are what they were.
import type { CheckpointInfo } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, styled, type Content } from "#kit/template";
import { button, iconOf, textField } from "#kit/ui";
import type { Actions } from "./actions";
import type { CheckpointsState, Details } from "./state";
import { titleOf } from "./table";
import { shapeWords, variableRows, type VariableRow } from "./variables";
import { detailWords, whyNoRestore } from "./words";

/** Rows beyond this many are not drawn; the filter brings them in. */
const mostRows = 500;

/** Head and variable tree of the selected checkpoint. */
export function detailsPane(state: CheckpointsState, checkpoint: CheckpointInfo, { snapshot, actions, narrow }: {
  readonly snapshot: CheckpointsSnapshot; readonly actions: Actions; readonly narrow: boolean;
}): Content {
  const details = state.details?.prefix === checkpoint.prefix ? state.details : undefined;
  const content = details?.content;
  const noRestore = whyNoRestore(snapshot, checkpoint);
  const total = content?.variables.length ?? 0;
  const open = state.variablesOpen ?? !narrow;
  return html`<section class=${open ? "details" : "details folded"} aria-label="Details of ${titleOf(checkpoint)}" ${styled(open ? { "flex-basis": `${state.detailsShare * 100}%` } : {})}>
    ${open ? divider(state.detailsShare, actions) : nothing}
    ${details?.verifying ? html`<div class="progress-line"></div>` : nothing}
    <div class="details-head">
      <button type="button" class="icon-button" aria-expanded=${open} aria-label="Variables" @click=${() => actions.showVariables(!open)}>
        ${iconOf(open ? "chevron-down" : "chevron-right")}</button>
      <h2>${titleOf(checkpoint)}</h2>
      <span class="secondary cut details-words" title=${detailWords(checkpoint, content, { nowSeconds: snapshot.nowSeconds, numbers })}>${detailWords(checkpoint, content, { nowSeconds: snapshot.nowSeconds, numbers })}</span>
      ${verified(details, checkpoint, actions)}
      <span class="grow"></span>
      ${narrow ? nothing : html`
        ${textField({ label: "Search variables", placeholder: `Search ${numbers.counted(total, "variable", "variables")}`, value: state.variableFilter, icon: "search", className: "search", name: "searchVariables", onInput: actions.filter })}
        ${noRestore ? html`<span class="secondary cut why-not" id="whyNoRestore" title=${noRestore}>${noRestore}</span>` : nothing}
        ${button({ label: "Restore…", primary: true, disabled: noRestore !== undefined, describedBy: noRestore ? "whyNoRestore" : undefined, name: "restoreSelected", onClick: () => actions.planRestore(checkpoint.prefix) })}`}
    </div>
    ${open ? variableTable(state, details, actions) : nothing}
  </section>`;
}

/** The edge between table and details: dragged, or moved by keys. */
function divider(share: number, { sizeDetails }: Actions): Content {
  const drag = (event: PointerEvent): void => {
    const edge = event.currentTarget;
    const panes = edge instanceof HTMLElement ? edge.closest(".panes") : undefined;
    if (!panes || !(edge instanceof HTMLElement)) return;
    edge.setPointerCapture(event.pointerId);
    const { bottom, height } = panes.getBoundingClientRect();
    edge.onpointermove = (moved) => sizeDetails((bottom - moved.clientY) / height);
    edge.onpointerup = () => (edge.onpointermove = null);
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    sizeDetails(share + (event.key === "ArrowUp" ? 0.05 : -0.05));
  };
  return html`<div class="divider" role="separator" aria-orientation="horizontal" aria-label="Height of the details" tabindex="0"
    aria-valuenow=${Math.round(share * 100)} aria-valuemin="12" aria-valuemax="80" @pointerdown=${drag} @keydown=${key}></div>`;
}

function verified(details: Details | undefined, checkpoint: CheckpointInfo, actions: Actions): Content {
  if (!checkpoint.complete) return nothing;
  if (details?.verifying) return html`<span class="secondary">verifying ${numbers.bytes(checkpoint.bytes)}…</span>`;
  const content = details?.content;
  if (content?.verified) return html`<span class="verified">${iconOf("check")} verified, ${numbers.bytes(content.bytes)}</span>`;
  if (content && content.problems.length > 0) return html`<span class="wrong">${iconOf("warning")} ${content.problems[0]}</span>`;
  return button({ label: "Verify", name: "verify", onClick: () => actions.verify(checkpoint.prefix) });
}

function variableTable(state: CheckpointsState, details: Details | undefined, actions: Actions): Content {
  if (details?.problem) return html`<p class="details-problem wrong">${iconOf("warning")} ${details.problem}</p>`;
  const content = details?.content;
  if (!content) return html`<p class="details-problem secondary">Reading the index…</p>`;
  const rows = variableRows(content.variables, { filter: state.variableFilter, open: new Set(state.openScopes) });
  if (rows.length === 0) {
    return html`<p class="details-problem secondary">${content.variables.length === 0 ? "It holds no variables." : `No variable matches “${state.variableFilter}”.`}</p>`;
  }
  return html`<div class="variables-box"><table class="variables" role="treegrid" aria-label="Variables">
    <thead><tr><th>Variable</th><th>Shape</th><th>Type</th><th class="number">Bytes</th><th class="checksum">CRC-32C</th></tr></thead>
    <tbody>${repeat(rows.slice(0, mostRows), rowKey, (row) => variableRow(row, actions))}</tbody></table>
    ${rows.length > mostRows ? html`<p class="details-problem secondary">… ${numbers.count(rows.length - mostRows)} more; search to see them.</p>` : nothing}</div>`;
}

function rowKey(row: VariableRow): string {
  return row.kind === "scope" ? `${row.path}/` : row.variable.name;
}

function variableRow(row: VariableRow, { toggleScope }: Actions): Content {
  const indent = styled({ "padding-inline-start": `${row.depth * 16 + (row.kind === "variable" ? 24 : 4)}px` });
  if (row.kind === "scope") {
    return html`<tr aria-level=${row.depth + 1} aria-expanded=${row.open}>
      <td><button type="button" class="scope-row" ${indent} @click=${() => toggleScope(row.path)}>${iconOf(row.open ? "chevron-down" : "chevron-right")}<span class="cut">${row.name}</span></button></td>
      <td class="secondary">${numbers.counted(row.variables, "variable", "variables")}</td><td></td><td class="number">${numbers.bytes(row.bytes)}</td><td class="checksum"></td></tr>`;
  }
  const { name, variable } = row;
  return html`<tr aria-level=${row.depth + 1} title=${variable.name}>
    <td class="mono cut"><span class="indented" ${indent}>${name}</span></td><td class="mono">${shapeWords(variable.shape)}</td><td class="mono secondary">${variable.dtype}</td>
    <td class="number">${numbers.bytes(variable.bytes)}</td><td class="mono secondary checksum">${variable.crc32c ?? ""}</td></tr>`;
}
