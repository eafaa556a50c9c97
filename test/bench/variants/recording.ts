// What recording costs: taps that lie idle over the engine, and a run that notes every operation, against tf.profile.
import * as tf from "@tensorflow/tfjs";
import { beginTracing, buildGraph, constant, getVariable, globalVariablesInitializer, gradients, group, RunMetadata, Session, TraceLevel } from "#runtime/index";
import { untraced } from "#runtime/graph/tracing";
import { median, type Measured } from "../measured";

const steps = 1500;
const widths = [8, 16, 16, 16, 1];

function network(x: tf.Tensor2D, weights: readonly tf.Tensor[]): tf.Scalar {
  const last = weights.length - 1;
  const out = weights.reduce<tf.Tensor>((h, weight, i) => (i === last ? tf.matMul(h as tf.Tensor2D, weight as tf.Tensor2D) : tf.tanh(tf.add(tf.matMul(h as tf.Tensor2D, weight as tf.Tensor2D), 0.1))), x);
  return tf.mean(tf.square(tf.sub(out, 1)));
}

const shapes = widths.slice(1).map((out, i) => [widths[i] ?? 1, out]);

/** An eager step of about 150 kernels: forward, gradients, Adam. */
function eagerStep(): () => void {
  const weights = shapes.map((shape, i) => tf.variable(tf.fill(shape, 0.1 + i / 100)));
  const x = tf.ones([4, widths[0] ?? 1]) as tf.Tensor2D;
  const optimizer = tf.train.adam(0.001);
  return () => {
    const loss = optimizer.minimize(() => network(x, weights), true, weights);
    loss?.dispose();
  };
}

/** Processor seconds of an eager step where tracing is on for somebody else, and where it never was. */
export const tappedStep = (): Promise<Measured> => timed(true);
export const untappedStep = (): Promise<Measured> => timed(false);

async function timed(tapped: boolean): Promise<Measured> {
  await tf.setBackend("cpu");
  if (tapped) beginTracing();
  return untraced(() => {
    const step = eagerStep();
    medianOf(300, step);
    // What other programs take meanwhile does not count: the difference is a few hundredths.
    const before = process.cpuUsage();
    medianOf(steps, step);
    return { value: process.cpuUsage(before).user / 1e6 / steps, result: "" };
  });
}

/** Seconds that noting every operation adds to a run of the same network. */
export async function tracedRun(): Promise<Measured> {
  await tf.setBackend("cpu");
  const { train, init } = buildGraph(() => {
    const weights = shapes.map((shape, i) => getVariable(`w${i}`, { initializer: constant(0.1, { shape }) }));
    const loss = network(constant(1, { shape: [4, widths[0] ?? 1] }), weights);
    const updates = gradients([loss], weights).map((gradient, i) => weights[i]?.assignSub(tf.mul(gradient as tf.Tensor, 0.001)));
    return { train: group(updates.filter((update) => update !== undefined)), init: globalVariablesInitializer() };
  });
  const session = new Session();
  await session.run(init);
  const [plain, traced]: [number[], number[]] = [[], []];
  let kernels = 0;
  for (let i = 0; i < 600; i++) {
    const runMetadata = new RunMetadata();
    for (const [times, traceLevel] of [[plain, TraceLevel.NO_TRACE], [traced, TraceLevel.FULL_TRACE]] as const) {
      const began = performance.now();
      await session.run(train, { options: { traceLevel }, runMetadata });
      times.push(performance.now() - began);
    }
    kernels = runMetadata.operations.length;
  }
  return { value: Math.max(0, median(traced) - median(plain)) / 1000 / kernels, result: "" };
}

/** Seconds that tf.profile adds to an eager step, for each kernel. */
export async function profiledStep(): Promise<Measured> {
  await tf.setBackend("cpu");
  const step = eagerStep();
  const [plain, profiled]: [number[], number[]] = [[], []];
  let kernels = 1;
  for (let i = 0; i < 600; i++) {
    plain.push(medianOf(1, step));
    const began = performance.now();
    const { kernels: noted } = await tf.profile(() => {
      step();
      return tf.scalar(0);
    });
    profiled.push((performance.now() - began) / 1000);
    kernels = noted.length;
  }
  return { value: Math.max(1e-9, median(profiled) - median(plain)) / kernels, result: "" };
}

function medianOf(count: number, step: () => void): number {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    step();
    times.push((performance.now() - began) / 1000);
  }
  return median(times);
}
