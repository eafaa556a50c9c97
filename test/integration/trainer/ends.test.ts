import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runAt, stateOf } from "#host/runs/runFolders";
import { signalGroup } from "#node/processes";
import { readRunRecord } from "#node/runRecord";
import { next, useTrainings } from "../../support/trainings";

const { start, startLive, another } = useTrainings();

async function state(dir: string): Promise<string | undefined> {
  const run = await runAt(dir);
  return run && (await stateOf(run)).state;
}

describe("a stop", () => {
  test("ends the loop after its step, saves, and says that asking was enough", async () => {
    const { connection, dir } = await startLive(["--save_every", "100000"]);
    await next(connection.onProgress, ({ step }) => step > 3);
    const end = await connection.stop();
    expect(end).toMatchObject({ how: "stopped", rung: "asked", exitCode: 0 });
    expect(await readdir(dir)).toContain(`model.ckpt-${end.step}.index`);
    expect(await state(dir)).toBe("stopped");
  });
  test("by a signal is as gentle", async () => {
    const { connection, pid } = await startLive();
    await next(connection.onProgress);
    process.kill(pid, "SIGTERM");
    expect(await connection.ended).toMatchObject({ how: "stopped", exitCode: 0 });
  });
  test("that came before the first step is obeyed", async () => {
    const { connection } = await startLive();
    await connection.ask.stop({});
    expect(await connection.ended).toMatchObject({ how: "stopped" });
  });
  test("of a script that knows no stop goes on to terminate it", async () => {
    const { connection, dir } = await start("plain.mjs", ["3600000"]);
    const end = await connection?.stop({ graceMs: 100 });
    expect(end).toMatchObject({ how: "killed", rung: "terminated" });
    expect(await state(dir)).toBe("killed");
  });
  test("at once does not wait for the loop", async () => {
    const { connection } = await start("plain.mjs", ["3600000"]);
    expect(await connection?.stop({ now: true })).toMatchObject({ rung: "terminated" });
  });
  test("kills a process that hears no signal, and writes down the end that it could not", async () => {
    const { connection, dir, pid } = await start("plain.mjs", ["3600000"]);
    process.kill(pid, "SIGSTOP");
    expect(await connection?.stop({ graceMs: 50, terminateMs: 50 })).toMatchObject({ how: "killed", rung: "killed" });
    expect(await readRunRecord(dir)).toMatchObject({ state: "killed", end: { how: "killed", rung: "killed" } });
  });
});

describe("a trainer that is killed", () => {
  test("is lost to its clients, and in the list of runs", async () => {
    const { connection, dir, pid } = await startLive();
    await next(connection.onProgress);
    await signalGroup(pid, "SIGKILL");
    expect(await connection.ended).toMatchObject({ how: "lost" });
    expect(await state(dir)).toBe("lost");
    expect((await readRunRecord(dir))?.state).toBe("running");
  });
  test("gives way to a new one in the same folder, which restores what was saved", async () => {
    const first = await start("descend.ts", ["--max_steps", "100", "--vanish_at", "25"]);
    expect(await first.ended).toMatchObject({ how: "lost" });
    const second = await start("descend.ts", ["--max_steps", "5"]);
    expect(await second.ended).toMatchObject({ how: "finished", step: 25 });
  });
  test("in the middle of a save leaves a folder that restores", async () => {
    const size = String(4_000_000);
    const { connection, dir, pid } = await startLive(["--size", size, "--save_every", "1", "--pause_ms", "0"]);
    await next(connection.onCheckpoint);
    // Now saves follow each other: find one half done, by the files it has so far.
    await halfASave(dir);
    await signalGroup(pid, "SIGKILL");
    expect(await connection.ended).toMatchObject({ how: "lost" });
    const [, latest] = /model_checkpoint_path: "(.*)"/.exec(await readFile(join(dir, "checkpoint"), "utf8")) ?? [];
    const step = Number(latest?.split("-").at(-1));
    const again = await start("descend.ts", ["--size", size, "--max_steps", "1", "--save_every", "100000"]);
    expect(await again.ended, await again.log()).toMatchObject({ how: "finished", step: step + 1 });
  });
});

describe("two clients of one training", () => {
  test("see the same end", async () => {
    const { connection, dir } = await startLive();
    const second = await another(dir);
    const end = await second.stop();
    expect(await connection.ended).toMatchObject({ how: "stopped", step: end.step });
  });
});

/** Waits until there is data of a checkpoint whose index is not there yet. */
async function halfASave(dir: string): Promise<void> {
  for (;;) {
    const names = new Set(await readdir(dir));
    const data = [...names].find((name) => /\.data-00000-of-00001/.test(name) && !names.has(name.replace(/\.data-.*/, ".index")));
    if (data !== undefined) return;
  }
}
