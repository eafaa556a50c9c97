// The status bar item of the running training: step, loss, time left; a click offers what one may do with it.
import * as vscode from "vscode";
import { Lifetime, type Disposable } from "#base/lifetime";
import type { RunInfo } from "#model/run";
import { commandId, type CommandName } from "../manifest";
import { throttled } from "../throttle";
import { counted } from "../words";
import type { RunList } from "./runList";
import { statusText } from "./runRow";

const repaintMs = 250;
const priority = -10;

/** Shows the item while something trains. */
export function showRunStatus(runs: RunList): Disposable {
  const life = new Lifetime();
  const item = life.own(vscode.window.createStatusBarItem("trainscope.status", vscode.StatusBarAlignment.Left, priority));
  item.name = "Trainscope";
  item.command = "trainscope.statusActions";
  const paint = life.own(
    throttled(repaintMs, () => {
      const { running } = runs;
      const [first] = running;
      if (!first) return item.hide();
      item.text = `$(loading~spin) ${statusText(first)}${running.length > 1 ? ` + ${running.length - 1}` : ""}`;
      item.accessibilityInformation = { label: `Training ${statusText(first).replaceAll(" · ", ", ")}` };
      item.tooltip = tooltip(first, running.length);
      item.show();
    }),
  );
  life.own(runs.onDidChange(paint));
  life.own(vscode.commands.registerCommand("trainscope.statusActions", () => offerActions(runs)));
  return life;
}

function tooltip({ name, dir }: RunInfo, running: number): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: ["openCurves", "openCheckpoints", "stopRun"].map((id) => commandId(id as CommandName)) };
  const link = (title: string, id: CommandName): string => `[${title}](command:${commandId(id)}?${encodeURIComponent(JSON.stringify([{ dir }]))})`;
  text.appendText(`${name} is training${running > 1 ? `, and ${counted(running - 1, "other run")}` : ""}`).appendMarkdown("\n\n");
  text.appendMarkdown([link("Open Curves", "openCurves"), link("Open Checkpoints", "openCheckpoints"), link("Stop", "stopRun")].join(" · "));
  return text;
}

async function offerActions(runs: RunList): Promise<void> {
  const actions: readonly (readonly [string, CommandName])[] = [
    ["$(graph-line) Open Curves", "openCurves"],
    ["$(type-hierarchy) Open Graph", "openGraph"],
    ["$(archive) Open Checkpoints", "openCheckpoints"],
    ["$(output) Show Log", "showLog"],
    ["$(debug-stop) Stop Run", "stopRun"],
  ];
  const [first] = runs.running;
  if (!first) return;
  const items = actions.map(([label, id]) => ({ label, id }));
  const chosen = await vscode.window.showQuickPick(items, { title: first.name, placeHolder: statusText(first) });
  if (chosen) await vscode.commands.executeCommand(commandId(chosen.id), { dir: first.dir });
}
