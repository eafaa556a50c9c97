// Which command does what; a failure of any becomes words for the person.
import * as vscode from "vscode";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { CheckpointCommands } from "./checkpoints/checkpointCommands";
import { commandId, type CommandName } from "./manifest";
import type { Report } from "./report";
import type { RunCommands } from "./runs/runCommands";
import type { RunList } from "./runs/runList";

/** What the commands are made of. */
export interface CommandParts {
  readonly runs: RunList;
  readonly report: Report;
  readonly runCommands: RunCommands;
  readonly checkpoints: CheckpointCommands;
}

/** Runs one of the commands on a run or one of its checkpoints, for pages. */
export interface RunCommand extends Disposable {
  (name: CommandName, dir: string, prefix?: string): Promise<void>;
}

/** Registers every command of the manifest. */
export function registerCommands(parts: CommandParts): RunCommand {
  const life = new Lifetime();
  const table = commandTable(parts);
  const run = async (name: CommandName, on: unknown): Promise<void> => {
    try {
      await table[name].run(on);
    } catch (error) {
      parts.report.failure(table[name].doing, error);
    }
  };
  for (const name of Object.keys(table) as CommandName[]) {
    life.own(vscode.commands.registerCommand(commandId(name), (on: unknown) => run(name, on)));
  }
  return Object.assign((name: CommandName, dir: string, prefix?: string) => run(name, { dir, ...(prefix !== undefined && { prefix }) }), { dispose: () => life.dispose() });
}

interface Command {
  /** Completes "could not …". */
  readonly doing: string;
  run(on: unknown): Promise<void> | void;
}

function commandTable({ runs, report, runCommands, checkpoints }: CommandParts): Readonly<Record<CommandName, Command>> {
  return {
    newRun: { doing: "start the run", run: () => runCommands.start() },
    runSample: { doing: "start the sample", run: () => runCommands.startSample() },
    stopRun: { doing: "stop the run", run: (on) => runCommands.stop(on) },
    openCurves: { doing: "open the curves", run: (on) => runCommands.open("curves", on) },
    openGraph: { doing: "open the graph", run: (on) => runCommands.open("graph", on) },
    compareGraphs: { doing: "compare the graphs", run: (on) => runCommands.compareGraphs(on) },
    openCheckpoints: { doing: "open the checkpoints", run: (on) => checkpoints.show(on) },
    restoreCheckpoint: { doing: "restore the checkpoint", run: (on) => checkpoints.restore(on) },
    pruneCheckpoints: { doing: "prune the checkpoints", run: (on) => checkpoints.prune(on) },
    moveToTrash: { doing: "move the checkpoint to trash", run: (on) => checkpoints.moveToTrash(on) },
    saveNow: { doing: "save the run", run: (on) => checkpoints.saveNow(on) },
    copyRestoreCode: { doing: "copy the restore code", run: (on) => checkpoints.copyRestoreCode(on) },
    exportCheckpoint: { doing: "export the checkpoint", run: (on) => checkpoints.export(on) },
    compareCheckpoints: { doing: "compare the checkpoints", run: (on) => checkpoints.compare(on) },
    protectCheckpoint: { doing: "protect the checkpoint", run: (on) => checkpoints.keeping.protect(on) },
    unprotectCheckpoint: { doing: "unprotect the checkpoint", run: (on) => checkpoints.keeping.unprotect(on) },
    manageCheckpoints: { doing: "manage the checkpoints", run: (on) => checkpoints.keeping.manage(on) },
    keepBest: { doing: "keep the best checkpoints", run: (on) => checkpoints.keeping.keepBest(on) },
    repairState: { doing: "repair the state file", run: (on) => checkpoints.keeping.repair(on) },
    undoPrune: { doing: "bring the checkpoints back", run: (on) => checkpoints.undoPrune(on) },
    showLog: { doing: "show the log", run: (on) => runCommands.showLog(on) },
    showOwnLog: { doing: "show our own log", run: () => report.show() },
    revealRunFolder: { doing: "reveal the folder", run: (on) => runCommands.reveal(on) },
    refresh: { doing: "read the runs", run: () => runs.refresh() },
  };
}
