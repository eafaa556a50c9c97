// The commands about whole runs: start, stop, show. Each works on a tree row, and from the palette through a choice.
import { access } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#base/errors";
import { logName } from "#host/engines/localEngine";
import type { RunEnd, RunInfo } from "#model/run";
import type { PanelKind } from "../manifest";
import type { Report } from "../report";
import { newRun, newSampleRun, type NewRunPlace } from "./newRun";
import { endText } from "./runRow";
import { pickEarlierGraph } from "./pickEarlierGraph";
import { pickRun, type RunChoice } from "./pickRun";
import type { RunList } from "./runList";

/** What the commands work with. */
export interface RunCommandParts {
  readonly runs: RunList;
  readonly report: Report;
  readonly place: NewRunPlace;
  open(kind: PanelKind, dir: string): void;
  /** Draws what the graph at `before` became in the run at `dir`. */
  compareGraphs(before: string, dir: string): void;
  /** Folder of the run whose panel is in front. */
  shown(): string | undefined;
}

/** The commands about runs. */
export class RunCommands {
  constructor(private readonly parts: RunCommandParts) {}

  /** "New Run…". */
  async start(): Promise<void> {
    this.#mustBeTrusted();
    await this.#begun(await newRun(this.parts.place));
  }

  /** The sample with its defaults, in one click. */
  async startSample(): Promise<void> {
    this.#mustBeTrusted();
    await this.#begun(await newSampleRun(this.parts.place));
  }

  /** "Stop Run": asks, waits, and says how it ended. */
  async stop(on: unknown): Promise<void> {
    this.#mustBeTrusted();
    const run = await this.#pick(on, { title: "Stop Run", none: "Nothing is training here.", fits: ({ state }) => state === "running" });
    const live = run && this.parts.runs.live(run.dir);
    if (!run) return;
    if (!live) throw new UserError(`${run.name} is not training now.`);
    const title = `Stopping ${run.name} after its step`;
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => live.stop());
  }

  /** Opens a panel of a run. */
  async open(kind: RunView, on: unknown): Promise<void> {
    const run = await this.#pick(on, { title: titles[kind], none: "There is no run in this workspace yet." });
    if (run) this.parts.open(kind, run.dir);
  }

  /** "Compare Graph With…": another run's graph, or a file's, and what it became in this run. */
  async compareGraphs(on: unknown): Promise<void> {
    const run = await this.#pick(on, { title: "Compare Graph With…", none: "There is no run in this workspace yet." });
    if (!run) return;
    const before = await pickEarlierGraph(this.parts.runs, run);
    if (before !== undefined) this.parts.compareGraphs(before, run.dir);
  }

  /** What the script printed. */
  async showLog(on: unknown): Promise<void> {
    const own = ({ state }: RunInfo): boolean => state !== "foreign";
    const run = await this.#pick(on, { title: "Show Log", none: "No run here has a log.", fits: own });
    if (!run) return;
    const file = join(run.dir, logName);
    const there = await access(file).then(() => true, () => false);
    if (!there) throw new UserError(`${run.name} has no ${logName}.`);
    await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: true });
  }

  /** Selects the run's folder in the explorer. */
  async reveal(on: unknown): Promise<void> {
    const run = await this.#pick(on, { title: "Reveal Run Folder", none: "There is no run in this workspace yet." });
    if (run) await vscode.commands.executeCommand("revealInExplorer", vscode.Uri.file(run.dir));
  }

  /** Says how a run ended, unless it was asked to stop. */
  sayEnd(run: RunInfo, end: RunEnd): void {
    const text = endText(run.name, end);
    const log = { title: "Show Log", run: () => this.showLog({ dir: run.dir }) };
    if (end.how === "finished") this.parts.report.done(text, [{ title: "Open Curves", run: () => this.parts.open("curves", run.dir) }]);
    else if (end.how === "stopped") this.parts.report.note(text);
    else this.parts.report.warning(text, [log]);
  }

  async #begun(dir: string | undefined): Promise<void> {
    if (dir === undefined) return;
    const { runs, open } = this.parts;
    const followed = await runs.started(dir);
    const run = runs.get(dir);
    if (!run?.end) open("curves", dir);
    // The end of a run that was followed is said where all ends are.
    else if (!followed) this.sayEnd(run, run.end);
  }

  #pick(on: unknown, choice: RunChoice): Promise<RunInfo | undefined> {
    return pickRun(this.parts.runs, on, { ...choice, shown: this.parts.shown() });
  }

  #mustBeTrusted(): void {
    if (!vscode.workspace.isTrusted) throw new UserError("Viewing works; launching and changing are off until you trust this folder.");
  }
}

/** What a run is opened in; the comparison opens from its checkpoints. */
type RunView = Exclude<PanelKind, "compare">;

const titles: Readonly<Record<RunView, string>> = { curves: "Open Curves", graph: "Open Graph", checkpoints: "Open Checkpoints" };
