// Which files of the workspace are training scripts: they import our library and export a main. Looked for when a run is to be started.
import * as vscode from "vscode";

/** A script that can be run. */
export interface TrainingScript {
  readonly uri: vscode.Uri;
  /** Path below the workspace folder. */
  readonly name: string;
}

const scriptName = /\.(?:[cm]?js|m?ts)$/;
const skipped = /^(?:\..*|node_modules|dist|out|build|runs)$/;
const maxDepth = 5;
const maxFiles = 2000;
const maxBytes = 1_000_000;
const importsUs = /(?:from|import|require)\s*\(?\s*["']trainscope["']/;
const exportsMain = /\bexport\s+default\b|\bexport\s+(?:(?:async\s+)?function|const|let)\s+main\b|\bexports\.(?:main|default)\b|\bmodule\.exports\b/;

/** The training scripts of a folder, nearest first, by name within a depth. */
export async function findTrainingScripts(folder: vscode.Uri): Promise<readonly TrainingScript[]> {
  const found: TrainingScript[] = [];
  let level: readonly { readonly uri: vscode.Uri; readonly name: string }[] = [{ uri: folder, name: "" }];
  let looked = 0;
  for (let depth = 0; depth <= maxDepth && level.length > 0 && looked < maxFiles; depth++) {
    const next: { uri: vscode.Uri; name: string }[] = [];
    for (const { uri, name } of level) {
      for (const [entry, type] of (await vscode.workspace.fs.readDirectory(uri)).sort()) {
        const child = { uri: vscode.Uri.joinPath(uri, entry), name: name ? `${name}/${entry}` : entry };
        if (type === vscode.FileType.Directory && !skipped.test(entry)) next.push(child);
        if (type !== vscode.FileType.File || !scriptName.test(entry) || looked++ >= maxFiles) continue;
        if (await isTrainingScript(child.uri)) found.push(child);
      }
    }
    level = next;
  }
  return found;
}

async function isTrainingScript(uri: vscode.Uri): Promise<boolean> {
  if ((await vscode.workspace.fs.stat(uri)).size > maxBytes) return false;
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  return importsUs.test(text) && exportsMain.test(text);
}
