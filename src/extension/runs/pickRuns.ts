// Choosing several runs out of those of the window.
import * as vscode from "vscode";
import type { RunList } from "./runList";
import { runRow } from "./runRow";

/** The chosen runs' folders; undefined when the person leaves. `chosen` are ticked at first; `without` is one that is no choice. */
export async function pickRuns(runs: RunList, { title, chosen, without }: { readonly title: string; readonly chosen: readonly string[]; readonly without?: string | undefined }): Promise<readonly string[] | undefined> {
  const now = Date.now() / 1000;
  const items = runs.all.filter(({ dir }) => dir !== without).map((run) => {
    const row = runRow(run, now);
    return { label: row.label, description: row.description, dir: run.dir, picked: chosen.includes(run.dir) };
  });
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: "Runs to draw in the curves", canPickMany: true, matchOnDescription: true });
  return picked?.map(({ dir }) => dir);
}
