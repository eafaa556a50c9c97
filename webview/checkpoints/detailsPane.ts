// Below the table: what the selected checkpoint holds, and whether its bytes are what they were.
import type { CheckpointInfo } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { numbers } from "#kit/numbers";
import { scopeChip } from "#kit/scopeChip";
import { html, nothing, styled, type Content } from "#kit/template";
import { button, iconOf, textField } from "#kit/ui";
import type { Actions } from "./actions";
import type { CheckpointsState, Details } from "./state";
import { titleOf } from "./table";
import { taskLine } from "./task";
import { valuesPane } from "./valuesPane";
import { nonFiniteWords, variableTable, verified } from "./variableTable";
import { detailWords, whyNoRestore } from "./words";

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
    ${state.task && !state.sheet ? taskLine(state.task, actions) : nothing}
    <div class="details-head">
      <button type="button" class="icon-button" aria-expanded=${open} aria-label="Variables" @click=${() => actions.showVariables(!open)}>
        ${iconOf(open ? "chevron-down" : "chevron-right")}</button>
      <h2>${titleOf(checkpoint)}</h2>
      <span class="secondary cut details-words" title=${detailWords(checkpoint, content, { nowSeconds: snapshot.nowSeconds, numbers })}>${detailWords(checkpoint, content, { nowSeconds: snapshot.nowSeconds, numbers })}</span>
      ${checkpoint.complete ? verified(details, { prefix: checkpoint.prefix, bytes: checkpoint.bytes, actions }) : nothing}
      ${checkpoint.complete && !narrow && !details?.statistics && !state.task ? button({ label: "Statistics", name: "statistics", onClick: () => actions.readStatistics(checkpoint.prefix) }) : nothing}
      ${details?.statistics ? nonFiniteWords(details.statistics) : nothing}
      <span class="grow"></span>
      ${state.tree.scope?.name === undefined ? nothing : scopeChip(state.tree.scope.name, actions.leaveScope)}
      ${narrow ? nothing : html`
        ${textField({ label: "Search variables", placeholder: `Search ${numbers.counted(total, "variable", "variables")}`, value: state.tree.filter, icon: "search", className: "search", name: "searchVariables", onInput: actions.filter })}
        ${checkpoint.complete ? button({ label: "Export…", name: "exportSelected", onClick: () => actions.exportVariables(checkpoint.prefix) }) : nothing}
        ${noRestore ? html`<span class="secondary cut why-not" id="whyNoRestore" title=${noRestore}>${noRestore}</span>` : nothing}
        ${button({ label: "Restore…", primary: true, disabled: noRestore !== undefined, describedBy: noRestore ? "whyNoRestore" : undefined, name: "restoreSelected", onClick: () => actions.planRestore(checkpoint.prefix) })}`}
    </div>
    ${open ? variables(state, checkpoint, { details, snapshot, actions }) : nothing}
  </section>`;
}

function variables(state: CheckpointsState, { prefix }: CheckpointInfo, { details, snapshot, actions }: {
  readonly details: Details | undefined; readonly snapshot: CheckpointsSnapshot; readonly actions: Actions;
}): Content {
  const all = { ...actions, exportVariable: (name: string) => actions.exportVariables(prefix, name) };
  if (state.values) return valuesPane(state.values, all);
  const menu = (name: string): string => JSON.stringify({ webviewSection: "variable", dir: snapshot.run.dir, prefix, name, preventDefaultContextMenuItems: true });
  return variableTable({ view: state.tree, details, actions: all, menu });
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
