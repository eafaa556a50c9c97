import { describe, expect, test } from "vitest";
import { readRunRecord } from "#node/runRecord";
import { next, script, useTrainings } from "../../support/trainings";

const { start, startLive } = useTrainings();

/** Each way to break: what is to blame, on which line, with which values, and out of which. */
const ways = [
  ["logOfZero", { node: "loss/Log", op: "Log", line: 9, value: { elements: 2, infinite: 2, nan: 0 } }, [{ name: "loss/Relu:0", min: 0, max: 0 }]],
  ["overflow", { node: "loss/Exp", op: "Exp", line: 10, value: { elements: 2, infinite: 2, nan: 0 } }, [{ name: "position/read:0", nan: 0, infinite: 0 }]],
  ["zeroByZero", { node: "loss/truediv", op: "RealDiv", line: 11, value: { elements: 2, infinite: 0, nan: 2 } }, [{ name: "loss/Relu:0", min: 0, max: 0 }, { name: "loss/Relu_1:0", min: 0, max: 0 }]],
] as const;

describe.each(["cpu", "wasm"] as const)("a training that breaks on %s", (backend) => {
  test.each(ways)("by %s names the operation, its line, what went in and how far it came, and goes on", async (way, { line, ...blamed }, inputs) => {
    const { connection, dir, log } = await start("breaks.ts", [way], { backend });
    if (!connection) throw new Error(`the training is over already: ${await log()}`);
    const { found, start: from } = await next(connection.onNonFinite);
    expect(from).toMatchObject({ kind: "memory" });
    expect(found).toMatchObject({ ...blamed, source: { file: script("breaks.ts"), line }, inputs });
    expect(found?.reached).toEqual(expect.arrayContaining(["loss/Mean", "GradientDescent/update_position/ApplyGradientDescent"]));
    expect(await log()).toContain(`First value that is not finite: ${blamed.node} (${blamed.op}, breaks.ts:${line})`);
    expect(await readRunRecord(dir)).toMatchObject({ backend: { name: backend }, nonFinite: { found: { node: blamed.node } } });
    const { step } = await next(connection.onProgress);
    await next(connection.onProgress, (progress) => progress.step > step);
    expect(await connection.stop()).toMatchObject({ how: "stopped" });
  });
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
