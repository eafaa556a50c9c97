// The run explorer: a native tree over the list of runs, with a badge that counts the running ones.
import * as vscode from "vscode";
import { Lifetime, type Disposable } from "#base/lifetime";
import { commandId, runsStateKey, runsView } from "../manifest";
import { throttled } from "../throttle";
import { counted } from "../words";
import type { RunList } from "./runList";
import { runGlyph } from "./runGlyph";
import { runFacts, runRow } from "./runRow";
import type { RunSelection } from "./runSelection";
import type { ShownRuns } from "./shownRuns";

/** At most four repaints of a row a second. */
const repaintMs = 250;
/** More rows than this are painted with all the others. */
const mostRows = 50;
/** How often "3 min ago" is written anew while the tree is visible. */
const agesMs = 60_000;

/** Not in the manifest: only a click on a row means it. */
const openSelected = "trainscope.openSelected";

/** What a row's command is handed: the folder of its run. */
export interface RunElement {
  readonly dir: string;
}

/** Shows the tree and keeps it up to date. */
export function showRunTree(runs: RunList, selection: RunSelection, shown: ShownRuns): Disposable {
  const life = new Lifetime();
  const changed = life.own(new vscode.EventEmitter<RunElement | undefined>());
  const elements = new Map<string, RunElement>();
  const elementOf = (dir: string): RunElement => {
    const known = elements.get(dir) ?? { dir };
    elements.set(dir, known);
    return known;
  };
  // The first answer waits for the first scan, so that no welcome text flashes up before the runs are known.
  const firstScan = runs.refresh();
  const provider: vscode.TreeDataProvider<RunElement> = {
    onDidChangeTreeData: changed.event,
    getChildren: async (element) => {
      if (element) return [];
      await firstScan;
      return runs.all.map(({ dir }) => elementOf(dir));
    },
    getTreeItem: ({ dir }) => treeItem(runs, shown, dir),
    resolveTreeItem: (item, { dir }) => Object.assign(item, { tooltip: tooltip(runs, dir) }),
  };
  const tree = life.own(vscode.window.createTreeView(runsView, { treeDataProvider: provider, showCollapseAll: false, manageCheckboxStateManually: true }));
  life.own(
    vscode.commands.registerCommand(openSelected, () => {
      const [selected] = tree.selection;
      return selected && vscode.commands.executeCommand(commandId("openCurves"), selected);
    }),
  );
  life.own(tree.onDidChangeSelection(({ selection: [row] }) => row && selection.choose(row.dir)));
  let touched = new Set<string | undefined>();
  let shownOrder = "";
  const repaint = life.own(
    throttled(repaintMs, () => {
      const rows = touched;
      touched = new Set();
      const order = runs.all.map(({ dir }) => dir).join("\n");
      if (rows.has(undefined) || rows.size > mostRows || order !== shownOrder) changed.fire(undefined);
      else for (const dir of rows) changed.fire(dir === undefined ? dir : elementOf(dir));
      shownOrder = order;
      tree.badge = badge(runs.running.length);
      if (runs.scanned) void vscode.commands.executeCommand("setContext", runsStateKey, runs.problem ? "failed" : runs.all.length > 0 ? "some" : "none");
    }),
  );
  const show = (dir: string | undefined): void => {
    touched.add(dir);
    repaint();
  };
  life.own(runs.onDidChange(show));
  life.own(shown.onDidChange((dirs) => dirs.forEach(show)));
  life.own(
    tree.onDidChangeCheckboxState(({ items }) => {
      for (const [{ dir }, state] of items) shown.check([dir], state === vscode.TreeItemCheckboxState.Checked);
    }),
  );
  life.own(
    tree.onDidChangeVisibility(({ visible }) => {
      if (visible) void runs.refresh();
    }),
  );
  const ages = setInterval(() => {
    if (tree.visible) changed.fire(undefined);
  }, agesMs);
  life.onEnd(() => clearInterval(ages));
  return life;
}

function treeItem(runs: RunList, shown: ShownRuns, dir: string): vscode.TreeItem {
  const run = runs.get(dir);
  if (!run) return new vscode.TreeItem(dir);
  const row = runRow(run, Date.now() / 1000);
  const item = new vscode.TreeItem(row.label);
  item.id = dir;
  item.description = row.description;
  item.contextValue = row.context;
  item.accessibilityInformation = { label: row.spoken };
  const checked = shown.isChecked(dir);
  const icon = checked ? runGlyph(run.state, shown.styleOf(dir)) : row.icon;
  item.iconPath = new vscode.ThemeIcon(icon.id, icon.color ? new vscode.ThemeColor(icon.color) : undefined);
  item.checkboxState = {
    state: checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: checked ? "Shown beside every run's curves" : "Show beside every run's curves",
    accessibilityInformation: { label: `${row.label} in the curves of all runs` },
  };
  // Without arguments: VS Code forgets a row's arguments with each repaint, and a click in that moment would be lost.
  item.command = { command: openSelected, title: "Open Curves" };
  return item;
}

/** Names and errors come out of files, so they are shown as text, never as Markdown or HTML of their own. */
function tooltip(runs: RunList, dir: string): vscode.MarkdownString | undefined {
  const run = runs.get(dir);
  if (!run) return undefined;
  const text = new vscode.MarkdownString(undefined, false);
  text.appendMarkdown("**").appendText(run.name).appendMarkdown("**\n\n");
  for (const [label, fact] of runFacts(run)) text.appendMarkdown(`${label}: `).appendText(fact).appendMarkdown("  \n");
  return text;
}

function badge(running: number): vscode.ViewBadge | undefined {
  return running > 0 ? { value: running, tooltip: `${counted(running, "run")} training` } : undefined;
}
