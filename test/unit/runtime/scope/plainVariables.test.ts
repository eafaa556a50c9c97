// Models of tf.layers and plain tf.variables inside a graph, against the same thing trained without one.
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import {
  buildGraph, endAllTracing, getCollection, getDefaultGraph, globalVariables, globalVariablesInitializer, GradientDescentOptimizer, GraphKeys, graphDefOf, group, installTrainingKernels,
  placeholder, resetDefaultGraph, Session, trainableVariables, updateModel, variableOf, variableScope, type Operation,
} from "#runtime/index";

beforeAll(async () => {
  await tf.setBackend("cpu");
  installTrainingKernels();
});
beforeEach(() => resetDefaultGraph());
afterEach(() => {
  endAllTracing();
  tf.disposeVariables();
});

const rate = 0.1;
const [features, labels] = [[4, 6, 6, 2], [4, 3]] as const;
const values = (shape: readonly number[], seed: number) => Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * 12.9898 + seed));

function makeModel(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, activation: "relu", inputShape: [6, 6, 2] }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 5, activation: "tanh" }),
      tf.layers.dense({ units: 3 }),
    ],
  });
}

/** Two models with equal weights. */
function makeTwins(): [tf.Sequential, tf.Sequential] {
  const [one, other] = [makeModel(), makeModel()];
  other.setWeights(one.getWeights());
  return [one, other];
}

function lossOf(model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar;
}

function trainEagerly(model: tf.LayersModel, steps: number): number[] {
  const optimizer = tf.train.sgd(rate);
  const [x, y] = [tf.tensor(values(features, 1), [...features]), tf.softmax(tf.tensor(values(labels, 2), [...labels]))];
  return Array.from({ length: steps }, () => optimizer.minimize(() => lossOf(model, x, y), true)?.dataSync()[0] ?? NaN);
}

/** The graph of a training step of a model. */
function stepOf(model: tf.LayersModel) {
  return buildGraph(() => {
    const [x, y] = [placeholder("float32", { shape: [...features] }), placeholder("float32", { shape: [...labels] })];
    const loss = variableScope("classifier", () => lossOf(model, x, tf.softmax(y)));
    const train = new GradientDescentOptimizer(rate).minimize(loss);
    return { x, y, loss, train: group([train, ...(getCollection(GraphKeys.UPDATE_OPS) as Operation[])]) };
  });
}

test("a tf.layers model applied in a graph trains to the losses, weights and moving statistics that it has without one", async () => {
  const [inGraph, eager] = makeTwins();
  const { x, y, loss, train } = stepOf(inGraph);
  const session = new Session();
  await session.run(globalVariablesInitializer());
  const losses: unknown[] = [];
  for (let step = 0; step < 8; step++) {
    losses.push((await session.run({ loss, train }, { feeds: [[x, values(features, 1)], [y, values(labels, 2)]] })).loss);
  }
  const wanted = trainEagerly(eager, 8);
  wanted.forEach((value, i) => expect(losses[i]).toBeCloseTo(value, 6));
  expect(wanted.at(-1)).toBeLessThan(wanted[0] ?? 0);
  await updateModel(session, inGraph);
  const weights = inGraph.getWeights().map((weight) => weight.dataSync());
  eager.getWeights().forEach((weight, i) => weight.dataSync().forEach((value, at) => expect(weights[i]?.[at]).toBeCloseTo(value, 5)));
});

test("its weights are variables of the open scope under their own names, trainable where they are", () => {
  const model = makeModel();
  stepOf(model);
  const names = model.weights.map(({ originalName }) => `classifier/${originalName}`);
  expect(globalVariables().map(({ op }) => op.name)).toEqual(expect.arrayContaining(names));
  expect(trainableVariables("classifier").map(({ op }) => op.name)).toEqual(expect.arrayContaining(model.trainableWeights.map(({ originalName }) => `classifier/${originalName}`)));
  expect(trainableVariables()).toHaveLength(model.trainableWeights.length);
  expect(globalVariables()).toHaveLength(model.weights.length);
  const kernel = model.weights[0]?.read() as tf.Variable;
  expect(buildGraph(() => variableOf(kernel))).toBe(globalVariables()[0]);
});

test("a model applied twice shares its variables, and the plain weights stay as they were until they are updated", async () => {
  const model = makeModel();
  const before = model.getWeights().map((weight) => weight.dataSync().slice());
  const { x, y, train } = stepOf(model);
  const count = globalVariables().length;
  const again = buildGraph(() => model.apply(x) as tf.Tensor);
  expect(globalVariables()).toHaveLength(count);
  const session = new Session();
  await session.run(globalVariablesInitializer());
  await session.run(train, { feeds: [[x, values(features, 1)], [y, values(labels, 2)]] });
  const inGraph = (await session.run(again, { feeds: [[x, values(features, 1)]] })) as Float32Array;
  expect(model.getWeights().map((weight) => weight.dataSync())).toEqual(before);
  await updateModel(session, model);
  const predicted = (model.predict(tf.tensor(values(features, 1), [...features])) as tf.Tensor).dataSync();
  predicted.forEach((value, i) => expect(inGraph[i]).toBeCloseTo(value, 5));
});

test("a model made while the graph is built begins with the random weights that its layers drew", async () => {
  const { model, y } = buildGraph(() => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [3], biasInitializer: tf.initializers.constant({ value: 0.5 }) })] });
    return { model, y: model.apply(tf.ones([1, 3])) as tf.Tensor };
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  const [kernel] = model.getWeights();
  const sums = Array.from(tf.sum(kernel as tf.Tensor, 0).dataSync());
  ((await session.run(y)) as Float32Array).forEach((value, i) => expect(value).toBeCloseTo((sums[i] ?? 0) + 0.5, 5));
});

test("what is plain leaves no memory behind in a graph", async () => {
  const model = makeModel();
  const before = tf.memory();
  const { x, y, train } = stepOf(model);
  const session = new Session();
  await session.run(globalVariablesInitializer());
  for (let step = 0; step < 3; step++) await session.run(train, { feeds: [[x, values(features, 1)], [y, values(labels, 2)]] });
  await updateModel(session, model);
  session.close();
  expect([tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
});

test("tf.variable inside a graph is a variable whose assignments are updates", async () => {
  const { counter, plain } = buildGraph(() => {
    const plain = tf.variable(tf.add(tf.scalar(1), 1), false, "counter");
    plain.assign(tf.add(plain, 3) as tf.Variable);
    return { plain, counter: variableOf(plain) };
  });
  expect(counter.op.name).toBe("counter");
  expect(counter.trainable).toBe(false);
  const session = new Session();
  await session.run(globalVariablesInitializer());
  expect(await session.run(counter)).toBe(2);
  await session.run(getCollection(GraphKeys.UPDATE_OPS) as Operation[]);
  expect(await session.run(counter)).toBe(5);
  expect(plain.dataSync()[0]).toBe(0);
});

test("a fused layer becomes a product, a bias and an activation, as TensorFlow's layers do", () => {
  const model = makeModel();
  buildGraph(() => variableScope("net", () => model.apply(placeholder("float32", { shape: [...features] }))));
  const types = graphDefOf(getDefaultGraph()).nodes.map(({ op }) => op);
  expect(types).toEqual(expect.arrayContaining(["Conv2D", "BiasAdd", "Relu", "BatchMatMulV2", "Tanh"]));
  expect(types.filter((type) => type.startsWith("_Fused"))).toEqual([]);
});

test("outside of a graph plain variables are TensorFlow.js's own", () => {
  const plain = tf.variable(tf.scalar(1));
  buildGraph(() => tf.add(plain, 1));
  plain.assign(tf.scalar(4));
  expect(plain.dataSync()[0]).toBe(4);
  expect(globalVariables()).toHaveLength(1);
  expect(graphDefOf(getDefaultGraph()).nodes.map(({ name }) => name)).toContain("Variable/read");
});
