// The extension's main program: makes the parts, hands them to each other, registers them. Decides nothing.
import * as vscode from "vscode";
import { Lifetime } from "#base/lifetime";
import { Checkpoints } from "#host/checkpoints/checkpoints";
import { CheckpointCommands } from "./checkpoints/checkpointCommands";
import { registerCheckpointEditor } from "./checkpoints/checkpointEditor";
import { showCheckpointTree } from "./checkpoints/checkpointTree";
import { registerCommands } from "./commands";
import { registerGraphEditor } from "./editors/graphEditor";
import type { PanelKind } from "./manifest";
import { checkpointsServer } from "./panels/checkpointsPanel";
import { curvesServer } from "./panels/curvesPanel";
import { graphServer } from "./panels/graphPanel";
import type { PanelParts } from "./panels/panelParts";
import type { PageIntent } from "./panels/panelServer";
import { Panels } from "./panels/panels";
import { Reader } from "./reader";
import { showGraphLenses } from "./graphLenses";
import { Report } from "./report";
import { RunCommands } from "./runs/runCommands";
import { RunList } from "./runs/runList";
import { diskRuns } from "./runs/runSource";
import { showRunStatus } from "./runs/runStatus";
import { RunSelection } from "./runs/runSelection";
import { ScopeSelection } from "./runs/scopeSelection";
import { showRunTree } from "./runs/runTree";
import { ShownRuns } from "./runs/shownRuns";
import { watchRuns } from "./runs/runWatch";
import { setting } from "./settings";

let closing: (() => Promise<void>) | undefined;

/** Called by VS Code once, when a view, command, panel or folder of ours is there. */
export function activate(context: vscode.ExtensionContext): void {
  const life = new Lifetime();
  context.subscriptions.push(life);
  const program = (name: string): string => vscode.Uri.joinPath(context.extensionUri, "dist", name).fsPath;
  const report = life.own(new Report());
  const reader = life.own(new Reader(program("reader.mjs")));
  const runs: RunList = life.own(
    new RunList(
      diskRuns({
        roots: () => (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath),
        runsFolder: () => setting("runs.folder"),
        read: (dir) => reader.peek(dir),
        contentRead: (dir) => void runs.look(dir),
        failed: (dir, error) => report.log(`read ${dir}`, error),
      }),
    ),
  );
  const checkpointsOf = (dir: string): Checkpoints => {
    const node = setting("training.node");
    return new Checkpoints({ dir, reader: reader.ask, looks: reader, trainer: program("trainer.mjs"), ...(node && { node }) });
  };
  const open = (kind: PanelKind, dir: string, intent?: PageIntent): void => panels.open(kind, dir, intent);
  const started = async (dir: string): Promise<void> => void (await runs.started(dir));
  const shown = (): string | undefined => panels.shown;
  const checkpoints = new CheckpointCommands({ runs, report, reader, checkpointsOf, started, shown, openCurves: (dir) => open("curves", dir), openBrowser: (dir, intent) => open("checkpoints", dir, intent), openCompare: (dir, intent) => open("compare", dir, intent) });
  const shownRuns = life.own(new ShownRuns(context.workspaceState));
  const place = { extension: context.extensionUri, memory: context.workspaceState };
  const runCommands = new RunCommands({ runs, report, place, open, shown, compareGraphs: (before, dir) => panels.compareGraphs(before, dir) });
  const command = life.own(registerCommands({ runs, report, runCommands, checkpoints }));
  const scopes = life.own(new ScopeSelection());
  const parts: PanelParts = { reader, runs, shown: shownRuns, scopes, open, memory: context.workspaceState, checkpointsOf, checkpoints, command };
  const graph = graphServer(parts);
  const panels: Panels = life.own(
    new Panels(context, { curves: curvesServer(parts), graph, checkpoints: checkpointsServer(parts), compare: checkpointsServer(parts) }),
  );
  life.own(runs.onScalars(({ dir, batches }) => reader.append(dir, batches)));
  life.own(watchRuns(runs, { report, runCommands, panels }));
  const selection = life.own(new RunSelection(runs));
  life.own(showRunTree(runs, selection, shownRuns));
  life.own(showCheckpointTree({ runs, reader, selection, report, checkpointsOf }));
  life.own(registerCheckpointEditor({ extension: context.extensionUri, reader, runs, exporting: checkpoints.exporting, openBrowser: (dir, intent) => open("checkpoints", dir, intent) }));
  life.own(showGraphLenses(parts));
  life.own(registerGraphEditor(context.extensionUri, graph));
  life.own(showRunStatus(runs));
  closing = () => (setting("training.onWindowClose") === "stop" ? runs.stopAll() : Promise.resolve());
}

/** Called before the window closes or reloads; by default training goes on. */
export function deactivate(): Promise<void> | undefined {
  return closing?.();
}
