// Draws the checkpoint browser: policy, strip, disk, table, details, and the sheet over them.
import { html, nothing, render, type Content } from "#kit/template";
import { blank, link } from "#kit/ui";
import type { Actions } from "./actions";
import { detailsPane } from "./detailsPane";
import { diskRow, notices, policyLine } from "./head";
import { sheetOf } from "./sheets";
import { checkpointOf, type CheckpointsState } from "./state";
import { skeleton } from "./skeleton";
import { strip } from "./stripDraw";
import { checkpointTable } from "./table";
import { paintValues } from "./valuesDraw";
import { moveFocus } from "./valuesPane";

/** Below this width the table is a list of two-line rows. */
const narrowBelow = 960;

export class CheckpointsPage {
  #state: CheckpointsState | undefined;
  #focusBefore: HTMLElement | undefined;

  constructor(readonly root: HTMLElement, readonly actions: Actions) {
    new ResizeObserver(() => this.#state && this.draw(this.#state)).observe(root);
  }

  draw(state: CheckpointsState): void {
    const sheetBefore = this.#state?.sheet;
    const valuesBefore = this.#state?.values;
    this.#state = state;
    if (!sheetBefore && state.sheet) this.#focusBefore = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
    render(this.#page(state), this.root);
    paintValues(this.root, state.values);
    moveFocus(this.root, valuesBefore, state.values);
    this.root.dataset.ready = String(state.phase !== "loading");
    // The button that was pressed goes off with its focus; Escape must still reach the sheet.
    if (state.sheet && (!sheetBefore || (state.sheet.busy && !sheetBefore.busy))) this.root.querySelector<HTMLElement>("#sheet-title")?.focus();
    if (sheetBefore && !state.sheet) this.#focusBefore?.focus();
  }

  #page(state: CheckpointsState): Content {
    const { snapshot, phase, problem } = state;
    const width = this.root.clientWidth;
    const narrow = width < narrowBelow;
    if (!snapshot) {
      return phase === "failed"
        ? blank({ title: "The checkpoints could not be read.", text: problem ?? "", action: link({ label: "Show Log", onClick: () => this.actions.command("showLog") }) })
        : skeleton({ narrow, slow: state.metricWait === "slow" });
    }
    const selected = checkpointOf(state, state.selected);
    const { actions } = this;
    return html`<div class=${["page", narrow ? "narrow-page" : "", state.simulated ? "trying" : ""].filter(Boolean).join(" ")}>
      <h1 class="hidden-text">Checkpoints of ${snapshot.run.name}</h1>
      ${policyLine(state, actions, { narrow })}${notices(state, actions)}
      ${snapshot.checkpoints.length > 0 || snapshot.forecast.length > 0 ? strip(state, snapshot, { width, actions }) : nothing}
      ${snapshot.checkpoints.length > 0 || snapshot.trash.length > 0 ? diskRow(state, snapshot, { actions, narrow }) : nothing}
      <div class="below">
        <div class="panes" ?inert=${state.sheet !== undefined}>
          <div class="list">${checkpointTable(snapshot, { state, narrow, terse: width < 600, actions })}</div>
          ${selected ? detailsPane(state, selected, { snapshot, actions, narrow }) : nothing}
        </div>
        ${sheetOf(state, snapshot, actions)}
      </div></div>`;
  }
}
