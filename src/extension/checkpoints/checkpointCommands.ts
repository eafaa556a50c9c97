// Restoring, pruning and bringing back as a person does it: a choice, one confirmation, a word on what happened, Undo.
import { join } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import type { RestoreWatch } from "#host/checkpoints/watched";
import type { Checkpoints, Restored } from "#host/checkpoints/checkpoints";
import type { CheckpointInfo, PrunePlan, PruneResult, PruneUndone, RestoreChoice } from "#model/checkpoint";
import type { CheckpointAct } from "#model/checkpointOutlook";
import type { RunInfo } from "#model/run";
import { pickRun } from "../runs/pickRun";
import type { RunList } from "../runs/runList";
import { inNotification } from "../longWork";
import type { Report } from "../report";
import { ago, bytes, counted } from "../words";
import { checkpointFocusKey } from "../manifest";
import type { PageIntent } from "../panels/panelServer";
import type { CheckpointElement } from "./checkpointTree";
import { ExportCommands, type ExportParts } from "./exportCommands";
import { KeepingCommands } from "./keepingCommands";
import { checkpointIcon, checkpointLabel, checkpointRow } from "./checkpointRow";
import { backText, restoredText, startedText, stepText } from "./restoreWords";

/** What the commands work with. */
export interface CheckpointCommandParts {
  readonly runs: RunList;
  /** The checkpoints of the run in a folder. */
  checkpointsOf(dir: string): Checkpoints;
  readonly report: Report;
  readonly reader: ExportParts["reader"];
  openCurves(dir: string): void;
  /** Opens the checkpoint browser of a run, and on it what is wanted. */
  openBrowser(dir: string, intent?: PageIntent): void;
  /** Opens the comparison of a run's checkpoints. */
  openCompare(dir: string, intent: PageIntent): void;
  /** Folder of the run whose panel is in front. */
  shown(): string | undefined;
  /** Restored runs go on in a process that the list has to find. */
  started(dir: string): Promise<void>;
}

/** A restore that a person has confirmed. */
export interface ConfirmedRestore {
  readonly prefix: string;
  /** Name of the new run that it goes into. */
  readonly branch?: string | undefined;
  readonly choice?: RestoreChoice;
  /** Who waits for it, beside the notification that it gets when it takes long. */
  readonly watch?: RestoreWatch | undefined;
}

/** The row of a page that keys and commands without another mean, and the one that was selected before it. */
export interface FocusedRow extends CheckpointElement {
  readonly other?: string;
}

/** A checkpoint that a command is about. */
export interface CheckpointTarget {
  readonly run: RunInfo;
  readonly prefix: string;
}

/** The commands about checkpoints, for palette, tree and pages. */
export class CheckpointCommands {
  #focused: FocusedRow | undefined;
  /** Those about what keeps checkpoints. */
  readonly keeping: KeepingCommands;
  readonly exporting: ExportCommands;

  constructor(private readonly parts: CheckpointCommandParts) {
    const { checkpointsOf, report, reader } = parts;
    this.exporting = new ExportCommands({ reader, report });
    this.keeping = new KeepingCommands({
      checkpointsOf: (dir) => checkpointsOf(dir), report,
      target: (on, title) => this.#target(on, title), run: (on, title) => this.#pick(on, title), change: (dir, act) => this.changeNow(dir, act),
    });
  }

  /** "Open Checkpoints": the browser, at the checkpoint that the command was called on. */
  async show(on: unknown): Promise<void> {
    const { runs, shown, openBrowser } = this.parts;
    const run = await pickRun(runs, on, { title: "Open Checkpoints", none: "There is no run in this workspace yet.", shown: shown() });
    const prefix = prefixOf(on);
    if (run) openBrowser(run.dir, prefix === undefined ? undefined : { kind: "show", prefix });
  }

  /** A row of a page has the focus: keys and commands without another mean it. */
  focus(on: FocusedRow | undefined): void {
    this.#focused = on;
    void vscode.commands.executeCommand("setContext", checkpointFocusKey, on !== undefined);
  }

  /** "Save Now": the training saves after its step. */
  async saveNow(on: unknown): Promise<void> {
    this.#mustBeTrusted();
    const { runs, report, shown } = this.parts;
    const run = await pickRun(runs, on, { title: "Save Now", none: "Nothing is training here.", fits: ({ state }) => state === "running", shown: shown() });
    const live = run && runs.live(run.dir);
    if (!run) return;
    if (!live) throw new UserError(`${run.name} is not training now.`);
    const title = `Saving ${run.name} after its step`;
    const { step } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => live.ask.save({}));
    report.note(`${run.name} saved step ${step}`);
  }

  /** "Copy Restore Code…": for TensorFlow 1, TensorFlow 2 or a script. */
  async copyRestoreCode(on: unknown): Promise<void> {
    const { run, prefix } = (await this.#target(on, "Copy Restore Code", true)) ?? {};
    if (!run || prefix === undefined) return;
    const targets = [
      { label: "TensorFlow 1", description: "tf.train.Saver, in Python", target: "tf1", language: "python" },
      { label: "TensorFlow 2", description: "tf.train.Checkpoint or load_checkpoint, in Python", target: "tf2", language: "python" },
      { label: "TensorFlow.js", description: "Saver of Trainscope's library, in a script", target: "tfjs", language: "typescript" },
    ] as const;
    const chosen = await vscode.window.showQuickPick(targets, { title: `Restore Code of ${stepText(prefix)}`, placeHolder: "For which library" });
    if (!chosen) return;
    const code = await this.parts.checkpointsOf(run.dir).restoreCode(prefix, chosen.target);
    await vscode.env.clipboard.writeText(code);
    const show = async (): Promise<void> => void (await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: code, language: chosen.language })));
    this.parts.report.done(`${chosen.label} code that restores ${stepText(prefix)} is on the clipboard.`, [{ title: "Show", run: show }]);
  }

  /** "Compare Checkpoints": the one that it was called on with the one selected before it, or with the one saved before it. */
  async compare(on: unknown): Promise<void> {
    const target = await this.#target(on, "Compare Checkpoints", true);
    if (!target) return;
    const other = textOf(on ?? this.#focused, "other");
    this.openCompare(target.run.dir, { kind: "compare", prefix: target.prefix, ...(other !== undefined && { other }) });
  }

  /** Opens the comparison of a run's checkpoints. */
  openCompare(dir: string, intent: PageIntent): void {
    this.parts.openCompare(dir, intent);
  }

  /** "Export Checkpoint…": of the checkpoint that it was called on or that an editor shows, or of a choice. */
  async export(on: unknown): Promise<void> {
    const file = indexFile(on);
    if (file !== undefined) return this.exporting.exportAsking(file.replace(/\.index$/, ""));
    const target = await this.#target(on, "Export Checkpoint", true);
    if (target) await this.exporting.exportAsking(join(target.run.dir, target.prefix), textOf(on, "name"));
  }

  /** "Restore Checkpoint…": run, checkpoint, and the browser's sheet that says what will happen. */
  async restore(on: unknown): Promise<void> {
    this.#mustBeTrusted();
    const target = await this.#target(on, "Restore Checkpoint");
    if (target) this.planRestore(target.run.dir, { prefix: target.prefix, branch: false });
  }

  /** "Move to Trash…": one checkpoint, through the browser's sheet. */
  async moveToTrash(on: unknown): Promise<void> {
    this.#mustBeTrusted();
    const target = await this.#target(on, "Move to Trash");
    if (target) this.parts.openBrowser(target.run.dir, { kind: "prune", prefix: target.prefix });
  }

  /** Opens the browser's restore sheet for a checkpoint of a run. */
  planRestore(dir: string, { prefix, branch }: { readonly prefix: string; readonly branch: boolean }): void {
    this.#mustBeTrusted();
    this.parts.openBrowser(dir, { kind: "restore", prefix, branch });
  }

  /** Restores what was confirmed elsewhere and answers with the sentence about it, which is shown too. */
  async restoreNow(dir: string, { prefix, branch, choice, watch }: ConfirmedRestore): Promise<string> {
    const options = { ...(branch && { branch }), ...(choice && { choice }), runName: this.#run(dir).name };
    return this.#restoring(dir, { prefix, branch, watch }, (checkpoints, seen) => checkpoints.restore(prefix, { ...options, watch: seen }));
  }

  /** Goes back to the state before the last restore. */
  async undoRestoreNow(dir: string, watch?: RestoreWatch): Promise<string> {
    const { undoRestore } = await this.parts.checkpointsOf(dir).list({ forecast: 0 });
    const prefix = undoRestore?.savedBefore ?? "the state before";
    return this.#restoring(dir, { prefix, watch, undo: true }, (checkpoints, seen) => checkpoints.undoRestore(seen));
  }

  async #restoring(
    dir: string,
    { prefix, branch, undo = false, watch = {} }: ConfirmedRestore & { readonly undo?: boolean },
    act: (checkpoints: Checkpoints, watch: RestoreWatch) => Promise<Restored>,
  ): Promise<string> {
    this.#mustBeTrusted();
    const { checkpointsOf, openCurves, report, started } = this.parts;
    const run = this.#run(dir);
    const restored = await inNotification(`Restoring ${stepText(prefix)} of ${run.name}`, watch, (seen) => act(checkpointsOf(dir), seen));
    if (restored.kind === "cancelled") return `The restore of ${stepText(prefix)} was cancelled: ${run.name} is as it was.`;
    if (restored.kind === "started") {
      const { runDir } = restored.run;
      await started(runDir);
      const text = startedText(this.#run(runDir).name, { prefix, from: branch ? run.name : undefined });
      report.done(text, [{ title: "Open Curves", run: () => openCurves(runDir) }]);
      return text;
    }
    const { savedBefore } = restored.result;
    const text = undo ? backText(run.name, restored.result) : restoredText(run.name, restored.result);
    const open = { title: "Open Curves", run: () => openCurves(dir) };
    const undoing = savedBefore && !undo ? [{ title: "Undo", run: () => this.undoRestoreNow(dir) }] : [];
    report.done(text, [...undoing, open]);
    return text;
  }

  /** "Prune Checkpoints…": the rule's plan in the browser's sheet. */
  async prune(on: unknown): Promise<void> {
    this.#mustBeTrusted();
    const run = await this.#pick(on, "Prune Checkpoints");
    if (run) this.parts.openBrowser(run.dir, { kind: "prune" });
  }

  /** Carries out exactly this plan. */
  async pruneNow(dir: string, plan: PrunePlan): Promise<PruneResult> {
    this.#mustBeTrusted();
    const pruned = await this.parts.checkpointsOf(dir).prune(plan);
    await this.parts.runs.look(dir);
    return pruned;
  }

  /** "Undo Prune": the newest of the run's trash, or the person's choice. */
  async undoPrune(on: unknown): Promise<void> {
    this.#mustBeTrusted();
    const run = await this.#pick(on, "Undo Prune");
    if (!run) return;
    const trash = await this.parts.checkpointsOf(run.dir).trash();
    if (trash.length === 0) throw new UserError(`Nothing of ${run.name} is in trash.`);
    const items = trash.map((entry) => ({
      label: counted(entry.checkpoints.length, "checkpoint"),
      description: `${bytes(entry.bytes)}, moved ${ago(entry.movedSeconds, Date.now() / 1000)}`,
      detail: entry.checkpoints.map(({ prefix }) => stepText(prefix)).join(", "),
      entry,
    }));
    const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title: `Undo Prune of ${run.name}` });
    if (chosen) await this.#undoSaying(run, chosen.entry.trash);
  }

  /** Brings back what one prune moved away. */
  async undoNow(dir: string, trash: string): Promise<PruneUndone> {
    this.#mustBeTrusted();
    const back = await this.parts.checkpointsOf(dir).undo(trash);
    await this.parts.runs.look(dir);
    return back;
  }

  /** One change to what keeps the checkpoints. */
  async changeNow(dir: string, act: CheckpointAct): Promise<void> {
    this.#mustBeTrusted();
    await this.parts.checkpointsOf(dir).change(act);
    await this.parts.runs.look(dir);
  }

  /** Deletes what is in trash for good, after a modal. False when the person declined. */
  async emptyTrashAsking(dir: string): Promise<boolean> {
    this.#mustBeTrusted();
    const trash = await this.parts.checkpointsOf(dir).trash();
    const amount = trash.reduce((sum, { checkpoints }) => sum + checkpoints.length, 0);
    const size = bytes(trash.reduce((sum, entry) => sum + entry.bytes, 0));
    const button = `Delete ${counted(amount, "checkpoint")} for good`;
    const question = `Delete ${counted(amount, "checkpoint")} (${size}) for good?`;
    const detail = "This cannot be undone.";
    if (amount === 0 || (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) !== button) return false;
    await this.parts.checkpointsOf(dir).emptyTrash();
    await this.parts.runs.look(dir);
    return true;
  }

  async #undoSaying(run: RunInfo, trash: string): Promise<void> {
    const { prefixes, tookBack } = await this.undoNow(run.dir, trash);
    const rule = tookBack.some(({ kind }) => kind === "setPolicy") ? " The rule from before the prune holds again." : "";
    this.parts.report.done(`${counted(prefixes.length, "checkpoint")} of ${run.name} brought back.${rule}`);
  }

  /** The checkpoint a command was called on, the one with the focus, or a choice. */
  async #target(on: unknown, title: string, foreignToo = false): Promise<CheckpointTarget | undefined> {
    const meant = on ?? this.#focused;
    const run = await this.#pick(meant, title, foreignToo);
    const prefix = run && (prefixOf(meant) ?? (await this.#pickCheckpoint(run))?.prefix);
    return run && prefix !== undefined ? { run, prefix } : undefined;
  }

  #pick(on: unknown, title: string, foreignToo = false): Promise<RunInfo | undefined> {
    const none = foreignToo ? "No run here has checkpoints." : "No run of yours here has checkpoints.";
    const fits = ({ checkpoints, state }: RunInfo): boolean => checkpoints > 0 && (foreignToo || state !== "foreign");
    return pickRun(this.parts.runs, on, { title, none, fits, shown: this.parts.shown() });
  }

  async #pickCheckpoint(run: RunInfo): Promise<CheckpointInfo | undefined> {
    const { checkpoints } = await this.parts.checkpointsOf(run.dir).list({ forecast: 8 });
    const whole = checkpoints.filter(({ complete }) => complete);
    if (whole.length === 0) throw new UserError(`${run.name} has no complete checkpoint yet.`);
    const now = Date.now() / 1000;
    const items = whole.map((checkpoint) => ({
      label: `$(${checkpointIcon(checkpoint).id}) ${checkpointLabel(checkpoint)}`,
      description: checkpointRow(checkpoint, now).description,
      detail: `${checkpoint.reason} · ${checkpoint.next}`,
      checkpoint,
    }));
    return (await vscode.window.showQuickPick(items, { title: `Checkpoint of ${run.name}`, matchOnDetail: true }))?.checkpoint;
  }

  #run(dir: string): RunInfo {
    const run = this.parts.runs.get(dir);
    if (!run) throw new UserError(`There is no run in ${dir} any more.`);
    return run;
  }

  #mustBeTrusted(): void {
    if (!vscode.workspace.isTrusted) throw new UserError("Viewing works; launching and changing are off until you trust this folder.");
  }
}

/** The checkpoint that a row of a list, or a place on a page, stands for. */
function prefixOf(on: unknown): string | undefined {
  return textOf(on, "prefix");
}

function textOf(on: unknown, key: "prefix" | "name" | "other"): string | undefined {
  const text = typeof on === "object" && on !== null ? (on as Readonly<Record<string, unknown>>)[key] : undefined;
  return typeof text === "string" ? text : undefined;
}

/** Path of the index that a command was called on, or that the editor in front shows. */
function indexFile(on: unknown): string | undefined {
  const front = on === undefined ? vscode.window.tabGroups.activeTabGroup.activeTab?.input : on;
  const uri = front instanceof vscode.TabInputCustom ? front.uri : front;
  return uri instanceof vscode.Uri && uri.fsPath.endsWith(".index") ? uri.fsPath : undefined;
}
