// "Export…": what of a checkpoint, in which form and where to are the person's choice; the reader writes it, with progress and Cancel.
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import type { VariableInfo } from "#model/checkpoint";
import type { ExportAnswer, TensorExport } from "#model/checkpointLook";
import type { Reader } from "../reader";
import type { Report } from "../report";
import { bytes, counted } from "../words";

/** What the commands work with. */
export interface ExportParts {
  readonly reader: Pick<Reader, "ask" | "cancelTask" | "onTaskProgressed">;
  readonly report: Report;
}

type What = TensorExport["what"];

const endings = { npy: "npy", csv: "csv", safetensors: "safetensors" } as const;
const formatNames = { npy: "NumPy array", csv: "Comma-separated values", safetensors: "Safetensors" } as const;

/** Asks what it has to know, then writes one file. */
export class ExportCommands {
  #exports = 0;

  constructor(private readonly parts: ExportParts) {}

  /** As a page asks for it: what goes wrong is said. */
  async exportSaying(prefix: string, name?: string): Promise<void> {
    try {
      await this.exportAsking(prefix, name);
    } catch (error) {
      this.parts.report.failure("export the checkpoint", error);
    }
  }

  /** `prefix` is absolute. A name that is given means that variable; else all of them, or one of the list, are the choice. */
  async exportAsking(prefix: string, name?: string): Promise<void> {
    const what = name === undefined ? await this.#choose(prefix) : await this.#formOf(name);
    if (!what) return;
    const path = await this.#place(prefix, what);
    if (path === undefined) return;
    const answer = await this.#write({ prefix, path, what });
    if (answer.cancelled) return this.parts.report.note(`The export of ${basename(path)} was cancelled; nothing was written.`);
    const show = async (): Promise<void> => void (await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(path)));
    const copy = async (): Promise<void> => vscode.env.clipboard.writeText(path);
    this.parts.report.done(exportedText(path, answer), [what.format === "csv" ? { title: "Open", run: show } : { title: "Copy Path", run: copy }]);
  }

  async #choose(prefix: string): Promise<What | undefined> {
    const { variables } = await this.parts.reader.ask.inspectCheckpoint({ prefix, verify: false });
    if (variables.length === 0) throw new UserError(`${basename(prefix)} holds no variables.`);
    const all = { label: "All variables", description: `${counted(variables.length, "variable")}, ${bytes(variables.reduce((sum, one) => sum + one.bytes, 0))}`, detail: "One .safetensors file", variable: undefined };
    const each = variables.map((variable) => ({ label: variable.name, description: describe(variable), variable }));
    const line = { label: "One variable, as .npy or CSV", kind: vscode.QuickPickItemKind.Separator, variable: undefined };
    const chosen = await vscode.window.showQuickPick([all, line, ...each], { title: `Export from ${basename(prefix)} (1/2)`, placeHolder: "What to export", matchOnDescription: true });
    if (!chosen) return undefined;
    return chosen.variable ? this.#formOf(chosen.variable.name) : { format: "safetensors" };
  }

  async #formOf(name: string): Promise<What | undefined> {
    const forms = [
      { label: "NumPy array", description: ".npy", detail: "numpy.load reads it, shape and type included", format: "npy" },
      { label: "Comma-separated values", description: ".csv", detail: "A line for each row of the last axis", format: "csv" },
    ] as const;
    const chosen = await vscode.window.showQuickPick(forms, { title: `Export ${name}`, placeHolder: "In which form" });
    return chosen && { format: chosen.format, name };
  }

  async #place(prefix: string, what: What): Promise<string | undefined> {
    const name = what.format === "safetensors" ? basename(prefix) : `${basename(prefix)}-${what.name.replace(/\/\.ATTRIBUTES\/VARIABLE_VALUE$/, "")}`;
    const clean = name.replace(/[^\p{L}\p{N}._ -]+/gu, "_");
    const defaultUri = vscode.Uri.file(join(dirname(dirname(prefix)), `${clean}.${endings[what.format]}`));
    const uri = await vscode.window.showSaveDialog({ defaultUri, filters: { [formatNames[what.format]]: [endings[what.format]] }, saveLabel: "Export", title: `Export ${what.format === "safetensors" ? "all variables" : what.name}` });
    if (uri && uri.scheme !== "file") throw new UserError("The reader cannot write there.", "Choose a place on the machine that the checkpoint is on.");
    return uri?.fsPath;
  }

  #write(wish: TensorExport): Thenable<ExportAnswer> {
    const { reader } = this.parts;
    const task = `export ${++this.#exports}`;
    const options = { location: vscode.ProgressLocation.Notification, title: `Exporting ${basename(wish.path)}`, cancellable: true };
    return vscode.window.withProgress(options, async (progress, cancel) => {
      let shown = 0;
      const following = reader.onTaskProgressed(({ task: of, doneBytes, totalBytes }) => {
        if (of !== task || totalBytes === 0) return;
        const percent = (doneBytes / totalBytes) * 100;
        progress.report({ increment: percent - shown, message: `${bytes(doneBytes)} of ${bytes(totalBytes)}` });
        shown = percent;
      });
      const cancelling = cancel.onCancellationRequested(() => reader.cancelTask(task));
      try {
        return await reader.ask.exportTensors({ ...wish, task });
      } finally {
        following.dispose();
        cancelling.dispose();
      }
    });
  }
}

function describe({ dtype, shape, bytes: size }: VariableInfo): string {
  return `${dtype} ${shape.length === 0 ? "scalar" : shape.join(" × ")}, ${bytes(size)}`;
}

/** What was written, and what of it is not as it was. */
function exportedText(path: string, { bytes: size, tensors, leftOut, notes }: ExportAnswer): string {
  const [first] = leftOut;
  const left = first ? [`Left out: ${leftOut.length === 1 ? first.name : `${first.name} and ${leftOut.length - 1} more`}; ${first.why}.`] : [];
  return [`${basename(path)} is written: ${counted(tensors, "variable")}, ${bytes(size)}.`, ...notes, ...left].join(" ");
}
