// The prune sheet: the plan file by file, what is left out, what is never touched, and the sums before and after.
import type { CheckpointInfo, PlannedDelete, PrunePlan } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { markBox, markOf, type MarkKind } from "#kit/marks";
import { numbers } from "#kit/numbers";
import { html, nothing, repeat, type Content } from "#kit/template";
import { button, checkbox, iconOf } from "#kit/ui";
import { endLines, type EndLine } from "./pruneSums";
import type { SheetParts, SheetTask } from "./sheetParts";
import { tickedPlan, type CheckpointsState, type PruneSheet } from "./state";
import { keepWords, nameOf, pruneWords, stepName, whyNoPrune } from "./words";

/** What stands in it. */
export function pruneSheet(state: CheckpointsState, { sheet, snapshot, actions }: SheetTask<PruneSheet>): SheetParts {
  const { plan, problem, busy } = sheet;
  const ticked = tickedPlan(sheet);
  const whyNot = problem ?? whyNoPrune(snapshot) ?? (ticked && ticked.deletes.length === 0 ? "Nothing is ticked." : undefined);
  const title = ticked ? pruneWords(ticked, numbers) : "Move checkpoints to trash";
  const changed = state.simulated && state.written ? `, keep newest ${keepWords(state.simulated.maxToKeep)} instead of ${keepWords(state.written.policy.maxToKeep)}` : "";
  return {
    title,
    words: `${snapshot.run.name}${sheet.only === undefined ? changed : ""}`,
    body: plan ? planBody(plan, { state, sheet, snapshot, actions }) : problem ? nothing : html`<p class="sheet-wait secondary">Making the plan…</p>`,
    foot: html`<span class="grow" id="effect">${whyNot ? html`<span class="wrong">${iconOf("warning")} ${whyNot}</span>`
      : html`${sheet.only === undefined && state.simulated && state.written ? html`<span class="also-write">${checkbox({
        label: `Also write “keep newest ${keepWords(state.simulated.maxToKeep)}” to run.json`, checked: sheet.write ?? false, disabled: busy, name: "writePolicy", onChange: (now) => actions.writeWithPrune(now),
      })}</span>` : nothing}<span class="secondary small-note">${snapshot.run.state === "running" ? "Done between two steps. " : ""}Space is freed by Empty Trash.</span>`}</span>
      ${problem && !busy ? button({ label: "Refresh the Plan", name: "refreshPlan", onClick: () => actions.planPrune(sheet.only) }) : nothing}
      ${button({ label: "Cancel", name: "cancel", disabled: busy, onClick: () => actions.closeSheet() })}
      ${button({
        label: busy ? "Moving…" : title, primary: true, name: "confirmPrune", disabled: busy || !ticked || whyNot !== undefined,
        describedBy: "effect", onClick: () => actions.prune(),
      })}`,
  };
}

interface PlanOptions extends SheetTask<PruneSheet> {
  readonly state: CheckpointsState;
}

function planBody(plan: PrunePlan, options: PlanOptions): Content {
  const { sheet, snapshot, actions, state } = options;
  const goes = plan.deletes.filter(({ prefix }) => prefix !== sheet.leftOut);
  const out = plan.deletes.filter(({ prefix }) => prefix === sheet.leftOut);
  const ticked = goes.filter(({ prefix }) => !sheet.unticked.includes(prefix)).length;
  const all = checkbox({
    label: "", ariaLabel: "Move all of them", checked: ticked === goes.length, disabled: sheet.busy,
    onChange: (now) => actions.tick(goes.map(({ prefix }) => prefix), now),
  });
  return html`<div class="plan-box" @keydown=${walkPlan}>
    ${goes.length === 0 ? html`<p class="sheet-wait">Nothing to move: the rule keeps all that is there.</p>` : html`<table class="sheet-table plan-table"><thead><tr>
      <th class="tick">${all}</th><th class="mark-column"><span class="hidden-text">Mark</span></th><th class="number">Step</th><th class="number">Size</th>
      ${snapshot.metric ? html`<th class="number">EMA</th>` : nothing}<th class="why">Why it can go</th></tr></thead>
      <tbody>${repeat(goes, ({ prefix }) => prefix, (planned) => planRow(planned, options))}</tbody></table>`}
    ${out.length > 0 ? html`<h3 class="small-title">Left out unless you tick it</h3><table class="sheet-table plan-table"><tbody>${out.map((planned) => planRow(planned, options))}</tbody></table>` : nothing}
    ${keptTable(plan, snapshot)}
    ${sheet.only === undefined && plan.deletes.length > 0 && sheet.sums ? sumsTable(endLines(sheet.sums, { written: state.written?.policy ?? snapshot.policy, simulated: state.simulated }), snapshot) : nothing}</div>`;
}

function planRow({ prefix, step, bytes, reason, files }: PlannedDelete, { sheet, snapshot, actions }: PlanOptions): Content {
  const found = snapshot.checkpoints.find((one) => one.prefix === prefix);
  const why = prefix === sheet.leftOut && snapshot.metric ? `${snapshot.metric.better === "lower" ? "Lowest" : "Highest"} ${snapshot.metric.tag} so far: this plan protects it` : reason;
  const mark = found && (prefix === sheet.leftOut ? "best" : markOf(found));
  return html`<tr data-prefix=${prefix}>
    <td class="tick">${checkbox({
      label: "", ariaLabel: `Move ${nameOf({ step, prefix }, numbers)} to trash: ${why}`, checked: !sheet.unticked.includes(prefix), disabled: sheet.busy,
      onChange: (now) => actions.tick([prefix], now),
    })}</td>
    <td class="mark-column">${mark ? markBox(mark) : nothing}</td><td class="number step">${step === undefined ? prefix : numbers.count(step)}</td>
    <td class="number" title=${files.join("\n")}>${numbers.bytes(bytes)}</td>
    ${snapshot.metric ? html`<td class="number">${found?.metric ? numbers.metric(found.metric.smoothed) : "–"}</td>` : nothing}<td class="why" title="${why}: ${files.join(", ")}">${why}</td></tr>`;
}

// Up and down go from tick to tick; Space is the tick's own.
function walkPlan(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const { currentTarget, target } = event;
  if (!(currentTarget instanceof HTMLElement) || !(target instanceof HTMLElement)) return;
  const ticks = [...currentTarget.querySelectorAll<HTMLElement>("vscode-checkbox")];
  ticks[ticks.indexOf(target) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  event.preventDefault();
}

const keptWords: Readonly<Partial<Record<MarkKind, string>>> = { newest: "Newest", hourMark: "Hour marks", protected: "Protected by you", best: "Best", unmanaged: "Not managed", incomplete: "Incomplete" };

/** What stays, one row for each mark. A checkpoint chosen by hand says nothing of the others. */
function keptTable({ keeps }: PrunePlan, snapshot: CheckpointsSnapshot): Content {
  const byMark = new Map<MarkKind, CheckpointInfo[]>();
  for (const { prefix } of keeps) {
    const found = snapshot.checkpoints.find((one) => one.prefix === prefix);
    const mark = found && (markOf(found) === "goesNext" ? "newest" : markOf(found));
    if (found && mark) byMark.set(mark, [...(byMark.get(mark) ?? []), found]);
  }
  if (byMark.size === 0) return nothing;
  return html`<h3 class="small-title">Never touched</h3><table class="sheet-table plan-table kept"><tbody>${[...byMark].map(([mark, rows]) => html`<tr>
    <td class="tick secondary">–</td><td class="mark-column">${markBox(mark)}</td><td class="number step">${numbers.count(rows.length)}</td>
    <td class="number">${numbers.bytes(rows.reduce((sum, { bytes }) => sum + bytes, 0))}</td>${snapshot.metric ? html`<td class="number"></td>` : nothing}
    <td class="why">${keptText(mark, rows, snapshot)}</td></tr>`)}</tbody></table>`;
}

function keptText(mark: MarkKind, rows: readonly CheckpointInfo[], { latest }: CheckpointsSnapshot): string {
  const newestFirst = [...rows].sort((one, other) => other.wallTimeSeconds - one.wallTimeSeconds);
  const names = newestFirst.map(({ step, prefix }) => (step === undefined ? prefix : numbers.count(step)));
  const shown = names.length > 6 ? [...names.slice(0, 5), `${numbers.count(names.length - 5)} more`] : names;
  const list = shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}` : (shown[0] ?? "");
  const title = mark === "newest" && rows.length > 1 ? `Newest ${rows.length}` : mark === "hourMark" && rows.length === 1 ? "Hour mark" : (keptWords[mark] ?? "Kept");
  const note = rows.length === 1 && rows[0]?.note ? `, “${rows[0].note}”` : "";
  const resumes = latest !== undefined && rows.some(({ prefix }) => prefix === latest) ? `; the run resumes from ${stepName(latest, rows, numbers)}` : "";
  return `${title}: ${list}${note}${resumes}`;
}

function sumsTable(sums: readonly EndLine[], { run, disk }: CheckpointsSnapshot): Content {
  if (run.state !== "running" || sums.length === 0) return nothing;
  const end = disk.toTheEnd && run.progress?.of !== undefined ? `At the end, step ${numbers.count(run.progress.of)}` : "After the saves to come";
  const list = (steps: readonly string[]): string => (steps.length > 1 ? `${steps.slice(0, -1).join(", ")} and ${steps.at(-1)}` : (steps[0] ?? "none"));
  return html`<table class="sheet-table sums"><thead><tr><th>${end}</th><th class="number">Newest</th><th class="number">Kept for good</th><th class="number">Not managed</th>
    <th>New hour marks</th><th class="number">Without trash</th></tr></thead>
    <tbody>${sums.map(({ label, newest, forGood, unmanaged, marks, bytes, planned }) => html`<tr class=${planned ? "planned" : "secondary"}><td>${label}</td>
      <td class="number">${numbers.count(newest)}</td><td class="number">${numbers.count(forGood)}</td><td class="number">${numbers.count(unmanaged)}</td>
      <td>${list(marks.map((prefix) => stepName(prefix, [], numbers)))}</td><td class="number">${numbers.bytes(bytes)}</td></tr>`)}</tbody></table>`;
}
