// A state file and a run.json that name files outside of the run: a save deletes none of them.
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { RunRecord } from "#model/run";
import { beforeSave } from "#runtime/saving/checkpointGuard";
import { CheckpointHistory } from "#runtime/saving/checkpointHistory";
import { Keeping } from "#trainer/keeping";
import { RecordKeeper } from "#trainer/recordKeeper";
import { FakeClock } from "../../support/fakeClock";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();
const record: RunRecord = { version: 1, script: "/s.ts", args: [], startedSeconds: 1, state: "running" };
let dir: string;
let elsewhere: string;

beforeEach(async () => {
  dir = await temporary.folder("run");
  elsewhere = await temporary.folder("elsewhere");
});

async function checkpoint(prefix: string): Promise<string> {
  await mkdir(dirname(prefix), { recursive: true });
  for (const ending of [".index", ".data-00000-of-00001"]) await writeFile(`${prefix}${ending}`, "bytes");
  return prefix;
}

/** One save after a list was taken over, under a rule that keeps one: the oldest of the list has to go. */
async function saveAfter(taken: readonly string[], folder = dir): Promise<readonly string[]> {
  const problems: string[] = [];
  const clock = new FakeClock(Date.now() / 1000);
  const history = new CheckpointHistory({ policy: { maxToKeep: 1, keepCheckpointEveryNHours: 10_000 }, clock, saveRelativePaths: false, onProblem: (text) => problems.push(text) });
  await history.recover(taken);
  const path = join(folder, "model-9");
  await beforeSave(path);
  const { deleted } = await history.record(await checkpoint(path));
  expect(problems).toEqual([]);
  return deleted;
}

function keep(more: Partial<RunRecord> = {}): Keeping {
  return new Keeping(dir, new RecordKeeper(dir, { ...record, ...more }, () => undefined), (text) => {
    throw new Error(text);
  });
}

test("what lies in another folder leaves the list and stays, by a path with dots, an absolute one, or a link", async () => {
  keep();
  await checkpoint(join(elsewhere, "model-1"));
  await symlink(elsewhere, join(dir, "sub"));
  for (const path of [join(dir, "../elsewhere/model-1"), `${dir}/../elsewhere/model-1`, join(elsewhere, "model-1"), join(dir, "sub/model-1")]) {
    expect(await saveAfter([path])).toEqual([]);
  }
  expect(await readdir(elsewhere)).toHaveLength(2);
});

test("what lies in the run goes in its turn, and so does what lies where this process saves", async () => {
  keep();
  const own = await checkpoint(join(dir, "model-1"));
  expect(await saveAfter([own])).toEqual([own]);
  const beside = await checkpoint(join(elsewhere, "model-1"));
  expect(await saveAfter([beside], elsewhere)).toEqual([beside]);
});

test("a run.json that calls a file elsewhere one of the best does not have it deleted", async () => {
  await checkpoint(join(elsewhere, "model-1"));
  const keeping = keep({ keepBest: { count: 1, tag: "loss", lower: true }, keptAsBest: ["../elsewhere/model-1"], bestValues: [{ prefix: "model-9", value: 1 }] });
  keeping.checkpointSaved({ path: await checkpoint(join(dir, "model-9")), deleted: [], spared: [] });
  await keeping.change({ kind: "dismissUndo" });
  expect(await readdir(elsewhere)).toHaveLength(2);
});
