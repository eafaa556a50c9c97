// A training that is asked where its time goes and where its values broke.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { NonFiniteSearch } from "#model/diagnosis";
import { group } from "#runtime/graph/controlDependencies";
import { resetDefaultGraph } from "#runtime/graph/graph";
import { hostCall } from "#runtime/graph/hostCall";
import { randomUniform } from "#runtime/graph/randomOps";
import type { Session } from "#runtime/graph/session";
import { buildGraph, endAllTracing } from "#runtime/graph/trace";
import { Saver } from "#runtime/saving/saver";
import { getVariable } from "#runtime/scope/getVariable";
import { onesInitializer, zerosInitializer } from "#runtime/scope/initializers";
import { nameScope } from "#runtime/scope/nameScope";
import { AdamOptimizer } from "#runtime/training/adamOptimizer";
import { keepStateNow, searchNonFiniteNow, stepTimesNow } from "#runtime/training/diagnosis";
import { getOrCreateGlobalStep } from "#runtime/training/globalStep";
import { GradientDescentOptimizer } from "#runtime/training/gradientDescentOptimizer";
import { Supervisor } from "#runtime/training/supervisor";

let logdir: string;
beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
  logdir = await mkdtemp(join(tmpdir(), "diagnosis-"));
});
afterEach(async () => {
  endAllTracing();
  await rm(logdir, { recursive: true });
});

/** A loss over numbers that the host gives, and whether the training minimises it. */
interface Planted {
  readonly loss: (w: tf.Tensor, x: tf.Tensor) => tf.Scalar;
  readonly numbers: () => readonly number[];
  readonly minimise?: boolean;
}

function script({ loss, numbers, minimise = true }: Planted) {
  return buildGraph(() => {
    const [x] = hostCall({ name: "numbers", outputs: [{ dtype: "float32", shape: [4] }], call: () => [numbers()] });
    const w = getVariable("w", { shape: [4], initializer: onesInitializer() });
    const noise = getVariable("noise", { shape: [2], initializer: zerosInitializer() });
    const step = getOrCreateGlobalStep();
    const value = nameScope("loss", () => loss(w, x as tf.Tensor));
    const update = minimise
      ? new GradientDescentOptimizer(0.1).minimize(value, { varList: [w] })
      : w.assignAdd(tf.zeros([4]));
    const train = group([update, step.assignAdd(1), noise.assign(randomUniform([2], { seed: 7 }))], { name: "train" });
    const saver = new Saver();
    return { w, noise, step, train, value, saver, supervisor: new Supervisor({ logdir, saver: null, saveSummariesSecs: 0 }) };
  });
}

type Script = ReturnType<typeof script>;

async function during<T>(program: Script, session: Session, asked: Promise<T>): Promise<T> {
  let settled = false;
  const watched = asked.finally(() => (settled = true));
  watched.catch(() => undefined);
  while (!settled) {
    await session.run({ train: program.train, value: program.value });
    await turn();
  }
  return watched;
}

const stepOnce = (program: Script, session: Session) => session.run({ train: program.train, value: program.value });

const square = (w: tf.Tensor, x: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.mul(w, x)));
const fine = [1, 2, 3, 4];

/** Trains until the loss breaks, then searches. */
async function broken(planted: Planted, before: (session: Session, program: Script) => Promise<void> = async () => undefined) {
  const program = script(planted);
  let result: NonFiniteSearch | undefined;
  await program.supervisor.managedSession(async (session) => {
    await before(session, program);
    await stepOnce(program, session);
    await stepOnce(program, session);
    result = await during(program, session, searchNonFiniteNow());
  });
  return result;
}

describe("a search for the first value that is not finite", () => {
  test.each([
    ["log(0)", "Log", { loss: (_w: tf.Tensor, x: tf.Tensor) => tf.mean(tf.log(x)) as tf.Scalar, numbers: () => [0, 1, 2, 3] }, { infinite: 1, nan: 0 }],
    ["overflow", "Exp", { loss: (_w: tf.Tensor, x: tf.Tensor) => tf.mean(tf.exp(x)) as tf.Scalar, numbers: () => [100, 1, 1, 1] }, { infinite: 1, nan: 0 }],
    ["0/0", "RealDiv", { loss: (_w: tf.Tensor, x: tf.Tensor) => tf.mean(tf.div(x, x)) as tf.Scalar, numbers: () => [0, 1, 2, 3] }, { infinite: 0, nan: 1 }],
  ] as const)("names a planted %s with scope, line and the ranges of its inputs", async (_name, op, planted, counts) => {
    const result = await broken({ ...planted, minimise: false });
    expect(result?.start).toMatchObject({ kind: "present" });
    const found = result?.found;
    expect(found).toMatchObject({ op, value: { shape: [4], elements: 4, ...counts } });
    expect(found?.node).toMatch(/^loss\//);
    expect(found?.source?.file).toBe(import.meta.filename);
    expect(found?.inputs[0]).toMatchObject({ name: "numbers:0", nan: 0, infinite: 0, min: Math.min(...planted.numbers()), max: Math.max(...planted.numbers()) });
    expect(found?.reached).toContain("loss/Mean");
    expect(found?.spread?.map(({ name }) => name)).toEqual(found?.reached.slice(0, 50));
    expect(found?.spread?.find(({ name }) => name === "loss/Mean")).toEqual({ name: "loss/Mean", shape: [], elements: 1, ...counts });
  });

  test("names the examples themselves where they hold NaN", async () => {
    const result = await broken({ loss: square, numbers: () => [1, Number.NaN, 3, 4], minimise: false });
    expect(result?.found).toMatchObject({ node: "numbers", op: "PyFunc", value: { nan: 1, elements: 4 }, inputs: [] });
  });

  test("starts from a state kept in memory where the variables are broken already", async () => {
    let numbers: readonly number[] = fine;
    const result = await broken({ loss: (w, x) => tf.mean(tf.mul(w, tf.log(x))), numbers: () => numbers }, async (session, program) => {
      await during(program, session, keepStateNow());
      numbers = [0, 1, 2, 3];
    });
    expect(result).toMatchObject({ start: { kind: "memory", step: 0 }, found: { op: "Log", step: 0 } });
    expect(result?.found?.reached).toEqual(expect.arrayContaining(["loss/Mean"]));
  });

  test("starts from the newest checkpoint that is finite where nothing is kept", async () => {
    let numbers: readonly number[] = fine;
    const result = await broken({ loss: (w, x) => tf.mean(tf.mul(w, tf.log(x))), numbers: () => numbers }, async (session, program) => {
      await stepOnce(program, session);
      await program.saver.save(session, join(logdir, "model"), { globalStep: program.step });
      numbers = [0, 1, 2, 3];
      await stepOnce(program, session);
      await program.saver.save(session, join(logdir, "model"), { globalStep: program.step });
    });
    expect(result).toMatchObject({ start: { kind: "checkpoint", step: 1, prefix: join(logdir, "model-1") }, found: { op: "Log", step: 1 } });
  });

  test("says that no good state is left where there is none", async () => {
    const result = await broken({ loss: (w, x) => tf.mean(tf.mul(w, tf.log(x))), numbers: () => [0, 1, 2, 3] });
    expect(result).toEqual({ runs: 0 });
  });

  test("finds nothing in a sound training, and leaves variables and random numbers as they were", async () => {
    const searched = script({ loss: square, numbers: () => fine });
    const values: unknown[] = [];
    const numbersOf = async (program: Script, session: Session) => [
      ...(await session.readVariable(program.w)), ...(await session.readVariable(program.noise)), ...(await session.readVariable(program.step)),
    ];
    await searched.supervisor.managedSession(async (session) => {
      for (let i = 0; i < 3; i++) await stepOnce(searched, session);
      const searching = searchNonFiniteNow();
      await stepOnce(searched, session);
      expect(await searching).toMatchObject({ start: { kind: "present", step: 3 } });
      expect((await searching)?.found).toBeUndefined();
      values.push(await numbersOf(searched, session));
    });
    resetDefaultGraph();
    await rm(logdir, { recursive: true });
    const plain = script({ loss: square, numbers: () => fine });
    await plain.supervisor.managedSession(async (session) => {
      for (let i = 0; i < 4; i++) await stepOnce(plain, session);
      values.push(await numbersOf(plain, session));
    });
    expect(values[0]).toEqual(values[1]);
  });

  test("that is only for a broken training runs nothing in a sound one", async () => {
    let drawn = 0;
    const program = script({ loss: square, numbers: () => [1, 2, 3, (drawn += 1)] });
    await program.supervisor.managedSession(async (session) => {
      await stepOnce(program, session);
      const asked = searchNonFiniteNow({ onlyWhenBroken: true });
      await stepOnce(program, session);
      expect(await asked).toBeUndefined();
    });
    expect(drawn).toBe(2);
  });

  test("gives back all memory it took", async () => {
    const program = script({ loss: square, numbers: () => fine });
    await program.supervisor.managedSession(async (session) => {
      await stepOnce(program, session);
      await during(program, session, keepStateNow());
      await during(program, session, keepStateNow());
      const { numTensors } = tf.memory();
      await during(program, session, keepStateNow());
      await during(program, session, searchNonFiniteNow());
      expect(tf.memory().numTensors).toBe(numTensors);
    });
    expect(tf.memory().numTensors).toBe(0);
  });
});

test("an update that overflows by itself is named, with the range of its gradient", async () => {
  const { train, supervisor } = buildGraph(() => {
    const w = getVariable("w", { initializer: 1 });
    const globalStep = getOrCreateGlobalStep();
    // The gradient is 1e30: its square is more than a float32 holds.
    const train = new AdamOptimizer(0.1).minimize(tf.mul(w, 1e30), { globalStep });
    return { train, supervisor: new Supervisor({ logdir, saver: null, saveSummariesSecs: 0 }) };
  });
  await supervisor.managedSession(async (session) => {
    await Promise.all([keepStateNow(), session.run(train)]);
    const [result] = await Promise.all([searchNonFiniteNow(), session.run(train)]);
    expect(result).toMatchObject({ start: { kind: "memory", step: 0 }, runs: 1, found: { op: "ApplyAdam", node: "Adam/update_w/ApplyAdam" } });
    expect(result?.found?.inputs.at(-1)).toMatchObject({ min: Math.fround(1e30), max: Math.fround(1e30) });
  });
});

describe("step times", () => {
  test("name the operations that ran, once somebody asked", async () => {
    const program = script({ loss: square, numbers: () => fine });
    await program.supervisor.managedSession(async (session) => {
      await stepOnce(program, session);
      expect(stepTimesNow()).toMatchObject({ samples: 0, names: [] });
      await stepOnce(program, session);
      const times = stepTimesNow();
      expect(times).toMatchObject({ samples: 1, everySeconds: 2, handedOver: false });
      expect(times?.names).toEqual(expect.arrayContaining(["loss/Mean", "numbers"]));
      expect(times?.milliseconds).toHaveLength(times?.names.length ?? -1);
      expect(Math.max(...(times?.liveBytes ?? []))).toBeGreaterThan(0);
      // One run in two seconds is looked at.
      await stepOnce(program, session);
      expect(stepTimesNow()?.samples).toBe(1);
    });
  });
});
