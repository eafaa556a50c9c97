import { expect, test } from "vitest";
import { readRunRecord } from "#node/runRecord";
import { next, script, useTrainings } from "../../support/trainings";

const { start, startLive } = useTrainings();

test("a training that breaks names the operation, its line and what went in, and goes on", async () => {
  const { connection, dir, log } = await start("breaks.ts");
  if (!connection) throw new Error("the training is over already");
  const { found, start: from } = await next(connection.onNonFinite);
  expect(from).toMatchObject({ kind: "memory" });
  expect(found).toMatchObject({ node: "loss/Sqrt", op: "Sqrt", source: { file: script("breaks.ts"), line: 10 }, value: { nan: 2, elements: 2 } });
  expect(found?.inputs[0]).toMatchObject({ name: "position/read:0", nan: 0 });
  expect(found?.inputs[0]?.max).toBeLessThan(0);
  expect(found?.reached).toEqual(expect.arrayContaining(["loss/Mean", "GradientDescent/update_position/ApplyGradientDescent"]));
  expect(await log()).toContain("First value that is not finite: loss/Sqrt (Sqrt, breaks.ts:10)");
  expect(await readRunRecord(dir)).toMatchObject({ nonFinite: { found: { node: "loss/Sqrt" } } });
  const { step } = await next(connection.onProgress);
  await next(connection.onProgress, (progress) => progress.step > step);
  expect(await connection.stop()).toMatchObject({ how: "stopped" });
});

test("a sound training can be searched while it goes on", async () => {
  const { connection } = await startLive();
  await next(connection.onProgress, ({ step }) => step > 3);
  const search = await connection.ask.searchNonFinite({});
  expect(search).toMatchObject({ start: { kind: "present" }, runs: 200 });
  expect(search.found).toBeUndefined();
});

test("step times come from runs after the first ask", async () => {
  const { connection } = await startLive();
  await next(connection.onProgress, ({ step }) => step > 3);
  expect(await connection.ask.stepTimes({})).toMatchObject({ samples: 0 });
  let times = await connection.ask.stepTimes({});
  while (times.samples === 0) {
    // What is told of next may have run before the ask.
    await next(connection.onProgress, () => true);
    times = await connection.ask.stepTimes({});
  }
  expect(times.names).toContain("Mean");
  expect(times.milliseconds).toBeInstanceOf(Float64Array);
});
