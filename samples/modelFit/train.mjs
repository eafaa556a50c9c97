// Plain TensorFlow.js: learns which of three intertwined spirals a point lies on. Trainscope sees it through one line.
import * as tf from "@tensorflow/tfjs";
import { trainscope } from "trainscope";

const { xs, ys } = spirals(600);

const model = tf.sequential();
model.add(tf.layers.dense({ units: 32, activation: "relu", inputShape: [2] }));
model.add(tf.layers.dense({ units: 32, activation: "relu" }));
model.add(tf.layers.dense({ units: 3, activation: "softmax" }));
model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy", metrics: ["accuracy"] });

await model.fit(xs, ys, {
  epochs: Number(process.argv[2] ?? 60),
  batchSize: 50,
  validationSplit: 0.2,
  verbose: 0,
  callbacks: trainscope(model),
});

/** Points of three arms that wind around the middle, in an order that depends on nothing but their number. */
function spirals(count) {
  const points = [];
  const arms = [];
  for (let i = 0; i < count; i++) {
    const arm = i % 3;
    const along = ((i * 0.618034) % 1) * 0.95 + 0.05;
    const angle = along * 5 + (arm * 2 * Math.PI) / 3 + Math.sin(i * 12.9898) * 0.15;
    points.push([along * Math.cos(angle), along * Math.sin(angle)]);
    arms.push(arm);
  }
  return { xs: tf.tensor2d(points), ys: tf.oneHot(tf.tensor1d(arms, "int32"), 3).toFloat() };
}
