// Above the table: the policy in words with inputs that only simulate, one notice, what was just done, and the disk.
import type { RetentionPolicy } from "#model/run";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markBox, markOf, markWord, type MarkKind } from "#kit/marks";
import { numbers } from "#kit/numbers";
import { html, nothing, svg, type Content } from "#kit/template";
import { button, iconButton, link, notice, textField } from "#kit/ui";
import type { Actions } from "./actions";
import type { CheckpointsState } from "./state";
import { diskWords, keepWords, parseHours, printHours, simulationWords, sourceWords, whyNoPrune } from "./words";

/** `Keep newest 7 and one every 30 min`, then where that is written, then what can be done. */
export function policyLine(state: CheckpointsState, actions: Actions, { narrow }: { narrow: boolean }): Content {
  const { snapshot, simulated, written } = state;
  if (!snapshot) return nothing;
  const policy = simulated ?? written ?? snapshot.policy;
  const whyNot = whyNoPrune(snapshot);
  return html`<div class="policy">
    <div class="policy-words">${snapshot.mayChange ? policyInputs(policy, state, actions) : policyText(policy)}</div>
    <span class="policy-source secondary">${simulated && written
      ? html`${simulationWords(written, simulated)} ${link({ label: "Reset", name: "resetPolicy", onClick: () => actions.simulate(undefined) })}`
      : sourceWords(snapshot.policy.source)}</span>
    <span class="grow"></span>
    ${whyNot ? html`<span class="secondary cut why-not" id="whyNoPrune" title=${whyNot}>${whyNot}</span>` : nothing}
    ${narrow ? nothing : button({
      label: "Prune…", name: "prune", disabled: whyNot !== undefined || snapshot.checkpoints.length === 0,
      describedBy: whyNot ? "whyNoPrune" : undefined, onClick: () => actions.planPrune(),
    })}
  </div>`;
}

function policyText({ maxToKeep, keepCheckpointEveryNHours }: RetentionPolicy): Content {
  return html`Keep newest <b>${keepWords(maxToKeep)}</b> and one every <b>${printHours(keepCheckpointEveryNHours)}</b>`;
}

function policyInputs(policy: RetentionPolicy, { simulated }: CheckpointsState, { simulate }: Actions): Content {
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
  const back = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && simulated) simulate(undefined);
  };
  return html`<span>Keep newest</span>
    ${textField({
      label: "How many of the newest to keep, 0 for all; only tries it out", value: keepWords(policy.maxToKeep), className: "keep-newest",
      name: "maxToKeep", onInput: number, onKey: back,
    })}<span>and one every</span>${textField({
      label: "One to keep for good every so often, such as 30 min, 2 h or never; only tries it out", value: printHours(policy.keepCheckpointEveryNHours),
      className: "keep-every", name: "keepEvery", onCommit: hours, onKey: back,
    })}`;
}

/** The one thing worth saying about the run's checkpoints, or what was just done. */
export function notices({ snapshot, problem, done, busy }: CheckpointsState, actions: Actions): Content {
  const dismiss = iconButton({ icon: "close", label: "Dismiss", onClick: () => actions.dismiss() });
  const said: Content[] = [];
  if (done) {
    const { undo } = done;
    const acts = undo === undefined ? nothing : html`${link({ label: "Empty Trash…", name: "emptyTrash", onClick: () => actions.emptyTrash() })}
      ${button({ label: busy ? "Undoing…" : "Undo", primary: true, disabled: busy, name: "undo", onClick: () => actions.undo(undo) })}`;
    said.push(notice({ icon: done.failed ? "error" : "check", kind: done.failed ? "error" : "info", text: done.text, action: html`${acts}${dismiss}` }));
  }
  const log = link({ label: "Show Log", onClick: () => actions.command("showLog") });
  if (problem && snapshot) said.push(notice({ icon: "warning", kind: "warning", text: `Could not refresh: ${problem}`, action: log }));
  else if (snapshot) said.push(stateNotice(snapshot));
  return html`${said}`;
}

function stateNotice({ mayChange, problems, run, checkpoints }: CheckpointsSnapshot): Content {
  if (!mayChange) return notice({ icon: "shield", text: "Viewing works; changing is off until you trust this folder." });
  const problem = problems[0];
  const more = problems.length > 1 ? ` (and ${numbers.count(problems.length - 1)} more)` : "";
  if (problem !== undefined) return notice({ icon: "warning", kind: "warning", text: `${problem}${more}` });
  if (run.state === "foreign" && checkpoints.length > 0) {
    return notice({ icon: "info", text: "Another program wrote this run. Its rule is read from the folder." });
  }
  return nothing;
}

const legendKinds: readonly MarkKind[] = ["newest", "goesNext", "hourMark", "protected", "best", "unmanaged", "incomplete"];

/** What the checkpoints take now and later, what is free, what is in trash; then the marks that are there. */
export function diskRow(snapshot: CheckpointsSnapshot, actions: Actions, { narrow }: { narrow: boolean }): Content {
  const { freeBytes, trash, checkpoints } = snapshot;
  const { now, later, text, after } = diskWords(snapshot, numbers);
  const trashed = trash.reduce((sum, { bytes }) => sum + bytes, 0);
  const kinds = new Set(checkpoints.map(markOf));
  return html`<div class="disk">
    <b>${text}</b>${after ? html`<span class="secondary disk-after">${after}</span>` : nothing}
    ${later === undefined ? nothing : diskBar(now, later)}
    ${freeBytes === undefined ? nothing : html`<span class="secondary">${numbers.bytes(freeBytes)} free</span>`}
    ${trashed > 0 ? html`<span class="secondary">${numbers.bytes(trashed)} in trash</span>
      ${snapshot.mayChange ? link({ label: "Empty Trash…", name: "emptyTrash", onClick: () => actions.emptyTrash() }) : nothing}` : nothing}
    <span class="grow"></span>
    ${narrow && whyNoPrune(snapshot) === undefined && checkpoints.length > 0 ? link({ label: "Prune…", name: "prune", onClick: () => actions.planPrune() }) : nothing}
    <span class="disk-legend">${legendKinds.filter((kind) => kinds.has(kind)).map((kind) => html`<span class="legend-item">${markBox(kind)}${markWord(kind)}</span>`)}</span>
  </div>`;
}

// Filled: now. Outlined: what comes on top by the last save that is foreseen.
function diskBar(now: number, later: number): Content {
  const most = Math.max(now, later, 1);
  const width = 150;
  const filled = (Math.min(now, later) / most) * width;
  return html`<svg class="disk-bar" viewBox="0 0 152 8" aria-hidden="true">${svg`
    <rect class="bar-now" x="0" y="0" width=${filled + 1} height="8"></rect>
    <rect class="bar-later" x=${filled + 0.5} y="0.5" width=${Math.max(0, width - filled)} height="7"></rect>`}</svg>`;
}
