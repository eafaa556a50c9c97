// Pieces of graphs node by node as TensorFlow makes them, and what they compute.
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  buildGraph,
  controlDependencies,
  endAllTracing,
  getDefaultGraph,
  getVariable,
  gradients,
  l2Loss,
  nameScope,
  noOp,
  orthogonalInitializer,
  resetDefaultGraph,
  Session,
  Variable,
  zerosInitializer,
} from "#runtime/index";

const read = (name: string): unknown => JSON.parse(readFileSync(`test/fixtures/tensorflow/${name}`, "utf8"));
const recorded = read("nodes.json") as Record<string, Record<string, string[]>>;

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

const programs: Readonly<Record<string, () => void>> = {
  initializedValue: () => {
    const v = getVariable("v", { shape: [2], initializer: zerosInitializer() });
    controlDependencies([noOp({ name: "before" })], () => nameScope("outer", () => v.initializedValue()));
  },
  orthogonalTall: () => getVariable("v", { shape: [3, 2], initializer: orthogonalInitializer({ gain: 2, seed: 3 }) }),
  orthogonalWide: () => getVariable("v", { shape: [2, 3], initializer: orthogonalInitializer({ seed: 3 }) }),
  l2Loss: () => {
    const v = getVariable("v", { shape: [2], initializer: zerosInitializer() });
    gradients([l2Loss(v)], [v]);
  },
};

describe("nodes are TensorFlow's", () => {
  test.each(Object.keys(recorded))("%s", (name) => {
    buildGraph(programs[name] as () => void);
    const nodes = Object.fromEntries(getDefaultGraph().asGraphDef().nodes.map(({ name: node, op, inputs }) => [node, [op, ...inputs]]));
    const { [name]: wanted } = recorded;
    if (name === "l2Loss") {
      // Gradients are tfjs's functions: the operations of the loss and of its gradient, not the constants around them.
      expect(nodes["L2Loss"]).toEqual(wanted?.["L2Loss"]);
      expect(nodes["gradients/L2Loss_grad/mul"]?.slice(0, 2)).toEqual(wanted?.["gradients/L2Loss_grad/mul"]?.slice(0, 2));
    } else expect(nodes).toEqual(wanted);
  });
});

describe("an initialized value", () => {
  test.each([false, true])("is the initial value until the variable has one of its own, resource: %s", async (useResource) => {
    const v = new Variable([1, 2], { name: "v", useResource });
    const value = v.initializedValue();
    const session = new Session();
    expect([...((await session.run(value)) as Float32Array)]).toEqual([1, 2]);
    session.assignVariable(v, [5, 6], [2]);
    expect([...((await session.run(value)) as Float32Array)]).toEqual([5, 6]);
    session.close();
  });

  test("leaves nothing behind", async () => {
    const v = new Variable([1, 2], { name: "v" });
    const value = v.initializedValue();
    const session = new Session();
    await session.run(value);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) await session.run(value);
    expect(tf.memory().numTensors).toBe(before);
    session.close();
  });

  test("what lies on the branch that is not taken has no value to fetch", async () => {
    const v = new Variable([1, 2], { name: "v" });
    v.initializedValue();
    const session = new Session();
    await expect(session.run("cond/read:0")).rejects.toThrow(/branch which was not taken/);
    session.close();
  });
});

test("orthogonal matrices are those of TensorFlow for the same seed", async () => {
  const cases = read("orthogonal.json") as Record<string, { shape: number[]; gain: number; values: number[] }>;
  for (const { shape, gain, values } of Object.values(cases)) {
    resetDefaultGraph();
    const v = getVariable("v", { shape, initializer: orthogonalInitializer({ gain, seed: 7 }) });
    const session = new Session();
    await session.run(v.initializer);
    const got = await session.readVariable(v);
    values.forEach((value, at) => expect(got[at]).toBeCloseTo(value, 5));
    session.close();
  }
});

test("the gradient of l2Loss is its input times the slope", async () => {
  const v = new Variable([3, -4], { name: "v" });
  const [loss, slope] = buildGraph(() => {
    const value = l2Loss(v);
    return [value, gradients([tf.mul(value, 2)], [v])[0] as tf.Tensor];
  });
  const session = new Session();
  await session.run(v.initializer);
  expect(await session.run(loss)).toBe(12.5);
  expect([...((await session.run(slope)) as Float32Array)]).toEqual([6, -8]);
  session.close();
});
