// Learning rates over the global step, by TensorFlow's formulas; clipping by norms.
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  buildGraph, clipByGlobalNorm, clipByNorm, constant, cosineDecay, cosineDecayRestarts, endAllTracing, exponentialDecay, getOrCreateGlobalStep,
  globalNorm, GradientDescentOptimizer, globalVariablesInitializer, inverseTimeDecay, linearCosineDecay, naturalExpDecay, piecewiseConstant,
  placeholder, polynomialDecay, resetDefaultGraph, Session, Variable, type LearningRate,
} from "#runtime/index";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

type Common = { learningRate: number; globalStep: tf.Tensor; decaySteps: number };

async function ratesAt(steps: readonly number[], make: (common: Common) => LearningRate): Promise<number[]> {
  const { globalStep, rate } = buildGraph(() => {
    const globalStep = placeholder("int32", { shape: [] });
    return { globalStep, rate: make({ learningRate: 0.5, globalStep, decaySteps: 10 }) };
  });
  const session = new Session();
  const rates: number[] = [];
  for (const step of steps) rates.push(Number(await session.run(rate, { feeds: [[globalStep, step]] })));
  return rates;
}

const close = (got: readonly number[], wanted: readonly number[]): void => {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, at) => expect(value, `rate ${at}`).toBeCloseTo(wanted[at] ?? NaN, 6));
};

describe("schedules", () => {
  test("exponential, smooth and in stairs", async () => {
    close(await ratesAt([0, 5, 10, 25], (o) => exponentialDecay({ ...o, decayRate: 0.96 })), [0, 0.5, 1, 2.5].map((p) => 0.5 * 0.96 ** p));
    close(await ratesAt([0, 9, 10, 25], (o) => exponentialDecay({ ...o, decayRate: 0.96, staircase: true })), [0, 0, 1, 2].map((p) => 0.5 * 0.96 ** p));
  });
  test("natural exponential and inverse time", async () => {
    close(await ratesAt([0, 5, 20], (o) => naturalExpDecay({ ...o, decayRate: 0.9 })), [0, 0.5, 2].map((p) => 0.5 * Math.exp(-0.9 * p)));
    close(await ratesAt([0, 5, 20], (o) => inverseTimeDecay({ ...o, decayRate: 0.9 })), [0, 0.5, 2].map((p) => 0.5 / (1 + 0.9 * p)));
  });
  test("piecewise constant: a boundary still belongs to the piece before it", async () => {
    const pieces = (o: Common) => piecewiseConstant({ x: o.globalStep, boundaries: [100, 110, 120], values: [1, 0.1, 0.01, 0.001] });
    close(await ratesAt([0, 100, 101, 110, 111, 120, 121, 500], pieces), [1, 1, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001]);
    expect(() => piecewiseConstant({ x: constant(0), boundaries: [1], values: [1] })).toThrow(/1 less than/);
  });
  test("polynomial, ended and in cycles", async () => {
    const end = 0.1;
    close(await ratesAt([0, 5, 10, 30], (o) => polynomialDecay({ ...o, endLearningRate: end, power: 2 })), [1, 0.25, 0, 0].map((p) => 0.4 * p + end));
    close(await ratesAt([0, 10, 15, 25], (o) => polynomialDecay({ ...o, endLearningRate: end, cycle: true })), [1, 0, 1 - 15 / 20, 1 - 25 / 30].map((p) => 0.4 * p + end));
  });
  test("cosine, once, bent into a line, and with restarts", async () => {
    const half = (p: number): number => 0.5 * (1 + Math.cos(Math.PI * p));
    close(await ratesAt([0, 5, 10, 40], (o) => cosineDecay({ ...o, alpha: 0.1 })), [0, 0.5, 1, 1].map((p) => 0.5 * (0.9 * half(p) + 0.1)));
    close(await ratesAt([0, 5, 10], (o) => linearCosineDecay(o)), [0, 0.5, 1].map((p) => 0.5 * ((1 - p) * half(p) + 0.001)));
    close(await ratesAt([0, 5, 12, 20, 35], (o) => cosineDecayRestarts({ ...o, mMul: 0.5 })), [
      half(0), half(0.5), 0.5 * half(2 / 20), 0.5 * half(10 / 20), 0.25 * half(5 / 40),
    ].map((p) => 0.5 * p));
    close(await ratesAt([0, 12, 27], (o) => cosineDecayRestarts({ ...o, tMul: 1 })), [half(0), half(0.2), half(0.7)].map((p) => 0.5 * p));
  });
  test("an optimizer takes the rate of each step", async () => {
    const made = buildGraph(() => {
      const v = new Variable(0, { name: "v" });
      const globalStep = getOrCreateGlobalStep();
      const rate = exponentialDecay({ learningRate: 1, globalStep, decaySteps: 1, decayRate: 0.5 });
      return { v, train: new GradientDescentOptimizer(rate).applyGradients([[constant(1), v]], { globalStep }) };
    });
    const session = new Session();
    await session.run(globalVariablesInitializer());
    for (let step = 0; step < 3; step++) await session.run(made.train);
    expect([...(await session.readVariable(made.v))]).toEqual([-1.75]);
  });
});

describe("clipping", () => {
  test("by the norm of one tensor, over all or some axes, and without a gradient of zero's root", async () => {
    const [all, rows, small, zero] = buildGraph(() => {
      const x = constant([[3, 4], [0, 0.5]]);
      return [clipByNorm(x, 1), clipByNorm(x, 1, { axes: [1] }), clipByNorm(constant([0.3, 0.4]), 1), clipByNorm(constant([0, 0]), 1)];
    }) as tf.Tensor[];
    const session = new Session();
    const got = (await session.run([all, rows, small, zero])) as unknown as Float32Array[];
    close([...(got[0] ?? [])], [3, 4, 0, 0.5].map((value) => value / Math.sqrt(25.25)));
    close([...(got[1] ?? [])], [0.6, 0.8, 0, 0.5]);
    close([...(got[2] ?? [])], [0.3, 0.4]);
    expect([...(got[3] ?? [])]).toEqual([0, 0]);
  });
  test("by the norm of all: nulls stay, what is small stays, and what is not finite shows", async () => {
    const made = buildGraph(() => {
      const list = [constant([3]), null, constant([4])] as const;
      const [clipped, norm] = clipByGlobalNorm(list, 1);
      const [kept] = clipByGlobalNorm(list, 10);
      const [broken] = clipByGlobalNorm([constant([1]), constant([Infinity])], 1);
      return { clipped, norm, kept, broken, norms: globalNorm(list) };
    });
    expect(made.clipped[1]).toBeNull();
    const session = new Session();
    const got = await session.run({ a: made.clipped[0], b: made.clipped[2], norm: made.norm, norms: made.norms, kept: made.kept[0], broken: made.broken[0] });
    close([...(got.a as unknown as Float32Array), ...(got.b as unknown as Float32Array)], [0.6, 0.8]);
    expect([got.norm, got.norms]).toEqual([5, 5]);
    close([...(got.kept as unknown as Float32Array)], [3]);
    expect([...(got.broken as unknown as Float32Array)]).toEqual([NaN]);
  });
});
