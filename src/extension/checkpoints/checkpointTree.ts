// The Checkpoints view of the sidebar: the checkpoints of the selected run, a native list that follows what is saved.
import * as vscode from "vscode";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { Checkpoints } from "#host/checkpoints/checkpoints";
import type { CheckpointInfo, CheckpointList } from "#model/checkpoint";
import { checkpointsView, commandId } from "../manifest";
import type { Reader } from "../reader";
import type { Report } from "../report";
import type { RunList } from "../runs/runList";
import type { RunSelection } from "../runs/runSelection";
import { throttled } from "../throttle";
import { checkpointRow } from "./checkpointRow";

/** What a row's command is handed. */
export interface CheckpointElement {
  /** Folder of the run. */
  readonly dir: string;
  readonly prefix: string;
}

/** What the view works with. */
export interface CheckpointTreeParts {
  readonly runs: RunList;
  readonly reader: Reader;
  readonly selection: RunSelection;
  readonly report: Report;
  checkpointsOf(dir: string): Checkpoints;
}

/** A run that saves every second does not repaint the list as often. */
const repaintMs = 1000;
/** Ages and times of the forecast are told anew. */
const agesMs = 60_000;

/** Not in the manifest: only a click on a row means it. */
const openSelected = "trainscope.showSelectedCheckpoint";

/** Shows the list and keeps it up to date. */
export function showCheckpointTree({ runs, reader, selection, report, checkpointsOf }: CheckpointTreeParts): Disposable {
  const life = new Lifetime();
  const changed = life.own(new vscode.EventEmitter<CheckpointElement | undefined>());
  const rows = new Map<string, CheckpointInfo>();
  const elements = new Map<string, CheckpointElement>();
  const provider: vscode.TreeDataProvider<CheckpointElement> = {
    onDidChangeTreeData: changed.event,
    getChildren: async (element) => {
      const { dir } = selection;
      if (element || dir === undefined) return [];
      const list = await read(dir);
      tree.description = runs.get(dir)?.name;
      tree.message = list === undefined ? "The checkpoints could not be read." : list.checkpoints.length > 0 ? undefined : emptyText(runs, dir, list);
      return (list?.checkpoints ?? []).map((checkpoint) => {
        const key = `${dir}\n${checkpoint.prefix}`;
        const known = elements.get(key) ?? { dir, prefix: checkpoint.prefix };
        elements.set(key, known);
        rows.set(key, checkpoint);
        return known;
      });
    },
    getTreeItem: ({ dir, prefix }) => treeItem({ dir, prefix }, rows.get(`${dir}\n${prefix}`)),
  };
  const read = async (dir: string): Promise<CheckpointList | undefined> => {
    try {
      return await checkpointsOf(dir).list({ metric: {} });
    } catch (error) {
      report.log(`read the checkpoints of ${dir}`, error);
      return undefined;
    }
  };
  const tree = life.own(vscode.window.createTreeView(checkpointsView, { treeDataProvider: provider, showCollapseAll: false }));
  life.own(
    vscode.commands.registerCommand(openSelected, () => {
      const [selected] = tree.selection;
      return selected && vscode.commands.executeCommand(commandId("openCheckpoints"), selected);
    }),
  );
  // While the list is in sight its run's events stay read: the metric of a new checkpoint costs no reading from the start.
  let followed: (Disposable & { readonly dir: string }) | undefined;
  const follow = (): void => {
    const dir = tree.visible ? selection.dir : undefined;
    if (followed?.dir === dir) return;
    followed?.dispose();
    const following = dir === undefined ? undefined : reader.follow(dir);
    followed = dir === undefined || !following ? undefined : { dir, dispose: () => following.dispose() };
  };
  const anew = (): void => {
    follow();
    if (tree.visible) changed.fire(undefined);
  };
  life.onEnd(() => followed?.dispose());
  const repaint = life.own(throttled(repaintMs, () => tree.visible && changed.fire(undefined)));
  life.own(selection.onDidChange(anew));
  life.own(runs.onDidChange((dir) => (dir === undefined || dir === selection.dir) && repaint()));
  life.own(tree.onDidChangeVisibility(anew));
  const ages = setInterval(repaint, agesMs);
  life.onEnd(() => clearInterval(ages));
  return life;
}

function emptyText(runs: RunList, dir: string, { forecast }: CheckpointList): string {
  const [first] = forecast;
  if (runs.get(dir)?.state !== "running") return "This run has no checkpoints.";
  return first?.step === undefined ? "Saving has not started yet." : `The first save is at step ${first.step.toLocaleString("en")}.`;
}

function treeItem(element: CheckpointElement, checkpoint: CheckpointInfo | undefined): vscode.TreeItem {
  if (!checkpoint) return new vscode.TreeItem(element.prefix);
  const row = checkpointRow(checkpoint, Date.now() / 1000);
  const item = new vscode.TreeItem(row.label);
  item.id = `${element.dir}\n${element.prefix}`;
  item.description = row.description;
  item.iconPath = new vscode.ThemeIcon(row.icon.id, row.icon.color ? new vscode.ThemeColor(row.icon.color) : undefined);
  item.contextValue = row.context;
  item.accessibilityInformation = { label: row.spoken };
  // File names and notes are text of others: never Markdown of their own.
  const tooltip = new vscode.MarkdownString(undefined, false);
  tooltip.appendMarkdown("**").appendText(row.label).appendMarkdown("**\n\n").appendText(checkpoint.reason).appendMarkdown("  \n").appendText(checkpoint.next).appendMarkdown("\n\n").appendText(checkpoint.prefix);
  item.tooltip = tooltip;
  item.command = { command: openSelected, title: "Show Checkpoint" };
  return item;
}
