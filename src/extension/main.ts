// The extension's main program: wires its parts, decides nothing.
import * as vscode from "vscode";
import { runsView } from "./manifest";

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.window.registerTreeDataProvider(runsView, { getChildren: () => [], getTreeItem: (x: vscode.TreeItem) => x }));
  void vscode.commands.executeCommand("setContext", "trainscope.runsState", "none");
}
