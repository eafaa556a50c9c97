import { copyFile, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startRun } from "#host/engines/localEngine";
import { readRunRecord } from "#node/runRecord";
import { next, script, trainerProgram, useTrainings } from "../../support/trainings";

const { start, startLive, folder, another, temporary } = useTrainings();

describe("a training from start to end", () => {
  test("tells its first point, its progress, its checkpoints and its end, and leaves TensorFlow's files", async () => {
    const { connection, dir, log } = await start("descend.ts", ["--max_steps", "30"]);
    if (!connection) throw new Error(await log());
    const steps: number[] = [];
    const saved: string[] = [];
    connection.onScalars((batches) => steps.push(...(batches.find(({ tag }) => tag === "loss")?.steps ?? [])));
    connection.onCheckpoint(({ prefix }) => saved.push(prefix));
    const end = await connection.ended;
    expect(end, await log()).toEqual({ how: "finished", step: 30, exitCode: 0 });
    expect(steps).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
    expect(saved).toEqual(["model-10", "model-20", "model-30"]);
    const files = await readdir(dir);
    expect(files).toEqual(expect.arrayContaining(["checkpoint", "graph.pbtxt", "run.json", "trainer.log", "model-30.index", "model-30.meta"]));
    expect(files.some((name) => name.startsWith("events.out.tfevents."))).toBe(true);
    expect(await log()).toContain("saving at 30\ndone");
  });
  test("writes down what TensorFlow's files cannot say", async () => {
    const { connection, dir } = await start("descend.ts", ["--max_steps", "5", "--max_to_keep", "4"]);
    await connection?.ended;
    expect(await readRunRecord(dir)).toMatchObject({
      version: 1,
      script: script("descend.ts"),
      args: ["--max_steps", "5", "--max_to_keep", "4"],
      backend: { name: "cpu" },
      backendAsked: "cpu",
      retention: { maxToKeep: 4, keepCheckpointEveryNHours: 10000 },
      state: "finished",
      end: { how: "finished", step: 5 },
    });
  });
  test("tells how far it is", async () => {
    const { connection } = await startLive();
    const progress = await next(connection.onProgress, ({ stepsPerSecond }) => stepsPerSecond !== undefined);
    expect(progress).toMatchObject({ of: 100_000, loss: { tag: "loss" } });
    expect(progress.secondsLeft).toBeGreaterThan(0);
  });
  test("keeps its token from its script and from other users", async () => {
    const { dir, log, ended } = await start("plain.mjs", ["0"]);
    await ended;
    expect((await stat(join(dir, "trainer.log"))).mode & 0o077).toBe(0);
    expect(await readFile(join(dir, "run.json"), "utf8")).not.toMatch(/[0-9a-f]{64}/);
    expect(await log()).toContain("plain");
  });
});

describe("a script", () => {
  test("may be several TypeScript files, with types and enums", async () => {
    const training = await start("imports.ts");
    expect(await training.ended).toMatchObject({ how: "finished" });
    expect(await training.log()).toContain("mode train");
  });
  test("keeps its lines: an error names the place in the source", async () => {
    const training = await start("imports.ts", ["--fail"]);
    expect(await training.ended).toMatchObject({ how: "failed", exitCode: 1, error: "line ten" });
    expect(await training.log()).toMatch(/imports\.ts:10:/);
  });
  test("without a main function fails with a sentence that says what to write", async () => {
    const training = await start("noMain.js");
    expect((await training.ended)?.error).toMatch(/noMain\.js exports no main function\. Write: export default async function main/);
  });
  test("that throws before it trains fails with its own message", async () => {
    const training = await start("throwsAtOnce.mjs");
    expect(await training.ended).toMatchObject({ how: "failed", error: "the data set is not where it should be" });
    expect(await training.log()).toMatch(/throwsAtOnce\.mjs:3/);
  });
  test("whose error nobody can catch fails, too", async () => {
    const training = await start("failsLater.cjs");
    expect(await training.ended).toMatchObject({ how: "failed", exitCode: 1, error: "out of a timer" });
  });
  test("that fails in the middle says at which step", async () => {
    const training = await start("descend.ts", ["--fail_at", "7"]);
    expect(await training.ended).toMatchObject({ how: "failed", step: 7, error: "step 7 was one too many" });
  });
});

test("a script that has no TensorFlow.js of its own trains with ours", async () => {
  const { ended, log } = await start("descend.ts", ["--max_steps", "3"], { script: join(await copied("descend.ts"), "descend.ts") });
  expect(await ended, await log()).toMatchObject({ how: "finished", step: 3 });
});

/** A folder outside the project with a copy of a script. */
async function copied(name: string): Promise<string> {
  const dir = await temporary.folder("elsewhere");
  await copyFile(script(name), join(dir, name));
  return dir;
}

describe("a start is refused", () => {
  const options = { script: script("descend.ts"), args: [], backend: "cpu", trainer: trainerProgram, node: process.execPath } as const;
  test("where there is no script", async () => {
    await expect(startRun({ ...options, script: "/nowhere/train.ts", logdir: folder("run") })).rejects.toThrow("There is no script /nowhere/train.ts.");
  });
  test("in a folder where a run is training, and that run goes on", async () => {
    const { dir, connection } = await startLive();
    await expect(startRun({ ...options, logdir: dir })).rejects.toThrow(/A run is training in/);
    await next(connection.onProgress, ({ step }) => step > 0);
  });
  test("with the reason when a backend asked for by name is not to be had", async () => {
    const training = await start("descend.ts", [], { backend: "cuda" });
    expect(await training.ended).toMatchObject({ how: "failed", exitCode: 1 });
    expect((await training.ended)?.error).toMatch(/^The backend cuda cannot be used: /);
  });
  test("with the tail of the log when the trainer does not come up", async () => {
    await expect(startRun({ ...options, trainer: script("throwsAtOnce.txt"), logdir: folder("run") })).rejects.toThrow(/ended at once \(exit code 1\)\.\n[^]*throwsAtOnce\.txt/);
  });
  test("when the setting for Node names something else", async () => {
    await expect(startRun({ ...options, node: "/bin/false", logdir: folder("run") })).rejects.toThrow("/bin/false is no Node.js.");
  });
});

test("a second training in a folder goes on where the first ended", async () => {
  const first = await start("descend.ts", ["--max_steps", "20"]);
  await first.ended;
  const second = await start("descend.ts", ["--max_steps", "10"]);
  expect(await second.ended).toMatchObject({ how: "finished", step: 30 });
});

test("a training goes on when its clients go away, and takes new ones", async () => {
  const { connection, dir } = await startLive();
  const { step } = await next(connection.onProgress);
  connection.dispose();
  const again = await another(dir);
  const later = await next(again.onProgress, (progress) => progress.step > step);
  expect(later.step).toBeGreaterThan(step);
});
