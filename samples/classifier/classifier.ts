// A small classifier of handwritten digits, as one writes it with TensorFlow 1's MonitoredTrainingSession and hooks.
//
// It trains in seconds. Run it again on its folder and it goes on where it stopped; stop it, save it or restore an older
// checkpoint from outside while it trains. Options: --max_steps 400, --batch_size 50, --learning_rate 0.002, --seed 1.
import * as tf from "@tensorflow/tfjs";
import {
  AdamOptimizer, FinalOpsHook, fromGenerator, getOrCreateGlobalStep, getVariable, glorotUniformInitializer, LoggingTensorHook, MonitoredTrainingSession,
  nameScope, NanTensorHook, setRandomSeed, StopAtStepHook, summary, variableScope, zerosInitializer, type TrainingContext,
} from "trainscope";
import { batches, loadDigits } from "./digits";

const classes = 10;
const testDigits = 100;

export default async function main({ args, logdir }: TrainingContext): Promise<void> {
  const option = optionsOf(args);
  const seed = option("seed", 1);
  setRandomSeed(seed);
  const globalStep = getOrCreateGlobalStep();

  // The graph: two inputs, one network on both. Each run that needs an input takes the next batch of it.
  const train = digits("train", { size: option("batch_size", 50), seed });
  const test = digits("test", { size: testDigits });
  const logits = variableScope("classifier", () => network(train.images));
  const testLogits = nameScope("test", () => variableScope("classifier", { reuse: true }, () => network(test.images)));

  const loss = nameScope("loss", () => {
    const wanted = tf.oneHot(tf.cast(train.labels, "int32"), classes);
    return tf.neg(tf.mean(tf.sum(tf.mul(wanted, tf.logSoftmax(logits)), -1))) as tf.Scalar;
  });
  const accuracy = nameScope("accuracy", () => shareOfRight(logits, train.labels));
  const testAccuracy = nameScope("test_accuracy", () => shareOfRight(testLogits, test.labels));
  summary.scalar("training/loss", loss);
  summary.scalar("training/accuracy", accuracy);
  summary.histogram("logits", logits);
  const step = new AdamOptimizer(option("learning_rate", 0.002)).minimize(loss, { globalStep });

  // The session: made ready, restored where the folder has a checkpoint, saved, recorded and ended by its hooks.
  const tested = new FinalOpsHook(testAccuracy);
  const hooks = [
    new StopAtStepHook({ lastStep: option("max_steps", 400) }),
    new LoggingTensorHook({ step: globalStep, loss, accuracy }, { everyNIter: 50 }),
    new NanTensorHook(loss),
    tested,
  ];
  await MonitoredTrainingSession(
    { checkpointDir: logdir, saveCheckpointSteps: 100, saveSummariesSteps: 10, logStepCountSteps: 50, hooks },
    async (session) => {
      while (!session.shouldStop()) await session.run(step);
    },
  );
  console.log(`right on ${Math.round((tested.finalOpsValues ?? 0) * testDigits)} of ${testDigits} digits it has never seen`);
}

function digits(part: "train" | "test", { size, seed }: { readonly size: number; readonly seed?: number }) {
  const all = loadDigits(part);
  const outputs = { images: { dtype: "float32", shape: [size, all.side, all.side, 1] }, labels: { dtype: "int32", shape: [size] } } as const;
  return nameScope(part, () => fromGenerator(() => batches(all, { size, ...(seed !== undefined && { seed }) }), { outputs }));
}

/** Two strided convolutions and one layer on top: 28 × 28 pixels to ten numbers. */
function network(images: tf.Tensor): tf.Tensor2D {
  const first = variableScope("conv1", () => convolution(images as tf.Tensor4D, 8));
  const second = variableScope("conv2", () => convolution(first, 16));
  return variableScope("dense", () => {
    const flat = tf.reshape(second, [second.shape[0], -1]) as tf.Tensor2D;
    const kernel = getVariable<tf.Rank.R2>("kernel", { shape: [flat.shape[1], classes], initializer: glorotUniformInitializer() });
    const bias = getVariable("bias", { shape: [classes], initializer: zerosInitializer() });
    return tf.add(tf.matMul(flat, kernel), bias);
  });
}

function convolution(x: tf.Tensor4D, channels: number): tf.Tensor4D {
  const filter = getVariable<tf.Rank.R4>("filter", { shape: [5, 5, x.shape[3], channels], initializer: glorotUniformInitializer() });
  const bias = getVariable("bias", { shape: [channels], initializer: zerosInitializer() });
  return tf.relu(tf.add(tf.conv2d(x, filter, 2, "same"), bias)) as tf.Tensor4D;
}

function shareOfRight(logits: tf.Tensor2D, labels: tf.Tensor): tf.Scalar {
  const right = tf.equal(tf.argMax(logits, -1), tf.cast(labels, "int32"));
  return tf.mean(tf.cast(right, "float32"));
}

/** Numbers by their names: `--max_steps 100`. */
function optionsOf(args: readonly string[]): (name: string, otherwise: number) => number {
  return (name, otherwise) => {
    const at = args.indexOf(`--${name}`);
    if (at < 0) return otherwise;
    const value = Number(args[at + 1]);
    if (!Number.isFinite(value)) throw new Error(`--${name} takes a number, not "${args[at + 1] ?? ""}".`);
    return value;
  };
}
