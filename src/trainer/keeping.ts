// What keeps checkpoints of a live run beyond its Savers' rule: protection, the best by a metric, the state held for an undo.
import { stat } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { changeOfRecord } from "#analysis/checkpoints/changeRecord";
import { bestOf, metricSmoothing } from "#analysis/checkpoints/metric";
import { rememberSave } from "#analysis/checkpoints/rememberSaves";
import { UserError } from "#base/errors";
import type { CheckpointAct } from "#model/checkpointOutlook";
import type { LineageEntry, Step } from "#model/run";
import type { ScalarBatch } from "#model/scalars";
import { isNotFound } from "#node/files";
import { isReallyBelow } from "#node/reallyBelow";
import { changeRetention, guardCheckpoints, removeCheckpoint, setAside } from "#runtime/index";
import { manageLive } from "./livePrune";
import { RunningAverage } from "./runningAverage";
import type { RecordKeeper } from "./recordKeeper";

/** A save as the runtime tells it; paths as the Saver has them. */
export interface ToldSave {
  readonly path: string;
  readonly step?: Step;
  readonly deleted: readonly string[];
  readonly spared: readonly string[];
}

/** All of it stands in run.json, so that a later process and a host that only reads know it as well. */
export class Keeping {
  readonly #averages = new Map<string, RunningAverage>();
  /** What is being restored, or waits for it, must not go before it is read. */
  readonly #restoring: string[] = [];
  /** The run's folder, and those that this process saves into: what a state file or run.json names elsewhere is not ours to delete. */
  readonly #folders: Set<string>;

  constructor(
    private readonly dir: string,
    private readonly keeper: RecordKeeper,
    private readonly complain: (text: string) => void,
  ) {
    this.#folders = new Set([dir]);
    guardCheckpoints({ isGuarded: (path) => !this.#isOurs(path) || this.#isGuarded(this.relative(path)), beforeSave: (path) => this.#beforeSave(path) });
  }

  /** The script's session is ready: a person's rule takes the place of the script's. */
  begun(): void {
    const { retentionAsked } = this.keeper.record;
    if (retentionAsked) changeRetention(retentionAsked);
  }

  scalarsRecorded(batches: readonly ScalarBatch[]): void {
    for (const { tag, values } of batches) {
      const average = this.#averages.get(tag) ?? new RunningAverage(metricSmoothing);
      this.#averages.set(tag, average);
      for (const value of values) average.add(value);
    }
  }

  /** One of those that were kept as best and no longer are goes with each save, oldest first, as the forecast says. */
  checkpointSaved({ path, step, deleted, spared }: ToldSave): void {
    const prefix = this.relative(path);
    const { record } = this.keeper;
    const { keepBest, keptAsBest = [], bestValues = [], saves = [] } = record;
    const best = this.#best();
    const gone = new Set(deleted.map((each) => this.relative(each)));
    const beaten = keptAsBest.find((each) => !best.has(each) && !this.#isHeld(each) && this.#isOurs(resolve(this.dir, each)));
    if (beaten !== undefined) gone.add(beaten);
    const kept = [...keptAsBest, ...spared.map((each) => this.relative(each)).filter((each) => best.has(each))];
    const value = keepBest && this.#averages.get(keepBest.tag)?.value;
    const values = [...bestValues.filter((one) => one.prefix !== prefix && !gone.has(one.prefix)), ...(value === undefined ? [] : [{ prefix, value }])];
    const saved = { prefix, seconds: Date.now() / 1000, ...(step !== undefined && { step }) };
    void this.keeper.change({
      saves: rememberSave(saves, saved),
      ...(keepBest && { bestValues: values, keptAsBest: [...new Set(kept)].filter((each) => !gone.has(each)) }),
    });
    if (beaten !== undefined) void removeCheckpoint(resolve(this.dir, beaten), { onProblem: this.complain });
  }

  /** The checkpoint is not deleted while `work` goes on. */
  async restoring<T>(path: string, work: () => Promise<T>): Promise<T> {
    const prefix = this.relative(path);
    this.#restoring.push(prefix);
    try {
      return await work();
    } finally {
      this.#restoring.splice(this.#restoring.indexOf(prefix), 1);
    }
  }

  /** A restore was done: the averages begin anew, as those of the curves do, and the state before it is held until the undo. */
  restored(entry: Omit<LineageEntry, "seconds">, savedBefore: string | undefined): Promise<void> {
    this.#averages.clear();
    const { lineage = [] } = this.keeper.record;
    const held = savedBefore === undefined || entry.undo ? undefined : { restored: entry.from, savedBefore, ...(entry.leftStep !== undefined && { step: entry.leftStep }) };
    return this.keeper.change({ lineage: [...lineage, { seconds: Date.now() / 1000, ...entry }], undoRestore: held });
  }

  /** Carries out a change; the promise ends when it is on disk. */
  async change(act: CheckpointAct): Promise<void> {
    if (act.kind === "repairState") throw new UserError("This run is training: its next save writes the state file anew.");
    if (act.kind === "manage") return manageLive(this.dir, act.prefixes);
    if (act.kind === "setPolicy") changeRetention(act);
    await this.keeper.change(changeOfRecord(this.keeper.record, act));
  }

  /** A path as the Saver has it, seen from the run's folder. */
  relative(path: string): string {
    return relative(this.dir, resolve(path)).split(sep).join("/");
  }

  /** What was saved before the last restore, or is held, gets another name when this save takes its own, and is held under that one. */
  async #beforeSave(path: string): Promise<void> {
    const prefix = this.relative(path);
    this.#folders.add(dirname(resolve(path)));
    const { lineage = [], protected: guarded = [], saves = [], bestValues = [], keptAsBest = [], undoRestore } = this.keeper.record;
    const savedSeconds = await modifiedSeconds(`${path}.index`);
    if (savedSeconds === undefined || !(this.#isHeld(prefix) || savedSeconds <= (lineage.at(-1)?.seconds ?? -Infinity))) return;
    const aside = this.relative(await setAside(path));
    const renamed = <One extends { readonly prefix: string }>(one: One): One => (one.prefix === prefix ? { ...one, prefix: aside } : one);
    await this.keeper.change({
      protected: guarded.map(renamed), saves: saves.map(renamed), bestValues: bestValues.map(renamed),
      keptAsBest: keptAsBest.map((each) => (each === prefix ? aside : each)),
      ...(undoRestore?.savedBefore === prefix && { undoRestore: { ...undoRestore, savedBefore: aside } }),
    });
  }

  #isOurs(path: string): boolean {
    return [...this.#folders].some((folder) => isReallyBelow(folder, path));
  }

  #isGuarded(prefix: string): boolean {
    return this.#isHeld(prefix) || this.#best().has(prefix);
  }

  #isHeld(prefix: string): boolean {
    const { protected: guarded = [], undoRestore } = this.keeper.record;
    return guarded.some((one) => one.prefix === prefix) || undoRestore?.savedBefore === prefix || this.#restoring.includes(prefix);
  }

  #best(): Set<string> {
    const { keepBest, bestValues = [] } = this.keeper.record;
    return new Set(keepBest ? bestOf(new Map(bestValues.map(({ prefix, value }) => [prefix, value])), keepBest) : []);
  }
}

async function modifiedSeconds(path: string): Promise<number | undefined> {
  return stat(path).then(({ mtimeMs }) => mtimeMs / 1000, noneIfMissing);
}

function noneIfMissing(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
  return undefined;
}
