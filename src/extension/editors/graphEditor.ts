// A graph opened as a file in a read-only editor: event files, GraphDef, MetaGraphDef, SavedModel, model.json. In Restricted Mode too: reading executes nothing.
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { Lifetime, type Disposable } from "#base/lifetime";
import { graphEditors } from "../manifest";
import { fillWebview } from "../panels/page";
import { panelPipe } from "../panels/panelPipe";
import type { PanelServer } from "../panels/panelServer";
import { refillWhenSilent } from "../panels/silentPage";
import { throttled } from "../throttle";

/** A file that is being written changes many times; its page asks anew so often at most. */
const changedMs = 2000;

/** Registers the editor under both of its names: the first opens by itself, the second is offered. `serve` answers the graph page, of a file as of a run. */
export function registerGraphEditor(extension: vscode.Uri, serve: PanelServer): Disposable {
  const life = new Lifetime();
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }, panel) => show(panel, { extension, serve, path: uri.fsPath }),
  };
  for (const type of graphEditors) life.own(vscode.window.registerCustomEditorProvider(type, provider, { supportsMultipleEditorsPerDocument: true }));
  return life;
}

function show(panel: vscode.WebviewPanel, { extension, serve, path }: { readonly extension: vscode.Uri; readonly serve: PanelServer; readonly path: string }): void {
  const life = new Lifetime();
  const pipe = panelPipe(panel);
  const served = life.own(serve({ pipe, dir: path, visible: () => panel.visible }));
  const fill = (): void => fillWebview(panel.webview, extension, { kind: "graph", title: basename(path) });
  life.own(refillWhenSilent({ panel, pipe, fill, nudge: served.nudge }));
  const watcher = life.own(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(dirname(path)), basename(path).replace(/[[\]{}*?]/g, "?"))));
  const changed = life.own(throttled(changedMs, () => served.nudge()));
  life.own(watcher.onDidChange(changed));
  life.own(watcher.onDidCreate(changed));
  panel.onDidDispose(() => life.dispose());
  fill();
}
