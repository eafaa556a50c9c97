// A script in MonitoredTrainingSession style in a real trainer: its door answers as a Supervisor's does.
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { next, script, useTrainings } from "../../support/trainings";

const { startLive, start } = useTrainings();
const monitored = { script: script("monitored.ts") };

test("progress knows the last step that a hook plans, scalars come, a save is made at once, and a stop ends with a checkpoint", async () => {
  const { connection, dir, ended } = await startLive(["--last_step", "1000000"], monitored);
  expect((await next(connection.onProgress, ({ of }) => of === 1_000_000)).of).toBe(1_000_000);
  expect((await next(connection.onScalars)).map(({ tag }) => tag)).toContain("loss");
  const { prefix } = await connection.ask.save({});
  expect(await readdir(dir)).toContain(`${prefix}.index`);
  await connection.ask.stop({});
  const end = await ended;
  expect(end).toMatchObject({ how: "stopped", rung: "asked" });
  expect(await readdir(dir)).toContain(`model.ckpt-${end?.step}.index`);
});

test("a restore puts the loop back, and its hooks save on from there", async () => {
  const { connection, dir } = await startLive(["--last_step", "1000000"], monitored);
  await next(connection.onCheckpoint, ({ step }) => step >= 150);
  const result = await connection.ask.restore({ prefix: "model.ckpt-100" });
  expect(result).toMatchObject({ prefix: "model.ckpt-100", step: 100 });
  const saved = await next(connection.onCheckpoint);
  expect(saved.step).toBe(150);
  expect(await readdir(dir)).toContain(`${result.savedBefore}.index`);
});

test("a run that its hook ends is finished, and a run from one of its checkpoints goes on there", async () => {
  const first = await start("monitored.ts", ["--last_step", "120"]);
  expect(await first.ended).toMatchObject({ how: "finished", step: 120 });
  const again = await start("monitored.ts", ["--last_step", "130"], { logdir: `${first.dir}-branch`, restore: `${first.dir}/model.ckpt-50` });
  expect(await again.ended).toMatchObject({ how: "finished", step: 130 });
  const log = await again.log();
  expect(log).toContain("model.ckpt-50");
  expect(log).toContain("Saving checkpoints for 50 into");
});
