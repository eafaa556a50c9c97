// A checkpoint opened as a file: `*.index` in a read-only editor, in Restricted Mode too, since reading executes nothing.
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { Lifetime, type Disposable } from "#base/lifetime";
import { openChannel } from "#protocol/channel";
import { checkpointFileChecks } from "#protocol/viewChecks";
import type { CheckpointFile, CheckpointFileAsks, CheckpointFileTells, HostSide, ViewSide } from "#protocol/viewsApi";
import { checkpointEditors } from "../manifest";
import { fillWebview } from "../panels/page";
import { panelPipe } from "../panels/panelPipe";
import type { PageIntent } from "../panels/panelServer";
import { refillWhenSilent } from "../panels/silentPage";
import type { Reader } from "../reader";
import type { RunList } from "../runs/runList";
import type { ExportCommands } from "./exportCommands";

/** What the editor works with. */
export interface CheckpointEditorParts {
  readonly extension: vscode.Uri;
  readonly reader: Reader;
  readonly runs: RunList;
  readonly exporting: ExportCommands;
  openBrowser(dir: string, intent: PageIntent): void;
}

/** Registers the editor under both of its names: the first opens by itself, the second is offered. */
export function registerCheckpointEditor(parts: CheckpointEditorParts): Disposable {
  const life = new Lifetime();
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }, panel) => serve(panel, { ...parts, path: uri.fsPath }),
  };
  for (const type of checkpointEditors) life.own(vscode.window.registerCustomEditorProvider(type, provider, { supportsMultipleEditorsPerDocument: true }));
  return life;
}

function serve(panel: vscode.WebviewPanel, { extension, reader, runs, exporting, openBrowser, path }: CheckpointEditorParts & { readonly path: string }): void {
  const life = new Lifetime();
  const prefix = path.replace(/\.index$/, "");
  const dir = dirname(prefix);
  const asks: CheckpointFileAsks = {
    open: async () => ({ ...(await describe(prefix)), inRun: runs.get(dir) !== undefined }),
    inspect: ({ verify, task }) => reader.ask.inspectCheckpoint({ prefix, verify, ...(task !== undefined && { task }) }),
    statistics: ({ task }) => reader.ask.statistics({ prefix, task }),
    slice: (wish) => reader.ask.slice({ prefix, ...wish }),
    cancelTask: async ({ task }) => reader.cancelTask(task),
    exportVariables: ({ name }) => exporting.exportSaying(prefix, name),
    showInRun: async () => openBrowser(dir, { kind: "show", prefix: basename(prefix) }),
  };
  const pipe = panelPipe(panel);
  const title = basename(prefix);
  const fill = (): void => fillWebview(panel.webview, extension, { kind: "checkpoints", script: "checkpointFile", title });
  const channel = life.own(openChannel<HostSide<CheckpointFileAsks>, ViewSide<CheckpointFileTells>>(pipe, { asks, tells: {} }, checkpointFileChecks));
  life.own(reader.onTaskProgressed((progress) => channel.tell.taskProgressed(progress)));
  life.own(refillWhenSilent({ panel, pipe, fill }));
  panel.onDidDispose(() => life.dispose());
  fill();
}

/** What the files say before anyone reads them. */
async function describe(prefix: string): Promise<Omit<CheckpointFile, "inRun">> {
  const [dir, name] = [dirname(prefix), basename(prefix)];
  const own = (await readdir(dir)).filter((file) => file === `${name}.index` || file.startsWith(`${name}.data-`) || file === `${name}.meta`);
  const sizes = await Promise.all(own.map(async (file) => (await stat(join(dir, file))).size));
  const { mtimeMs } = await stat(`${prefix}.index`);
  return { name, wallTimeSeconds: mtimeMs / 1000, nowSeconds: Date.now() / 1000, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
