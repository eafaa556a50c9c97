// The update rules of the optimizers by TensorFlow's formulas, their slots, and what an optimizer tells of itself.
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AdagradOptimizer, AdamOptimizer, buildGraph, constant, endAllTracing, fixedSizePartitioner, getDefaultGraph, getVariable, globalVariables,
  globalVariablesInitializer, GradientDescentOptimizer, MomentumOptimizer, opOf, PartitionedVariable, resetDefaultGraph, RMSPropOptimizer,
  Session, Variable, zerosInitializer, type GradientPair, type Optimizer,
} from "#runtime/index";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

const start = [1, -2, 3];
const slope = [0.1, 0.25, -0.5];

/** Runs `steps` updates with one gradient and gives the variable and the slots after each. */
async function trained(make: () => Optimizer, { steps = 3, useResource = false } = {}) {
  const { optimizer, variable, train } = buildGraph(() => {
    const optimizer = make();
    const variable = new Variable(start, { name: "v", useResource });
    const train = optimizer.applyGradients([[constant(slope), variable]]);
    return { optimizer, variable, train };
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  const values: number[][] = [];
  for (let step = 0; step < steps; step++) {
    await session.run(train);
    values.push([...(await session.readVariable(variable))]);
  }
  const slots = Object.fromEntries(optimizer.getSlotNames().map((name) => [name, optimizer.getSlot(variable, name)?.op.name]));
  return { values, slots, optimizer, type: train.graph.operations.find(({ type }) => type.includes("Apply"))?.type };
}

const f = Math.fround;

/** The same by a formula in float32, element by element. */
function byHand(state: number[], rule: (state: number[], gradient: number) => number[], steps = 3): number[][] {
  const all = start.map((value) => [value, ...state].map(f));
  return Array.from({ length: steps }, () => {
    all.forEach((each, i) => all.splice(i, 1, rule(each, f(slope[i] ?? 0)).map(f)));
    return all.map(([value]) => value ?? NaN);
  });
}

describe("update rules, rounded after each operation", () => {
  test("gradient descent", async () => {
    const { values, slots } = await trained(() => new GradientDescentOptimizer(0.3));
    expect(values).toEqual(byHand([], ([v = 0], g) => [v - f(g * f(0.3))]));
    expect(slots).toEqual({});
  });
  test("momentum keeps the slot momentum as v/Momentum", async () => {
    const { values, slots } = await trained(() => new MomentumOptimizer(2, 0.9));
    expect(values).toEqual(byHand([0], ([v = 0, a = 0], g) => {
      const next = f(f(a * f(0.9)) + g);
      return [v - f(next * 2), next];
    }));
    expect(slots).toEqual({ momentum: "v/Momentum" });
  });
  test("Nesterov's momentum", async () => {
    const { values } = await trained(() => new MomentumOptimizer(0.5, 0.9, { useNesterov: true }));
    expect(values).toEqual(byHand([0], ([v = 0, a = 0], g) => {
      const next = f(f(a * f(0.9)) + g);
      return [v - f(f(g * 0.5) + f(f(next * f(0.9)) * 0.5)), next];
    }));
  });
  test("RMSProp begins its squares at one, as v/RMSProp; momentum is v/RMSProp_1", async () => {
    const { values, slots } = await trained(() => new RMSPropOptimizer(0.1, { momentum: 0.3 }));
    const kept = f(1 - f(0.9));
    expect(values).toEqual(byHand([1, 0], ([v = 0, ms = 0, mom = 0], g) => {
      const nextMs = f(ms + f(f(f(g * g) - ms) * kept));
      const nextMom = f(f(mom * f(0.3)) + f(f(g * f(0.1)) / f(Math.sqrt(f(nextMs + f(1e-10))))));
      return [v - nextMom, nextMs, nextMom];
    }));
    expect(slots).toEqual({ rms: "v/RMSProp", momentum: "v/RMSProp_1" });
  });
  test("centered RMSProp keeps the mean of the gradient between the two", async () => {
    const { values, slots } = await trained(() => new RMSPropOptimizer(0.1, { decay: 0.5, centered: true, epsilon: 1e-3 }));
    expect(values).toEqual(byHand([0, 1, 0], ([v = 0, mg = 0, ms = 0, mom = 0], g) => {
      const nextMs = f(ms + f(f(f(g * g) - ms) * 0.5));
      const nextMg = f(mg + f(f(g - mg) * 0.5));
      const nextMom = f(f(mom * 0) + f(f(g * f(0.1)) / f(Math.sqrt(f(f(nextMs - f(nextMg * nextMg)) + f(1e-3))))));
      return [v - nextMom, nextMg, nextMs, nextMom];
    }));
    expect(slots).toEqual({ rms: "v/RMSProp", mg: "v/RMSProp_1", momentum: "v/RMSProp_2" });
  });
  test("Adagrad begins its sums at 0.1, as v/Adagrad", async () => {
    const { values, slots } = await trained(() => new AdagradOptimizer(3));
    const [first] = byHand([0.1], ([v = 0, a = 0], g) => {
      const next = f(a + f(g * g));
      return [v - f(f(g * 3) * f(1 / Math.sqrt(next))), next];
    });
    expect(values[0]).toEqual(first);
    expect(slots).toEqual({ accumulator: "v/Adagrad" });
  });
  test("Adagrad without a positive start is refused", () => {
    expect(() => new AdagradOptimizer(3, { initialAccumulatorValue: 0 })).toThrow(/must be positive/);
  });
  test("a resource variable is updated by Resource… and to the same values", async () => {
    const plain = await trained(() => new MomentumOptimizer(2, 0.9));
    resetDefaultGraph();
    const resource = await trained(() => new MomentumOptimizer(2, 0.9), { useResource: true });
    expect(resource.values).toEqual(plain.values);
    expect([plain.type, resource.type]).toEqual(["ApplyMomentum", "ResourceApplyMomentum"]);
  });
  test("the first steps of momentum are those of TensorFlow's own test", async () => {
    const { values } = await trained(() => new MomentumOptimizer(2, 0.9), { steps: 2 });
    expect(values[0]?.[0]).toBeCloseTo(1 - 0.1 * 2, 6);
    expect(values[1]?.[0]).toBeCloseTo(1 - 0.1 * 2 - (0.9 * 0.1 + 0.1) * 2, 6);
  });
});

describe("an optimizer", () => {
  test("lists what it keeps in the order of names", async () => {
    const { optimizer } = await trained(() => new AdamOptimizer(0.1));
    expect(optimizer.variables().map(({ name }) => name)).toEqual(["beta1_power:0", "beta2_power:0", "v/Adam:0", "v/Adam_1:0"]);
  });
  test("applies a variable's constraint behind its update", async () => {
    const made = buildGraph(() => {
      const v = getVariable("v", { initializer: [3, -3], constraint: (value) => tf.clipByValue(value, -1, 1) });
      return { v, train: new GradientDescentOptimizer(1).applyGradients([[constant([1, 0.5]), v]]) };
    });
    const session = new Session();
    await session.run(globalVariablesInitializer());
    await session.run(made.train);
    expect([...(await session.readVariable(made.v))]).toEqual([1, -1]);
  });
  test("gates all gradients behind each other where that is asked for, and nothing else", () => {
    const [op, graph] = buildGraph(() => {
      const [v, w] = [new Variable(1, { name: "v" }), new Variable(2, { name: "w" })];
      const loss = tf.add(tf.square(v), tf.square(w));
      const optimizer = new GradientDescentOptimizer(1);
      return [optimizer.computeGradients(loss), optimizer.computeGradients(loss, [v, w], { gateGradients: "graph" })];
    }) as [GradientPair[], GradientPair[]];
    expect(op.map(([gradient]) => gradient && opOf(gradient).name.startsWith("tuple"))).toEqual([false, false]);
    const gated = graph.map(([gradient]) => gradient && opOf(gradient));
    expect(gated.map((each) => each?.name)).toEqual(["tuple/control_dependency", "tuple/control_dependency_1"]);
    expect(gated.map((each) => each?.controlInputs.map(({ name }) => name))).toEqual([["tuple/group_deps"], ["tuple/group_deps"]]);
  });
  test("takes the gradient of the loss where it is given", async () => {
    const pairs = buildGraph(() => {
      const v = new Variable(3, { name: "v" });
      return new GradientDescentOptimizer(1).computeGradients(tf.square(v), [v], { gradLoss: tf.scalar(10) });
    });
    const session = new Session();
    await session.run(globalVariablesInitializer());
    expect(await session.run(pairs[0]?.[0])).toBe(60);
  });
  test("trains a partitioned variable by its parts, whose slots are parts of one slot", async () => {
    const { whole, train } = buildGraph(() => {
      const whole = getVariable("w", { shape: [3], initializer: zerosInitializer(), partitioner: fixedSizePartitioner(2) });
      const loss = tf.sum(tf.mul(whole, tf.tensor([1, 2, 3])));
      return { whole, train: new MomentumOptimizer(1, 0.9).minimize(loss, { varList: [whole] }) };
    });
    const session = new Session();
    await session.run(globalVariablesInitializer());
    await session.run(train);
    expect(whole).toBeInstanceOf(PartitionedVariable);
    const got = await session.run(buildGraph(() => whole.asTensor()));
    expect([...(got as unknown as Float32Array)]).toEqual([-1, -2, -3]);
    const slots = globalVariables().filter(({ name }) => name.includes("Momentum"));
    expect(slots.map(({ name, saveSlice }) => [name, saveSlice?.fullName, saveSlice?.offset])).toEqual([
      ["w/part_0/Momentum:0", "w/Momentum", [0]],
      ["w/part_1/Momentum:0", "w/Momentum", [2]],
    ]);
  });
  test("makes no operations for what has no gradient", () => {
    buildGraph(() => {
      const v = new Variable(1, { name: "v" });
      expect(() => new MomentumOptimizer(1, 0.9).minimize(tf.scalar(3), { varList: [v] })).toThrow(/No gradients provided/);
    });
    expect(getDefaultGraph().operations.some(({ type }) => type.includes("Apply"))).toBe(false);
  });
});
