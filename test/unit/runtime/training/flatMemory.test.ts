// Nothing is left behind by steps with hooks, summaries and saves.
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import {
  buildGraph, getGlobalStep, getVariable, GradientDescentOptimizer, LoggingTensorHook, MonitoredTrainingSession, NanTensorHook, ProfilerHook, summary,
} from "#runtime/index";
import { counting, useMonitored } from "../../../support/monitored";

const tests = useMonitored();

test("tf.memory() is flat over a thousand steps of a monitored session with all its hooks", async () => {
  counting();
  const { train, loss } = buildGraph(() => {
    const w = getVariable("w", { initializer: new Float32Array([1, 2, 3]) });
    const loss = tf.mean(tf.square(w)) as tf.Scalar;
    summary.scalar("loss", loss);
    summary.histogram("w", w);
    summary.image("picture", tf.reshape(tf.square(w), [1, 1, 3, 1]));
    return { loss, train: new GradientDescentOptimizer(0.001).minimize(loss, { globalStep: getGlobalStep() as never }) };
  });
  const hooks = [new LoggingTensorHook({ loss }, { everyNIter: 7 }), new NanTensorHook(loss), new ProfilerHook({ saveSteps: 400, outputDir: tests.dir })];
  const counts: { tensors: number; bytes: number }[] = [];
  const options = { checkpointDir: tests.dir, saveCheckpointSteps: 200, saveSummariesSteps: 5, logStepCountSteps: 50, hooks };
  await MonitoredTrainingSession(options, async (session) => {
    for (let step = 1; step <= 1000; step++) {
      await session.run(train);
      if (step % 250 === 0 || step === 10) counts.push({ tensors: tf.memory().numTensors, bytes: tf.memory().numBytes });
    }
  });
  expect(new Set(counts.map(({ tensors }) => tensors)).size).toBe(1);
  expect(new Set(counts.map(({ bytes }) => bytes)).size).toBe(1);
  expect(tf.memory().numTensors).toBe(0);
});
