// The training as its clients see it: what happens in it is told to them, what they ask is carried out between two steps.
import { relative, resolve, sep } from "node:path";
import { actsBeside, actsTakingBack, rememberBeside } from "#analysis/checkpoints/pruneBeside";
import { deferred } from "#base/deferred";
import { UserError } from "#base/errors";
import { Lifetime } from "#base/lifetime";
import { NamedTasks } from "#node/namedTasks";
import type { RestoreChoice, RestoreResult } from "#model/checkpoint";
import type { CheckpointAct } from "#model/checkpointOutlook";
import type { BackendChoice, LineageEntry, Step } from "#model/run";
import type { ScalarBatch } from "#model/scalars";
import type { TrainerStatus } from "#protocol/doorApi";
import type { TrainerStart } from "#protocol/trainerStart";
import { programVersion } from "#protocol/version";
import { observeTraining, preflightNow, restoreNow, saveNow, stepTimesNow, type PlannedProgress } from "#runtime/index";
import { backendInUse } from "./backends/backendInUse";
import { join } from "./clientFeed";
import type { DoorService, TrainingAsks } from "./doorService";
import { pruneLive, undoPruneLive } from "./livePrune";
import { Keeping } from "./keeping";
import { NonFiniteWatch } from "./nonFiniteWatch";
import { maxStepsOf, ProgressMeter } from "./progressMeter";
import type { RecordKeeper } from "./recordKeeper";
import type { StopSwitch } from "./stopSwitch";

/** Clients are told scalars at most ten times a second, progress half as often. */
const tellEveryMs = 100;
const progressEvery = 2;
/** How long an ask waits for the script's first session. */
const sessionLimitMs = 30_000;

/** The checkpoint that a training is started from, as its record tells it, and what its undo would bring back. */
export interface StartedFrom {
  readonly entry: Omit<LineageEntry, "seconds">;
  readonly savedBefore?: string;
}

/** A restore as it was asked for. */
interface RestoreWish {
  readonly choice?: RestoreChoice;
  /** Of the state before the last one. */
  readonly undo?: boolean;
  /** The name that the asker gave it. */
  readonly task: string | undefined;
}

/** Watches one training. Nothing here is waited for by the training loop. */
export class LiveRun {
  readonly #life = new Lifetime();
  /** What the script tells of its plans; it may do so at any time. */
  readonly planned: PlannedProgress = {};
  readonly #meter = new ProgressMeter(() => this.planned.maxSteps ?? maxStepsOf(this.start.args));
  readonly #scalars = new Map<string, ScalarBatch>();
  readonly #session = deferred<void>();
  readonly #nonFinite = new NonFiniteWatch((search, text) => {
    console.log(text);
    this.#door?.noticed(text);
    // Who hears of it looks into run.json.
    void this.parts.keeper.change({ nonFinite: search }).then(() => this.#door?.nonFiniteSearched(search));
  });
  #door: DoorService | undefined;
  #ticks = 0;
  #stepSinceTold = false;
  /** Until it is recorded. */
  #from: StartedFrom | undefined;
  backend: BackendChoice | undefined;
  readonly keeping: Keeping;
  readonly #restores = new NamedTasks((progress) => this.#door?.restoreProgressed(progress));

  readonly asks: TrainingAsks = {
    stop: async () => {
      console.log("Asked to stop: ending after this step");
      this.parts.stop.ask();
    },
    save: async () => {
      await this.#begun();
      const { prefix, step } = await saveNow();
      return { prefix: this.#relative(prefix), step };
    },
    preflight: async ({ prefix, choice }) => {
      await this.#begun();
      return { ...(await preflightNow(this.#absolute(prefix), choice)), prefix };
    },
    restore: ({ prefix, task }) => this.#restore(prefix, { task }),
    restorePart: ({ prefix, choice, task }) => this.#restore(prefix, { choice, task }),
    undoRestore: ({ task }) => {
      const { undoRestore } = this.parts.keeper.record;
      if (!undoRestore) throw new UserError("There is no restore that could be undone.");
      return this.#restore(undoRestore.savedBefore, { undo: true, task });
    },
    cancelRestore: async ({ task }) => this.#restores.cancel(task),
    prune: async (plan) => {
      const { beside } = plan;
      if (beside?.policy) await this.#begun();
      const moved = await pruneLive(this.start.logdir, plan, beside && rememberBeside(this.parts.keeper.record, beside));
      if (beside) await this.#change(actsBeside(beside));
      this.#door?.checkpointsChanged();
      return moved;
    },
    change: async (act) => {
      await this.#change([act]);
      this.#door?.checkpointsChanged();
    },
    undoPrune: async ({ trash }) => {
      const back = await undoPruneLive(this.start.logdir, trash, async (beside) => {
        const acts = actsTakingBack(this.parts.keeper.record, beside);
        await this.#change(acts);
        return acts;
      });
      this.#door?.checkpointsChanged();
      return back;
    },
    stepTimes: async () => {
      await this.#begun();
      const times = stepTimesNow();
      if (!times) throw new UserError("The script runs a session of its own making, whose operations are not timed.");
      return times;
    },
    searchNonFinite: async () => {
      await this.#begun();
      return (await this.#nonFinite.search()) ?? { runs: 0 };
    },
  };

  constructor(
    private readonly start: TrainerStart,
    private readonly parts: { readonly stop: StopSwitch; readonly keeper: RecordKeeper; readonly from?: StartedFrom | undefined },
  ) {
    this.#from = parts.from;
    this.keeping = new Keeping(start.logdir, parts.keeper, (text) => console.error(text));
  }

  get step(): Step | undefined {
    return this.#meter.progress()?.step;
  }

  status(): TrainerStatus {
    const progress = this.#meter.progress();
    const { retention } = this.parts.keeper.record;
    return {
      version: programVersion,
      runDir: this.start.logdir,
      pid: process.pid,
      ...(this.backend && { backend: this.backend }),
      ...(progress && { progress }),
      ...(retention && { retention }),
    };
  }

  /** From here on the door's clients are told what happens. */
  connect(door: DoorService): void {
    this.#door = door;
    this.#life.own(this.#observe());
    const timer = setInterval(() => this.#tick(), tellEveryMs);
    // The run ends when its script does, not when this timer would.
    timer.unref();
    this.#life.onEnd(() => clearInterval(timer));
  }

  /** Tells what is still held back; nothing is told afterwards. */
  end(): void {
    this.#flush();
    this.#life.dispose();
  }

  #observe() {
    const { keeper, stop } = this.parts;
    return observeTraining({
      sessionStarted: ({ step }) => {
        this.#meter.start(step ?? 0, performance.now());
        this.#nonFinite.stepDone(performance.now());
        this.#stepSinceTold = true;
        this.#noteBackend();
        this.keeping.begun();
        this.#recordStart(step);
        this.#session.resolve();
        stop.loopBegins();
      },
      stepDone: (step) => {
        this.#meter.stepDone(step, performance.now());
        this.#nonFinite.stepDone(performance.now());
        this.#stepSinceTold = true;
      },
      lastStepPlanned: (step) => this.#meter.planLastStep(step),
      scalarsRecorded: (batches) => {
        this.#meter.scalarsRecorded(batches);
        this.#nonFinite.scalarsRecorded(batches);
        this.keeping.scalarsRecorded(batches);
        for (const batch of batches) this.#scalars.set(batch.tag, join(this.#scalars.get(batch.tag), batch));
      },
      checkpointSaved: (saved) => {
        const { path, step, deleted } = saved;
        this.keeping.checkpointSaved(saved);
        const prefix = this.#relative(path);
        this.#door?.checkpointSaved({
          prefix,
          step: step ?? this.step ?? 0,
          deleted: deleted.map((gone) => this.#relative(gone)),
        });
      },
      noticed: (text) => this.#door?.noticed(text),
      retentionChanged: ({ policy, saverBuiltSeconds, nextKeepSeconds }) => {
        void keeper.change({ retention: policy, saverBuiltSeconds, nextKeepSeconds });
      },
    });
  }

  #noteBackend(): void {
    if (!this.backend) return;
    const inUse = backendInUse(this.backend);
    if (inUse === this.backend) return;
    console.log(`Trainscope: computing with ${inUse.device}, instead of ${this.backend.name}`);
    this.backend = inUse;
    void this.parts.keeper.change({ backend: inUse });
  }

  /** The first session has restored what the training was started from. */
  #recordStart(step: Step | undefined): void {
    const from = this.#from;
    this.#from = undefined;
    if (!from) return;
    void this.keeping.restored({ ...from.entry, ...(step !== undefined && { step }) }, from.savedBefore);
  }

  #tick(): void {
    this.#ticks++;
    this.#flushScalars();
    if (this.#ticks % progressEvery === 0) this.#flushProgress();
  }

  #flush(): void {
    this.#flushScalars();
    this.#flushProgress();
  }

  #flushScalars(): void {
    const batches = [...this.#scalars.values()];
    this.#scalars.clear();
    if (batches.length > 0) this.#door?.scalarsRecorded(batches);
  }

  #flushProgress(): void {
    const progress = this.#stepSinceTold ? this.#meter.progress() : undefined;
    this.#stepSinceTold = false;
    if (progress) this.#door?.progressed(progress);
  }

  async #restore(prefix: string, { choice = {}, undo = false, task }: RestoreWish): Promise<RestoreResult> {
    const path = this.#absolute(prefix);
    let leftStep: Step | undefined;
    const result = await this.#restores.run(task, async (watch) => {
      await this.#begun();
      leftStep = this.step;
      return this.keeping.restoring(path, () => restoreNow(path, choice, watch));
    });
    const { step, variables } = result;
    if (result.cancelled) return { ...result, prefix };
    this.#meter.jump(step, performance.now());
    const before = result.savedBefore === undefined ? undefined : this.#relative(result.savedBefore);
    const { scopes, weights } = choice;
    const what = { ...(scopes && { scopes }), ...(weights && { weights }), ...(undo && { undo: true as const }) };
    await this.keeping.restored({ from: this.#relative(path), step, variables, ...(leftStep !== undefined && { leftStep }), ...what }, before);
    this.#door?.checkpointsChanged();
    console.log(`Restored ${prefix}: training goes on from step ${step}`);
    return { ...result, prefix, ...(before !== undefined && { savedBefore: before }) };
  }

  /** A script may still be building its graph when it is asked; one that never starts a session cannot do it. */
  async #change(acts: readonly CheckpointAct[]): Promise<void> {
    for (const act of acts) {
      if (act.kind === "setPolicy" || act.kind === "manage") await this.#begun();
      await this.keeping.change(act);
    }
  }

  async #begun(): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const refused = new Promise<never>((_, reject) => {
      const refusal = new UserError(
        "The script has not started a managed session, so there is nothing to save or restore yet.",
      );
      late = setTimeout(() => reject(refusal), sessionLimitMs);
    });
    await Promise.race([this.#session.promise, refused]).finally(() => clearTimeout(late));
  }

  #absolute(prefix: string): string {
    return resolve(this.start.logdir, prefix);
  }

  #relative(path: string): string {
    return relative(this.start.logdir, resolve(path)).split(sep).join("/");
  }
}
