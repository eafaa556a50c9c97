// Restoring, pruning and bringing back as a person does it: a choice, one confirmation, a word on what happened, Undo.
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import type { Checkpoints } from "#host/checkpoints/checkpoints";
import type { CheckpointInfo, PrunePlan } from "#model/checkpoint";
import type { RunInfo } from "#model/run";
import { pickRun } from "../runs/pickRun";
import { stepOf } from "../runs/runRow";
import type { RunList } from "../runs/runList";
import type { Report } from "../report";
import { bytes, counted } from "../words";
import type { PageIntent } from "../panels/panelServer";
import { checkpointIcon, checkpointLabel, checkpointRow } from "./checkpointRow";
import { restoredText, restoreObstacle, restoreQuestion, startedText, stepText } from "./restoreWords";

/** What the commands work with. */
export interface CheckpointCommandParts {
  readonly runs: RunList;
  /** The checkpoints of the run in a folder. */
  checkpointsOf(dir: string): Checkpoints;
  readonly report: Report;
  openCurves(dir: string): void;
  /** Opens the checkpoint browser of a run, and on it what is wanted. */
  openBrowser(dir: string, intent?: PageIntent): void;
  /** Folder of the run whose panel is in front. */
  shown(): string | undefined;
  /** Restored runs go on in a process that the list has to find. */
  started(dir: string): Promise<void>;
}

/** The commands about checkpoints, for palette, tree and pages. */
export class CheckpointCommands {
  constructor(private readonly parts: CheckpointCommandParts) {}

  /** "Open Checkpoints": the browser, at the checkpoint that the command was called on. */
  async show(on: unknown): Promise<void> {
    const { runs, shown, openBrowser } = this.parts;
    const run = await pickRun(runs, on, { title: "Open Checkpoints", none: "There is no run in this workspace yet.", shown: shown() });
    const prefix = prefixOf(on);
    if (run) openBrowser(run.dir, prefix === undefined ? undefined : { kind: "show", prefix });
  }

  /** "Restore Checkpoint…": run, checkpoint, and the browser's sheet that says what will happen. */
  async restore(on: unknown): Promise<void> {
    this.#mustBeTrusted();
    const run = await this.#pick(on, "Restore Checkpoint");
    const prefix = run && (prefixOf(on) ?? (await this.#pickCheckpoint(run))?.prefix);
    if (run && prefix !== undefined) this.parts.openBrowser(run.dir, { kind: "restore", prefix });
  }

  /** "Move to Trash…": one checkpoint, through the browser's sheet. */
  async moveToTrash(on: unknown): Promise<void> {
    this.#mustBeTrusted();
    const run = await this.#pick(on, "Move to Trash");
    const prefix = run && (prefixOf(on) ?? (await this.#pickCheckpoint(run))?.prefix);
    if (run && prefix !== undefined) this.parts.openBrowser(run.dir, { kind: "prune", prefix });
  }

  /** Preflight, one confirmation, restore. False when the person declined. */
  async restoreAsking(dir: string, prefix: string): Promise<boolean> {
    this.#mustBeTrusted();
    const run = this.#run(dir);
    const preflight = await this.parts.checkpointsOf(dir).preflight(prefix);
    const obstacle = restoreObstacle(preflight);
    if (obstacle !== undefined) throw new UserError(obstacle);
    const { message, detail, button } = restoreQuestion(run, prefix, preflight);
    if ((await vscode.window.showInformationMessage(message, { modal: true, detail }, button)) !== button) return false;
    await this.restoreNow(dir, { prefix });
    return true;
  }

  /** Restores what was confirmed elsewhere and answers with the sentence about it, which is shown too. */
  async restoreNow(dir: string, { prefix, branch }: { readonly prefix: string; readonly branch?: string }): Promise<string> {
    this.#mustBeTrusted();
    const { checkpointsOf, openCurves, report, started } = this.parts;
    const run = this.#run(dir);
    const before = run.state === "running" ? stepOf(run) : undefined;
    const progress = { location: vscode.ProgressLocation.Window, title: `Restoring ${stepText(prefix)}` };
    const options = { ...(branch && { branch }), runName: run.name };
    const restored = await vscode.window.withProgress(progress, () => checkpointsOf(dir).restore(prefix, options));
    if (restored.kind === "started") {
      const { runDir } = restored.run;
      await started(runDir);
      const text = startedText(this.#run(runDir).name, { prefix, from: branch ? run.name : undefined });
      report.done(text, [{ title: "Open Curves", run: () => openCurves(runDir) }]);
      return text;
    }
    const { savedBefore } = restored.result;
    const text = restoredText(run.name, restored.result, before);
    const open = { title: "Open Curves", run: () => openCurves(dir) };
    const undo = savedBefore ? [{ title: "Undo", run: () => this.restoreNow(dir, { prefix: savedBefore }) }] : [];
    report.done(text, [...undo, open]);
    return text;
  }

  /** "Prune Checkpoints…": the rule's plan in the browser's sheet. */
  async prune(on: unknown): Promise<void> {
    this.#mustBeTrusted();
    const run = await this.#pick(on, "Prune Checkpoints");
    if (run) this.parts.openBrowser(run.dir, { kind: "prune" });
  }

  /** Carries out exactly this plan. */
  async pruneNow(dir: string, plan: PrunePlan): Promise<{ readonly trash: string }> {
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
      label: counted(entry.prefixes.length, "checkpoint"),
      description: bytes(entry.bytes),
      detail: entry.prefixes.map(stepText).join(", "),
      entry,
    }));
    const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title: `Undo Prune of ${run.name}` });
    if (chosen) await this.#undoSaying(run, chosen.entry.trash);
  }

  /** Brings back what one prune moved away. */
  async undoNow(dir: string, trash: string): Promise<{ readonly prefixes: readonly string[] }> {
    this.#mustBeTrusted();
    const back = await this.parts.checkpointsOf(dir).undo(trash);
    await this.parts.runs.look(dir);
    return back;
  }

  /** Deletes what is in trash for good, after a modal. False when the person declined. */
  async emptyTrashAsking(dir: string): Promise<boolean> {
    this.#mustBeTrusted();
    const trash = await this.parts.checkpointsOf(dir).trash();
    const amount = trash.reduce((sum, { prefixes }) => sum + prefixes.length, 0);
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
    const { prefixes } = await this.undoNow(run.dir, trash);
    this.parts.report.done(`${counted(prefixes.length, "checkpoint")} of ${run.name} brought back.`);
  }

  #pick(on: unknown, title: string): Promise<RunInfo | undefined> {
    const none = "No run of yours here has checkpoints.";
    const fits = ({ checkpoints, state }: RunInfo): boolean => checkpoints > 0 && state !== "foreign";
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
  if (typeof on !== "object" || on === null || !("prefix" in on)) return undefined;
  return typeof on.prefix === "string" ? on.prefix : undefined;
}
