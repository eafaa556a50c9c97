// Random saves, restarts, clock jumps and changes of the rule: a Saver deletes and keeps exactly what the forecast named before.
import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listCheckpoints } from "#analysis/checkpoints/listCheckpoints";
import { CheckpointHealth } from "#host/reader/checkpointHealth";
import { readCheckpointFacts } from "#host/reader/checkpointFacts";
import type { ForecastSave } from "#model/checkpoint";
import type { RetentionPolicy, RunRecord } from "#model/run";
import { writeRunRecord } from "#node/runRecord";
import { guardCheckpoints } from "#runtime/saving/checkpointGuard";
import { getCheckpointState } from "#runtime/saving/checkpointFiles";
import { CheckpointHistory } from "#runtime/saving/checkpointHistory";
import { FakeClock } from "../../support/fakeClock";
import { Random } from "../../support/random";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
const sequences = 24;
const savesEach = 25;

/** A run that a Saver writes as a trainer has it write, all but the tensors. */
class MadeRun {
  history: CheckpointHistory;
  policy: RetentionPolicy;
  step = 0;
  readonly guarded = new Set<string>();

  constructor(readonly dir: string, readonly clock: FakeClock, policy: RetentionPolicy) {
    this.policy = policy;
    this.history = this.#built();
    guardCheckpoints({ isGuarded: (path) => this.guarded.has(path.slice(dir.length + 1)) });
  }

  async save(): Promise<{ readonly deleted: readonly string[]; readonly keptForever: readonly string[]; readonly spared: readonly string[] }> {
    this.step += 10;
    const prefix = join(this.dir, `model-${this.step}`);
    for (const suffix of [".data-00000-of-00001", ".index"]) {
      await writeFile(prefix + suffix, `${this.step}`);
      await utimes(prefix + suffix, this.clock.nowSeconds(), this.clock.nowSeconds());
    }
    const { deleted, keptForever, spared } = await this.history.record(prefix);
    const relative = (paths: readonly string[]): string[] => paths.map((path) => path.slice(this.dir.length + 1));
    return { deleted: relative(deleted), keptForever: relative(keptForever), spared: relative(spared) };
  }

  /** The next process: a new Saver that takes over the list, as a managed session has it do. */
  async restart(): Promise<void> {
    const listed = (await getCheckpointState(this.dir))?.allModelCheckpointPaths ?? [];
    this.history = this.#built();
    await this.history.recover(listed);
  }

  changePolicy(policy: RetentionPolicy): void {
    this.policy = policy;
    this.history.changePolicy(policy);
  }

  /** What the browser would say of the next save, by the run's own rule or another; `ended`: before a restart. */
  async foreseen(state: "running" | "finished", policy?: RetentionPolicy): Promise<ForecastSave | undefined> {
    const { builtSeconds, nextKeepSeconds } = this.history;
    const record: RunRecord = {
      version: 1, script: "made.ts", args: [], pid: process.pid, startedSeconds: builtSeconds, state, retention: this.policy,
      saverBuiltSeconds: builtSeconds, nextKeepSeconds, protected: [...this.guarded].map((prefix) => ({ prefix })),
    };
    await writeRunRecord(this.dir, record);
    const facts = await readCheckpointFacts(this.dir, { nowSeconds: this.clock.nowSeconds(), health: new CheckpointHealth() });
    return listCheckpoints({ ...facts, freeBytes: Infinity }, { forecast: 1, ...(policy && { policy }) }).forecast[0];
  }

  #built(): CheckpointHistory {
    return new CheckpointHistory({ policy: this.policy, clock: this.clock, saveRelativePaths: true, onProblem: (text) => expect.fail(text) });
  }
}

function anyPolicy(random: Random): RetentionPolicy {
  return { maxToKeep: random.pick([1, 2, 3, 5, 0]), keepCheckpointEveryNHours: random.pick([0.25, 0.5, 1, 10_000]) };
}

test.each(Array.from({ length: sequences }, (_, seed) => seed))("sequence %i: nothing goes that was not foreseen", async (seed) => {
  const random = new Random(seed);
  const run = new MadeRun(await temporary.folder(`run-${seed}`), new FakeClock(), anyPolicy(random));
  for (let save = 0; save < savesEach; save++) {
    // Hours pass, or minutes; now and then the clock is set back.
    run.clock.advance(random.chance(12) ? -random.below(5000) : random.pick([60, 300, 900, 5400]));
    if (run.step > 0 && random.chance(6)) run.guarded.add(`model-${run.step}`);
    let foreseen = await run.foreseen("running");
    if (run.step > 0 && random.chance(8)) {
      foreseen = await run.foreseen("finished");
      await run.restart();
    } else if (random.chance(6)) {
      const policy = anyPolicy(random);
      foreseen = await run.foreseen("running", policy);
      run.changePolicy(policy);
    }
    const done = await run.save();
    expect(done).toEqual({ deleted: foreseen?.deletes, keptForever: foreseen?.keepsForever, spared: foreseen?.spares });
  }
});
