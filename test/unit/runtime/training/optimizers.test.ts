// Training in a graph against training by hand: two networks, two Adams, averages, one forward pass.
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  AdamOptimizer,
  buildGraph,
  controlDependencies,
  endAllTracing,
  ExponentialMovingAverage,
  getDefaultGraph,
  getOrCreateGlobalStep,
  getVariable,
  globalVariables,
  globalVariablesInitializer,
  gradients,
  GradientDescentOptimizer,
  group,
  nameScope,
  type Operation,
  placeholder,
  resetDefaultGraph,
  Session,
  trainableVariables,
  type Variable,
  variableScope,
  zerosInitializer,
} from "#runtime/index";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

type Weights = Record<"g1" | "g2" | "d1" | "d2", tf.Tensor>;
const shapes = { g1: [3, 4], g2: [4, 2], d1: [2, 5], d2: [5, 1] } as const;
const epsilon = 1e-12;

function numbers(shape: readonly number[], phase: number): Float32Array {
  const size = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + phase) * 0.6);
}

function generator(noise: tf.Tensor, w: Pick<Weights, "g1" | "g2">): tf.Tensor {
  return tf.tanh(tf.matMul(tf.leakyRelu(tf.matMul(noise as tf.Tensor2D, w.g1 as tf.Tensor2D), 0.2), w.g2 as tf.Tensor2D));
}

function discriminator(x: tf.Tensor, w: Pick<Weights, "d1" | "d2">): tf.Tensor {
  return tf.sigmoid(tf.matMul(tf.elu(tf.matMul(x as tf.Tensor2D, w.d1 as tf.Tensor2D)), w.d2 as tf.Tensor2D));
}

function losses(noise: tf.Tensor, real: tf.Tensor, w: Weights): { d: tf.Tensor; g: tf.Tensor } {
  const fake = generator(noise, w);
  const [onReal, onFake] = [discriminator(real, w), discriminator(fake, w)];
  const d = tf.mean(tf.neg(tf.add(tf.log(tf.add(onReal, epsilon)), tf.log(tf.add(tf.sub(1, onFake), epsilon)))));
  const gan = tf.mean(tf.neg(tf.log(tf.add(onFake, epsilon))));
  return { d, g: tf.add(gan, tf.mul(tf.mean(tf.abs(tf.sub(real, fake))), 100)) };
}

/** Adam by TF's formula, by hand. */
function eagerAdam(values: tf.Tensor[], rate: number, beta1: number): (grads: tf.Tensor[]) => tf.Tensor[] {
  let [m, v] = [values.map((x) => tf.zerosLike(x)), values.map((x) => tf.zerosLike(x))];
  let [power1, power2]: tf.Tensor[] = [tf.scalar(beta1), tf.scalar(0.999)];
  const [b1, b2] = [tf.scalar(beta1), tf.scalar(0.999)];
  return (grads) => {
    const alpha = tf.div(tf.mul(rate, tf.sqrt(tf.sub(1, power2 as tf.Tensor))), tf.sub(1, power1 as tf.Tensor));
    m = m.map((each, i) => tf.add(each, tf.mul(tf.sub(grads[i] as tf.Tensor, each), tf.sub(1, b1))));
    v = v.map((each, i) => tf.add(each, tf.mul(tf.sub(tf.square(grads[i] as tf.Tensor), each), tf.sub(1, b2))));
    [power1, power2] = [tf.mul(power1 as tf.Tensor, b1), tf.mul(power2 as tf.Tensor, b2)];
    values = values.map((x, i) =>
      tf.sub(x, tf.div(tf.mul(m[i] as tf.Tensor, alpha), tf.add(tf.sqrt(v[i] as tf.Tensor), 1e-8))),
    );
    return values;
  };
}

test("two networks with two Adams from one forward pass follow eager training to the last places", async () => {
  const real = numbers([6, 2], 9);
  const model = buildGraph(() => {
    const noise = placeholder("float32", { shape: [6, 3], name: "noise" });
    const w = Object.fromEntries(
      Object.entries(shapes).map(([name, shape], i) => [
        name,
        variableScope(name.startsWith("g") ? "generator" : "discriminator", () =>
          getVariable(name, { initializer: [...numbers(shape, i)].length > 0 ? nested(shape, i) : 0 }),
        ),
      ]),
    ) as unknown as Weights;
    const target = placeholder("float32", { shape: [6, 2], name: "real" });
    const { d, g } = nameScope("losses", () => losses(noise, target, w));
    const [dAdam, gAdam] = [new AdamOptimizer(0.01, 0.5), new AdamOptimizer(0.02, 0.5)];
    const dPairs = nameScope("discriminator_train", () => dAdam.computeGradients(d, trainableVariables("discriminator")));
    const gPairs = nameScope("generator_train", () => gAdam.computeGradients(g, trainableVariables("generator")));
    const train = group([
      nameScope("discriminator_train", () => dAdam.applyGradients(dPairs)),
      nameScope("generator_train", () => gAdam.applyGradients(gPairs, { globalStep: getOrCreateGlobalStep() })),
    ]);
    return { noise, target, d, g, train, w };
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());

  let eager = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], i) => [name, tf.tensor(numbers(shape, i), [...shape])]),
  ) as Weights;
  const stepD = eagerAdam([eager.d1, eager.d2], 0.01, 0.5);
  const stepG = eagerAdam([eager.g1, eager.g2], 0.02, 0.5);
  for (let step = 0; step < 12; step++) {
    const noiseValues = numbers([6, 3], 20 + step);
    const noise = tf.tensor(noiseValues, [6, 3]);
    const target = tf.tensor(real, [6, 2]);
    const lossOf = (which: "d" | "g") => (a: tf.Tensor, b: tf.Tensor) =>
      losses(noise, target, which === "d" ? { ...eager, d1: a, d2: b } : { ...eager, g1: a, g2: b })[which].asScalar();
    const d = tf.valueAndGrads(lossOf("d"))([eager.d1, eager.d2]);
    const g = tf.valueAndGrads(lossOf("g"))([eager.g1, eager.g2]);
    const got = await session.run(
      { d: model.d, g: model.g, train: model.train },
      { feeds: [[model.noise, noiseValues], [model.target, real]] },
    );
    // Our one-pass Adam rounds once where the eager formula rounds at each operation.
    expect(got.d).toBeCloseTo(d.value.dataSync()[0] ?? NaN, 5);
    expect(got.g).toBeCloseTo(g.value.dataSync()[0] ?? NaN, 5);
    const [d1, d2] = stepD(d.grads) as [tf.Tensor, tf.Tensor];
    const [g1, g2] = stepG(g.grads) as [tf.Tensor, tf.Tensor];
    eager = { d1, d2, g1, g2 };
  }
  for (const [name, value] of Object.entries(eager)) {
    const variable = model.w[name as keyof Weights] as unknown as Variable;
    const wanted = (value as tf.Tensor).dataSync();
    (await session.readVariable(variable)).forEach((got, i) => expect(got).toBeCloseTo(wanted[i] ?? NaN, 5));
  }
  const step = getOrCreateGlobalStep();
  expect(await session.run(step)).toBe(12);
});

function nested(shape: readonly number[], phase: number): tf.Tensor {
  return tf.tensor(numbers(shape, phase), [...shape]);
}

test("slots, powers and updates have TF1's names, and a second optimizer's do not collide", () => {
  buildGraph(() => {
    const w = variableScope("net", () => getVariable("w", { shape: [2], initializer: zerosInitializer() }));
    const loss = tf.sum(tf.square(w));
    nameScope("first", () => new AdamOptimizer(0.1).minimize(loss, { globalStep: getOrCreateGlobalStep() }));
    nameScope("first", () => undefined);
    new AdamOptimizer(0.1).minimize(loss);
    new AdamOptimizer(0.1).minimize(loss);
  });
  expect(globalVariables().map(({ name }) => name)).toEqual([
    "net/w:0", "global_step:0", "first/beta1_power:0", "first/beta2_power:0", "net/w/Adam:0", "net/w/Adam_1:0",
    "beta1_power:0", "beta2_power:0", "net/w/Adam_2:0", "net/w/Adam_3:0",
    "beta1_power_1:0", "beta2_power_1:0", "net/w/Adam_4:0", "net/w/Adam_5:0",
  ]);
  const names = new Set(trainableVariables()[0]?.op.graph.operations.map(({ name }) => name));
  for (const name of [
    "first/Adam/update_net/w/ApplyAdam", "first/Adam/learning_rate", "first/Adam/update", "first/Adam", "Adam_1",
    "first/gradients/Square_grad/mul", "gradients_1/Sum_grad/mul",
  ]) {
    expect(names).toContain(name);
  }
});

test("a gradient behind an in-place update uses the updated weight and the activations from before", async () => {
  const { dy, step, x } = buildGraph(() => {
    const x = getVariable("x", { initializer: 3 });
    const w = getVariable("w", { initializer: 5 });
    const y = tf.square(tf.mul(x, w));
    const step = new GradientDescentOptimizer(0.01).minimize(y, { varList: [w] });
    const [dy] = controlDependencies([step], () => gradients([y], [x]));
    return { dy: dy as tf.Tensor, step, x };
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  // y = (xw)², dy/dw = 2·15·3 = 90, so w becomes 4.1; dy/dx = 2·(xw before)·(w after).
  expect(await session.run(dy)).toBeCloseTo(2 * 15 * 4.1, 4);
  expect(await session.run([step, x])).toEqual([undefined, 3]);
});

test("a resource variable's gradient uses the weight as it was read", async () => {
  const dy = buildGraph(() => {
    const x = getVariable("x", { initializer: 3 });
    const w = getVariable("w", { initializer: 5, useResource: true });
    const y = tf.square(tf.mul(x, w));
    const step = new GradientDescentOptimizer(0.01).minimize(y, { varList: [w] });
    return controlDependencies([step], () => gradients([y], [x]))[0] as tf.Tensor;
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  expect(await session.run(dy)).toBe(2 * 15 * 5);
});

test("an assign leaves what was read before, an in-place addition does not", async () => {
  const { before, after, added } = buildGraph(() => {
    const v = getVariable("v", { initializer: 1 });
    const read = v.value();
    const assigned = v.assign(10);
    const before = controlDependencies([assigned], () => tf.add(read, 0));
    const after = controlDependencies([assigned], () => tf.add(v.readValue(), 0));
    const more = v.assignAdd(1);
    const added = controlDependencies([more], () => tf.add(read, 0));
    return { before, after, added };
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  expect(await session.run({ before, after })).toEqual({ before: 1, after: 10 });
  expect(await session.run(added)).toBe(11);
});

test("an average of a tensor rises from zero, that of a variable begins at its value", async () => {
  const model = buildGraph(() => {
    const x = placeholder("float32", { shape: [], name: "x" });
    const loss = tf.mul(x, 1);
    const v = getVariable("v", { initializer: 8 });
    const ema = new ExponentialMovingAverage({ decay: 0.5 });
    return { x, loss, v, set: v.assign(4), ema, update: ema.apply([loss, v]) };
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  const averages = [model.ema.average(model.loss), model.ema.average(model.v)];
  await session.run(model.set);
  expect(await session.run([model.update, ...averages], { feeds: [[model.x, 4]] })).toEqual([undefined, 2, 6]);
  expect(await session.run([model.update, ...averages], { feeds: [[model.x, 4]] })).toEqual([undefined, 3, 5]);
  expect(averages.map((each) => each?.op.name)).toEqual(["mul/ExponentialMovingAverage", "v/ExponentialMovingAverage"]);
});

test("a loss that no variable leads to is refused, and a variable without a gradient is left alone", async () => {
  const { pairs, train, other } = buildGraph(() => {
    const w = getVariable("w", { initializer: 2 });
    const other = getVariable("other", { initializer: 7 });
    const optimizer = new GradientDescentOptimizer(0.25);
    expect(() => optimizer.minimize(tf.square(placeholder("float32", { shape: [] })))).toThrow(/No gradients provided.*w:0, other:0/);
    const pairs = optimizer.computeGradients(tf.square(w), [w, other]);
    return { pairs, train: optimizer.applyGradients(pairs), other, w };
  });
  expect(pairs[1]?.[0]).toBeNull();
  const session = new Session();
  await session.run(globalVariablesInitializer());
  const [, w, untouched] = await session.run([train, pairs[0]?.[1], other]);
  expect([w, untouched]).toEqual([1, 7]);
});

test("a learning rate may be a tensor that changes from run to run", async () => {
  const { rate, train, w } = buildGraph(() => {
    const rate = placeholder("float32", { shape: [], name: "rate" });
    const w = getVariable("w", { initializer: 1 });
    return { rate, w, train: new GradientDescentOptimizer(rate).minimize(tf.mul(w, 2)) };
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  await session.run(train, { feeds: [[rate, 0.5]] });
  expect(await session.run(w)).toBe(0);
  await session.run(train, { feeds: [[rate, 1]] });
  expect(await session.run(w)).toBe(-2);
});

test("training leaves no tensors behind, step after step", async () => {
  const train = buildGraph(() => {
    const w = getVariable("w", { initializer: [0.5, -0.5, 2] });
    const loss = tf.mean(tf.square(tf.sigmoid(w)));
    const ema = new ExponentialMovingAverage({ decay: 0.9 });
    return group([new AdamOptimizer(0.1).minimize(loss, { globalStep: getOrCreateGlobalStep() }), ema.apply([loss])]);
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  await session.run(train);
  const before = tf.memory();
  for (let i = 0; i < 50; i++) await session.run(train);
  expect(tf.memory().numTensors).toBe(before.numTensors);
  expect(tf.memory().numBytes).toBe(before.numBytes);
});

test("an optimizer tells its slots and powers", () => {
  buildGraph(() => {
    const w = getVariable("w", { initializer: [1, 2] });
    const adam = new AdamOptimizer(0.1);
    adam.minimize(tf.sum(w));
    expect(adam.getSlotNames()).toEqual(["m", "v"]);
    expect(adam.getSlot(w, "v")?.op.name).toBe("w/Adam_1");
    expect(adam.variables().map(({ op }) => op.name)).toEqual(["beta1_power", "beta2_power", "w/Adam", "w/Adam_1"]);
  });
});

test.each([["op", []], ["none", ["dense/kernel"]]] as const)(
  "with gates %s, an update may not come before gradients that read its variable but for %j: TensorFlow runs what it may at any time",
  (gateGradients, early) => {
    const kernels = buildGraph(() => {
      const hidden = getVariable<tf.Rank.R2>("hidden/kernel", { shape: [2, 3], initializer: zerosInitializer() });
      const dense = getVariable<tf.Rank.R2>("dense/kernel", { shape: [3, 1], initializer: zerosInitializer() });
      const loss = tf.sum(tf.matMul(tf.matMul(tf.ones([4, 2]), hidden), dense)) as tf.Scalar;
      new GradientDescentOptimizer(0.1).minimize(loss, { gateGradients });
      return [hidden, dense];
    });
    const before = (operation: Operation): Set<Operation> => {
      const found = new Set<Operation>([operation]);
      for (const each of found) for (const next of [...each.controlInputs, ...each.inputs.map((input) => input.operation)]) found.add(next);
      return found;
    };
    const { operations } = getDefaultGraph();
    const unguarded = kernels.filter(({ op }) => {
      const update = operations.find(({ type, inputs }) => type === "ApplyGradientDescent" && inputs[0]?.operation === op);
      const reads = operations.filter(({ name, inputs }) => name.startsWith("gradients/") && inputs.some((input) => input.name === `${op.name}/read:0`));
      const ancestors = update && before(update);
      return reads.some((read) => !ancestors?.has(read));
    });
    expect(unguarded.map(({ op }) => op.name)).toEqual(early);
  },
);
