// Which run a command is about: the one it was called on, else the one on screen, else the only one that fits, else the person's choice.
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import type { RunInfo } from "#model/run";
import type { RunList } from "./runList";
import { runRow } from "./runRow";

/** What the choice is for. */
export interface RunChoice {
  readonly title: string;
  /** Said when no run fits. */
  readonly none: string;
  fits?(run: RunInfo): boolean;
  /** Folder of the run whose panel is in front. */
  readonly shown?: string;
}

/** The run of a tree row or link, or a choice among those that fit; undefined when the person leaves. */
export async function pickRun(runs: RunList, on: unknown, { title, none, fits = () => true, shown }: RunChoice): Promise<RunInfo | undefined> {
  if (!runs.scanned) await runs.refresh();
  const dir = dirOf(on);
  const named = dir === undefined ? undefined : runs.get(dir);
  if (named) return named;
  const fitting = runs.all.filter(fits);
  const [only] = fitting;
  if (!only) throw new UserError(none);
  const inFront = fitting.find(({ dir: fittingDir }) => fittingDir === shown);
  if (inFront || fitting.length === 1) return inFront ?? only;
  const now = Date.now() / 1000;
  const items = fitting.map((run) => {
    const row = runRow(run, now);
    return { label: `$(${row.icon.id}) ${row.label}`, description: row.description, run };
  });
  return (await vscode.window.showQuickPick(items, { title, placeHolder: "Choose a run", matchOnDescription: true }))?.run;
}

function dirOf(on: unknown): string | undefined {
  if (typeof on !== "object" || on === null || !("dir" in on)) return undefined;
  return typeof on.dir === "string" ? on.dir : undefined;
}
