// What stands behind the graph page: one level of the scope tree at a time, out of the reader.
import { basename } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import { Lifetime } from "#base/lifetime";
import { runAt } from "#host/runs/runFolders";
import { openChannel } from "#protocol/channel";
import { graphChecks } from "#protocol/viewChecks";
import type { GraphAsks, GraphTells, HostSide, ViewSide } from "#protocol/viewsApi";
import type { PanelParts } from "./panelParts";
import type { PanelServer } from "./panelServer";

/** Answers graph pages. */
export function graphServer(parts: PanelParts): PanelServer {
  return ({ pipe, dir, visible }) => {
    const { reader, runs } = parts;
    const life = new Lifetime();
    const asks: GraphAsks = {
      open: async () => ({ title: runs.get(dir)?.name ?? basename(dir), level: await reader.ask.graphLevel({ path: dir, scope: "" }) }),
      level: ({ scope }) => reader.ask.graphLevel({ path: dir, scope }),
      node: ({ name }) => reader.ask.graphNode({ path: dir, name }),
      search: (search) => reader.ask.searchGraph({ path: dir, ...search }),
      path: ({ from, to }) => reader.ask.graphPath({ path: dir, from, to }),
      oddities: () => reader.ask.graphOddities({ path: dir }),
      goToSource: ({ file, line }) => showLine(file, line),
      life: async ({ times }) => {
        const live = runs.live(dir);
        const [record, content] = await Promise.all([runAt(dir), reader.ask.open({ dir, follow: false })]);
        const nonFinite = record?.record?.nonFinite;
        const brokenTag = content.tags.find((tag) => (tag.nonFinite ?? 0) > 0)?.tag;
        return {
          running: live !== undefined,
          ...(times && live && { times: await live.ask.stepTimes({}) }),
          ...(nonFinite && { nonFinite }),
          ...(brokenTag !== undefined && { brokenTag }),
        };
      },
      searchNonFinite: async () => {
        const live = runs.live(dir);
        if (!live) throw new UserError("This run does not train now, so its step cannot be run again.");
        return live.ask.searchNonFinite({});
      },
      command: ({ id }) => parts.command(id, dir),
    };
    const channel = life.own(openChannel<HostSide<GraphAsks>, ViewSide<GraphTells>>(pipe, { asks, tells: {} }, graphChecks));
    // A graph is written once, at the start of a training: it is new when the run's state is.
    let state = runs.get(dir)?.state;
    life.own(
      runs.onDidChange(() => {
        const now = runs.get(dir)?.state;
        if (now !== state && visible()) channel.tell.graphChanged({});
        state = now;
      }),
    );
    return { nudge: () => channel.tell.graphChanged({}), dispose: () => life.dispose() };
  };
}

/** The file comes out of a graph, so only files of this workspace are shown. */
async function showLine(file: string, line: number): Promise<void> {
  const uri = vscode.Uri.file(file);
  if (!vscode.workspace.getWorkspaceFolder(uri)) throw new UserError(`${file} is not in this workspace.`);
  const position = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position), viewColumn: vscode.ViewColumn.Beside });
}
