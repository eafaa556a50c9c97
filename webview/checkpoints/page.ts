// Draws the checkpoint browser: policy, strip, disk, table, details, and the sheet over them.
import { focusedIn, focusKeeper, isReachable, type Focusable } from "#kit/focus";
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
  /** What had the focus as the sheet opened. */
  #beforeSheet: Focusable | undefined;
  readonly #keepFocus: (draw: () => void) => void;

  constructor(readonly root: HTMLElement, readonly actions: Actions) {
    this.#keepFocus = focusKeeper(root, (lost) => this.#home(lost));
    new ResizeObserver(() => this.#state && this.draw(this.#state)).observe(root);
  }

  draw(state: CheckpointsState): void {
    const before = this.#state;
    this.#state = state;
    const opens = !before?.sheet && state.sheet !== undefined;
    if (opens) this.#beforeSheet = focusedIn(this.root);
    this.#keepFocus(() => {
      render(this.#page(state), this.root);
      paintValues(this.root, state.values);
      moveFocus(this.root, before?.values, state.values);
      // The button that was pressed goes off with its focus; Escape must still reach the sheet.
      if (opens || (state.sheet?.busy && !before?.sheet?.busy)) this.#title()?.focus();
    });
    this.root.dataset.ready = String(state.phase !== "loading");
    // The page opens with its keys on a row, and a sheet that closes leaves them on one.
    const closes = before?.sheet !== undefined && !state.sheet;
    if ((closes || (!before?.snapshot && state.snapshot)) && !focusedIn(this.root) && document.hasFocus()) this.#home()?.focus();
  }

  #title(): HTMLElement | undefined {
    return this.root.querySelector<HTMLElement>("#sheet-title") ?? undefined;
  }

  /** Where the focus goes from what is gone: to its own row, to what was left for the sheet, to the selected row. */
  #home(lost?: Focusable): Focusable | undefined {
    const state = this.#state;
    if (state?.sheet) return this.#title();
    const from = !lost || lost.closest(".sheet") ? this.#beforeSheet : lost;
    this.#beforeSheet = undefined;
    const find = (rest: string): HTMLElement | undefined => this.root.querySelector<HTMLElement>(rest) ?? undefined;
    const rowOf = (prefix: string | undefined): HTMLElement | undefined => (prefix === undefined ? undefined : find(`.checkpoints tr[data-prefix="${CSS.escape(prefix)}"]`));
    const own = rowOf(from?.closest<HTMLElement>("tr[data-prefix]")?.dataset.prefix);
    if (!own && isReachable(from)) return from;
    if (from?.closest(".variables, .values") && !state?.values) return find(".variables tr[tabindex='0']");
    const row = own ?? rowOf(state?.selected) ?? find(".checkpoints tr[data-prefix]");
    row?.scrollIntoView({ block: "nearest" });
    return row ?? find(".blank vscode-button");
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
