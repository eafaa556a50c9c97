// The list of runs over a disk and doors made for these tests.
import { describe, expect, test } from "vitest";
import { deferred } from "#base/deferred";
import { Emitter } from "#base/emitter";
import { RunList, type LiveRun, type RunsSource } from "#extension/runs/runList";
import type { NonFiniteSearch } from "#model/diagnosis";
import type { RunEnd, RunInfo, RunProgress } from "#model/run";
import type { ScalarBatch } from "#model/scalars";
import type { CheckpointSaved, TrainerAsks } from "#protocol/doorApi";

const now = 1000;

class FakeLive implements LiveRun {
  readonly progress = new Emitter<RunProgress>();
  readonly scalars = new Emitter<readonly ScalarBatch[]>();
  readonly saved = new Emitter<CheckpointSaved>();
  readonly end = deferred<RunEnd>();
  readonly onProgress = this.progress.event;
  readonly onScalars = this.scalars.event;
  readonly onCheckpoint = this.saved.event;
  readonly onCheckpointsChanged = new Emitter<void>().event;
  readonly onNonFinite = new Emitter<NonFiniteSearch>().event;
  readonly onNotice = new Emitter<string>().event;
  readonly ended = this.end.promise;
  disposed = false;

  constructor(readonly dir: string) {}

  get status() {
    return { version: "0", runDir: this.dir, pid: 7 };
  }
  get ask(): TrainerAsks {
    throw new Error("nothing is asked in these tests");
  }
  stop(): Promise<RunEnd> {
    this.end.resolve({ how: "stopped", step: 9 });
    return this.ended;
  }
  dispose(): void {
    this.disposed = true;
  }
}

class FakeSource implements RunsSource {
  runs: RunInfo[] = [];
  scans = 0;
  connections = 0;
  readonly live = new Map<string, FakeLive>();
  refuse: Error | undefined;
  hold: Promise<void> | undefined;

  roots(): readonly string[] {
    return ["/w"];
  }
  async find(_root?: string): Promise<readonly RunInfo[]> {
    this.scans += 1;
    await this.hold;
    return this.runs;
  }
  describe({ dir }: RunInfo): Promise<RunInfo | undefined> {
    return Promise.resolve(this.runs.find((run) => run.dir === dir));
  }
  connect(dir: string): Promise<LiveRun | undefined> {
    this.connections += 1;
    if (this.refuse) return Promise.reject(this.refuse);
    const live = new FakeLive(dir);
    this.live.set(dir, live);
    return Promise.resolve(live);
  }
  nowSeconds(): number {
    return now;
  }
}

function runAt(name: string, state: RunInfo["state"]): RunInfo {
  return { name, dir: `/w/${name}`, state, tags: 0, checkpoints: 0, bytes: 0 };
}

async function listOf(...runs: RunInfo[]) {
  const source = new FakeSource();
  source.runs = runs;
  const list = new RunList(source);
  await list.refresh();
  const live = (name: string): FakeLive => {
    const found = source.live.get(`/w/${name}`);
    if (!found) throw new Error(`${name} is not connected`);
    return found;
  };
  return { source, list, live };
}

describe("a list of runs", () => {
  test("connects to the running ones, once each", async () => {
    const { source, list } = await listOf(runAt("a", "running"), runAt("b", "finished"));
    await list.refresh();
    expect([...source.live.keys()]).toEqual(["/w/a"]);
    expect(source.connections).toBe(1);
  });
  test("shows what a door tells before the disk knows it", async () => {
    const { list, live } = await listOf(runAt("a", "running"));
    const changed: (string | undefined)[] = [];
    list.onDidChange((dir) => changed.push(dir));
    live("a").progress.fire({ step: 12, loss: { tag: "loss", value: 0.5 } });
    expect(list.get("/w/a")).toMatchObject({ lastStep: 12, lastWallTimeSeconds: now, progress: { step: 12 } });
    expect(changed).toEqual(["/w/a"]);
  });
  test("forgets runs that are gone", async () => {
    const { source, list } = await listOf(runAt("a", "finished"));
    source.runs = [];
    await list.refresh();
    expect(list.all).toEqual([]);
  });
  test("names the folder of runs that have one name in two of them", async () => {
    const source = new FakeSource();
    source.roots = () => ["/w/one", "/w/two"];
    source.find = async (root?: string) => [{ ...runAt("a", "finished"), dir: `${root}/a` }, { ...runAt(`b of ${root}`, "finished"), dir: `${root}/b` }];
    const list = new RunList(source);
    await list.refresh();
    expect(list.all.map(({ name }) => name).sort()).toEqual(["a (one)", "a (two)", "b of /w/one", "b of /w/two"]);
  });
  test("serves wishes that come during a scan with one more scan", async () => {
    const source = new FakeSource();
    const gate = deferred<void>();
    source.hold = gate.promise;
    const list = new RunList(source);
    const first = list.refresh();
    void list.refresh();
    void list.refresh();
    gate.resolve();
    await first;
    expect(source.scans).toBe(2);
  });
  test("tells the end of a run, with the run as its folder says it is", async () => {
    const { source, list, live } = await listOf(runAt("a", "running"));
    const ended = deferred<{ run: RunInfo; end: RunEnd }>();
    list.onEnded(ended.resolve);
    const connection = live("a");
    source.runs = [runAt("a", "stopped")];
    await list.stopAll();
    expect(await ended.promise).toMatchObject({ run: { state: "stopped" }, end: { how: "stopped", step: 9 } });
    expect(list.live("/w/a")).toBeUndefined();
    expect(connection.disposed).toBe(true);
    expect(list.running).toEqual([]);
  });
  test("keeps a failure to look apart from an empty folder", async () => {
    const { source, list } = await listOf(runAt("a", "finished"));
    source.find = () => Promise.reject(new Error("no permission"));
    await list.refresh();
    expect(list.problem).toMatchObject({ message: "no permission" });
    expect(list.all.map(({ name }) => name)).toEqual(["a"]);
  });
  test("says once which trainer does not let us in, and goes on", async () => {
    const source = new FakeSource();
    source.runs = [runAt("a", "running")];
    source.refuse = new Error("another protocol");
    const list = new RunList(source);
    const refused: string[] = [];
    list.onRefused(({ dir }) => refused.push(dir));
    await list.refresh();
    await list.refresh();
    expect(refused).toEqual(["/w/a"]);
    expect(list.running).toHaveLength(1);
  });
  test("lists a run that was just started once its door lets in, which is when its record is there", async () => {
    const { source, list } = await listOf();
    const connect = source.connect.bind(source);
    source.connect = async (dir) => {
      const live = await connect(dir);
      source.runs = [runAt("a", "running")];
      return live;
    };
    expect(await list.started("/w/a")).toBe(true);
    expect(list.running.map(({ name }) => name)).toEqual(["a"]);
    expect(source.connections).toBe(1);
  });
  test("lists a run that was over before its door let anyone in", async () => {
    const { source, list } = await listOf();
    source.connect = () => Promise.resolve(undefined);
    source.runs = [{ ...runAt("a", "failed"), end: { how: "failed", exitCode: 1 } }];
    expect(await list.started("/w/a")).toBe(false);
    expect(list.get("/w/a")?.end).toMatchObject({ how: "failed" });
  });
  test("tells the end of a run that ends while its folder is still looked at", async () => {
    const { source, list } = await listOf();
    const connect = source.connect.bind(source);
    source.connect = async (dir) => {
      const live = await connect(dir);
      source.runs = [runAt("a", "failed")];
      await live?.stop();
      return live;
    };
    const ends: string[] = [];
    list.onEnded(({ run }) => ends.push(run.name));
    expect(await list.started("/w/a")).toBe(true);
    await list.refresh();
    expect(ends).toEqual(["a"]);
  });
  test("lets go of all connections when it is disposed of", async () => {
    const { list, live } = await listOf(runAt("a", "running"));
    const connection = live("a");
    list.dispose();
    expect(connection.disposed).toBe(true);
  });
});
