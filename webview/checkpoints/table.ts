// The table of checkpoints, newest first: why each is there and when it goes. A list of two-line rows where there is little room.
import type { CheckpointInfo } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markBox, markOf } from "#kit/marks";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, type Content } from "#kit/template";
import { blank, button, iconButton } from "#kit/ui";
import type { Actions } from "./actions";
import { capital, nameOf, rowWords, whyNoPrune, whyNoRestore } from "./words";

export interface TableOptions {
  readonly selected: string | undefined;
  readonly narrow: boolean;
  readonly actions: Actions;
}

/** The rows, or in words why there are none. */
export function checkpointTable(snapshot: CheckpointsSnapshot, options: TableOptions): Content {
  if (snapshot.checkpoints.length === 0) return noCheckpoint(snapshot);
  const { narrow, actions } = options;
  const body = repeat(snapshot.checkpoints, ({ prefix }) => prefix, (checkpoint) =>
    narrow ? narrowRow(checkpoint, { snapshot, ...options }) : row(checkpoint, { snapshot, ...options }));
  return html`<div class="table-box" @keydown=${(event: KeyboardEvent) => walkRows(event, snapshot, actions)}>
    <table class=${narrow ? "checkpoints narrow" : "checkpoints"} role="grid" aria-label="Checkpoints of ${snapshot.run.name}" aria-rowcount=${snapshot.checkpoints.length + 1}>
      ${narrow ? nothing : html`<thead><tr>
        <th class="mark-column"><span class="hidden-text">Mark</span></th><th class="number">Step</th><th class="number">Saved</th><th class="number age">Age</th>
        <th class="number">Size</th><th class="reason">Why it is kept</th><th class="next">What comes next</th><th class="actions"><span class="hidden-text">Actions</span></th></tr></thead>`}
      <tbody>${body}</tbody></table></div>`;
}

function noCheckpoint({ run, forecast, nowSeconds }: CheckpointsSnapshot): Content {
  const first = forecast[0];
  if (run.state === "running" && first) {
    const step = first.step === undefined ? "" : ` at step ${numbers.count(first.step)},`;
    return blank({ title: `The first save is${step} ≈ ${numbers.clock(nowSeconds + first.atSeconds, nowSeconds)}.` });
  }
  if (run.state === "running") return blank({ title: "No checkpoint yet.", text: "It appears here as soon as the run's Saver writes one." });
  return blank({ title: "This run has no checkpoints.", text: "It ended before its first save, or its script has no Saver." });
}

interface RowOptions extends TableOptions {
  readonly snapshot: CheckpointsSnapshot;
}

function row(checkpoint: CheckpointInfo, { snapshot, selected, actions }: RowOptions): Content {
  const { prefix, wallTimeSeconds, bytes, complete, reason, next } = checkpoint;
  const { nowSeconds } = snapshot;
  const isSelected = prefix === selected;
  return html`<tr role="row" class=${isSelected ? "selected" : ""} aria-selected=${isSelected} tabindex=${isSelected ? 0 : -1} data-prefix=${prefix}
    aria-label=${rowWords(checkpoint, { nowSeconds, numbers })} @click=${() => actions.select(prefix)} @dblclick=${() => actions.planRestore(prefix)}>
    <td class="mark-column">${markBox(markOf(checkpoint))}</td>
    <td class="number step cut" title=${prefix}>${stepOrName(checkpoint)}</td>
    <td class="number secondary" title=${numbers.fullTime(wallTimeSeconds)}>${numbers.clock(wallTimeSeconds, nowSeconds)}</td>
    <td class="number age">${numbers.age(nowSeconds - wallTimeSeconds)}</td>
    <td class="number">${numbers.bytes(bytes)}</td>
    <td class=${complete ? "reason cut" : "reason cut wrong"} title=${reason}>${reason}</td>
    <td class=${checkpoint.deletedAtSave === undefined ? "next cut secondary" : "next cut"} title=${next}>${next}</td>
    <td class="actions">${rowActions(checkpoint, { snapshot, actions, tabIndex: isSelected ? 0 : -1 })}</td></tr>`;
}

// The last part of the name is what tells checkpoints without a step apart.
function stepOrName({ step, prefix }: CheckpointInfo): string {
  return step === undefined ? (prefix.split("/").at(-1) ?? prefix) : numbers.count(step);
}

function rowActions(checkpoint: CheckpointInfo, { snapshot, actions, tabIndex }: {
  snapshot: CheckpointsSnapshot; actions: Actions; tabIndex: number;
}): Content {
  const noRestore = whyNoRestore(snapshot, checkpoint);
  const noPrune = whyNoPrune(snapshot);
  const name = nameOf(checkpoint, numbers);
  return html`<span class="row-actions">${iconButton({
    icon: "discard", label: noRestore ?? `Restore ${name}…`, disabled: noRestore !== undefined, tabIndex, name: "restore",
    onClick: (event) => alone(event, () => actions.planRestore(checkpoint.prefix)),
  })}${iconButton({
    icon: "trash", label: noPrune ?? `Move ${name} to trash…`, disabled: noPrune !== undefined, tabIndex, name: "pruneOne",
    onClick: (event) => alone(event, () => actions.planPrune(checkpoint.prefix)),
  })}</span>`;
}

// A row's own click would follow.
function alone(event: Event, act: () => void): void {
  event.stopPropagation();
  act();
}

function narrowRow(checkpoint: CheckpointInfo, { snapshot, selected, actions }: RowOptions): Content {
  const { prefix, wallTimeSeconds, bytes, complete, reason, next } = checkpoint;
  const { nowSeconds } = snapshot;
  const isSelected = prefix === selected;
  const noRestore = whyNoRestore(snapshot, checkpoint);
  return html`<tr role="row" class=${isSelected ? "selected" : ""} aria-selected=${isSelected} tabindex=${isSelected ? 0 : -1} data-prefix=${prefix}
    aria-label=${rowWords(checkpoint, { nowSeconds, numbers })} @click=${() => actions.select(prefix)}>
    <td class="mark-column">${markBox(markOf(checkpoint))}</td>
    <td class="two-lines"><div class="cut"><b>${stepOrName(checkpoint)}</b> <span class="secondary">· ${numbers.age(nowSeconds - wallTimeSeconds)}</span></div>
      <div class=${complete ? "second cut secondary" : "second cut wrong"} title="${reason}. ${next}.">${reason} · ${lower(next)}</div>
      ${isSelected ? html`<div class="narrow-actions">${button({
        label: "Restore…", primary: true, disabled: noRestore !== undefined, name: "restore", onClick: () => actions.planRestore(prefix),
      })}${button({ label: "Move to Trash…", disabled: whyNoPrune(snapshot) !== undefined, name: "pruneOne", onClick: () => actions.planPrune(prefix) })}
      ${noRestore ? html`<span class="secondary">${noRestore}</span>` : nothing}</div>` : nothing}</td>
    <td class="number secondary narrow-size">${numbers.bytes(bytes)}</td></tr>`;
}

function lower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

let typed = "";
let typedMs = 0;

// Digits typed in a row within this time are one step to jump to.
const typingMs = 900;

function walkRows(event: KeyboardEvent, { checkpoints }: CheckpointsSnapshot, actions: Actions): void {
  const row = (event.target as Element).closest<HTMLElement>("tr[data-prefix]");
  if (!row || (event.target as Element).closest("vscode-button, button") || event.ctrlKey || event.metaKey || event.altKey) return;
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
    case "r": case "R": case "Enter": actions.planRestore(current.prefix); break;
    case "Delete": actions.planPrune(current.prefix); break;
    case "ArrowRight": row.querySelector<HTMLElement>(".row-actions button:not(:disabled)")?.focus(); break;
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
