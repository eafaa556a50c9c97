// Cases of group E: moving averages of variables and tensors.
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import {
  assignMovingAverage, buildGraph, constant, controlDependencies, ExponentialMovingAverage, exportMetaGraph, getVariable, globalVariables, importMetaGraph, movingAverageVariables, opOf,
  placeholder, resetDefaultGraph, Session, trainableVariables, Variable, variableScope, weightedMovingAverage, type AverageOptions,
} from "#runtime/index";
import { initialised, useGraphCase } from "../../../support/graphCase";

useGraphCase();

const near = (wanted: readonly number[]) => wanted.map((value) => expect.closeTo(value, 3) as number);
const keysOf = (average: ExponentialMovingAverage, of?: tf.Tensor[]) => [...(of ? average.variablesToRestore(of) : average.variablesToRestore()).keys()].sort();

/** One update of a variable with the value [1, 2] at a decay of 0.25. */
async function oneUpdate(initial: readonly number[], zeroDebias: boolean | undefined): Promise<number[]> {
  const { v, update } = buildGraph(() => {
    const v = new Variable([...initial], { name: "Var" });
    return { v, update: assignMovingAverage(v, constant([1, 2]), { decay: 0.25, ...(zeroDebias !== undefined && { zeroDebias }) }) };
  });
  const session = await initialised();
  await session.run(update);
  return [...(await session.readVariable(v))];
}

test("E01: without the correction an update moves by the rest of the decay", async () => {
  expect(await oneUpdate([10, 11], false)).toEqual([3.25, 4.25]);
});

test("E02: with the correction, which is the default, the first update is the value", async () => {
  expect(await oneUpdate([0, 0], undefined)).toEqual(near([1, 2]));
});

/** v0 = 10, v1 = 30 and their sum: the averages at first and after each of two updates. */
async function scalars(options: Omit<AverageOptions, "decay">) {
  const { average, items, update } = buildGraph(() => {
    const v0 = new Variable(10, { name: "v0" });
    const v1 = new Variable(30, { name: "v1" });
    const items = [v0, v1, tf.add(v0, v1)];
    const average = new ExponentialMovingAverage({ decay: 0.25, ...options });
    return { average, items, update: average.apply(items) };
  });
  const session = await initialised();
  const read = async () => (await Promise.all(items.map(async (item) => [...(await session.readVariable(average.average(item) as Variable))]))).flat();
  const seen = [await read()];
  for (let i = 0; i < 2; i++) {
    await session.run(update);
    seen.push(await read());
  }
  return seen;
}

test("E03: a variable's average begins with its value, a tensor's with zero; averages are not trained", async () => {
  expect(await scalars({})).toEqual([[10, 30, 0], [10, 30, 30], [10, 30, 37.5]]);
  expect(movingAverageVariables().map(({ name }) => name)).toEqual(["v0:0", "v1:0"]);
  expect(trainableVariables().map(({ name }) => name)).toEqual(["v0:0", "v1:0"]);
});

test("E04: corrected for its beginning a tensor's average is right from the first update", async () => {
  expect(await scalars({ zeroDebias: true })).toEqual([[10, 30, 0], near([10, 30, 40]), near([10, 30, 40])]);
});

test("E05: few updates so far mean a smaller decay", async () => {
  expect(await scalars({ numUpdates: 1 })).toEqual([[10, 30, 0], near([10, 30, 32.7273]), near([10, 30, 38.6777])]);
});

test("E07: under control dependencies an average waits for nothing at its start, but its update does", async () => {
  const { v0, v1, shadow, update } = buildGraph(() => {
    const v0 = new Variable(0, { name: "v0" });
    return controlDependencies([v0.assignAdd(1)], () => {
      const v1 = new Variable([10], { name: "v1" });
      const average = new ExponentialMovingAverage({ decay: 0.25 });
      const update = average.apply([v1]);
      return { v0, v1, update, shadow: average.average(v1) as Variable };
    });
  });
  expect([shadow.initializer.controlInputs, opOf(shadow.initialValue).controlInputs]).toEqual([[], []]);
  const session = new Session();
  await session.run([v1.initializer, v0.initializer]);
  await session.run(shadow.initializer);
  expect([...(await session.readVariable(shadow))]).toEqual([10]);
  session.assignVariable(v1, [20], [1]);
  await session.run(update);
  expect([[...(await session.readVariable(shadow))], [...(await session.readVariable(v0))]]).toEqual([[17.5], [1]]);
});

test.each([
  [true, ["add/foo", "add/foo/biased", "add/foo/local_step", "v0/foo", "v1/foo", "v2"]],
  [false, ["add/foo", "v0/foo", "v1/foo", "v2"]],
])("E08: names of averages before and after, corrected: %s", (zeroDebias, wanted) => {
  const { average, items } = buildGraph(() => {
    const v0 = new Variable(10, { name: "v0" });
    const v1 = new Variable(30, { name: "v1" });
    new Variable(20, { name: "v2", trainable: false });
    const items = [v0, v1, tf.add(v0, v1)];
    const average = new ExponentialMovingAverage({ decay: 0.25, zeroDebias, name: "foo" });
    expect(items.map((item) => average.averageName(item))).toEqual(["v0/foo", "v1/foo", "add/foo"]);
    average.apply(items);
    return { average, items };
  });
  expect(items.map((item) => average.average(item)?.op.name)).toEqual(["v0/foo", "v1/foo", "add/foo"]);
  expect(keysOf(average)).toEqual(wanted);
});

test("E10: of a list only its items go by their averages' names", () => {
  buildGraph(() => {
    const v0 = new Variable(10, { name: "v0" });
    const v1 = new Variable(30, { name: "v1" });
    new Variable(20, { name: "v2", trainable: false });
    const sum = tf.add(v0, v1);
    const average = new ExponentialMovingAverage({ decay: 0.25, name: "foo_avg" });
    expect(keysOf(average, [v0, sum])).toEqual(["add/foo_avg", "v0/foo_avg", "v1", "v2"]);
  });
});

test("E11: a second update of one variable has pieces of its own", () => {
  buildGraph(() =>
    variableScope("scope1", () => variableScope("scope2", () => {
      const v = new Variable([0, 0], { name: "Var" });
      for (let i = 0; i < 2; i++) assignMovingAverage(v, constant([1, 2]), { decay: 0.25 });
    })));
  expect(globalVariables().map(({ op }) => op.name).sort()).toEqual([
    "scope1/scope2/Var",
    ...["biased", "biased_1", "local_step", "local_step_1"].map((name) => `scope1/scope2/scope1/scope2/Var/${name}`),
  ]);
});

test("E13: a weighted average is what came so far, each by its weight", async () => {
  const { value, weight, average } = buildGraph(() => {
    const value = placeholder("float32", { shape: [], name: "value" });
    const weight = placeholder("float32", { shape: [], name: "weight" });
    return { value, weight, average: weightedMovingAverage(value, weight, { decay: 0.5 }) };
  });
  const session = await initialised();
  const fed = (v: number, w: number) => session.run(average, { feeds: [[value, v], [weight, w]] });
  expect([await fed(3, 4), await fed(11, 22)]).toEqual(near([3, 10.3333]));
});

test("E14: of an imported graph each variable goes by one name", async () => {
  buildGraph(() => new Variable(10, { name: "v" }));
  await exportMetaGraph({ filename: "graph" });
  resetDefaultGraph();
  importMetaGraph("graph");
  expect(keysOf(new ExponentialMovingAverage({ decay: 0.25, name: "foo_avg" }))).toEqual(["v/foo_avg"]);
});

test("E18: whole numbers have no average", () => {
  buildGraph(() => {
    const count = getVariable("count", { initializer: 1, dtype: "int32" });
    expect(() => new ExponentialMovingAverage({ decay: 0.25 }).apply([count])).toThrow(TypeError);
  });
});

test.each([[0, 0.1], [9, 0.526316], [90, 0.91]])("E18: behind %i updates the decay of 0.999 is %f", async (numUpdates, decay) => {
  const { v, shadow, update } = buildGraph(() => {
    const v = new Variable(1, { name: "v" });
    const average = new ExponentialMovingAverage({ decay: 0.999, numUpdates });
    const update = average.apply([v]);
    return { v, update, shadow: average.average(v) as Variable };
  });
  const session = await initialised();
  session.assignVariable(v, [0], []);
  await session.run(update);
  expect([...(await session.readVariable(shadow))]).toEqual([expect.closeTo(decay, 5)]);
});
