// Above the lines of a training script: what of the newest graph each has made, and the way there. Only while the lines are what they were.
import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { Emitter } from "#base/emitter";
import { Lifetime, type Disposable } from "#base/lifetime";
import { runAt } from "#host/runs/runFolders";
import type { SourceFile, SourceLine } from "#model/graph";
import type { PanelParts } from "./panels/panelParts";
import { setting } from "./settings";
import { counted } from "./words";

const lensCommand = "trainscope.showMadeByLine";
const languages = ["typescript", "javascript", "typescriptreact", "javascriptreact"];
/** Newest runs whose graphs are asked for a script's lines. */
const mostRuns = 5;

/** A graph that a script made. */
interface Made {
  readonly dir: string;
  readonly lines: readonly SourceLine[];
}

/** Keeps the lenses; the setting switches them off. */
export function showGraphLenses(parts: Pick<PanelParts, "runs" | "reader" | "open">): Disposable {
  const { runs, reader, open } = parts;
  const life = new Lifetime();
  const changed = life.own(new Emitter<void>());
  const graphs = new Map<string, Promise<readonly SourceFile[]>>();
  const sourcesOf = (dir: string): Promise<readonly SourceFile[]> => {
    const known = graphs.get(dir) ?? reader.ask.graphSources({ path: dir });
    graphs.set(dir, known);
    return known;
  };

  // A graph is there soon after its run begins: what was asked before may have been too early.
  let seen = "";
  life.own(
    runs.onDidChange(() => {
      const now = runs.all.slice(0, mostRuns).map(({ dir, state, lastStep }) => `${dir} ${state} ${lastStep === undefined}`).join("\n");
      if (now === seen) return;
      seen = now;
      graphs.clear();
      changed.fire();
    }),
  );
  life.own(vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("trainscope.graph.codeLens") && changed.fire()));

  const madeBy = async (file: string): Promise<Made | undefined> => {
    const { mtimeMs } = await stat(file);
    for (const { dir } of runs.all.slice(0, mostRuns)) {
      const started = (await runAt(dir))?.record?.startedSeconds;
      // A line of a script that was saved since may stand elsewhere now.
      if (started === undefined || mtimeMs / 1000 > started) continue;
      const found = (await sourcesOf(dir)).find((source) => source.file === file);
      if (found) return { dir, lines: found.lines };
    }
    return undefined;
  };
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async ({ uri, isDirty, lineCount }) => {
      if (!setting("graph.codeLens", uri) || isDirty) return [];
      const made = await madeBy(uri.fsPath);
      return (made?.lines ?? []).filter(({ line }) => line <= lineCount).map((line) => lensOf(line, made?.dir ?? ""));
    },
  };
  life.own(vscode.languages.registerCodeLensProvider(languages.map((language) => ({ language, scheme: "file" })), provider));
  life.own(
    vscode.commands.registerCommand(lensCommand, async (dir: string, places: readonly string[]) => {
      const name = places.length > 1 ? await vscode.window.showQuickPick([...places], { title: "Made by this line" }) : places[0];
      if (name !== undefined) open("graph", dir, { kind: "box", name });
    }),
  );
  return life;
}

function lensOf({ line, ops, places, more }: SourceLine, dir: string): vscode.CodeLens {
  const [only] = places;
  const where = places.length + more > 1 ? counted(places.length + more, "place") : (only ?? "");
  const command = { command: lensCommand, title: `$(type-hierarchy) ${where} · ${counted(ops, "operation")}`, tooltip: "Show in the graph", arguments: [dir, places] };
  return new vscode.CodeLens(new vscode.Range(line - 1, 0, line - 1, 0), command);
}
