import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCheckpointFacts } from "#host/reader/checkpointFacts";
import { CheckpointHealth } from "#host/reader/checkpointHealth";
import type { RunRecord } from "#model/run";
import { writeRunRecord } from "#node/runRecord";
import { putCheckpoint, temporaryFolder } from "./temporaryFolder";

const factsOf = (dir: string) => readCheckpointFacts(dir, { nowSeconds: 9000, health: new CheckpointHealth() });

const record: RunRecord = { version: 1, script: "/s.ts", args: [], startedSeconds: 5000, state: "finished" };

async function writeState(dir: string, latest: string, ...listed: string[]): Promise<void> {
  const lines = [`model_checkpoint_path: "${latest}"`, ...listed.map((path) => `all_model_checkpoint_paths: "${path}"`)];
  await writeFile(join(dir, "checkpoint"), `${lines.join("\n")}\n`);
}

describe("what lies in a run's folder", () => {
  test("checkpoints are told by their files, with step, time and bytes", async () => {
    const dir = await temporaryFolder();
    await putCheckpoint(dir, "model-20", 2000);
    await writeState(dir, "model-20", "model-20");
    const { found, state, problems, writer } = await factsOf(dir);
    expect(found).toMatchObject([{
      prefix: "model-20", step: 20, wallTimeSeconds: 2000, bytes: 30, complete: true,
      files: ["model-20.data-00000-of-00001", "model-20.index", "model-20.meta"],
    }]);
    expect({ state, problems, writer }).toEqual({ state: { latest: "model-20", listed: ["model-20"] }, problems: [], writer: "foreign" });
  });

  test("one that lacks its index, a data file or a shard is incomplete", async () => {
    const dir = await temporaryFolder();
    await putCheckpoint(dir, "a-1", 1, ["data-00000-of-00001"]);
    await putCheckpoint(dir, "b-1", 1, ["index"]);
    await putCheckpoint(dir, "c-1", 1, ["index", "data-00001-of-00002"]);
    await putCheckpoint(dir, "d-1", 1, ["index", "data-00000-of-00002", "data-00001-of-00002"]);
    const { found } = await factsOf(dir);
    expect(Object.fromEntries(found.map(({ prefix, lacks }) => [prefix, lacks]))).toEqual({
      "a-1": "index file", "b-1": "data file", "c-1": "data file", "d-1": undefined,
    });
  });

  test("a meta graph alone, half-written files and others are no checkpoint", async () => {
    const dir = await temporaryFolder();
    await putCheckpoint(dir, "model-1", 1, ["meta"]);
    for (const name of ["model-2.data-00000-of-00001.tempstate123", "graph.pbtxt", "notes.index.txt"]) await writeFile(join(dir, name), "x");
    expect((await factsOf(dir)).found).toEqual([]);
  });

  test("a checkpoint of the old format counts where the state file lists it", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, "old-7"), "table");
    await writeState(dir, "old-7", "old-7");
    expect((await factsOf(dir)).found).toMatchObject([{ prefix: "old-7", step: 7, files: ["old-7"], complete: true }]);
  });

  test("listed checkpoints are also found in folders below", async () => {
    const dir = await temporaryFolder();
    await mkdir(join(dir, "saved"));
    await putCheckpoint(dir, "saved/model-3", 3);
    await writeState(dir, "saved/model-3", "saved/model-3");
    expect((await factsOf(dir)).found).toMatchObject([{ prefix: "saved/model-3", step: 3, complete: true }]);
  });
});

describe("the state file", () => {
  test("with absolute paths of a folder that was moved is taken by names, and that is said", async () => {
    const dir = await temporaryFolder();
    await putCheckpoint(dir, "model-1", 1);
    await writeState(dir, "/data/exp/model-1", "/data/exp/model-1");
    const { state, problems } = await factsOf(dir);
    expect(state).toEqual({ latest: "model-1", listed: ["model-1"] });
    expect(problems).toEqual(["The state file names /data/exp/model-1, which was moved: model-1 in this folder is taken for it."]);
  });

  test("with absolute paths into the folder itself is relative", async () => {
    const dir = await temporaryFolder();
    await putCheckpoint(dir, "model-1", 1);
    await writeState(dir, join(dir, "model-1"), join(dir, "model-1"));
    expect(await factsOf(dir)).toMatchObject({ state: { latest: "model-1", listed: ["model-1"] }, problems: [] });
  });

  test("that cannot be read is a problem, one that is not there is none here", async () => {
    const dir = await temporaryFolder();
    expect((await factsOf(dir)).problems).toEqual([]);
    await writeFile(join(dir, "checkpoint"), "no such field: 7");
    const { state, problems } = await factsOf(dir);
    expect({ state, problems }).toEqual({ state: undefined, problems: ["The state file cannot be read: a restart would find no checkpoint."] });
  });
});

describe("who writes, and since when", () => {
  test("is told by the event files of a foreign run", async () => {
    const dir = await temporaryFolder();
    for (const seconds of [1700000100, 1700000000]) await writeFile(join(dir, `events.out.tfevents.${seconds}.host`), "");
    expect((await factsOf(dir)).builtSeconds).toEqual([1700000000, 1700000100]);
  });

  test("is told by run.json for the last Saver, by event files for those before", async () => {
    const dir = await temporaryFolder();
    for (const seconds of [1700000000, 1700000500]) await writeFile(join(dir, `events.out.tfevents.${seconds}.host`), "");
    const retention = { maxToKeep: 7, keepCheckpointEveryNHours: 0.5 };
    await writeRunRecord(dir, { ...record, startedSeconds: 1700000490, saverBuiltSeconds: 1700000495.5, nextKeepSeconds: 1700009999, retention });
    expect(await factsOf(dir)).toMatchObject({
      builtSeconds: [1700000000, 1700000495.5], nextKeepSeconds: 1700009999, policy: retention, writer: "ended",
    });
  });

  test("a record that says running counts only while its process is there", async () => {
    const dir = await temporaryFolder();
    await writeRunRecord(dir, { ...record, state: "running", pid: process.pid });
    expect((await factsOf(dir)).writer).toBe("running");
    await writeRunRecord(dir, { ...record, state: "running", pid: 2 ** 30 });
    expect((await factsOf(dir)).writer).toBe("ended");
  });
});
