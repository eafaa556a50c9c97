// What joins a box of a graph with the run's curves and checkpoints, and with the file system.
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import type { SummaryTag } from "#model/graph";
import type { BoxTies, SavedDrawing, VariableValues } from "#protocol/graphViewApi";
import type { Reader } from "../reader";
import { saveAs } from "./curvesFiles";
import type { PanelParts } from "./panelParts";

/** Checkpoints whose norms a card draws; with more, some of them, evenly. */
const mostPast = 12;
/** Values that are read of earlier checkpoints for one card: 32 MB of 32-bit floats. */
const mostPastValues = 2 ** 23;

/** Tags and variables of a box. */
export async function tiesOf(reader: Reader, path: string, name: string): Promise<BoxTies> {
  const [tags, variables] = await Promise.all([reader.ask.graphTags({ path }), reader.ask.graphVariables({ path, name })]);
  return { name, tags: tagsOf(tags, name), ...variables };
}

function tagsOf(tags: readonly SummaryTag[], name: string): readonly string[] {
  const within = (one: string): boolean => one === name || one.startsWith(`${name}/`);
  return tags.filter(({ tag, node }) => within(node) || within(tag)).map(({ tag }) => tag);
}

/** Of the newest checkpoint that can be read and some before it, fewer of large variables; undefined where the run has none. */
export async function valuesOf({ checkpointsOf }: PanelParts, dir: string, names: readonly string[]): Promise<VariableValues | undefined> {
  const checkpoints = checkpointsOf(dir);
  const { checkpoints: all } = await checkpoints.list({ forecast: 0 });
  const [newest] = all.slice(-1);
  if (!newest || names.length === 0) return undefined;
  const now = await checkpoints.statistics({ prefix: newest.prefix, names });
  const { variables } = now;
  const values = variables.reduce((sum, { count }) => sum + count, 0);
  const past = Math.min(mostPast, Math.floor(mostPastValues / Math.max(1, values)));
  const earlier = past === 0 ? [] : all.slice(0, -1).filter((_, index, { length }) => index % Math.max(1, Math.ceil(length / past)) === 0);
  const looks = await Promise.all(earlier.map(({ prefix }) => checkpoints.statistics({ prefix, names })));
  const chosen = [...earlier, newest];
  const history = chosen.map(({ step }, at) => {
    const norms = new Map((looks[at] ?? now).variables.map(({ name, norm }) => [name, norm]));
    return { ...(step !== undefined && { step }), norms: variables.map(({ name }) => norms.get(name)) };
  });
  return { prefix: newest.prefix, ...(newest.step !== undefined && { step: newest.step }), variables, history };
}

/** Shows in a run's graph the box of a tag or a variable. */
export async function showInGraph({ reader, open }: PanelParts, dir: string, of: { readonly tag: string } | { readonly variable: string }): Promise<void> {
  const name = await reader.ask.graphPlace({ path: dir, of });
  if (name === undefined) throw new UserError(`The run's graph does not show where “${"tag" in of ? of.tag : of.variable}” comes from.`);
  open("graph", dir, { kind: "box", name });
}

/** The file comes out of a graph, so only files of this workspace are shown. */
export async function showLine(file: string, line: number): Promise<void> {
  const uri = vscode.Uri.file(file);
  if (!vscode.workspace.getWorkspaceFolder(uri)) throw new UserError(`${file} is not in this workspace.`);
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
