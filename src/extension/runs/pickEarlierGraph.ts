// Which graph a run's graph is compared with: another run's, or one in a file.
import * as vscode from "vscode";
import type { RunInfo } from "#model/run";
import type { RunList } from "./runList";
import { runRow } from "./runRow";

/** Path of a run's folder or a file; undefined when the person leaves. */
export async function pickEarlierGraph(runs: RunList, { dir, name }: RunInfo): Promise<string | undefined> {
  const now = Date.now() / 1000;
  const others = runs.all.filter((run) => run.dir !== dir).map((run) => {
    const row = runRow(run, now);
    return { label: `$(${row.icon.id}) ${row.label}`, description: row.description, path: run.dir };
  });
  const file = { label: "$(file) A file…", description: "graph.pbtxt, .pb, .meta, an event file, saved_model.pb", path: undefined };
  const picked = await vscode.window.showQuickPick([...others, file], { title: `Compare the graph of ${name} with`, placeHolder: "The earlier graph", matchOnDescription: true });
  if (!picked || picked.path !== undefined) return picked?.path;
  const [chosen] = (await vscode.window.showOpenDialog({ title: "The earlier graph", openLabel: "Compare" })) ?? [];
  return chosen?.fsPath;
}
