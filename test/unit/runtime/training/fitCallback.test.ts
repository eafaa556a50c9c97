// The callback for model.fit, in this process: what a restore gives back, and that nothing is left behind.
import { readdir } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { restoreNow, saveNow, trainscope } from "#runtime/index";
import { useTemporary } from "../../../support/temporary";

const temporary = useTemporary();

beforeAll(() => tf.setBackend("cpu"));

function makeModel(): tf.LayersModel {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer: "ones" }), tf.layers.dense({ units: 1, kernelInitializer: "ones" })] });
  model.compile({ optimizer: tf.train.adam(0.1), loss: "meanSquaredError" });
  return model;
}

const xs = () => tf.linspace(0, 1, 40).reshape([20, 2]);
const ys = () => tf.linspace(3, 1, 20).reshape([20, 1]);

async function stateOf(model: tf.LayersModel): Promise<number[][]> {
  const state = await model.optimizer.getWeights();
  return [...model.getWeights(), ...state.map(({ tensor }) => tensor as tf.Tensor)].map((tensor) => Array.from(tensor.dataSync()));
}

test("a restore brings back weights, optimizer and step exactly, and the fit goes on from there", async () => {
  const model = makeModel();
  const logdir = `${temporary.root}/run`;
  let saving: ReturnType<typeof saveNow> | undefined;
  let saved: number[][] = [];
  let restored: number[][] = [];
  const observe = {
    onBatchEnd: async (batch: number) => {
      // Wishes are carried out as the next batch ends, before this callback hears of it.
      if (batch === 2) saving = saveNow();
      if (batch === 3) saved = await stateOf(model);
      if (batch === 7) void restoreNow((await saving)?.prefix ?? "");
      if (batch === 8) restored = await stateOf(model);
    },
  };
  await model.fit(xs(), ys(), { epochs: 1, batchSize: 2, shuffle: false, verbose: 0, callbacks: [trainscope(model, { logdir }), observe] });
  expect(saved[4]).toEqual([4]);
  expect(restored).toEqual(saved);
  expect(model.optimizer.iterations).toBe(5);
  expect((await readdir(logdir)).filter((name) => name.endsWith(".index")).sort()).toEqual(["model.ckpt-4.index", "model.ckpt-5.index", "model.ckpt-9.index"]);
});

test("a second fit goes on counting, keeps as many checkpoints as it is told, and leaves no tensor behind", async () => {
  const model = makeModel();
  const [x, y] = [xs(), ys()];
  const logdir = `${temporary.root}/run`;
  const fit = () => model.fit(x, y, { epochs: 4, batchSize: 10, verbose: 0, callbacks: trainscope(model, { logdir, saveEveryEpochs: 2, maxToKeep: 1 }) });
  await fit();
  const { numTensors } = tf.memory();
  await fit();
  expect(tf.memory().numTensors).toBe(numTensors);
  expect((await readdir(logdir)).filter((name) => name.endsWith(".index")).sort()).toEqual(["model.ckpt-16.index", "model.ckpt-8.index"]);
});
