// The commands about what keeps checkpoints: protect, manage orphans, keep the best, repair the state file.
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import type { Checkpoints } from "#host/checkpoints/checkpoints";
import type { CheckpointInfo } from "#model/checkpoint";
import type { CheckpointAct } from "#model/checkpointOutlook";
import { counted, value } from "../words";
import type { Report } from "../report";
import { checkpointLabel, checkpointRow } from "./checkpointRow";
import type { CheckpointTarget } from "./checkpointCommands";

/** What the commands work with. */
export interface KeepingParts {
  checkpointsOf(dir: string): Checkpoints;
  readonly report: Report;
  /** The checkpoint that a command was called on, or the person's choice. */
  target(on: unknown, title: string): Promise<CheckpointTarget | undefined>;
  /** The folder of the run that a command was called on, or the person's choice. */
  run(on: unknown, title: string): Promise<{ readonly dir: string; readonly name: string } | undefined>;
  /** Carries out one change. */
  change(dir: string, act: CheckpointAct): Promise<void>;
}

/** Each asks what it has to know, then makes one change. */
export class KeepingCommands {
  constructor(private readonly parts: KeepingParts) {}

  /** "Protect Checkpoint…": with a note, or without one. */
  async protect(on: unknown): Promise<void> {
    const target = await this.parts.target(on, "Protect Checkpoint");
    if (!target) return;
    const { run: { dir }, prefix } = target;
    const row = await this.#row(dir, prefix);
    if (row.kept === "protected") return this.unprotect({ dir, prefix });
    const note = await vscode.window.showInputBox({ title: `Protect ${checkpointLabel(row)}`, prompt: "No save deletes it until you unprotect it. A note says why (may stay empty)", value: row.note ?? "" });
    if (note === undefined) return;
    await this.parts.change(dir, { kind: "protect", prefix, ...(note.trim() !== "" && { note: note.trim() }) });
  }

  /** "Unprotect Checkpoint": from now on the rule decides on it again. */
  async unprotect(on: unknown): Promise<void> {
    const target = await this.parts.target(on, "Unprotect Checkpoint");
    if (target) await this.parts.change(target.run.dir, { kind: "unprotect", prefix: target.prefix });
  }

  /** "Manage Checkpoints…": orphans to tick, which the rule then decides on. */
  async manage(on: unknown): Promise<void> {
    const run = await this.parts.run(on, "Manage Checkpoints");
    if (!run) return;
    const { checkpoints } = await this.parts.checkpointsOf(run.dir).list({ forecast: 8 });
    const orphans = checkpoints.filter(({ kept, complete }) => complete && kept === "unmanaged");
    if (orphans.length === 0) return this.parts.report.done(`All checkpoints of ${run.name} are managed.`);
    const now = Date.now() / 1000;
    const items = orphans.map((checkpoint) => ({ label: checkpointLabel(checkpoint), description: checkpointRow(checkpoint, now).description, detail: checkpoint.reason, picked: true, checkpoint }));
    const title = `Manage ${counted(orphans.length, "checkpoint")} of ${run.name}`;
    const chosen = await vscode.window.showQuickPick(items, { title, canPickMany: true, placeHolder: "Ticked ones go into the Saver's list: from then on the rule deletes them in their turn" });
    if (!chosen || chosen.length === 0) return;
    await this.parts.change(run.dir, { kind: "manage", prefixes: chosen.map(({ checkpoint }) => checkpoint.prefix) });
    this.parts.report.done(`${counted(chosen.length, "checkpoint")} of ${run.name} ${chosen.length === 1 ? "is" : "are"} managed now.`);
  }

  /** "Keep Best Checkpoints…": how many by the metric; none is the default. */
  async keepBest(on: unknown): Promise<void> {
    const run = await this.parts.run(on, "Keep Best Checkpoints");
    if (!run) return;
    const { metric, keepBest, checkpoints } = await this.parts.checkpointsOf(run.dir).list({ metric: {} });
    if (!metric) throw new UserError(`${run.name} has recorded no scalar: there is nothing to tell the best by.`);
    const best = checkpoints.find((one) => one.best);
    const items = [0, 1, 2, 3, 5, 10].map((amount) => ({
      label: amount === 0 ? "Off" : `Keep the best ${amount}`, amount,
      description: amount === (keepBest?.count ?? 0) ? "as now" : "",
    }));
    const which = metric.better === "lower" ? "lowest" : "highest";
    const title = `Keep Best Checkpoints of ${run.name}`;
    const placeHolder = `By the ${which} ${metric.tag}${best?.metric ? `; the best so far is ${checkpointLabel(best)} with ${value(best.metric.smoothed)}` : ""}`;
    const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
    if (!chosen) return;
    const wanted = chosen.amount === 0 ? {} : { keepBest: { count: chosen.amount, tag: metric.tag, lower: metric.better === "lower" } };
    await this.parts.change(run.dir, { kind: "setKeepBest", ...wanted });
  }

  /** "Repair State File…": before and after in words, then written. */
  async repair(on: unknown): Promise<void> {
    const run = await this.parts.run(on, "Repair State File");
    if (!run) return;
    const { stateRepair } = await this.parts.checkpointsOf(run.dir).list({ forecast: 0 });
    if (!stateRepair) return this.parts.report.done(`The state file of ${run.name} needs no repair.`);
    const { reasons, before, after } = stateRepair;
    const detail = [...reasons, "", "Now:", before.trim() || "(empty)", "", "After the repair:", after.trim()].join("\n");
    const button = "Repair State File";
    if ((await vscode.window.showWarningMessage(`Write the state file of ${run.name} anew?`, { modal: true, detail }, button)) !== button) return;
    await this.parts.change(run.dir, { kind: "repairState", before, after });
    this.parts.report.done(`The state file of ${run.name} is repaired.`);
  }

  async #row(dir: string, prefix: string): Promise<CheckpointInfo> {
    const row = (await this.parts.checkpointsOf(dir).list({ forecast: 0 })).checkpoints.find((one) => one.prefix === prefix);
    if (!row) throw new UserError(`${prefix} is not there any more.`);
    return row;
  }
}
