// What TensorFlow's Saver did in recorded runs, driven through our Saver's history, the forecast and the prune alike, on real files.
import { readFileSync } from "node:fs";
import { mkdir, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listCheckpoints } from "#analysis/checkpoints/listCheckpoints";
import { prunePlan } from "#analysis/checkpoints/prunePlan";
import { readCheckpointFacts } from "#host/reader/checkpointFacts";
import { CheckpointHealth } from "#host/reader/checkpointHealth";
import type { PrunePlan } from "#model/checkpoint";
import type { RetentionPolicy } from "#model/run";
import { writeRunRecord } from "#node/runRecord";
import { moveToTrash, stampOf } from "#node/trash";
import { getCheckpointState } from "#runtime/saving/checkpointFiles";
import { CheckpointHistory } from "#runtime/saving/checkpointHistory";
import { DyingDisk } from "../../support/dyingDisk";
import { FakeClock } from "../../support/fakeClock";
import { useTemporary } from "../../support/temporary";

interface Step {
  readonly do: string;
  readonly t?: number;
  readonly keep?: number | null;
  readonly hours?: number;
  readonly returned?: string;
  readonly disk?: readonly string[];
  readonly last?: readonly string[];
  readonly next?: number;
}

const fixture = new URL("../../fixtures/analysis/retention-traces.json.gz", import.meta.url);
const { traces } = JSON.parse(gunzipSync(readFileSync(fixture)).toString()) as { traces: readonly { readonly id: string; readonly steps: readonly Step[] }[] };
const epoch = 1_700_000_000;
const temporary = useTemporary();

/** One Saver at a time in one folder, that lists what it saves, under a rule that ours takes: what a trainer's does. */
const known = new Set(["do", "t", "keep", "hours", "returned", "disk", "last", "next"]);
const likeTrainers = traces.filter(({ steps }) =>
  steps.every((step) => ["build", "save", "recover_from_state"].includes(step.do) && Object.keys(step).every((name) => known.has(name)) && (step.keep ?? 0) >= 0 && (step.returned ?? "train/").startsWith("train/")));
/** The rule alone is driven through all of them by its unit test; here every eighth, all where the environment asks for it. */
const driven = process.env["TRAINSCOPE_ALL_TRACES"] ? likeTrainers : likeTrainers.filter((_, at) => at % 8 === 0);

// Nothing is synced to the platters: what is asked here is what lies where.
let disk: DyingDisk;
beforeAll(() => void (disk = new DyingDisk(Infinity)));
afterAll(() => disk.end());

class Replay {
  readonly clock = new FakeClock(epoch);
  #history: CheckpointHistory | undefined;
  policy: RetentionPolicy = { maxToKeep: 5, keepCheckpointEveryNHours: 10_000 };
  restarted = false;
  /** The folder lists what the Saver lists: not between the building of a later one and its recovery or first save. */
  knows = true;

  constructor(readonly dir: string) {}

  get history(): CheckpointHistory {
    if (!this.#history) throw new Error("the trace saves before it builds");
    return this.#history;
  }

  build({ keep, hours }: Step): void {
    this.restarted ||= this.#history !== undefined;
    this.knows = !this.restarted;
    this.policy = { maxToKeep: keep ?? 0, keepCheckpointEveryNHours: hours ?? 10_000 };
    this.#history = new CheckpointHistory({ policy: this.policy, clock: this.clock, saveRelativePaths: true, onProblem: (text) => expect.fail(text) });
  }

  async recover(): Promise<void> {
    await this.history.recover((await getCheckpointState(this.dir))?.allModelCheckpointPaths ?? []);
    this.knows = true;
  }

  /** Names as the trace has them, below `train/`. */
  here(path: string): string {
    return join(this.dir, path.slice("train/".length));
  }

  async save(returned: string): Promise<{ readonly deleted: readonly string[]; readonly keptForever: readonly string[] }> {
    for (const suffix of [".data-00000-of-00001", ".index"]) {
      await writeFile(this.here(returned) + suffix, returned);
      await utimes(this.here(returned) + suffix, this.clock.nowSeconds(), this.clock.nowSeconds());
    }
    const { deleted, keptForever } = await this.history.record(this.here(returned));
    this.knows = true;
    return { deleted: deleted.map((path) => this.relative(path)), keptForever: keptForever.map((path) => this.relative(path)) };
  }

  relative(path: string): string {
    return path.slice(this.dir.length + 1);
  }

  async facts() {
    const { builtSeconds, nextKeepSeconds } = this.history;
    await writeRunRecord(this.dir, {
      version: 1, script: "made.ts", args: [], pid: process.pid, startedSeconds: builtSeconds, state: "running", retention: this.policy, saverBuiltSeconds: builtSeconds, nextKeepSeconds,
    });
    return readCheckpointFacts(this.dir, { nowSeconds: this.clock.nowSeconds(), health: new CheckpointHealth() });
  }

  async prefixes(): Promise<string[]> {
    return (await readdir(this.dir)).filter((name) => name.endsWith(".index")).map((name) => `train/${name.slice(0, -".index".length)}`).sort();
  }
}

async function stamped(dir: string, plan: PrunePlan): Promise<PrunePlan> {
  return { ...plan, deletes: await Promise.all(plan.deletes.map(async (each) => ({ ...each, stamps: await Promise.all(each.files.map((name) => stampOf(join(dir, name)))) }))) };
}

test("most of the recorded runs can be driven", () => expect(likeTrainers.length).toBeGreaterThan(140));

test.each(driven.map(({ id, steps }) => [id, steps] as const))("trace %s: the forecast says what the Saver then does, which is what TensorFlow did; a prune takes nothing that the rule keeps", async (_, steps) => {
  const replay = new Replay(join(temporary.root, "train"));
  await rm(replay.dir, { recursive: true, force: true });
  await mkdir(replay.dir);
  const seen = new Set<string>();
  /** A name that is saved again has its place anew; no forecast knows that the script does so. */
  const again = ({ returned = "" }: Step): boolean => seen.size === seen.add(returned).size;
  for (const step of steps) {
    if (step.t !== undefined) replay.clock.moveTo(epoch + step.t);
    if (step.do === "build") replay.build(step);
    else if (step.do === "recover_from_state") await replay.recover();
    else {
      const before = listCheckpoints({ ...(await replay.facts()), freeBytes: Infinity }, { forecast: 1 }).forecast[0];
      const foreseen = replay.knows && !again(step) ? before : undefined;
      const done = await replay.save(step.returned ?? "");
      if (foreseen) expect(done).toEqual({ deleted: foreseen.deletes, keptForever: foreseen.keepsForever });
      expect(await replay.prefixes()).toEqual([...(step.disk ?? [])].sort());
      const { deletes } = prunePlan(await replay.facts());
      // A list that a restart made longer than the rule stays so for ever (RT-11); what a prune is for. The newest of the rule's number stay.
      const newest = (step.last ?? []).slice(-(replay.policy.maxToKeep || Infinity));
      expect(deletes.filter(({ prefix }) => newest.includes(`train/${prefix}`))).toEqual([]);
      if (!replay.restarted) expect(deletes).toEqual([]);
    }
    if (step.last) expect(replay.history.lastCheckpoints.map((path) => `train/${replay.relative(path)}`)).toEqual(step.last);
    if (step.next !== undefined) expect(replay.history.nextKeepSeconds - epoch).toBe(step.next);
  }
  const plan = await stamped(replay.dir, prunePlan(await replay.facts()));
  const before = await replay.prefixes();
  if (plan.deletes.length > 0) await moveToTrash(replay.dir, plan);
  const gone = new Set(plan.deletes.map(({ prefix }) => `train/${prefix}`));
  expect(await replay.prefixes()).toEqual(before.filter((prefix) => !gone.has(prefix)));
});
