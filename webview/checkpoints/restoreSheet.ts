// The restore sheet: how a checkpoint fits the program, where it goes, and the one sentence that says what will happen.
import type { CheckpointInfo, Preflight } from "#model/checkpoint";
import type { CheckpointsSnapshot } from "#protocol/viewsApi";
import { numbers } from "#kit/numbers";
import { html, nothing, type Content } from "#kit/template";
import { button, iconOf, radio, textField } from "#kit/ui";
import type { Actions } from "./actions";
import { restoreButton, restoreWords } from "./restoreWords";
import type { SheetParts, SheetTask } from "./sheetParts";
import { checkpointOf, type CheckpointsState, type RestoreSheet } from "./state";
import { shapeWords } from "./variables";
import { nameOf, whyNoRestore } from "./words";

/** What stands in it. */
export function restoreSheet(state: CheckpointsState, { sheet, snapshot, actions }: SheetTask<RestoreSheet>): SheetParts {
  const checkpoint = checkpointOf(state, sheet.prefix);
  const { run } = snapshot;
  const step = run.progress?.step ?? run.lastStep;
  const { preflight, problem, busy } = sheet;
  const whyNot = problem ?? whyNoRestore(snapshot, checkpoint, preflight) ?? whyNoBranch(sheet);
  const name = checkpoint ? nameOf(checkpoint, numbers) : sheet.prefix;
  const certain = preflight && checkpoint && !whyNot ? { preflight, checkpoint } : undefined;
  return {
    title: `Restore ${name} into ${run.name}`,
    words: `${run.state}${step === undefined ? "" : `, step ${numbers.count(step)}`}`,
    body: html`${preflight ? preflightTable(preflight) : problem ? nothing : html`<p class="sheet-wait secondary">Comparing the file with the program…</p>`}
      ${preflight && checkpoint ? choices(sheet, { snapshot, checkpoint, actions }) : nothing}
      ${certain ? html`<p class="effect" id="effect">${restoreWords(snapshot, { ...certain, sheet, numbers })}</p>` : nothing}
      ${certain && run.state === "running" && sheet.branch === undefined ? html`<p class="secondary small-note">${laterSaves(snapshot)}</p>` : nothing}`,
    foot: html`${whyNot ? html`<span class="wrong grow" id="effect">${iconOf("warning")} ${whyNot}</span>` : html`<span class="grow"></span>`}
      ${button({ label: "Cancel", name: "cancel", disabled: busy, onClick: () => actions.closeSheet() })}
      ${button({
        label: busy ? "Restoring…" : checkpoint ? restoreButton(snapshot, { checkpoint, sheet, numbers }) : "Restore", primary: true, name: "confirmRestore",
        disabled: busy || !certain, describedBy: "effect", onClick: () => actions.restore(sheet),
      })}`,
  };
}

function laterSaves({ policy }: CheckpointsSnapshot): string {
  const rule = policy.maxToKeep === 0 ? "Later saves delete none, as the rule says." : `Later saves go on deleting the oldest of the newest ${policy.maxToKeep}, as the strip shows.`;
  return `${rule} A file of the same step goes to trash before it is saved again.`;
}

/** What a branch may not be called. */
function whyNoBranch({ branch }: RestoreSheet): string | undefined {
  if (branch === undefined) return undefined;
  if (branch.trim() === "") return "The new run needs a name.";
  return /[\\/]|^\.+$/.test(branch) ? "The new run's name cannot hold a slash." : undefined;
}

function choices(sheet: RestoreSheet, { snapshot, checkpoint, actions }: {
  readonly snapshot: CheckpointsSnapshot; readonly checkpoint: CheckpointInfo; readonly actions: Actions;
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
    name: "branch", onChange: () => actions.branch(`${run.name.split("/").at(-1) ?? run.name}-from-${checkpoint.step ?? checkpoint.prefix}`),
  });
  return html`<div class="choices"><fieldset><legend>Where to</legend>${place}${beside}
    ${branch === undefined ? nothing : textField({ label: "Name of the new run", value: branch, name: "branchName", className: "branch-name", disabled: busy, onInput: actions.branch })}
    </fieldset></div>`;
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
  return html`<table class="sheet-table fit-table"><thead><tr><th colspan="2"><span class="hidden-text">How many</span></th><th>Variables</th><th><span class="hidden-text">Which</span></th><th>What happens</th></tr></thead>
    <tbody>${fitRows(preflight).map(({ sign, kind, count, what, which, happens }) => html`<tr>
      <td class="sign ${kind}" aria-hidden="true">${sign}</td><td class="number step">${numbers.count(count)}</td><td class="nowrap">${what}</td><td>${which}</td>
      <td class=${kind === "bad" ? "wrong" : ""}>${happens}</td></tr>`)}</tbody></table>`;
}
