// A restore that somebody waits for: how much is read is told, and called off before all is read it leaves everything as it was.
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Checkpoints } from "#host/checkpoints/checkpoints";
import { createReader } from "#host/reader/readerService";
import { RunConnection } from "#host/runs/runConnection";
import { Emitter } from "#base/emitter";
import type { LookProgress } from "#model/checkpointLook";
import { readRunRecord } from "#node/runRecord";
import { next, trainerProgram, useTrainings } from "../../support/trainings";
import { until } from "../../support/vscode/until";

const { start } = useTrainings();
const progress = new Emitter<LookProgress>();
const reader = createReader({ seriesChanged: () => undefined, taskProgressed: (told) => progress.fire(told) });
const looks = { onTaskProgressed: progress.event, cancelTask: (task: string) => reader.cancelTask({ task }) };
const checkpointsOf = (dir: string, connection?: RunConnection): Checkpoints =>
  new Checkpoints({ dir, reader, looks, trainer: trainerProgram, node: process.execPath, ...(connection && { connection: () => connection }) });

/** Every file of a folder with its bytes. */
async function everything(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir)).sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), "latin1")] as const)));
}

async function checkpointFiles(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => /^(checkpoint|model)/.test(name)).sort();
}

test("a training tells what it has read, and called off it trains on as if nothing had been asked", async () => {
  const { dir, connection } = await start("descend.ts", ["--max_steps", "100000", "--save_every", "1000000", "--hold"]);
  if (!connection) throw new Error("the training is over already");
  const { prefix } = await connection.ask.save({});
  await writeFile(join(dir, "hold"), "");
  await until("the pause between two steps", () => existsSync(join(dir, "held")));
  const [before, cancel] = [await checkpointFiles(dir), new AbortController()];
  const waiting = checkpointsOf(dir, connection).restore(prefix, { watch: { signal: cancel.signal } });
  const other = connection.ask.restore({ prefix, task: "mine" });
  cancel.abort();
  await connection.ask.cancelRestore({ task: "mine" });
  // Asks are taken in their order: when this one is answered, those before it were heard.
  await connection.ask.cancelRestore({ task: "nobody's" });
  await rm(join(dir, "hold"));
  expect([await waiting, await other]).toMatchObject([{ kind: "cancelled" }, { cancelled: true, variables: 0 }]);
  expect(await checkpointFiles(dir)).toEqual(before);
  expect((await readRunRecord(dir))?.lineage).toBeUndefined();
  await next(connection.onProgress);
  const told: number[][] = [];
  const done = await checkpointsOf(dir, connection).restore(prefix, { watch: { progressed: (...sizes) => told.push(sizes) } });
  expect(done).toMatchObject({ kind: "restored", result: { prefix, variables: 2 } });
  expect([told[0], told.at(-1)]).toEqual([[0, 16], [16, 16]]);
});

test("of a run that has ended all is read before anything starts; called off meanwhile, its folder is as it was", async () => {
  const { dir, ended } = await start("descend.ts", ["--max_steps", "20"]);
  await ended;
  const host = checkpointsOf(dir);
  const before = await everything(dir);
  for (const branch of [undefined, "branch"]) {
    const cancel = new AbortController();
    const told: number[][] = [];
    const progressed = (...sizes: number[]): void => {
      told.push(sizes);
      cancel.abort();
    };
    expect(await host.restore("model-10", { watch: { signal: cancel.signal, progressed }, ...(branch && { branch }) })).toEqual({ kind: "cancelled" });
    expect(told[0]).toEqual([0, 16]);
  }
  expect(await host.restore("model-10", { watch: { signal: AbortSignal.abort() } })).toEqual({ kind: "cancelled" });
  expect(await everything(dir)).toEqual(before);
  expect(await readdir(join(dir, ".."))).not.toContain("branch");
});

test("a damaged checkpoint starts nothing and changes nothing", async () => {
  const { dir, ended } = await start("descend.ts", ["--max_steps", "20"]);
  await ended;
  const data = join(dir, "model-10.data-00000-of-00001");
  const bytes = await readFile(data);
  bytes[0] = 255 - (bytes[0] ?? 0);
  await writeFile(data, bytes);
  const before = await everything(dir);
  await expect(checkpointsOf(dir).restore("model-10")).rejects.toThrow(/model-10 is damaged, so nothing was started: .*is damaged/);
  expect(await everything(dir)).toEqual(before);
});

test("a run that goes on from an older checkpoint says so once it has, and holds the newest for the undo", async () => {
  const { dir, ended } = await start("descend.ts", ["--max_steps", "20"]);
  await ended;
  const restored = await checkpointsOf(dir).restore("model-10");
  if (restored.kind !== "started") throw new Error("nothing was started");
  const connection = await RunConnection.connect(dir);
  onTestFinished(() => connection?.dispose());
  await connection?.ended;
  const record = await readRunRecord(dir);
  expect(record?.lineage).toMatchObject([{ from: "model-10", step: 10 }]);
  // The run came to step 20 again and saved it: what was held has another name since, and its own bytes.
  expect(record?.undoRestore).toEqual({ restored: "model-10", savedBefore: "model-before-restore-20" });
  expect(record?.end).toMatchObject({ how: "finished", step: 30 });
});
