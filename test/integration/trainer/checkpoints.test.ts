import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PrunePlan } from "#model/checkpoint";
import { readRunRecord } from "#node/runRecord";
import { bringBack, moveToTrash, stampOf } from "#node/trash";
import { lastOf, next, useTrainings } from "../../support/trainings";

const { start, startLive } = useTrainings();

async function planOf(dir: string, prefix: string): Promise<PrunePlan> {
  const files = (await readdir(dir)).filter((name) => name.startsWith(`${prefix}.`));
  const stamps = await Promise.all(files.map((name) => stampOf(join(dir, name))));
  return { deletes: [{ prefix, files, stamps, bytes: 1, reason: "chosen" }], keeps: [], bytes: 1 };
}

async function listed(dir: string): Promise<string[]> {
  const text = await readFile(join(dir, "checkpoint"), "utf8");
  return [...text.matchAll(/all_model_checkpoint_paths: "(.*)"/g)].map(([, path]) => path?.split("/").at(-1) ?? "");
}

describe("while training", () => {
  test("a restore puts the loop back, with the values of then, and the state before it is saved", async () => {
    const { connection, dir } = await startLive(["--max_to_keep", "0"]);
    const first = await next(connection.onCheckpoint, ({ step }) => step === 10);
    await next(connection.onCheckpoint, ({ step }) => step >= 40);
    const told: number[] = [];
    connection.onScalars((batches) => told.push(lastOf(batches, "loss") ?? NaN));
    const result = await connection.ask.restore({ prefix: first.prefix });
    expect(result).toMatchObject({ prefix: "model-10", step: 10 });
    expect(await readdir(dir)).toContain(`${result.savedBefore}.index`);
    const progress = await next(connection.onProgress, ({ step }) => step < 40);
    expect(progress.step).toBeGreaterThanOrEqual(10);
  });
  test("a preflight tells that it fits, and a restore of what is not there is refused", async () => {
    const { connection } = await startLive();
    const { prefix } = await next(connection.onCheckpoint);
    expect(await connection.ask.preflight({ prefix })).toMatchObject({ prefix, fits: true, missing: [], equal: 2 });
    await expect(connection.ask.restore({ prefix: "model-7" })).rejects.toThrow("There is no checkpoint");
    await next(connection.onProgress);
  });
  test("a save is made at once", async () => {
    const { connection, dir } = await startLive(["--save_every", "1000000"]);
    const told = next(connection.onCheckpoint);
    const { prefix, step } = await connection.ask.save({});
    expect(await told).toMatchObject({ prefix, step });
    expect(await readdir(dir)).toContain(`${prefix}.index`);
  });
  test("a prune moves exactly its plan, the saver forgets it, and undo takes back all of it: files, rule and protection", async () => {
    const { connection, dir } = await startLive(["--max_to_keep", "1000"]);
    await next(connection.onCheckpoint, ({ step }) => step === 30);
    const changed = next(connection.onCheckpointsChanged);
    const before = await readRunRecord(dir);
    const policy = { maxToKeep: 900, keepCheckpointEveryNHours: 10_000 };
    const { trash } = await connection.ask.prune({ ...(await planOf(dir, "model-10")), beside: { policy, protect: { prefix: "model-20", note: "best so far" } } });
    await changed;
    expect(await readRunRecord(dir)).toMatchObject({ retentionAsked: policy, retention: policy, protected: [{ prefix: "model-20" }] });
    expect(await readdir(dir)).not.toContain("model-10.index");
    await next(connection.onCheckpoint);
    expect(await listed(dir)).not.toContain("model-10");
    const rule = { maxToKeep: 1000, keepCheckpointEveryNHours: 10_000 };
    const tookBack = [{ kind: "unprotect", prefix: "model-20" }, { kind: "setPolicy", ...rule, byScript: true }];
    expect(await connection.ask.undoPrune({ trash })).toEqual({ prefixes: ["model-10"], tookBack });
    const { retention, retentionAsked, protected: guarded } = (await readRunRecord(dir)) ?? {};
    expect({ retention, retentionAsked, guarded }).toEqual({ retention: before?.retention, retentionAsked: undefined, guarded: [] });
    await next(connection.onCheckpoint);
    expect((await listed(dir))[0]).toBe("model-10");
    expect(await readdir(dir)).toContain("model-10.index");
  });
  test("a prune of the latest checkpoint is refused and training goes on", async () => {
    const { connection, dir } = await startLive(["--save_every", "1000000"]);
    const { prefix } = await connection.ask.save({});
    await expect(connection.ask.prune(await planOf(dir, prefix))).rejects.toThrow(/latest checkpoint is never pruned/);
    await next(connection.onProgress);
  });
});

describe("after training", () => {
  test("a new trainer starts from the checkpoint that it is given", async () => {
    const first = await start("descend.ts", ["--max_steps", "30"]);
    await first.ended;
    const second = await start("descend.ts", ["--max_steps", "5"], { restore: join(first.dir, "model-10") });
    expect(await second.ended, await second.log()).toMatchObject({ how: "finished", step: 15 });
  });
  test("the host changes the folder itself", async () => {
    const { dir, ended } = await start("descend.ts", ["--max_steps", "30"]);
    await ended;
    const { trash } = await moveToTrash(dir, await planOf(dir, "model-10"));
    expect(await listed(dir)).toEqual(["model-20", "model-30"]);
    await bringBack(dir, trash);
    expect(await listed(dir)).toEqual(["model-10", "model-20", "model-30"]);
  });
});
