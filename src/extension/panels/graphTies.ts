// What joins a box of a graph with the run's curves and checkpoints, and with the file system.
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import { isBesideScript } from "#host/runs/scriptFolder";
import type { SourceLocation, SummaryTag } from "#model/graph";
import { isWithin } from "#model/scopedName";
import type { BoxTies, SavedDrawing } from "#protocol/graphViewApi";
import type { Reader } from "../reader";
import { saveAs } from "./curvesFiles";
import type { PanelParts } from "./panelParts";

/** Tags and variables of a box. */
export async function tiesOf(reader: Reader, path: string, name: string): Promise<BoxTies> {
  const [tags, variables] = await Promise.all([reader.ask.graphTags({ path }), reader.ask.graphVariables({ path, name })]);
  return { name, tags: tagsOf(tags, name), ...variables };
}

function tagsOf(tags: readonly SummaryTag[], name: string): readonly string[] {
  return tags.filter(({ tag, node }) => isWithin(node, name) || isWithin(tag, name)).map(({ tag }) => tag);
}

/** Shows in a run's graph the box of a tag or a variable. */
export async function showInGraph({ reader, open }: PanelParts, dir: string, of: { readonly tag: string } | { readonly variable: string }): Promise<void> {
  const name = await reader.ask.graphPlace({ path: dir, of });
  if (name === undefined) throw new UserError(`The run's graph does not show where “${"tag" in of ? of.tag : of.variable}” comes from.`);
  open("graph", dir, { kind: "box", name });
}

/** Opens a run's curves with one of its tags, as if the box of it were chosen. */
export function showCurve({ scopes, open }: Pick<PanelParts, "scopes" | "open">, dir: string, tag: string): void {
  scopes.choose({ dir, ties: { name: tag, tags: [tag], variables: [], inside: true } });
  open("curves", dir);
}

/** The file's name comes out of a graph, which anybody may have written: only files of this workspace, and those beside the run's script, are shown. */
export async function showLine(dir: string, { file, line }: SourceLocation): Promise<void> {
  const uri = vscode.Uri.file(file);
  if (!vscode.workspace.getWorkspaceFolder(uri) && !(await isBesideScript(dir, file))) {
    throw new UserError(`${file} is neither in this workspace nor beside the run's script.`, "Open its folder to go to the line.");
  }
  const position = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position), viewColumn: vscode.ViewColumn.Beside });
}

/** Asks where to and writes a drawing; answers with the sentence about it. */
export function saveDrawing(path: string, drawing: SavedDrawing): Promise<string> {
  return saveAs(path, drawing, async (file) => {
    const bytes = drawing.kind === "png" ? drawing.bytes : new TextEncoder().encode(drawing.text);
    await vscode.workspace.fs.writeFile(vscode.Uri.file(file), bytes);
    return "the drawing";
  });
}
