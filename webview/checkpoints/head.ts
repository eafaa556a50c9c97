// Above the table: the policy in words with inputs that only simulate, one notice, what was just done, and the disk.
import type { CheckpointNotice } from "#model/checkpointOutlook";
import type { RetentionPolicy } from "#model/run";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markBox, markWord, type MarkKind } from "#kit/marks";
import { numbers } from "#kit/numbers";
import { html, nothing, svg, type Content } from "#kit/template";
import { button, iconButton, iconOf, link, notice, textField } from "#kit/ui";
import type { Actions } from "./actions";
import { pairOf } from "./compareState";
import { lineNotice, noticeIcon, rowNotice, shortNotice } from "./notice";
import { hasMark } from "./rows";
import { tickedPlan, type CheckpointsState } from "./state";
import {
  capital, checkpointIn, diskWords, keepWords, lessThan, nameOf, parseHours, printHours, simulationWords, sourceWords, whyNoPrune, type DiskWords,
} from "./words";

/** `Keep newest 7 and one every 30 min`, then where that is written, one notice, then what can be done. */
export function policyLine(state: CheckpointsState, actions: Actions, { narrow }: { narrow: boolean }): Content {
  const { snapshot, simulated, written } = state;
  if (!snapshot) return nothing;
  const policy = simulated ?? written?.policy ?? snapshot.policy;
  const whyNot = whyNoPrune(snapshot);
  const source = simulated && written
    ? html`${simulationWords(written.policy, simulated)} ${link({ label: "Write", name: "writePolicy", title: "Write it to run.json (Enter)", onClick: () => actions.writePolicy() })} · ${link({ label: "Reset", name: "resetPolicy", onClick: () => actions.simulate(undefined) })}
      ${lessThan(simulated, written.policy) ? html`<span class="policy-hint">Without a prune it stays at ${keepWords(written.policy.maxToKeep)}: Saver deletes one per save.</span>` : nothing}`
    : sourceOf(snapshot, actions);
  return html`<div class="policy">
    <div class="policy-words">${canSet(snapshot) ? policyInputs(policy, state, actions) : snapshot.rule.kind === "Saver" ? policyText(policy) : nothing}</div>
    ${snapshot.keepBest ? link({ label: `and the best ${numbers.count(snapshot.keepBest.count)} by ${snapshot.keepBest.tag}`, name: "keepBest", onClick: () => actions.command("keepBest") }) : nothing}
    <span class="policy-source secondary">${source}</span>
    ${simulated ? nothing : noticeInLine(snapshot, actions, { narrow })}
    <span class="grow"></span>
    ${whyNot && !narrow ? html`<span class="hidden-text" id="whyNoPrune">${whyNot}</span>` : nothing}
    ${narrow ? nothing : button({ label: "Compare…", name: "compare", disabled: pairOf(snapshot.checkpoints, { selected: state.selected }) === undefined, onClick: () => actions.compare(state.selected, state.before) })}
    ${narrow ? nothing : button({
      label: "Prune…", name: "prune", disabled: whyNot !== undefined || snapshot.checkpoints.length === 0,
      describedBy: whyNot ? "whyNoPrune" : undefined, onClick: () => actions.planPrune(),
    })}
  </div>`;
}

/** Another tool's rule is shown, not set. */
function canSet(snapshot: CheckpointsSnapshot): boolean {
  return whyNoPrune(snapshot) === undefined && snapshot.rule.fixed === undefined;
}

function sourceOf({ policy: { source }, rule }: CheckpointsSnapshot, actions: Actions): Content {
  if (rule.kind !== "Saver") return html`<span class="cut" title="${rule.text} ${rule.fixed ?? ""}">${rule.text}</span>`;
  if (source !== "run.json") return html`<span title=${rule.text}>${sourceWords(source)}</span>`;
  return html`source: ${link({ label: "run.json", name: "showSource", title: rule.text, onClick: () => actions.showSource() })}`;
}

function noticeInLine(snapshot: CheckpointsSnapshot, actions: Actions, { narrow }: { narrow: boolean }): Content {
  const said = lineNotice(snapshot.notices);
  if (!said) return nothing;
  return html`<span class="line-notice" role="status">${iconOf(noticeIcon(said))}<span>${narrow ? shortNotice(said) : said.text}</span>${noticeAct(said, snapshot, actions)}</span>`;
}

/** What can be done about it, as a link beside it. */
function noticeAct({ act, prefixes }: CheckpointNotice, snapshot: CheckpointsSnapshot, actions: Actions): Content {
  if (whyNoPrune(snapshot) !== undefined) return nothing;
  const [first] = prefixes;
  if (act === "protect" && first !== undefined) return link({ label: "Protect", name: "noticeProtect", onClick: () => actions.protect(first, true) });
  if (act === "manage") return link({ label: "Manage…", name: "noticeManage", onClick: () => actions.command("manageCheckpoints") });
  if (act === "repair") return link({ label: "Repair…", name: "noticeRepair", onClick: () => actions.command("repairState") });
  if (act === "undoRestore") return html`${link({ label: "Undo", name: "undoRestore", onClick: () => actions.undoRestore() })} ${link({ label: "Dismiss", name: "dismissUndo", onClick: () => actions.dismissUndo() })}`;
  if (act === "prune") return link({ label: "Prune…", name: "noticePrune", onClick: () => actions.planPrune() });
  const other = prefixes[1];
  if (act !== "restore" || other === undefined) return nothing;
  return link({ label: `Resume from ${capital(nameOf(checkpointIn(snapshot, other), numbers))}…`, name: "resume", onClick: () => actions.planRestore(other) });
}

function policyText({ maxToKeep, keepCheckpointEveryNHours }: RetentionPolicy): Content {
  return html`Keep newest <b>${keepWords(maxToKeep)}</b> and one every <b>${printHours(keepCheckpointEveryNHours)}</b>`;
}

function policyInputs(policy: RetentionPolicy, { simulated }: CheckpointsState, { simulate, writePolicy }: Actions): Content {
  const number = (text: string): void => {
    const maxToKeep = text.trim().toLowerCase() === "all" ? 0 : Number(text);
    if (text.trim() !== "" && Number.isInteger(maxToKeep) && maxToKeep >= 0 && maxToKeep !== policy.maxToKeep) simulate({ ...policy, maxToKeep });
  };
  const hours = (text: string): void => {
    const keepCheckpointEveryNHours = parseHours(text);
    if (keepCheckpointEveryNHours !== undefined && printHours(keepCheckpointEveryNHours) !== printHours(policy.keepCheckpointEveryNHours)) {
      simulate({ ...policy, keepCheckpointEveryNHours });
    }
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && simulated) simulate(undefined);
    // Hours are taken when they are committed: only what is shown as tried out is written.
    if (event.key === "Enter" && simulated) writePolicy();
  };
  return html`<span class="policy-part"><span>Keep newest</span>${textField({
      label: "How many of the newest to keep, 0 for all; tried out first, Enter writes it", value: keepWords(policy.maxToKeep), className: "keep-newest",
      name: "maxToKeep", onInput: number, onKey: key,
    })}</span><span class="policy-part"><span>and one every</span>${textField({
      label: "One to keep for good every so often, such as 30 min, 2 h or never; tried out first, Enter writes it", value: printHours(policy.keepCheckpointEveryNHours),
      className: "keep-every", name: "keepEvery", onCommit: hours, onKey: key,
    })}</span>`;
}

/** What keeps the page from being what it should be, or what was just done: a row each. */
export function notices({ snapshot, problem, done, busy }: CheckpointsState, actions: Actions): Content {
  const dismiss = iconButton({ icon: "close", label: "Dismiss", onClick: () => actions.dismiss() });
  const said: Content[] = [];
  if (done) {
    const { undo, retry } = done;
    const again = retry ? html`${button({ label: `Try the Other ${numbers.count(retry.deletes.length)} Again`, disabled: busy, name: "retryPrune", onClick: () => actions.retryPrune(retry) })}
      ${link({ label: "Show Log", onClick: () => actions.command("showLog") })}` : nothing;
    const acts = undo === undefined ? nothing : html`${link({ label: "Empty Trash…", name: "emptyTrash", onClick: () => actions.emptyTrash() })}
      ${button({ label: busy ? "Undoing…" : "Undo", primary: true, disabled: busy, name: "undo", onClick: () => actions.undo(undo) })}`;
    said.push(notice({ icon: done.failed ? "error" : "check", kind: done.failed ? "error" : "info", text: done.text, action: html`${again}${acts}${dismiss}` }));
  }
  const log = link({ label: "Show Log", onClick: () => actions.command("showLog") });
  if (problem && snapshot) said.push(notice({ icon: "warning", kind: "warning", text: `Could not refresh: ${problem}`, action: log }));
  else if (snapshot) said.push(stateNotice(snapshot, actions));
  return html`${said}`;
}

function stateNotice(snapshot: CheckpointsSnapshot, actions: Actions): Content {
  const { mayChange, run, checkpoints, writer, whyNoChange, notices: told } = snapshot;
  if (!mayChange) {
    const trust = link({ label: "Manage Trust", name: "manageTrust", onClick: () => actions.manageTrust() });
    return notice({ icon: "shield", text: "Viewing works; changing is off until you trust this folder.", action: trust });
  }
  const said = rowNotice(told);
  if (said) return notice({ icon: noticeIcon(said), kind: said.kind === "undoRestore" ? "info" : "warning", text: said.text, action: noticeAct(said, snapshot, actions) });
  if (writer.state === "elsewhere") {
    return notice({ icon: "info", text: `Written by ${writer.who ?? "a process that does not answer"}. Forecast uses its rule as far as it is known.` });
  }
  if (whyNoChange !== undefined) return notice({ icon: "lock", text: whyNoChange });
  if (run.state === "foreign" && checkpoints.length > 0) {
    return notice({ icon: "info", text: `Written by ${writer.who ?? "another program"}. Its rule is read from the folder.` });
  }
  return nothing;
}

const legendKinds: readonly MarkKind[] = ["newest", "goesNext", "hourMark", "protected", "best", "unmanaged", "incomplete"];

/** What checkpoints and trash take now and later, what is free; then the marks that are there, each a filter of the table. */
export function diskRow(state: CheckpointsState, snapshot: CheckpointsSnapshot, { actions, narrow }: { readonly actions: Actions; readonly narrow: boolean }): Content {
  const { checkpoints, disk: { freeBytes } } = snapshot;
  const words = diskWords({ ...snapshot, disk: plannedDisk(state, snapshot) }, numbers);
  const kinds = legendKinds.filter((kind) => checkpoints.some((checkpoint) => hasMark(checkpoint, kind)));
  return html`<div class="disk">
    <span class="disk-sum"><b>${words.now}</b>${words.later ? html` → <b>${words.later}</b>` : nothing}</span>
    ${narrow ? nothing : diskBar(words)}
    ${freeBytes === undefined ? nothing : html`<span class="secondary">${numbers.bytes(freeBytes)} free</span>`}
    ${words.trash > 0 ? html`<span class="secondary">${numbers.bytes(words.trash)} in trash</span>${trashActs(snapshot, actions)}` : nothing}
    <span class="grow"></span>
    ${narrow && whyNoPrune(snapshot) === undefined && checkpoints.length > 0 ? link({ label: "Prune…", name: "prune", onClick: () => actions.planPrune() }) : nothing}
    <span class="disk-legend" role="group" aria-label="Show only">${kinds.map((kind) => legendItem(kind, state.only, actions))}</span>
  </div>`;
}

/** While a prune is decided on: what it would leave and come to. */
function plannedDisk({ sheet }: CheckpointsState, { disk }: CheckpointsSnapshot): CheckpointsSnapshot["disk"] {
  if (sheet?.kind !== "prune" || !sheet.sums) return disk;
  const plan = tickedPlan(sheet);
  if (!plan) return disk;
  return { ...disk, usedBytes: disk.usedBytes - plan.bytes, trashBytes: disk.trashBytes + plan.bytes, endBytes: sheet.sums.then.bytes };
}

/** Undo brings back the last prune, however long ago it was. */
function trashActs(snapshot: CheckpointsSnapshot, actions: Actions): Content {
  const [last] = snapshot.trash;
  if (!last || whyNoPrune(snapshot) !== undefined) return nothing;
  const what = numbers.counted(last.checkpoints.length, "checkpoint", "checkpoints");
  return html`${link({ label: "Undo", name: "undoPrune", title: `Bring back the ${what} of the last prune`, onClick: () => actions.undo(last.trash) })}
    ${link({ label: "Empty Trash…", name: "emptyTrash", onClick: () => actions.emptyTrash() })}`;
}

function legendItem(kind: MarkKind, only: MarkKind | undefined, actions: Actions): Content {
  const pressed = only === kind;
  return html`<button type="button" class=${only === undefined || pressed ? "legend-item" : "legend-item legend-off"} aria-pressed=${pressed} data-mark=${kind}
    title=${pressed ? "Show all checkpoints" : `Show only: ${markWord(kind)}`} @click=${() => actions.showOnly(kind)}>${markBox(kind)}${markWord(kind)}</button>`;
}

// Filled: checkpoints. Outlined: trash. Dashed: what comes on top later.
function diskBar({ kept, trash, growth }: DiskWords): Content {
  const width = 152;
  const share = width / Math.max(kept + trash + growth, 1);
  const [first, second] = [kept * share, (kept + trash) * share];
  return html`<svg class="disk-bar" viewBox="0 0 152 8" aria-hidden="true">${svg`
    <rect class="bar-kept" x="0" y="0" width=${first} height="8"></rect>
    ${trash > 0 ? svg`<rect class="bar-trash" x=${first + 0.5} y="0.5" width=${Math.max(1, second - first - 1)} height="7"></rect>` : nothing}
    ${growth > 0 ? svg`<rect class="bar-growth" x=${second + 0.5} y="0.5" width=${Math.max(1, width - second - 1)} height="7"></rect>` : nothing}`}</svg>`;
}
