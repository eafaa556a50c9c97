// When the list of runs looks again, and what is said when a run ends. No timers: files, windows and doors tell.
import * as vscode from "vscode";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { Panels } from "../panels/panels";
import type { Report } from "../report";
import { setting } from "../settings";
import { throttled } from "../throttle";
import type { RunCommands } from "./runCommands";
import type { RunList } from "./runList";

/** Many files appear together when a run begins; one scan serves them all. */
const scanMs = 1000;
const patterns = ["**/run.json", "**/events.out.tfevents.*", "**/*.index"];

/** Keeps the list up to date and speaks about ends. */
export function watchRuns(
  runs: RunList,
  { report, runCommands, panels }: { readonly report: Report; readonly runCommands: RunCommands; readonly panels: Panels },
): Disposable {
  const life = new Lifetime();
  const scan = life.own(throttled(scanMs, () => void runs.refresh()));
  for (const pattern of patterns) {
    const watcher = life.own(vscode.workspace.createFileSystemWatcher(pattern, false, true, false));
    life.own(watcher.onDidCreate(scan));
    life.own(watcher.onDidDelete(scan));
  }
  // Of a folder that goes with all that is in it, only the folder itself is told.
  const gone = life.own(vscode.workspace.createFileSystemWatcher("**", true, true));
  life.own(gone.onDidDelete((uri) => {
    const folder = `/${vscode.workspace.asRelativePath(uri, false)}/`;
    if (runs.all.some(({ dir }) => `${dir.replaceAll("\\", "/")}/`.includes(folder))) scan();
  }));
  life.own(vscode.workspace.onDidChangeWorkspaceFolders(scan));
  life.own(vscode.window.onDidChangeWindowState(({ focused }) => focused && scan()));
  life.own(
    runs.onEnded(({ run, end }) => {
      if (!panels.shows(run.dir) || end.how !== "finished") runCommands.sayEnd(run, end);
    }),
  );
  life.own(runs.onRefused(({ dir, error }) => report.failure(`connect to the run in ${dir}`, error)));
  life.own(runs.onConnected(({ dir, live }) => void live.onNotice((text) => report.note(`${dir}: ${text}`))));
  openCurvesOnce(runs, { panels, life });
  return life;
}

/** With the setting, the runs and the curves of a training that this window found when it opened. */
function openCurvesOnce(runs: RunList, { panels, life }: { readonly panels: Panels; readonly life: Lifetime }): void {
  if (!setting("runs.openCurvesOfRunning")) return;
  const listening = runs.onDidChange(() => {
    if (!runs.scanned) return;
    listening.dispose();
    const [first] = runs.running;
    if (!first) return;
    void vscode.commands.executeCommand("workbench.view.extension.trainscope");
    panels.open("curves", first.dir);
  });
  life.own(listening);
}
