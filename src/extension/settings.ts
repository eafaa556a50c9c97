// What the person set, by the names of the manifest.
import * as vscode from "vscode";
import type { Settings } from "./manifest";

/** Reads a setting; `folder` for those that may differ between folders of a workspace. */
export function setting<Name extends keyof Settings>(name: Name, folder?: vscode.Uri): Settings[Name] {
  const value = vscode.workspace.getConfiguration("trainscope", folder).get<Settings[Name]>(name);
  if (value === undefined) throw new Error(`the manifest declares no setting trainscope.${name}`);
  return value;
}
