// First values of variables: the ranges and sizes that TensorFlow's initializers promise, seeded and in parts.
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  buildGraph, endAllTracing, fixedSizePartitioner, getVariable, glorotNormalInitializer, glorotUniformInitializer, globalVariablesInitializer,
  heNormalInitializer, heUniformInitializer, identityInitializer, lecunNormalInitializer, lecunUniformInitializer, orthogonalInitializer,
  randomNormalInitializer, randomUniformInitializer, resetDefaultGraph, Session, truncatedNormalInitializer, uniformUnitScalingInitializer,
  varianceScalingInitializer, type Initializer,
} from "#runtime/index";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

async function first(initializer: Initializer, shape: readonly number[], parts = 1): Promise<number[]> {
  const value = buildGraph(() => {
    const partitioner = fixedSizePartitioner(parts);
    return getVariable("v", { shape, initializer, ...(parts > 1 && { partitioner }) }) as tf.Tensor;
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  const read = "asTensor" in value ? buildGraph(() => (value as unknown as { asTensor(): tf.Tensor }).asTensor()) : value;
  return [...((await session.run(read)) as unknown as Float32Array)];
}

const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
const deviation = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

describe("uniform initializers stay within their limit and reach near it", () => {
  test.each<[string, Initializer, number]>([
    ["glorot", glorotUniformInitializer({ seed: 1 }), Math.sqrt(6 / (60 + 40))],
    ["he", heUniformInitializer({ seed: 1 }), Math.sqrt(6 / 60)],
    ["lecun", lecunUniformInitializer({ seed: 1 }), Math.sqrt(3 / 60)],
    ["uniform unit scaling", uniformUnitScalingInitializer({ factor: 2, seed: 1 }), 2 * Math.sqrt(3 / 60)],
    ["fan out", varianceScalingInitializer({ mode: "fan_out", distribution: "uniform", seed: 1 }), Math.sqrt(3 / 40)],
    ["random uniform", randomUniformInitializer({ minval: -0.2, maxval: 0.2, seed: 1 }), 0.2],
  ])("%s", async (_name, initializer, limit) => {
    const values = await first(initializer, [60, 40]);
    expect(largest(values)).toBeLessThanOrEqual(limit);
    expect(largest(values)).toBeGreaterThan(0.99 * limit);
  });
  test("random uniform is in [0, 1) unless said otherwise", async () => {
    const values = await first(randomUniformInitializer({ seed: 1 }), [1000]);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeGreaterThan(0.98);
  });
});

describe("normal initializers have the deviation that the shape asks for", () => {
  test.each<[string, Initializer, number]>([
    ["glorot", glorotNormalInitializer({ seed: 1 }), Math.sqrt(2 / (60 + 40))],
    ["he", heNormalInitializer({ seed: 1 }), Math.sqrt(2 / 60)],
    ["lecun", lecunNormalInitializer({ seed: 1 }), Math.sqrt(1 / 60)],
    ["untruncated", varianceScalingInitializer({ distribution: "untruncated_normal", seed: 1 }), Math.sqrt(1 / 60)],
    ["random normal", randomNormalInitializer({ stddev: 0.02, seed: 1 }), 0.02],
  ])("%s", async (_name, initializer, stddev) => {
    expect(deviation(await first(initializer, [60, 40])) / stddev).toBeCloseTo(1, 1);
  });
  test("truncated normal numbers end at two deviations", async () => {
    expect(largest(await first(truncatedNormalInitializer({ stddev: 0.5, seed: 1 }), [2000]))).toBeLessThan(1);
  });
  test("a convolution's inputs count per position", async () => {
    const values = await first(heNormalInitializer({ seed: 1 }), [3, 3, 8, 40]);
    expect(deviation(values) / Math.sqrt(2 / 72)).toBeCloseTo(1, 1);
  });
});

describe("matrices", () => {
  const product = (values: readonly number[], rows: number, columns: number): number[][] =>
    Array.from({ length: columns }, (_, a) =>
      Array.from({ length: columns }, (_, b) =>
        Array.from({ length: rows }, (_, row) => (values[row * columns + a] ?? 0) * (values[row * columns + b] ?? 0)).reduce((x, y) => x + y, 0)));

  test("orthogonal: the columns of a tall matrix are at right angles and as long as the gain", async () => {
    const values = await first(orthogonalInitializer({ gain: 2, seed: 3 }), [2, 3, 4]);
    product(values, 6, 4).forEach((row, a) => row.forEach((value, b) => expect(value).toBeCloseTo(a === b ? 4 : 0, 5)));
  });
  test("orthogonal: of a wide matrix the rows are", async () => {
    const values = await first(orthogonalInitializer({ seed: 3 }), [3, 5]);
    const turned = Array.from({ length: 15 }, (_, i) => values[(i % 3) * 5 + Math.floor(i / 3)] ?? 0);
    product(turned, 5, 3).forEach((row, a) => row.forEach((value, b) => expect(value).toBeCloseTo(a === b ? 1 : 0, 5)));
  });
  test("orthogonal needs two dimensions, identity exactly two", async () => {
    await expect(first(orthogonalInitializer(), [3])).rejects.toThrow(/at least two-dimensional/);
    await expect(first(identityInitializer(), [3])).rejects.toThrow(/2D matrices/);
  });
  test("identity, whole and in parts", async () => {
    expect(await first(identityInitializer({ gain: 3 }), [2, 3])).toEqual([3, 0, 0, 0, 3, 0]);
    resetDefaultGraph();
    expect(await first(identityInitializer(), [4, 2], 2)).toEqual([1, 0, 0, 1, 0, 0, 0, 0]);
  });
});

describe("seeds", () => {
  test("the same seed gives the same values, another seed others", async () => {
    const draw = async (seed: number): Promise<number[]> => {
      resetDefaultGraph();
      return first(glorotUniformInitializer({ seed }), [3, 3]);
    };
    expect(await draw(5)).toEqual(await draw(5));
    expect(await draw(5)).not.toEqual(await draw(6));
  });
  test("a part scales by the whole's size, not by its own", async () => {
    const values = await first(uniformUnitScalingInitializer({ seed: 1 }), [100, 20], 10);
    expect(largest(values)).toBeLessThanOrEqual(Math.sqrt(3 / 100));
  });
});
