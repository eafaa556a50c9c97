// The frame of the two sheets in which something is decided; they hang below strip and disk row and never cover them.
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { html, nothing, type Content } from "#kit/template";
import { iconButton } from "#kit/ui";
import type { Actions } from "./actions";
import { pruneSheet } from "./pruneSheet";
import { restoreSheet } from "./restoreSheet";
import type { CheckpointsState } from "./state";

/** The sheet that is open. */
export function sheetOf(state: CheckpointsState, snapshot: CheckpointsSnapshot, actions: Actions): Content {
  const { sheet } = state;
  if (!sheet) return nothing;
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    actions.closeSheet();
  };
  const inside = sheet.kind === "restore" ? restoreSheet(state, { sheet, snapshot, actions }) : pruneSheet(state, { sheet, snapshot, actions });
  return html`<div class="scrim" @click=${() => !sheet.busy && actions.closeSheet()}></div>
    <section class="sheet" role="dialog" aria-modal="true" aria-labelledby="sheet-title" @keydown=${key}>
      <header class="sheet-head"><h2 id="sheet-title" tabindex="-1">${inside.title}</h2><span class="secondary cut grow">${inside.words}</span>${inside.link ?? nothing}
        ${iconButton({ icon: "close", label: "Close", disabled: sheet.busy, onClick: () => actions.closeSheet() })}</header>
      ${inside.body}<footer class="sheet-foot">${inside.foot}</footer></section>`;
}
