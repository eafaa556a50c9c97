// Operations that TensorFlow has and TensorFlow.js lacks: values and gradients against the same thing computed eagerly.
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { graphDefOf } from "#runtime/graph/graphDef";
import {
  biasAdd, buildGraph, dropout, endAllTracing, fusedBatchNorm, getDefaultGraph, gradients, placeholder, resetDefaultGraph, Session, setRandomSeed,
} from "#runtime/index";

beforeAll(() => tf.setBackend("cpu"));
beforeEach(() => resetDefaultGraph());
afterEach(() => endAllTracing());

const image = [2, 3, 4, 5];
const values = (shape: number[], seed: number) => Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 7.3 + seed));
const eager = (shape: number[], seed: number) => tf.tensor(values(shape, seed), shape);

async function run(fetches: tf.Tensor[], feeds: [tf.Tensor, Float32Array][]): Promise<number[][]> {
  const session = new Session();
  const results = await session.run(fetches, { feeds });
  session.close();
  return results.map((result) => Array.from(result as Float32Array));
}

function closeTo(got: readonly number[], wanted: ArrayLike<number>): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, i) => expect(value).toBeCloseTo(wanted[i] ?? NaN, 4));
}

test("batch norm and its three gradients are those of the formula written out", async () => {
  const graph = buildGraph(() => {
    const [x, scale, offset, dy] = [image, [5], [5], image].map((shape) => placeholder("float32", { shape }));
    if (!x || !scale || !offset || !dy) throw new Error("four placeholders are made");
    const { y, batchMean, batchVariance } = fusedBatchNorm(x, { scale, offset, epsilon: 0.01 });
    const parts = gradients([y], [x, scale, offset], { gradYs: [dy] }) as tf.Tensor[];
    return { feeds: [x, scale, offset, dy], fetches: [y, batchMean, batchVariance, ...parts] };
  });
  const shapes = [image, [5], [5], image];
  const got = await run(graph.fetches, graph.feeds.map((tensor, i) => [tensor, values(shapes[i] ?? [], i)]));
  const formula = (x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 0.01))), scale), offset);
  };
  const [x, scale, offset, dy] = shapes.map((shape, i) => eager(shape, i)) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const wanted = [formula(x, scale, offset), mean, tf.mul(variance, 24 / 23), ...tf.grads(formula)([x, scale, offset], dy)];
  wanted.forEach((tensor, i) => closeTo(got[i] ?? [], tensor.dataSync()));
});

test("the gradient of a bias is the sum over all places", async () => {
  const graph = buildGraph(() => {
    const [value, bias, dy] = [image, [5], image].map((shape) => placeholder("float32", { shape }));
    if (!value || !bias || !dy) throw new Error("three placeholders are made");
    const sum = biasAdd(value, bias);
    return { feeds: [value, bias, dy], fetches: [sum, ...(gradients([sum], [value, bias], { gradYs: [dy] }) as tf.Tensor[])] };
  });
  const [sum, dValue, dBias] = await run(graph.fetches, graph.feeds.map((tensor, i) => [tensor, values([image, [5], image][i] ?? [], i)]));
  closeTo(sum ?? [], tf.add(eager(image, 0), eager([5], 1)).dataSync());
  closeTo(dValue ?? [], values(image, 2));
  closeTo(dBias ?? [], tf.sum(eager(image, 2), [0, 1, 2]).dataSync());
});

test("a bias that does not fit the last axis is refused with both shapes", () => {
  expect(() => buildGraph(() => biasAdd(placeholder("float32", { shape: [2, 3] }), placeholder("float32", { shape: [2] })))).toThrow("[2] does not go along the last axis of [2,3]");
});

test("dropout passes gradients exactly where its mask of that run kept a value", async () => {
  const graph = buildGraph(() => {
    setRandomSeed(3);
    const x = placeholder("float32", { shape: [400] });
    const y = dropout(x, { rate: 0.25 });
    return { x, fetches: [y, ...(gradients([y], [x]) as tf.Tensor[])] };
  });
  const [y, dx] = await run(graph.fetches, [[graph.x, new Float32Array(400).fill(3)]]);
  expect(y?.map((value) => value !== 0)).toEqual(dx?.map((value) => value !== 0));
  expect(new Set(y?.map((value) => value.toFixed(4)))).toEqual(new Set(["0.0000", "4.0000"]));
  expect(Math.abs((y?.filter((value) => value !== 0).length ?? 0) - 300)).toBeLessThan(40);
});

test("TensorFlow is told of batch norm as its own operation with six outputs, in training", () => {
  buildGraph(() => {
    const [x, scale, offset] = [image, [5], [5]].map((shape) => placeholder("float32", { shape }));
    if (!x || !scale || !offset) throw new Error("three placeholders are made");
    gradients([fusedBatchNorm(x, { scale, offset }).y], [x]);
  });
  const nodes = graphDefOf(getDefaultGraph()).nodes;
  const forward = nodes.find(({ op }) => op === "FusedBatchNormV3");
  expect(forward?.attrs.get("is_training")).toEqual({ kind: "bool", value: true });
  expect(forward?.attrs.get("_output_shapes")).toMatchObject({ items: [image, [5], [5], [5], [5], []].map((shape) => ({ shape })) });
  const backward = nodes.find(({ op }) => op === "FusedBatchNormGradV3");
  expect(backward?.inputs.slice(1)).toEqual(["Placeholder", "Placeholder_1", "FusedBatchNormV3:3", "FusedBatchNormV3:4", "FusedBatchNormV3:5"]);
});
