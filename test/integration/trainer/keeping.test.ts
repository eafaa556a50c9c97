// What a person decides about checkpoints, while a run trains and after it.
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Checkpoints } from "#host/checkpoints/checkpoints";
import { startInProcessReader } from "#host/reader/inProcessReader";
import { readRunRecord, writeRunRecord } from "#node/runRecord";
import { next, trainerProgram, useTrainings } from "../../support/trainings";

const { start, startLive } = useTrainings();
const reader = startInProcessReader();
const checkpointsOf = (dir: string): Checkpoints => new Checkpoints({ dir, reader, trainer: trainerProgram, node: process.execPath });

async function indexes(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith(".index")).map((name) => name.slice(0, -".index".length));
}

describe("while training", () => {
  test("a protected checkpoint stays when its turn comes, and goes on being protected", async () => {
    const { connection, dir } = await startLive(["--max_to_keep", "2"]);
    await next(connection.onCheckpoint, ({ step }) => step === 10);
    const host = checkpointsOf(dir);
    await host.change({ kind: "protect", prefix: "model-10", note: "the first" });
    await next(connection.onCheckpoint, ({ step }) => step === 50);
    expect(await indexes(dir)).toContain("model-10");
    expect(await indexes(dir)).not.toContain("model-20");
    const { checkpoints } = await host.list();
    expect(checkpoints.at(-1)).toMatchObject({ prefix: "model-10", kept: "protected", reason: "Protected by you: “the first”", listed: false });
    await host.change({ kind: "unprotect", prefix: "model-10" });
    expect((await readRunRecord(dir))?.protected).toEqual([]);
  });

  test("another rule holds from the next save on, deletes one per save, and is foreseen", async () => {
    const { connection, dir } = await startLive(["--max_to_keep", "5"]);
    await next(connection.onCheckpoint, ({ step }) => step === 50);
    const host = checkpointsOf(dir);
    await host.change({ kind: "setPolicy", maxToKeep: 2, keepCheckpointEveryNHours: 10_000 });
    const { policy } = await host.list();
    expect(policy).toMatchObject({ maxToKeep: 2, source: "run.json" });
    const after = await next(connection.onCheckpoint);
    expect(after.deleted).toHaveLength(1);
    expect((await readRunRecord(dir))?.retentionAsked).toMatchObject({ maxToKeep: 2 });
  });

  test("of those that go the best stay, until better ones are saved", async () => {
    const { connection, dir } = await startLive(["--max_to_keep", "1"]);
    await next(connection.onCheckpoint, ({ step }) => step === 20);
    const host = checkpointsOf(dir);
    // The loss falls all the time: the highest one is among the first, and no later one beats it.
    await host.change({ kind: "setKeepBest", keepBest: { count: 1, tag: "loss", lower: false } });
    await next(connection.onCheckpoint);
    await next(connection.onCheckpoint);
    const record = await readRunRecord(dir);
    const [kept] = record?.keptAsBest ?? [];
    expect(await indexes(dir)).toContain(kept);
    expect((await host.list()).checkpoints.find(({ prefix }) => prefix === kept)).toMatchObject({ kept: "best", reason: "Best 1 by loss" });
    await host.change({ kind: "setKeepBest", keepBest: { count: 1, tag: "loss", lower: true } });
    const gone = next(connection.onCheckpoint);
    await gone;
    await next(connection.onCheckpoint);
    expect(await indexes(dir)).not.toContain(kept);
  });

  test("orphans are taken into the list, the oldest first, and go in their turn", async () => {
    const first = await start("descend.ts", ["--max_steps", "20", "--max_to_keep", "2"]);
    await first.ended;
    // A crash that lost the list: the restart takes over what the state file names.
    await writeFile(join(first.dir, "checkpoint"), 'model_checkpoint_path: "model-20"\nall_model_checkpoint_paths: "model-20"\n');
    const { connection, dir } = await startLive(["--max_to_keep", "2"]);
    await next(connection.onCheckpoint, ({ step }) => step >= 40);
    const host = checkpointsOf(dir);
    const orphans = (await host.list()).notices.find(({ kind }) => kind === "unmanaged")?.prefixes ?? [];
    expect(orphans).toEqual(["model-10"]);
    await host.change({ kind: "manage", prefixes: orphans });
    expect((await host.list()).checkpoints.find(({ prefix }) => prefix === "model-10")).toMatchObject({ listed: true, place: 3, kept: "newest" });
    const { deleted } = await next(connection.onCheckpoint);
    expect(deleted).toEqual(["model-10"]);
  });
});

describe("after training", () => {
  test("protection and rule are written to run.json, and the next training takes them over", async () => {
    const { dir, ended } = await start("descend.ts", ["--max_steps", "30", "--max_to_keep", "3"]);
    await ended;
    const host = checkpointsOf(dir);
    await host.change({ kind: "protect", prefix: "model-10" });
    await host.change({ kind: "setPolicy", maxToKeep: 1, keepCheckpointEveryNHours: 10_000 });
    const kept = await readRunRecord(dir);
    const beside = { policy: { maxToKeep: 2, keepCheckpointEveryNHours: 10_000 } };
    await host.prune({ ...(await host.planPrune({ prefix: "model-20" })), beside });
    expect((await readRunRecord(dir))?.retentionAsked).toEqual(beside.policy);
    await host.undo();
    expect(await readRunRecord(dir)).toEqual(kept);
    const again = await startLive(["--max_to_keep", "3"]);
    await next(again.connection.onCheckpoint, ({ step }) => step === 60);
    expect(await indexes(dir)).toContain("model-10");
    expect((await readRunRecord(dir))?.retention).toMatchObject({ maxToKeep: 1 });
  });

  test("a state file that names what is gone is repaired as shown, with relative paths, and TensorFlow's rule reads it", async () => {
    const { dir, ended } = await start("descend.ts", ["--max_steps", "30"]);
    await ended;
    await rm(join(dir, "model-30.index"));
    const host = checkpointsOf(dir);
    const { stateRepair, notices } = await host.list();
    expect(notices[0]).toMatchObject({ act: "repair" });
    if (!stateRepair) throw new Error("no repair is offered");
    await expect(host.change({ kind: "repairState", before: stateRepair.before, after: "something else" })).rejects.toThrow("has changed meanwhile");
    await host.change({ kind: "repairState", before: stateRepair.before, after: stateRepair.after });
    expect(await readFile(join(dir, "checkpoint"), "utf8")).toBe(
      'model_checkpoint_path: "model-20"\nall_model_checkpoint_paths: "model-10"\nall_model_checkpoint_paths: "model-20"\n',
    );
    expect((await host.list()).latest).toBe("model-20");
  });

  test("a run that another machine writes is left alone", async () => {
    const { dir, ended } = await start("descend.ts", ["--max_steps", "30"]);
    await ended;
    const record = await readRunRecord(dir);
    if (!record) throw new Error("no record");
    await writeRunRecord(dir, { ...record, state: "running", host: "gpu-3", pid: 4711 });
    const host = checkpointsOf(dir);
    expect((await host.list()).whyNoChange).toBe("Written by node, pid 4711, on gpu-3: it cannot be asked from here.");
    const plan = await host.planPrune({ prefix: "model-10" });
    await expect(host.prune(plan)).rejects.toThrow("is written by node, pid 4711, on gpu-3");
    await expect(host.change({ kind: "protect", prefix: "model-10" })).rejects.toThrow("whose door does not answer");
    await writeFile(join(dir, "note"), "untouched");
    expect(await indexes(dir)).toContain("model-10");
  });
});
