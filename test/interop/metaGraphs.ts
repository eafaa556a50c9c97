// Meta graphs of every kind of script: TensorFlow must import them, restore their checkpoints and compute what we computed.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import {
  AdagradOptimizer,
  AdamOptimizer,
  biasAdd,
  buildGraph,
  constant,
  createGlobalStep,
  device,
  dropout,
  encodePng,
  ExponentialMovingAverage,
  fusedBatchNorm,
  getVariable,
  globalVariables,
  globalVariablesInitializer,
  GradientDescentOptimizer,
  gradients,
  group,
  cast,
  l2Loss,
  l2Regularizer,
  MomentumOptimizer,
  orthogonalInitializer,
  reportUninitializedVariables,
  resetDefaultGraph,
  RMSPropOptimizer,
  Saver,
  Session,
  summary,
  tensorName,
  trainableVariables,
  truncatedNormalInitializer,
  type Variable,
  variableScope,
  zerosInitializer,
} from "#runtime/index";

/** What TensorFlow is to find: a checkpoint, its variables, and values of tensors that depend on nothing random. */
export interface ExpectedMetaGraph {
  readonly prefix: string;
  readonly variables: Readonly<Record<string, readonly number[]>>;
  readonly values: Readonly<Record<string, readonly number[]>>;
}

const image = Float32Array.from({ length: 2 * 6 * 6 * 3 }, (_, at) => Math.sin(at * 0.7));

/** Kernels that few scripts use, and those that TensorFlow lacks. */
function rareKernels(): tf.Tensor[] {
  return buildGraph(() => {
    const m = constant(Float32Array.from({ length: 12 }, (_, at) => Math.cos(at) + 1.2), { shape: [3, 4], name: "m" }) as tf.Tensor2D;
    const x = constant(image, { shape: [2, 6, 6, 3], name: "x" }) as tf.Tensor4D;
    const volume = constant(Float32Array.from({ length: 128 }, (_, at) => Math.sin(at * 0.3)), { shape: [1, 4, 4, 4, 2], name: "volume" }) as tf.Tensor5D;
    const filter = constant(Float32Array.from({ length: 48 }, (_, at) => Math.cos(at)), { shape: [2, 2, 2, 2, 3], name: "filter" }) as tf.Tensor5D;
    const cubes = tf.conv3d(volume, filter, 1, "valid");
    const ball = constant(Float32Array.from({ length: 12 }, (_, at) => at / 12), { shape: [2, 2, 3], name: "ball" }) as tf.Tensor3D;
    const whole = constant([0, 2, 1, 2], { dtype: "int32", name: "whole" }) as tf.Tensor1D;
    const edges = constant([-0.5, 0, 0.5], { name: "edges" });
    return [
      tf.step(tf.sub(m, 1)), tf.step(tf.sub(m, 1), 0.1), tf.prelu(tf.sub(m, 1), constant([0.1, 0.2, 0.3, 0.4])), tf.image.flipLeftRight(x),
      tf.image.rotateWithOffset(x, 0.7, 0.5, [0.4, 0.6]), tf.lowerBound(edges, m.flatten()), tf.upperBound(edges, m.flatten()),
      tf.spaceToBatchND(x, [2, 2], [[0, 0], [2, 0]]), tf.batchToSpaceND(tf.concat([x, x], 0) as tf.Tensor4D, [2, 2], [[0, 0], [1, 0]]),
      tf.einsum("ab,cb->ac", m, m), tf.bincount(whole, tf.ones([4]), 3), tf.sparseToDense(tf.tensor1d([0, 1, 3], "int32"), tf.ones([3]), [4], 0),
      tf.tensorScatterUpdate(m, tf.tensor2d([[2], [0]], [2, 1], "int32"), tf.ones([2, 4])), tf.dilation2d(x, ball, 1, "same", [2, 2]), tf.diag(whole.toFloat()),
      cubes, tf.maxPool3d(volume, 2, 2, "valid"), tf.avgPool3d(volume, 2, 2, "same"),
      ...gradients([tf.sum(tf.square(cubes))], [volume, filter]).filter((each) => each !== null), ...gradients([tf.sum(tf.square(tf.dilation2d(x, ball, 1, "same")))], [x, ball]).filter((each) => each !== null),
      ...[tf.maxPool3d(volume, 2, 2, "valid"), tf.avgPool3d(volume, 2, 2, "same")].map((y) => gradients([tf.sum(tf.square(y))], [volume])[0]).filter((each) => each !== null && each !== undefined),
    ];
  });
}

/** Kernels that scripts use, each as TensorFlow computes it too. */
function kernels(): tf.Tensor[] {
  return buildGraph(() => {
    const a = constant(Float32Array.from({ length: 24 }, (_, at) => Math.sin(at) + 0.1), { shape: [2, 3, 4], name: "a" });
    const m = constant(Float32Array.from({ length: 12 }, (_, at) => Math.cos(at) + 1.2), { shape: [3, 4], name: "m" }) as tf.Tensor2D;
    const x = constant(image, { shape: [2, 6, 6, 3], name: "x" }) as tf.Tensor4D;
    const filter = constant(Float32Array.from({ length: 54 }, (_, at) => Math.cos(at * 0.3) * 0.2), { shape: [3, 3, 3, 2], name: "filter" }) as tf.Tensor4D;
    const whole = constant([3, 1, 2], { dtype: "int32", name: "whole" }) as tf.Tensor1D;
    return [
      tf.max(a, 1), tf.max(a), tf.min(a, 2, true), tf.sum(a, [0, 2]), tf.mean(a), tf.prod(m, 0), tf.argMax(a, 2), tf.argMin(a, 0),
      tf.add(m, 0.5), tf.sub(1, m), tf.div(m, 3), tf.pow(m, 2), tf.maximum(m, 1), tf.squaredDifference(m, 1), tf.mod(m, 0.7),
      tf.matMul(m, m, false, true), tf.matMul(a, a, false, true), tf.transpose(a, [2, 0, 1]), tf.reshape(a, [4, 6]), tf.expandDims(m, 1),
      tf.concat([m, m], 1), tf.stack([m, m], 1), ...tf.unstack(m, 0), ...tf.split(m, [1, 3], 1), tf.tile(m, [2, 1]), tf.reverse(a, [1]),
      tf.slice(a, [0, 1, 1], [2, 2, 2]), tf.stridedSlice(m, [0, 0], [3, 4], [2, 2]), tf.gather(m, whole, 1), tf.oneHot(whole, 4), tf.cumsum(m, 1),
      tf.softmax(m), tf.logSoftmax(m), tf.sigmoid(m), tf.tanh(m), tf.relu(tf.sub(m, 1)), tf.leakyRelu(tf.sub(m, 1), 0.2), tf.elu(tf.sub(m, 1)),
      tf.selu(tf.sub(m, 1)), tf.softplus(m), tf.exp(m), tf.log(m), tf.sqrt(m), tf.rsqrt(m), tf.abs(tf.sub(m, 1)), tf.sign(tf.sub(m, 1)),
      tf.clipByValue(m, 0.5, 1.5), tf.where(tf.greater(m, 1), m, tf.neg(m)), tf.cast(tf.less(m, 1), "float32"), tf.cast(tf.logicalNot(tf.less(m, 1)), "int32"),
      tf.topk(m, 2).values, tf.linspace(0, 1, 5), tf.range(0, 5), tf.pad(m, [[1, 0], [0, 2]]), tf.pad(m, [[1, 0], [0, 2]], 0.5), tf.mirrorPad(m, [[1, 1], [0, 2]], "reflect"),
      tf.conv2d(x, filter, 1, "same"), tf.conv2d(x, filter, 2, "valid"), tf.maxPool(x, 2, 2, "valid"), tf.avgPool(x, 2, 2, "same"),
      tf.conv2dTranspose(tf.conv2d(x, filter, 2, "same"), filter, [2, 6, 6, 3], 2, "same"), tf.depthwiseConv2d(x, filter, 1, "same"),
      tf.image.resizeBilinear(x, [4, 9]), tf.image.resizeNearestNeighbor(x, [3, 3]), tf.depthToSpace(tf.pad(x, [[0, 0], [0, 0], [0, 0], [0, 1]]) as tf.Tensor4D, 2, "NHWC"),
      biasAdd(x, constant([1, 2, 3])), fusedBatchNorm(x, { scale: constant([1, 2, 3]), offset: constant([0, 1, 0]) }).y, l2Loss(m),
      tf.localResponseNormalization(x), tf.addN([m, m, m]), tf.broadcastTo(tf.reshape(tf.mean(m, 0), [1, 4]), [3, 4]),
    ];
  });
}

function model(): tf.Tensor {
  return buildGraph(() => {
    const x = constant(image, { shape: [2, 6, 6, 3], name: "images" }) as tf.Tensor4D;
    const features = variableScope("features", { regularizer: l2Regularizer(0.01) }, () => {
      const kernel = getVariable("kernel", { shape: [3, 3, 3, 4], initializer: truncatedNormalInitializer({ stddev: 0.2, seed: 1 }) });
      return tf.avgPool(tf.relu(tf.conv2d(x, kernel as unknown as tf.Tensor4D, 1, "same")) as tf.Tensor4D, 2, 2, "valid");
    });
    return variableScope("logits", () => {
      const weights = getVariable("weights", { shape: [36, 2], initializer: orthogonalInitializer({ seed: 2 }) });
      const logits = tf.matMul(tf.reshape(features, [2, 36]) as tf.Tensor2D, weights as unknown as tf.Tensor2D);
      return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(tf.tensor1d([0, 1], "int32"), 2)), 1)));
    });
  });
}

interface Program {
  /** Tensors whose values TensorFlow must compute as well. */
  readonly values: readonly tf.Tensor[];
  readonly train?: Parameters<Session["run"]>[0];
  readonly saver?: Saver;
}

const programs: Readonly<Record<string, () => Program>> = {
  kernels: () => ({ values: kernels(), saver: (getVariable("v", { shape: [1], initializer: zerosInitializer() }), new Saver()) }),
  rareKernels: () => ({ values: rareKernels(), saver: (getVariable("v", { shape: [1], initializer: zerosInitializer() }), new Saver()) }),
  averages: () => {
    const loss = model();
    const train = new AdamOptimizer(0.01).minimize(loss, { globalStep: createGlobalStep() as Variable });
    const average = new ExponentialMovingAverage({ decay: 0.9, numUpdates: 5, zeroDebias: true });
    return { values: [loss], train: group([train, average.apply([loss, ...trainableVariables()])], { name: "train" }) };
  },
  optimizers: () => {
    const loss = model();
    const steps = [
      new MomentumOptimizer(0.01, 0.9, { useNesterov: true }), new RMSPropOptimizer(0.01, { centered: true }), new AdagradOptimizer(0.1),
      new GradientDescentOptimizer(0.1),
    ].map((optimizer) => optimizer.minimize(loss));
    return { values: [loss, ...buildGraph(() => gradients([loss], trainableVariables())).filter((each) => each !== null)], train: group(steps) };
  },
  resource: () => variableScope("net", { useResource: true }, () => {
    const loss = model();
    const average = new ExponentialMovingAverage({ decay: 0.9 });
    const train = new AdamOptimizer(0.01).minimize(loss);
    return { values: [loss], train: group([train, average.apply()]) };
  }),
  shards: () => {
    const [a, b] = ["/job:ps/task:0", "/job:ps/task:1"].map((name, at) => device(name, () => getVariable(`v${at}`, { shape: [3], initializer: truncatedNormalInitializer({ seed: at }) })));
    return { values: buildGraph(() => [tf.add(a as Variable, b as Variable)]), saver: new Saver({ sharded: true }) };
  },
  parts: () => {
    const whole = getVariable("whole", { shape: [5, 3], initializer: truncatedNormalInitializer({ seed: 4 }), partitioner: () => [2, 1] });
    return { values: buildGraph(() => [tf.sum(whole as unknown as tf.Tensor, 0)]) };
  },
  records: () => {
    const v = getVariable("v", { shape: [2, 6, 6, 3], initializer: truncatedNormalInitializer({ seed: 3 }) });
    buildGraph(() => {
      summary.scalar("mean", tf.mean(v));
      summary.histogram("values", v);
      summary.image("image", v as unknown as tf.Tensor4D);
      summary.audio("sound", tf.reshape(v, [2, 108]), { sampleRate: 8000 });
      summary.text("text", constant("words", { dtype: "string" }));
      summary.tensorSummary("tensor", v);
      summary.mergeAll();
      encodePng(cast(tf.mul(tf.clipByValue(v, 0, 1), 255), "uint8") as unknown as tf.Tensor4D);
      dropout(v, { keepProb: 0.5 });
      reportUninitializedVariables();
    });
    return { values: buildGraph(() => [tf.mean(v), v.initializedValue()]) };
  },
};

/** Trains each for two steps, saves, and tells what is in it. */
export async function writeMetaGraphs(dir: string): Promise<Readonly<Record<string, ExpectedMetaGraph>>> {
  await mkdir(dir, { recursive: true });
  await tf.setBackend("cpu");
  const expected: Record<string, ExpectedMetaGraph> = {};
  for (const [name, build] of Object.entries(programs)) {
    resetDefaultGraph();
    const program = build();
    const saver = program.saver ?? new Saver();
    const session = new Session();
    await session.run(globalVariablesInitializer());
    if (program.train !== undefined) for (let step = 0; step < 2; step++) await session.run(program.train);
    const prefix = (await saver.save(session, join(dir, name))) as string;
    const variables: Record<string, number[]> = {};
    for (const variable of globalVariables()) variables[variable.op.name] = [...(await session.readVariable(variable))];
    const values: Record<string, number[]> = {};
    for (const tensor of program.values) {
      const value: unknown = await session.run(tensor);
      values[tensorName(tensor)] = typeof value === "number" ? [value] : Array.from(value as Float32Array, Number);
    }
    session.close();
    expected[name] = { prefix, variables, values };
  }
  return expected;
}
