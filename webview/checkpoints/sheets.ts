// The two sheets in which something is decided: how a checkpoint fits the program, and what a prune moves.
import type { CheckpointInfo, Preflight, PrunePlan } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markBox, markOf } from "#kit/marks";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, type Content } from "#kit/template";
import { button, checkbox, iconButton, iconOf } from "#kit/ui";
import type { Actions } from "./actions";
import { checkpointOf, tickedPlan, type CheckpointsState, type Sheet } from "./state";
import { shapeWords } from "./variables";
import { nameOf, pruneWords, restoreButton, restoreWords, whyNoPrune, whyNoRestore } from "./words";

/** The sheet that is open, over everything but strip and disk. */
export function sheetOf(state: CheckpointsState, snapshot: CheckpointsSnapshot, actions: Actions): Content {
  const { sheet } = state;
  if (!sheet) return nothing;
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || sheet.busy) return;
    event.stopPropagation();
    actions.closeSheet();
  };
  return html`<div class="scrim" @click=${() => !sheet.busy && actions.closeSheet()}></div>
    <section class="sheet" role="dialog" aria-modal="true" aria-labelledby="sheet-title" @keydown=${key}>
      ${sheet.kind === "restore" ? restoreSheet(state, { sheet, snapshot, actions }) : pruneSheet(sheet, snapshot, actions)}</section>`;
}

function sheetHead(title: string, { words, busy, actions }: { words: string; busy: boolean; actions: Actions }): Content {
  return html`<header class="sheet-head"><h2 id="sheet-title" tabindex="-1">${title}</h2><span class="secondary cut grow">${words}</span>
    ${iconButton({ icon: "close", label: "Close", disabled: busy, onClick: () => actions.closeSheet() })}</header>`;
}

function restoreSheet(state: CheckpointsState, { sheet, snapshot, actions }: {
  sheet: Extract<Sheet, { kind: "restore" }>; snapshot: CheckpointsSnapshot; actions: Actions;
}): Content {
  const checkpoint = checkpointOf(state, sheet.prefix);
  const { run } = snapshot;
  const step = run.progress?.step ?? run.lastStep;
  const { preflight, problem, busy } = sheet;
  const whyNot = problem ?? whyNoRestore(snapshot, checkpoint, preflight);
  const name = checkpoint ? nameOf(checkpoint, numbers) : sheet.prefix;
  const words = `${run.state}${step === undefined ? "" : `, step ${numbers.count(step)}`}`;
  return html`${sheetHead(`Restore ${name} into ${run.name}`, { words, busy, actions })}
    ${preflight ? preflightTable(preflight) : problem ? nothing : html`<p class="sheet-wait secondary">Comparing the file with the program…</p>`}
    ${preflight && checkpoint && !whyNot ? html`<p class="effect" id="effect">${restoreWords(snapshot, checkpoint, { preflight, numbers })}</p>` : nothing}
    ${preflight && checkpoint && !whyNot && run.state === "running" ? html`<p class="secondary">Later saves go on deleting the oldest by the rule, as the strip shows.</p>` : nothing}
    <footer class="sheet-foot">
      ${whyNot ? html`<span class="wrong grow" id="effect">${iconOf("warning")} ${whyNot}</span>` : html`<span class="grow"></span>`}
      ${button({ label: "Cancel", name: "cancel", disabled: busy, onClick: () => actions.closeSheet() })}
      ${button({
        label: busy ? "Restoring…" : checkpoint ? restoreButton(snapshot, checkpoint, numbers) : "Restore", primary: true, name: "confirmRestore",
        disabled: busy || !preflight || whyNot !== undefined, describedBy: "effect", onClick: () => actions.restore(sheet.prefix),
      })}</footer>`;
}

interface FitRow {
  readonly sign: string;
  readonly kind: "good" | "bad" | "plain";
  readonly count: number;
  readonly what: string;
  readonly which: Content;
  readonly happens: string;
}

/** Rows of a preflight: only those that are not empty, but always how many are equal. */
function fitRows(preflight: Preflight): readonly FitRow[] {
  const { equal, otherShape, otherDtype, missing, extra, renames, notInFile } = preflight;
  const renamed = new Map(renames.map((rename) => [rename.missing, rename.extra]));
  const shapes = otherShape.map(({ name, file, program }) => `${name}: ${shapeWords(file)} in the file, ${shapeWords(program)} in the program`);
  const dtypes = otherDtype.map(({ name, file, program }) => `${name}: ${file} in the file, ${program} in the program`);
  const lost = missing.map((name) => `${name}${renamed.has(name) ? `, likely ${renamed.get(name)} renamed` : ""}`);
  const rows: readonly FitRow[] = [
    { sign: "=", kind: "good", count: equal, what: "equal", which: "Name, shape and type are the same", happens: "Set from the file" },
    { sign: "≠", kind: "bad", count: otherShape.length, what: "other shape", which: names(shapes), happens: "A strict restore fails" },
    { sign: "≠", kind: "bad", count: otherDtype.length, what: "other type", which: names(dtypes), happens: "A strict restore fails" },
    { sign: "−", kind: "bad", count: missing.length, what: "missing in the file", which: names(lost), happens: "A strict restore fails" },
    { sign: "+", kind: "plain", count: extra.length, what: "extra in the file", which: names(extra), happens: "Not read" },
    { sign: "○", kind: "plain", count: notInFile.length, what: "never in a file", which: notInFile.join("; "), happens: "Go on from where they are" },
  ];
  return rows.filter(({ count, sign }) => count > 0 || sign === "=");
}

function names(all: readonly string[]): Content {
  const shown = all.slice(0, 3);
  const more = all.length - shown.length;
  return html`<span class="mono" title=${all.slice(0, 40).join("\n")}>${shown.join(", ")}</span>${more > 0 ? html` <span class="secondary">and ${numbers.count(more)} more</span>` : nothing}`;
}

function preflightTable(preflight: Preflight): Content {
  return html`<table class="sheet-table fit-table"><thead><tr><th colspan="2"></th><th>Variables</th><th></th><th>What happens</th></tr></thead>
    <tbody>${fitRows(preflight).map(({ sign, kind, count, what, which, happens }) => html`<tr>
      <td class="sign ${kind}" aria-hidden="true">${sign}</td><td class="number step">${numbers.count(count)}</td><td class="nowrap">${what}</td><td>${which}</td>
      <td class=${kind === "bad" ? "wrong" : ""}>${happens}</td></tr>`)}</tbody></table>`;
}

function pruneSheet(sheet: Extract<Sheet, { kind: "prune" }>, snapshot: CheckpointsSnapshot, actions: Actions): Content {
  const { plan, problem, busy } = sheet;
  const ticked = tickedPlan(sheet);
  const whyNot = problem ?? whyNoPrune(snapshot) ?? (ticked && ticked.deletes.length === 0 ? "Nothing is ticked." : undefined);
  const title = ticked ? pruneWords(ticked, numbers) : "Move checkpoints to trash";
  return html`${sheetHead(title, { words: snapshot.run.name, busy, actions })}
    ${plan ? planTable(plan, { sheet, snapshot, actions }) : problem ? nothing : html`<p class="sheet-wait secondary">Making the plan…</p>`}
    <footer class="sheet-foot">
      <span class="grow" id="effect">${whyNot ? html`<span class="wrong">${iconOf("warning")} ${whyNot}</span>` : html`<span class="secondary">Space is freed by Empty Trash.</span>`}</span>
      ${problem && !busy ? button({ label: "Refresh the Plan", name: "refreshPlan", onClick: () => actions.planPrune(sheet.only) }) : nothing}
      ${button({ label: "Cancel", name: "cancel", disabled: busy, onClick: () => actions.closeSheet() })}
      ${button({
        label: busy ? "Moving…" : title, primary: true, name: "confirmPrune", disabled: busy || !ticked || whyNot !== undefined,
        describedBy: "effect", onClick: () => actions.prune(),
      })}</footer>`;
}

function planTable(plan: PrunePlan, { sheet, snapshot, actions }: {
  sheet: Extract<Sheet, { kind: "prune" }>; snapshot: CheckpointsSnapshot; actions: Actions;
}): Content {
  const find = (prefix: string): CheckpointInfo | undefined => snapshot.checkpoints.find((one) => one.prefix === prefix);
  const mark = (prefix: string): Content => {
    const found = find(prefix);
    return found ? markBox(markOf(found)) : nothing;
  };
  const stepOf = (prefix: string, step?: number): string => {
    const known = step ?? find(prefix)?.step;
    return known === undefined ? prefix : numbers.count(known);
  };
  if (plan.deletes.length === 0) return html`<p class="sheet-wait">Nothing to move: the rule keeps all that is there.</p>${keptTable(plan, { mark, stepOf })}`;
  return html`<div class="plan-box"><table class="sheet-table"><thead><tr>
      <th><span class="hidden-text">Move</span></th><th></th><th class="number">Step</th><th class="number">Size</th><th>Why it can go</th></tr></thead>
    <tbody>${repeat(plan.deletes, ({ prefix }) => prefix, ({ prefix, step, bytes, reason, files }) => html`<tr data-prefix=${prefix}>
      <td class="tick">${checkbox({
        label: "", ariaLabel: `Move ${prefix} to trash`, checked: !sheet.unticked.includes(prefix), disabled: sheet.busy, onChange: (now) => actions.tick(prefix, now),
      })}</td>
      <td class="mark-column">${mark(prefix)}</td><td class="number step">${stepOf(prefix, step)}</td><td class="number" title=${files.join("\n")}>${numbers.bytes(bytes)}</td><td>${reason}</td></tr>`)}
    </tbody></table>${keptTable(plan, { mark, stepOf })}</div>`;
}

// Checkpoints that stay for the same reason share a row.
function keptTable({ keeps }: PrunePlan, { mark, stepOf }: { mark: (prefix: string) => Content; stepOf: (prefix: string) => string }): Content {
  const byReason = new Map<string, string[]>();
  for (const { prefix, reason } of keeps) byReason.set(reason, [...(byReason.get(reason) ?? []), prefix]);
  if (byReason.size === 0) return nothing;
  return html`<h3 class="small-title">Not touched</h3><table class="sheet-table kept"><tbody>${[...byReason].map(([reason, prefixes]) => html`<tr>
    <td class="tick secondary">–</td><td class="mark-column">${mark(prefixes[0] ?? "")}</td>
    <td class="number step">${prefixes.length === 1 ? stepOf(prefixes[0] ?? "") : html`${numbers.count(prefixes.length)} ×`}</td><td class="number"></td>
    <td class="secondary">${reason}${prefixes.length === 1 ? nothing : html`: ${prefixes.map(stepOf).join(", ")}`}</td></tr>`)}</tbody></table>`;
}
