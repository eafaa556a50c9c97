// A run's checkpoints and what may be done to them, the same whether the run trains or has ended.
import { join, resolve } from "node:path";
import { changeOfRecord } from "#analysis/checkpoints/changeRecord";
import { actsBeside, actsTakingBack, rememberBeside } from "#analysis/checkpoints/pruneBeside";
import { isStrict, preflight } from "#analysis/checkpoints/preflight";
import { restoreCode, type RestoreTarget } from "#analysis/checkpoints/restoreCode";
import type { Event } from "#base/emitter";
import { UserError } from "#base/errors";
import type { WorkWatch } from "#node/namedTasks";
import type {
  CheckpointContent,
  CheckpointList,
  EndSums,
  PlannedDelete,
  Preflight,
  PrunePlan,
  PruneUndone,
  PruneResult,
  RestoreChoice,
  RestoreResult,
  TrashEntry,
} from "#model/checkpoint";
import type { ChangeMap, CheckpointDifference, LookProgress, PairFigures, StatisticsAnswer, TensorSlice } from "#model/checkpointLook";
import type { CheckpointAct } from "#model/checkpointOutlook";
import type { RetentionPolicy, RunRecord } from "#model/run";
import { addToState } from "#node/adoption";
import { replaceFile } from "#node/files";
import { readRunRecord, writeRunRecord } from "#node/runRecord";
import { stateFileName } from "#node/stateFile";
import { bringBack, emptyTrash, moveToTrash, readTrash, stampOf } from "#node/trash";
import type { TrainerAsks } from "#protocol/doorApi";
import type { CheckpointsRequest, ReaderAsks, SliceAsk } from "#protocol/readerApi";
import { writerOf } from "../runs/writer";
import { makeRunFolder, startRun, type StartedRun } from "../engines/localEngine";
import { RunConnection } from "../runs/runConnection";
import { watched } from "./watched";

/** What the class needs of its surroundings. */
export interface CheckpointsOptions {
  /** Absolute path of the run's folder. */
  readonly dir: string;
  readonly reader: Pick<ReaderAsks, "checkpoints" | "inspectCheckpoint" | "statistics" | "slice" | "difference" | "pairFigures" | "changeMap" | "planPrune" | "endSums">;
  /** A connection that is open already; otherwise one is made for each change and closed after it. */
  readonly connection?: () => RunConnection | undefined;
  /** How far the reader's long looks have come, and ending one; else a restore of a run that has ended is not watched while it reads. */
  readonly looks?: { readonly onTaskProgressed: Event<LookProgress>; cancelTask(task: string): void };
  /** Absolute path of dist/trainer.mjs, and the Node to run it with: for a restore in a run that has ended. */
  readonly trainer: string;
  readonly node?: string;
}

/** How to restore. */
export interface RestoreOptions {
  /** Who waits for it. */
  readonly watch?: WorkWatch;
  /** Name of a new run beside this one, which starts from the checkpoint and records its parent. */
  readonly branch?: string;
  /** What of the checkpoint; all, strictly, where left out. */
  readonly choice?: RestoreChoice;
  /** The run's name as it is shown, for the record of a branch. */
  readonly runName?: string;
}

/** What a restore came to: the training went to another step, a trainer was started, or it was called off and nothing was changed. */
export type Restored =
  | { readonly kind: "cancelled" }
  | { readonly kind: "restored"; readonly result: RestoreResult }
  | { readonly kind: "started"; readonly run: StartedRun };

/** What of the list is wanted; see `CheckpointsRequest`. */
export type ListWish = Partial<Pick<CheckpointsRequest, "policy" | "forecast" | "toTheEnd" | "intervalSeconds" | "metric" | "afterRestore">>;

/** While a run trains only its trainer changes the folder, and is asked to; the folder of a run that has ended is ours. */
export class Checkpoints {
  constructor(private readonly options: CheckpointsOptions) {}

  /** All that is known of the checkpoints; `policy` shows what another rule would do. */
  list({ forecast = 8, ...wish }: ListWish = {}): Promise<CheckpointList> {
    const endStep = this.options.connection?.()?.status.progress?.of;
    return this.options.reader.checkpoints({
      dir: this.options.dir,
      nowSeconds: Date.now() / 1000,
      forecast,
      ...wish,
      ...(endStep !== undefined && { endStep }),
    });
  }

  /** The variables of a checkpoint; `verify` reads all of its data. `task` names the look, here and below. */
  inspect(prefix: string, verify = false, task?: string): Promise<CheckpointContent> {
    return this.options.reader.inspectCheckpoint({ prefix: this.#absolute(prefix), verify, ...(task !== undefined && { task }) });
  }

  /** Figures of a checkpoint's variables. */
  statistics({ prefix, ...wish }: Parameters<ReaderAsks["statistics"]>[0]): Promise<StatisticsAnswer> {
    return this.options.reader.statistics({ ...wish, prefix: this.#absolute(prefix) });
  }

  /** A slice of one variable's values. */
  slice({ prefix, ...wish }: SliceAsk): Promise<TensorSlice> {
    return this.options.reader.slice({ ...wish, prefix: this.#absolute(prefix) });
  }

  /** How one checkpoint became another. */
  difference({ from, to, ...wish }: Parameters<ReaderAsks["difference"]>[0]): Promise<CheckpointDifference> {
    return this.options.reader.difference({ ...wish, from: this.#absolute(from), to: this.#absolute(to) });
  }

  /** Figures of some variables in both. */
  pairFigures({ from, to, ...wish }: Parameters<ReaderAsks["pairFigures"]>[0]): Promise<readonly PairFigures[]> {
    return this.options.reader.pairFigures({ ...wish, from: this.#absolute(from), to: this.#absolute(to) });
  }

  /** Relative change of scopes from each checkpoint to the next, oldest first; prefixes in the answer are as they were given. */
  async changeMap({ prefixes, ...wish }: Parameters<ReaderAsks["changeMap"]>[0]): Promise<ChangeMap> {
    const given = new Map(prefixes.map((prefix) => [this.#absolute(prefix), prefix]));
    const map = await this.options.reader.changeMap({ ...wish, prefixes: [...given.keys()] });
    const columns = map.columns.map((column) => ({ ...column, from: given.get(column.from) ?? column.from, to: given.get(column.to) ?? column.to }));
    return { ...map, columns };
  }

  /**
   * How a checkpoint fits the program. A training tells its own variables; for a run that has ended its latest checkpoint
   * stands for them.
   */
  async preflight(prefix: string, choice: RestoreChoice = {}): Promise<Preflight> {
    const live = await this.#live((connection) => connection.ask.preflight({ prefix: this.#absolute(prefix), choice }));
    if (live) return { ...live.answer, prefix };
    const { latest } = await this.list({ forecast: 0 });
    const file = await this.inspect(prefix);
    const program = latest === undefined ? file : await this.inspect(latest);
    return preflight({ prefix, file: file.variables, program: program.variables, choice });
  }

  /** Code that restores a checkpoint elsewhere; what does not fit this run's program stands in it as comments. */
  async restoreCode(prefix: string, target: RestoreTarget): Promise<string> {
    const [content, fit] = await Promise.all([this.inspect(prefix), this.preflight(prefix)]);
    return restoreCode(target, { path: this.#absolute(prefix), content, preflight: fit });
  }

  /** What a prune would move: by the run's rule, by another, or one row only. The plan is for the files as they are now. */
  async planPrune({ policy, prefix }: { policy?: RetentionPolicy; prefix?: string } = {}): Promise<PrunePlan> {
    const { dir, reader } = this.options;
    const plan = await reader.planPrune({
      dir,
      nowSeconds: Date.now() / 1000,
      ...(policy && { policy }),
      ...(prefix !== undefined && { prefix }),
    });
    return { ...plan, deletes: await Promise.all(plan.deletes.map((planned) => this.#stamped(planned))) };
  }

  /** What there will be at the end, as things are and once some checkpoints are moved away, under another rule where one is given. */
  endSums({ policy, gone }: { readonly policy?: RetentionPolicy; readonly gone: readonly string[] }): Promise<EndSums> {
    const endStep = this.options.connection?.()?.status.progress?.of;
    return this.options.reader.endSums({ dir: this.options.dir, nowSeconds: Date.now() / 1000, gone, ...(policy && { policy }), ...(endStep !== undefined && { endStep }) });
  }

  /** Carries out exactly this plan. */
  async prune(plan: PrunePlan): Promise<PruneResult> {
    const live = await this.#live((connection) => connection.ask.prune(plan));
    if (live) return live.answer;
    const { dir } = this.options;
    const { beside } = plan;
    if (!beside) return moveToTrash(dir, plan);
    const moved = await moveToTrash(dir, plan, { beside: rememberBeside(await this.#record(), beside) });
    await this.#changeRecord(() => actsBeside(beside));
    return moved;
  }

  /** What can be brought back, newest first. */
  trash(): Promise<readonly TrashEntry[]> {
    return readTrash(this.options.dir);
  }

  /** Brings back one prune, the newest where none is named. */
  async undo(trash?: string): Promise<PruneUndone> {
    const which = trash ?? (await this.trash())[0]?.trash;
    if (which === undefined) throw new UserError("The trash is empty: there is nothing to bring back.");
    const live = await this.#live((connection) => connection.ask.undoPrune({ trash: which }));
    if (live) return live.answer;
    const { dir } = this.options;
    // Files come back without a record too.
    return bringBack(dir, which, async (beside) => ((await readRunRecord(dir)) ? this.#changeRecord((record) => actsTakingBack(record, beside)) : []));
  }

  /** One change to what keeps the checkpoints; while a run trains its trainer makes it. */
  async change(asked: CheckpointAct): Promise<void> {
    const act = asked.kind === "setKeepBest" ? await this.#withValues(asked) : asked;
    if (await this.#live((connection) => connection.ask.change(act))) return;
    if (act.kind === "manage") return void (await addToState(this.options.dir, act.prefixes));
    if (act.kind === "repairState") return this.#repair(act);
    await this.#changeRecord(() => [act]);
  }

  async #record(): Promise<RunRecord> {
    const record = await readRunRecord(this.options.dir);
    if (!record) throw new UserError("Another program wrote this run: what it keeps is set in that program.");
    return record;
  }

  /** All at once or not at all; answers with what was changed. */
  async #changeRecord(actsOn: (record: RunRecord) => readonly CheckpointAct[]): Promise<readonly CheckpointAct[]> {
    const record = await this.#record();
    const acts = actsOn(record);
    if (acts.length > 0) await writeRunRecord(this.options.dir, acts.reduce((now, act) => ({ ...now, ...changeOfRecord(now, act) }), record));
    return acts;
  }

  /** Writes what was shown, if it still is what a repair comes to. */
  async #repair({ before, after }: Extract<CheckpointAct, { kind: "repairState" }>): Promise<void> {
    const { stateRepair } = await this.list({ forecast: 0 });
    if (stateRepair?.before !== before || stateRepair.after !== after)
      throw new UserError("The state file has changed meanwhile; nothing was written.", "Look at the repair again.");
    await replaceFile(join(this.options.dir, stateFileName), after);
  }

  /** The metric's average at the checkpoints that are there: a trainer knows it only for those that it saved itself. */
  async #withValues(act: Extract<CheckpointAct, { kind: "setKeepBest" }>): Promise<CheckpointAct> {
    const { keepBest } = act;
    if (!keepBest) return act;
    const { checkpoints, metric } = await this.list({ forecast: 0, metric: { tag: keepBest.tag, lower: keepBest.lower } });
    if (metric?.tag !== keepBest.tag) throw new UserError(`This run has no scalar “${keepBest.tag}”.`);
    const values = checkpoints.flatMap(({ prefix, metric: at }) => (at && Number.isFinite(at.smoothed) ? [{ prefix, value: at.smoothed }] : []));
    return { ...act, values };
  }

  /** Deletes for good what is in the trash. A trainer never looks there. */
  emptyTrash(): Promise<{ readonly folders: number; readonly bytes: number }> {
    return emptyTrash(this.options.dir);
  }

  /**
   * Restores: in place while training; else a new trainer goes on from the checkpoint, in this folder or in a branch. All of the checkpoint
   * is read before anything is changed or started; called off until then, it leaves everything as it was.
   */
  async restore(prefix: string, { branch, runName, choice = {}, watch = {} }: RestoreOptions = {}): Promise<Restored> {
    if (watch.signal?.aborted) return { kind: "cancelled" };
    const absolute = this.#absolute(prefix);
    const strict = isStrict(choice);
    if (branch === undefined) {
      const live = await this.#restoreLive(watch, (ask, task) => (strict ? ask.restore({ prefix: absolute, task }) : ask.restorePart({ prefix: absolute, choice, task })));
      if (live) return live.kind === "restored" ? { ...live, result: { ...live.result, prefix } } : live;
    }
    const record = await readRunRecord(this.options.dir);
    if (!record)
      throw new UserError(
        "This run was not started by Trainscope, so its script is not known.",
        "Start a new run with --restore.",
      );
    if (!(await this.#readWhole(prefix, { strict, watch }))) return { kind: "cancelled" };
    const { dir, trainer, node } = this.options;
    const logdir =
      branch === undefined ? dir : await makeRunFolder(resolve(dir, ".."), { script: record.script, name: branch });
    const run = await startRun({
      script: record.script,
      args: record.args,
      backend: record.backendAsked ?? "auto",
      logdir,
      trainer,
      restore: absolute,
      ...(!strict && { choice }),
      ...(record.cwd !== undefined && { cwd: record.cwd }),
      ...(node !== undefined && { node }),
      ...(branch !== undefined && { parent: `${runName ?? dir}@${prefix}` }),
    });
    return { kind: "started", run };
  }

  /** Goes back to the state that was saved before the last restore. */
  async undoRestore(watch: WorkWatch = {}): Promise<Restored> {
    if (watch.signal?.aborted) return { kind: "cancelled" };
    const live = await this.#restoreLive(watch, (ask, task) => ask.undoRestore({ task }));
    if (live) return live;
    const held = (await readRunRecord(this.options.dir))?.undoRestore;
    if (!held) throw new UserError("There is no restore that could be undone.");
    return this.restore(held.savedBefore, { watch });
  }

  async #restoreLive(watch: WorkWatch, restore: (ask: TrainerAsks, task: string) => Promise<RestoreResult>): Promise<Restored | undefined> {
    const live = await this.#live((connection) => {
      // A training that ends meanwhile refuses the restore itself.
      const cancel = (task: string): void => void connection.ask.cancelRestore({ task }).catch(() => undefined);
      return watched(watch, { onProgressed: connection.onRestoreProgressed, cancel }, (task) => restore(connection.ask, task));
    });
    if (!live) return undefined;
    return live.answer.cancelled ? { kind: "cancelled" } : { kind: "restored", result: live.answer };
  }

  /** Compares every byte with its checksum before a trainer is started on it; false when that was called off. */
  async #readWhole(prefix: string, { strict, watch }: { readonly strict: boolean; readonly watch: WorkWatch }): Promise<boolean> {
    const { looks } = this.options;
    const { problems } = await watched(watch, { onProgressed: looks?.onTaskProgressed, cancel: (task) => looks?.cancelTask(task) }, (task) => this.inspect(prefix, true, task));
    if (watch.signal?.aborted) return false;
    if (strict && problems[0] !== undefined) throw new UserError(`${prefix} is damaged, so nothing was started: ${problems[0]}`, "Restore another checkpoint, or set only what fits.");
    return true;
  }

  /** Has the trainer do it; undefined when none is alive. */
  async #live<T>(act: (connection: RunConnection) => Promise<T>): Promise<{ readonly answer: T } | undefined> {
    const standing = this.options.connection?.();
    if (standing) return { answer: await act(standing) };
    const passing = await RunConnection.connect(this.options.dir);
    if (!passing) return this.#refuseIfWritten();
    try {
      return { answer: await act(passing) };
    } finally {
      passing.dispose();
    }
  }

  /** A record that says running, with its process alive or on another machine, and nobody at the door: the folder is not ours. */
  async #refuseIfWritten(): Promise<undefined> {
    const record = await readRunRecord(this.options.dir);
    const writer = record && writerOf(record);
    if (!writer || writer.writer === "ended") return undefined;
    throw new UserError(`This run is written by ${writer.who}, whose door does not answer; nothing was changed.`, "Wait for its end, or stop it first.");
  }

  async #stamped(planned: PlannedDelete): Promise<PlannedDelete> {
    const stamps = await Promise.all(planned.files.map((name) => stampOf(join(this.options.dir, name))));
    return { ...planned, stamps };
  }

  #absolute(prefix: string): string {
    return resolve(this.options.dir, prefix);
  }
}
