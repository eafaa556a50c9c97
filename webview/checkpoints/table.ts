// The table of checkpoints, newest first: why each is there and when it goes. A list of two-line rows where there is little room.
import type { CheckpointInfo } from "#model/checkpoint";
import { lastPart } from "#model/scopedName";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markBox, markOf } from "#kit/marks";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, type Content } from "#kit/template";
import { blank, button, iconButton, iconOf, link } from "#kit/ui";
import type { Actions } from "./actions";
import { listedRows, type SortColumn } from "./rows";
import { bar } from "./skeleton";
import { isMetricComing, type CheckpointsState } from "./state";
import { rowButtons, walkButtons } from "./variableKeys";
import { trashRows } from "./trashRows";
import { capital, nameOf, rowWords, shortWords, whyNoPrune, whyNoRestore } from "./words";

export interface TableOptions {
  readonly state: CheckpointsState;
  readonly narrow: boolean;
  /** So narrow that the two sentences are shortened. */
  readonly terse: boolean;
  readonly actions: Actions;
}

/** The rows, or in words why there are none. */
export function checkpointTable(snapshot: CheckpointsSnapshot, options: TableOptions): Content {
  if (snapshot.checkpoints.length === 0) return noCheckpoint(snapshot, options.actions);
  const { narrow, state, actions } = options;
  const rows = listedRows(snapshot.checkpoints, state);
  const draw = narrow ? narrowRow : row;
  // The one tab stop: the selected row, or the first where that is not listed.
  const stop = rows.find(({ prefix }) => prefix === state.selected) ?? rows[0];
  return html`${metricLine(snapshot, state, actions)}<div class="table-box" @focusin=${(event: FocusEvent) => actions.focus(rowPrefix(event.target))} @focusout=${(event: FocusEvent) => actions.focus(rowPrefix(event.relatedTarget))} @keydown=${(event: KeyboardEvent) => walkRows(event, rows, actions)}>
    <table class=${narrow ? "checkpoints narrow" : "checkpoints"} role="grid" aria-label="Checkpoints of ${snapshot.run.name}">
      ${narrow ? nothing : tableHead(snapshot, options)}
      <tbody>${repeat(rows, ({ prefix }) => prefix, (checkpoint) => draw(checkpoint, { snapshot, ...options, isStop: checkpoint === stop }))}</tbody>${state.only === undefined ? trashRows(snapshot, options) : nothing}</table>
    ${state.only === undefined ? nothing : html`<p class="only-shown secondary">${numbers.count(rows.length)} of ${numbers.count(snapshot.checkpoints.length)} shown. ${link({ label: "Show All", name: "showAll", onClick: () => actions.showOnly(undefined) })}</p>`}</div>`;
}

/** Said once it takes long: rows and forecast are there meanwhile. */
function metricLine({ checkpoints }: CheckpointsSnapshot, { metricWait }: CheckpointsState, actions: Actions): Content {
  if (metricWait !== "slow") return nothing;
  return html`<div class="metric-wait secondary" role="status">Reading the metric of ${numbers.counted(checkpoints.length, "checkpoint", "checkpoints")}… ${link({
    label: "Cancel", name: "cancelMetric", onClick: () => actions.giveUpMetric() })}</div>`;
}

/** The checkpoint whose row, or a button in it, an event is about. */
function rowPrefix(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>("tr[data-prefix]")?.dataset.prefix : undefined;
}

/** What VS Code hands to a command of its context menu over this row. */
function menuContext({ prefix, kept }: CheckpointInfo, { run }: CheckpointsSnapshot): string {
  return JSON.stringify({ webviewSection: "checkpoint", prefix, dir: run.dir, protected: kept === "protected", preventDefaultContextMenuItems: true });
}

/** The row's menu is VS Code's own, opened where its button is. */
function openMenu(event: Event): void {
  const { currentTarget } = event;
  if (!(currentTarget instanceof HTMLElement)) return;
  const { left, bottom } = currentTarget.getBoundingClientRect();
  currentTarget.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, clientX: left, clientY: bottom }));
}

function tableHead({ metric }: CheckpointsSnapshot, { state, actions }: TableOptions): Content {
  const short = metric && shortTag(metric.tag);
  const head = (column: SortColumn, label: Content, style: string): Content => {
    const sorted = state.sorting.column === column;
    const way = !sorted ? nothing : state.sorting.descending ? "descending" : "ascending";
    return html`<th class=${style} aria-sort=${way}><button type="button" class="sorter" @click=${() => actions.sort(column)}><span class="cut">${label}</span>${sorted
      ? iconOf(state.sorting.descending ? "chevron-down" : "chevron-up") : nothing}</button></th>`;
  };
  return html`<thead><tr>
    <th class="mark-column"><span class="hidden-text">Mark</span></th>${head("step", "Step", "number step-column")}${head("saved", "Saved", "number saved")}
    <th class="number age">Age</th>${head("size", "Size", "number size")}
    ${!metric && isMetricComing(state) ? html`<th class="number metric">${bar(56)}</th><th class="number raw">${bar(56)}</th>` : nothing}
    ${metric ? html`${head("smoothed", html`<span title="${metric.tag}, smoothed ${numbers.exact(metric.smoothing)}">${short}, EMA</span>`, "number metric")}
      ${head("raw", html`<span title="${metric.tag} as recorded">${short}, raw</span>`, "number raw")}` : nothing}
    ${head("reason", "Why it is kept", "reason")}${head("next", "What comes next", "next")}<th class="actions"><span class="hidden-text">Actions</span></th></tr></thead>`;
}

/** The end of a tag that tells it apart: `L1` of `generator_loss_L1`. */
function shortTag(tag: string): string {
  const last = lastPart(tag);
  const part = last.split("_").at(-1) ?? last;
  return part.length >= 2 && last.length > 8 ? part : last;
}

function noCheckpoint({ run, forecast, nowSeconds, mayChange }: CheckpointsSnapshot, actions: Actions): Content {
  const first = forecast[0];
  const save = mayChange ? button({ label: "Save Now", primary: true, name: "saveNow", onClick: () => actions.command("saveNow") }) : undefined;
  if (run.state === "running" && first) {
    const step = first.step === undefined ? "" : ` at step ${numbers.count(first.step)},`;
    return blank({ title: `The first save is${step} ≈ ${numbers.clock(nowSeconds + first.atSeconds, nowSeconds)}.`, action: save });
  }
  if (run.state === "running") return blank({ title: "No checkpoint yet.", text: "It appears here as soon as the run's Saver writes one.", action: save });
  return blank({ title: "This run has no checkpoints.", text: "It ended before its first save, or its script has no Saver." });
}

interface RowOptions extends TableOptions {
  readonly snapshot: CheckpointsSnapshot;
  readonly isStop: boolean;
}

function row(checkpoint: CheckpointInfo, { snapshot, state, actions, isStop }: RowOptions): Content {
  const { prefix, wallTimeSeconds, bytes, reason, next } = checkpoint;
  const { nowSeconds } = snapshot;
  const isSelected = prefix === state.selected;
  return html`<tr role="row" class=${isSelected ? "selected" : ""} aria-selected=${isSelected} tabindex=${isStop ? 0 : -1} data-prefix=${prefix} data-vscode-context=${menuContext(checkpoint, snapshot)}
    aria-label=${rowWords(checkpoint, { snapshot, numbers })} @click=${(event: MouseEvent) => (event.ctrlKey || event.metaKey ? actions.compare(prefix, state.selected) : actions.select(prefix))} @dblclick=${() => actions.openFile(prefix)}>
    <td class="mark-column">${markBox(markOf(checkpoint))}</td>
    <td class=${checkpoint.step === undefined ? "number step cut tail" : "number step cut"} title=${prefix}><bdi>${stepOrName(checkpoint)}</bdi></td>
    <td class="number secondary nowrap" title=${numbers.fullTime(wallTimeSeconds)}>${numbers.clock(wallTimeSeconds, nowSeconds)}</td>
    <td class="number age">${numbers.age(nowSeconds - wallTimeSeconds)}</td>
    <td class="number">${numbers.bytes(bytes)}</td>
    ${snapshot.metric ? metricCells(checkpoint) : isMetricComing(state) ? html`<td class="number metric">${bar(40)}</td><td class="number">${bar(40)}</td>` : nothing}
    <td class=${isSound(checkpoint) ? "reason cut" : "reason cut wrong"} title=${reason}>${reason}</td>
    <td class=${isDecided(checkpoint) ? "next cut" : "next cut secondary"} title=${next}>${next}</td>
    <td class="actions">${rowActions(checkpoint, { snapshot, actions, tabIndex: isStop ? 0 : -1 })}</td></tr>`;
}

function metricCells({ metric, best }: CheckpointInfo): Content {
  const text = (value: number | undefined): string => (value === undefined ? "–" : numbers.metric(value));
  return html`<td class="number metric nowrap">${best ? html`<span class="best-star" title="Best so far">${markBox("best")}</span><b>${text(metric?.smoothed)}</b>` : text(metric?.smoothed)}</td>
    <td class="number secondary">${text(metric?.raw)}</td>`;
}

function isSound({ complete, damage }: CheckpointInfo): boolean {
  return complete && damage === undefined;
}

/** Whether a coming save decides on it. */
function isDecided({ fate }: CheckpointInfo): boolean {
  return fate.kind !== "stays";
}

// The last part of the name is what tells checkpoints without a step apart.
function stepOrName({ step, prefix }: CheckpointInfo): string {
  return step === undefined ? lastPart(prefix) : numbers.count(step);
}

function rowActions(checkpoint: CheckpointInfo, { snapshot, actions, tabIndex }: {
  snapshot: CheckpointsSnapshot; actions: Actions; tabIndex: number;
}): Content {
  const noRestore = whyNoRestore(snapshot, checkpoint);
  const noPrune = whyNoPrune(snapshot);
  const guarded = checkpoint.kept === "protected";
  const name = nameOf(checkpoint, numbers);
  return html`<span class="row-actions">${iconButton({
    icon: "discard", label: noRestore ?? `Restore ${name}…`, disabled: noRestore !== undefined, tabIndex, name: "restore",
    onClick: (event) => alone(event, () => actions.planRestore(checkpoint.prefix)),
  })}${iconButton({
    icon: "compare-changes", label: `Compare ${name} with the one before it`, disabled: !isSound(checkpoint), tabIndex, name: "compareOne",
    onClick: (event) => alone(event, () => actions.compare(checkpoint.prefix)),
  })}${iconButton({
    icon: guarded ? "unlock" : "lock", label: noPrune ?? (guarded ? `Unprotect ${name}` : `Protect ${name}…`), disabled: noPrune !== undefined, tabIndex, name: "protect",
    onClick: (event) => alone(event, () => actions.protect(checkpoint.prefix, !guarded)),
  })}${iconButton({ icon: "ellipsis", label: `More on ${name}`, tabIndex, name: "rowMenu", onClick: (event) => alone(event, () => openMenu(event)) })}</span>`;
}

// A row's own click would follow.
function alone(event: Event, act: () => void): void {
  event.stopPropagation();
  act();
}

function narrowRow(checkpoint: CheckpointInfo, { snapshot, state, actions, terse, isStop }: RowOptions): Content {
  const { prefix, wallTimeSeconds, bytes, reason, next, metric, best } = checkpoint;
  const { nowSeconds } = snapshot;
  const isSelected = prefix === state.selected;
  const noRestore = whyNoRestore(snapshot, checkpoint);
  const guarded = checkpoint.kept === "protected";
  const value = metric ? numbers.metric(metric.smoothed) : "–";
  return html`<tr role="row" class=${isSelected ? "selected" : ""} aria-selected=${isSelected} tabindex=${isStop ? 0 : -1} data-prefix=${prefix} data-vscode-context=${menuContext(checkpoint, snapshot)}
    aria-label=${rowWords(checkpoint, { snapshot, numbers })} @click=${(event: MouseEvent) => (event.ctrlKey || event.metaKey ? actions.compare(prefix, state.selected) : actions.select(prefix))} @dblclick=${() => actions.openFile(prefix)}>
    <td class="mark-column">${markBox(markOf(checkpoint))}</td>
    <td class="two-lines"><div class="first-line"><span class="cut grow"><b>${stepOrName(checkpoint)}</b> <span class="secondary">· ${numbers.age(nowSeconds - wallTimeSeconds)}</span></span>
        <span class="narrow-value nowrap">${best ? markBox("best") : nothing} ${snapshot.metric ? value : numbers.bytes(bytes)}</span></div>
      <div class=${isSound(checkpoint) ? "second cut secondary" : "second cut wrong"} title="${reason}. ${next}.">${terse ? shortWords(checkpoint, snapshot, numbers) : `${reason} · ${next.slice(0, 1).toLowerCase()}${next.slice(1)}`}</div>
      ${isSelected ? html`<div class="narrow-actions">${button({
        label: "Restore…", primary: true, disabled: noRestore !== undefined, name: "restore", onClick: () => actions.planRestore(prefix),
      })}${button({ label: guarded ? "Unprotect" : "Protect…", disabled: whyNoPrune(snapshot) !== undefined, name: "protect", onClick: () => actions.protect(prefix, !guarded) })}
      ${iconButton({ icon: "trash", label: "Move to Trash…", disabled: whyNoPrune(snapshot) !== undefined, name: "pruneOne", onClick: () => actions.planPrune(prefix) })}
      ${iconButton({ icon: "ellipsis", label: "More", name: "rowMenu", onClick: (event) => alone(event, () => openMenu(event)) })}
      ${noRestore ? html`<span class="secondary">${noRestore}</span>` : nothing}</div>` : nothing}</td></tr>`;
}

let typed = "";
let typedMs = 0;

// Digits typed in a row within this time are one step to jump to.
const typingMs = 900;

function walkRows(event: KeyboardEvent, checkpoints: readonly CheckpointInfo[], actions: Actions): void {
  const { target } = event;
  const row = target instanceof HTMLElement ? target.closest<HTMLElement>("tr[data-prefix]") : undefined;
  if (!row || !(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target !== row) return walkButtons(event, row, target);
  const at = checkpoints.findIndex(({ prefix }) => prefix === row.dataset.prefix);
  const current = checkpoints[at];
  if (!current) return;
  const go = (index: number): void => {
    const wanted = checkpoints[Math.min(checkpoints.length - 1, Math.max(0, index))];
    if (!wanted) return;
    actions.select(wanted.prefix);
    row.parentElement?.querySelector<HTMLElement>(`tr[data-prefix="${CSS.escape(wanted.prefix)}"]`)?.focus();
  };
  switch (event.key) {
    case "ArrowDown": go(at + 1); break;
    case "ArrowUp": go(at - 1); break;
    case "Home": go(0); break;
    case "End": go(checkpoints.length - 1); break;
    case "Enter": actions.openFile(current.prefix); break;
    case "ArrowRight": row.querySelector<HTMLElement>(rowButtons)?.focus(); break;
    default: {
      if (!/^\d$/.test(event.key)) return;
      typed = event.timeStamp - typedMs < typingMs ? typed + event.key : event.key;
      typedMs = event.timeStamp;
      const found = checkpoints.findIndex(({ step }) => step !== undefined && String(step).startsWith(typed));
      if (found >= 0) go(found);
    }
  }
  event.preventDefault();
}

/** The heading of a checkpoint: `Step 10,500`. */
export function titleOf(checkpoint: CheckpointInfo): string {
  return capital(nameOf(checkpoint, numbers));
}
