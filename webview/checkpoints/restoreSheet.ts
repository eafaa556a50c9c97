// The restore sheet: how a checkpoint fits the program, where it goes, and the one sentence that says what will happen.
import type { CheckpointInfo, Preflight, RestoreChoice } from "#model/checkpoint";
import type { RunInfo } from "#model/run";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import { button, checkbox, iconOf, link, radio, textField } from "#kit/ui";
import type { Actions } from "./actions";
import { branchName, isStrict, restoreButton, restoreWords, stageWords, whyNoFit } from "./restoreWords";
import type { SheetParts, SheetTask } from "./sheetParts";
import { checkpointOf, type CheckpointsState, type RestoreSheet } from "./state";
import { progressLine } from "./task";
import { canCancel } from "./taskWords";
import { shapeWords } from "./variables";
import { nameOf, whyNoRestore } from "./words";

/** What stands in it. */
export function restoreSheet(state: CheckpointsState, { sheet, snapshot, actions }: SheetTask<RestoreSheet>): SheetParts {
  const checkpoint = checkpointOf(state, sheet.prefix);
  const { run } = snapshot;
  const step = run.progress?.step ?? run.lastStep;
  const { preflight, problem, busy } = sheet;
  const { task } = state;
  const whyNot = problem ?? whyNoRestore(snapshot, checkpoint) ?? (preflight && whyNoFit(preflight, sheet.choice)) ?? whyNoBranch(sheet);
  const name = checkpoint ? nameOf(checkpoint, numbers) : sheet.prefix;
  const certain = preflight && checkpoint && !whyNot ? { preflight, checkpoint } : undefined;
  return {
    title: sheet.branch === undefined ? `Restore ${name} into ${run.name}` : `Branch from ${name} of ${run.name}`,
    words: `${run.state}${step === undefined ? "" : `, step ${numbers.count(step)}`}`,
    link: link({ label: "Copy Restore Code", name: "copyRestoreCode", onClick: () => actions.command("copyRestoreCode", sheet.prefix) }),
    body: html`${preflight ? preflightTable(preflight, { sheet, run, actions }) : problem ? nothing : html`<p class="sheet-wait secondary">Comparing the file with the program…</p>`}
      ${preflight && checkpoint ? choices(sheet, { snapshot, checkpoint, preflight, actions }) : nothing}
      ${certain && run.state === "running" && sheet.branch === undefined ? html`<p class="secondary small-note">${laterSaves(snapshot)}</p>` : nothing}`,
    foot: html`${busy && task ? progressLine(task) : nothing}
      ${certain ? html`<p class="effect" id="effect">${restoreWords(snapshot, { ...certain, sheet, numbers, saves: state.written?.forecast })}</p>` : nothing}
      ${whyNot ? html`<span class="wrong grow" id="effect">${iconOf("warning")} ${whyNot}</span>` : html`<span class="secondary grow" role="status">${busy && task ? stageWords(task, { run, sheet, numbers }) : ""}</span>`}
      ${button({ label: "Cancel", name: "cancel", disabled: busy && !(task && canCancel(task)), onClick: () => actions.closeSheet() })}
      ${button({
        label: busy ? "Restoring…" : checkpoint ? restoreButton(snapshot, { checkpoint, sheet, numbers }) : "Restore", primary: true, name: "confirmRestore",
        disabled: busy || !certain, describedBy: "effect", onClick: () => actions.restore(sheet),
      })}`,
  };
}

function laterSaves({ policy }: CheckpointsSnapshot): string {
  const rule = policy.maxToKeep === 0 ? "Later saves delete none, as the rule says." : `Later saves go on deleting the oldest of the newest ${policy.maxToKeep}, as the strip shows.`;
  return `${rule} What is there of the same step keeps its bytes under another name when that step is saved again.`;
}

/** What a branch may not be called. */
function whyNoBranch({ branch }: RestoreSheet): string | undefined {
  if (branch === undefined) return undefined;
  if (branch.trim() === "") return "The new run needs a name.";
  return /[\\/]|^\.+$/.test(branch) ? "The new run's name cannot hold a slash." : undefined;
}

function choices(sheet: RestoreSheet, { snapshot, checkpoint, preflight, actions }: {
  readonly snapshot: CheckpointsSnapshot; readonly checkpoint: CheckpointInfo; readonly preflight: Preflight; readonly actions: Actions;
}): Content {
  const { run } = snapshot;
  const { branch, busy } = sheet;
  const step = nameOf(checkpoint, numbers);
  const place = radio({
    group: "where", label: "Continue in place", text: `The run goes on at ${step}; its curves get a new segment`, checked: branch === undefined, disabled: busy,
    name: "inPlace", onChange: () => actions.branch(undefined),
  });
  const beside = radio({
    group: "where", label: "Branch into a new run", text: `${run.name} is not touched`, checked: branch !== undefined, disabled: busy,
    name: "branch", onChange: () => actions.branch(branchName(run, checkpoint)),
  });
  return html`<div class="choices"><fieldset><legend>Where to</legend>${place}${beside}
    ${branch === undefined ? nothing : textField({ label: "Name of the new run", value: branch, name: "branchName", className: "branch-name", disabled: busy, onInput: actions.branch })}
    </fieldset>${weightChoice(sheet, preflight, actions)}${scopeChoice(sheet, preflight, actions)}</div>`;
}

function weightChoice({ choice, busy }: RestoreSheet, { averages }: Preflight, actions: Actions): Content {
  if (averages === 0) return nothing;
  const { weights, ...others } = choice;
  return html`<fieldset><legend>Weights</legend>${radio({
    group: "weights", label: "Raw, as trained", text: "All variables", checked: weights === undefined, disabled: busy, name: "rawWeights", onChange: () => actions.choose(others),
  })}${radio({
    group: "weights", label: "EMA averages", text: `${numbers.counted(averages, "variable gets its average", "variables get their averages")}`, checked: weights === "ema", disabled: busy, name: "emaWeights",
    onChange: () => actions.choose({ ...others, weights: "ema" }),
  })}</fieldset>`;
}

/** All ticked is no choice: the restore stays strict. */
function scopeChoice({ choice, busy }: RestoreSheet, { scopes }: Preflight, actions: Actions): Content {
  if (scopes.length < 2) return nothing;
  const { scopes: chosen, ...others } = choice;
  const names = scopes.map(({ scope }) => scope);
  const tick = (scope: string, now: boolean): void => {
    const next = names.filter((name) => (name === scope ? now : (chosen ?? names).includes(name)));
    actions.choose(next.length === names.length ? others : { ...others, scopes: next });
  };
  return html`<fieldset class="scope-choice"><legend>Scopes</legend>${scopes.map(({ scope, variables }) => html`<div class="scope-tick">${checkbox({
    label: scope === "" ? "without a scope" : scope, checked: (chosen ?? names).includes(scope), disabled: busy, onChange: (now) => tick(scope, now),
  })}<span class="secondary">${numbers.count(variables)}</span></div>`)}</fieldset>`;
}

interface FitRow {
  readonly sign: string;
  readonly kind: "good" | "bad" | "plain";
  readonly count: number;
  readonly what: string;
  readonly which: Content;
  readonly happens: string;
}

/** Rows of a preflight: only those that are not empty, but always how many are equal. `goesOn`: no new process begins. */
function fitRows(preflight: Preflight, { choice, goesOn }: { readonly choice: RestoreChoice; readonly goesOn: boolean }): readonly FitRow[] {
  const { equal, otherShape, otherDtype, missing, extra, renames, notInFile } = preflight;
  const renamed = new Map(renames.map((rename) => [rename.missing, rename.extra]));
  const shapes = otherShape.map(({ name, file, program }) => `${name}: ${shapeWords(file)} in the file, ${shapeWords(program)} in the program`);
  const dtypes = otherDtype.map(({ name, file, program }) => `${name}: ${file} in the file, ${program} in the program`);
  const lost = missing.map((name) => `${name}${renamed.has(name) ? `, likely ${renamed.get(name)} renamed` : ""}`);
  const happens = isStrict(choice) ? "A strict restore fails" : "Keeps its present value";
  const bad = isStrict(choice) ? "bad" : "plain";
  const rows: readonly FitRow[] = [
    { sign: "=", kind: "good", count: equal, what: "equal", which: "Name, shape and type are the same", happens: "Set from the file" },
    { sign: "≠", kind: bad, count: otherShape.length, what: "other shape", which: names(shapes), happens },
    { sign: "≠", kind: bad, count: otherDtype.length, what: "other type", which: names(dtypes), happens },
    { sign: "−", kind: bad, count: missing.length, what: "missing in the file", which: names(lost), happens: choice.renames && renames.length > 0 ? "Set from the likely name" : happens },
    { sign: "+", kind: "plain", count: extra.length, what: "extra in the file", which: names(extra), happens: "Not read" },
    { sign: "○", kind: "plain", count: notInFile.length, what: "never in a file", which: notInFile.join("; "), happens: goesOn ? "Go on from where they are" : "Begin anew" },
  ];
  return rows.filter(({ count, sign }) => count > 0 || sign === "=");
}

function names(all: readonly string[]): Content {
  const shown = all.slice(0, 3);
  const more = all.length - shown.length;
  return html`<span class="mono" title=${all.slice(0, 40).join("\n")}>${shown.join(", ")}</span>${more > 0 ? html` <span class="secondary">and ${numbers.count(more)} more</span>` : nothing}`;
}

function preflightTable(preflight: Preflight, { sheet, run, actions }: { readonly sheet: RestoreSheet; readonly run: Pick<RunInfo, "state">; readonly actions: Actions }): Content {
  const { choice, busy, branch } = sheet;
  const { partial, renames, ...others } = choice;
  const keepRest = preflight.fits ? nothing : checkbox({
    label: "Set what fits; the rest keeps its present value", checked: partial === true, disabled: busy, name: "partial",
    onChange: (now) => actions.choose({ ...others, ...(renames && { renames }), ...(now && { partial: true }) }),
  });
  const rename = preflight.renames.length === 0 ? nothing : checkbox({
    label: `Set ${numbers.counted(preflight.renames.length, "variable", "variables")} from the likely name`, checked: renames === true, disabled: busy, name: "renames",
    onChange: (now) => actions.choose({ ...others, ...(partial && { partial }), ...(now && { renames: true }) }),
  });
  return html`<table class="sheet-table fit-table"><thead><tr><th colspan="2"><span class="hidden-text">How many</span></th><th>Variables</th><th><span class="hidden-text">Which</span></th><th>What happens</th></tr></thead>
    <tbody>${fitRows(preflight, { choice, goesOn: run.state === "running" && branch === undefined }).map(({ sign, kind, count, what, which, happens }) => html`<tr>
      <td class="sign ${kind}" aria-hidden="true">${sign}</td><td class="number step">${numbers.count(count)}</td><td class="nowrap">${what}</td><td>${which}</td>
      <td class=${kind === "bad" ? "wrong" : ""}>${happens}</td></tr>`)}</tbody></table>
    ${preflight.fits && preflight.renames.length === 0 ? nothing : html`<div class="fit-choice">${keepRest}${rename}</div>`}`;
}
