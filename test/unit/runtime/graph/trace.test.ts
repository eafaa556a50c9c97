// What a trace records, what it refuses, and that it leaves the engine as it was.
import vm from "node:vm";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  beginTracing,
  buildGraph,
  checkTfjs,
  constant,
  dropout,
  endAllTracing,
  endTracing,
  getDefaultGraph,
  getVariable,
  globalVariablesInitializer,
  gradients,
  hostCall,
  nameScope,
  opOf,
  placeholder,
  randomState,
  randomUniform,
  resetDefaultGraph,
  Session,
  setRandomSeed,
  setRandomState,
  tensorName,
} from "#runtime/index";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

const taps = ["runKernel", "runKernelFunc", "makeTensor", "makeVariable", "gradients", "clone", "isTapeOn"];

function tapped(): string[] {
  return taps.filter((tap) => Object.hasOwn(tf.engine(), tap));
}

describe("the engine", () => {
  test("is clean after a build, and after one that threw", () => {
    buildGraph(() => tf.add(constant(1), 2));
    expect(() =>
      buildGraph(() => {
        throw new Error("mistake in the script");
      }),
    ).toThrow("mistake in the script");
    expect(tapped()).toEqual([]);
    expect(Object.getOwnPropertyDescriptor(tf.engine().state, "gradientDepth")).toMatchObject({ value: 0, writable: true });
    expect([...tf.add([1], [2]).dataSync()]).toEqual([3]);
  });

  test("records from beginTracing to endTracing, but not while a session runs nor after the graph is finalised", async () => {
    beginTracing();
    const [x] = hostCall({ name: "eager", outputs: [{ dtype: "float32", shape: [] }], call: async () => tf.scalar(2).add(1) });
    const y = tf.mul(x as tf.Tensor, 2);
    const kept = tf.tensor1d([4, 5]);
    expect(await new Session().run(y)).toBe(6);
    const more = getDefaultGraph().version;
    tf.add(y, 1);
    expect(getDefaultGraph().version).toBeGreaterThan(more);
    getDefaultGraph().finalize();
    expect([...tf.add(kept, 1).dataSync()]).toEqual([5, 6]);
    endTracing();
    expect([...kept.add(2).dataSync()]).toEqual([6, 7]);
    expect(tapped()).toEqual([]);
  });

  test("passes the self-test and keeps no tensor of it", async () => {
    await checkTfjs();
    const before = tf.memory().numTensors;
    await checkTfjs();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("builds without computing: no tensor is made for zeros of any size", () => {
    const before = tf.memory();
    buildGraph(() => tf.mean(tf.add(tf.zeros([512, 512, 64]), tf.ones([64]))));
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    expect(getDefaultGraph().operations.map(({ type }) => type)).toEqual(["Fill", "Fill", "AddV2", "Const", "Mean"]);
  });
});

describe("names and places", () => {
  test("operations are named as TensorFlow names them, constants after their operand", () => {
    buildGraph(() => {
      const x = placeholder("float32", { shape: [2, 2], name: "x" });
      nameScope("block", () => {
        tf.sub(1, tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D));
        tf.relu(tf.transpose(x));
        tf.sub(tf.abs(x), x);
      });
    });
    expect(getDefaultGraph().operations.map(({ name }) => name)).toEqual([
      "x", "block/MatMul", "block/sub/x", "block/sub", "block/transpose", "block/Relu", "block/Abs", "block/sub_1",
    ]);
  });

  test("an operation knows the script's line that made it, also one inside a multi-line expression", () => {
    const script = "(tf, x) =>\n  tf.add(\n    tf.square(x),\n    1,\n  )";
    const build = vm.runInThisContext(script, { filename: "/home/someone/script.js" }) as (t: typeof tf, x: tf.Tensor) => tf.Tensor;
    const y = buildGraph(() => build(tf, placeholder("float32", { shape: [] })));
    expect(opOf(y).source).toEqual({ file: "/home/someone/script.js", line: 2 });
    expect(opOf(y).inputs[0]?.operation.source).toEqual({ file: "/home/someone/script.js", line: 3 });
  });
});

describe("refused", () => {
  const cases: [string, (x: tf.Tensor) => unknown, RegExp][] = [
    ["a value read", (x) => x.dataSync(), /value of x:0 is not known while the graph is being built.*trace\.test\.ts/],
    ["an async value read", (x) => x.array(), /value of x:0 is not known/],
    ["printing", (x) => x.print(), /value of x:0 is not known/],
    ["tf.dropout", (x) => tf.dropout(x, 0.5), /tf\.dropout would draw .* once.*Use dropout\(x, \{ rate \}\)/],
    ["tf.randomNormal", (x) => tf.add(x, tf.randomNormal([2])), /tf\.randomNormal would draw/],
    ["tf.randomUniform with a seed", (x) => tf.mul(x, tf.randomUniform([2], 0, 1, "float32", 7)), /tf\.randomUniform/],
    ["tf.truncatedNormal", (x) => tf.mul(x, tf.truncatedNormal([2])), /tf\.truncatedNormal/],
    ["a large array of different numbers", (x) => tf.add(x, tf.tensor(Float32Array.from({ length: 4000 }, (_, i) => i), [2000, 2])), /4000 different numbers/],
    ["a kernel without a gradient", (x) => gradients([tf.sum(tf.cumprod(x))], [x]), /no gradient for Cumprod/],
  ];
  test.each(cases)("%s", (_name, act, message) => {
    const build = (): unknown => buildGraph(() => act(placeholder("float32", { shape: [2], name: "x" })));
    expect(build).toThrow(message);
  });

  test("an unawaited read fails the build itself", () => {
    expect(() => buildGraph(() => void tf.whereAsync(placeholder("bool", { shape: [2], name: "x" })).catch(() => undefined))).toThrow(
      "value of x:0",
    );
  });

  test("an async build", () => {
    expect(() => buildGraph(async () => undefined)).toThrow("not async");
  });
});

describe("gradients", () => {
  test("unfold a customGrad as one region with its own gradient", async () => {
    const stop = tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) }));
    const [x, dx] = buildGraph(() => {
      const x = placeholder("float32", { shape: [3] });
      return [x, gradients([tf.sum(tf.mul(tf.square(x), stop(x)))], [x])[0] as tf.Tensor] as const;
    });
    const got = await new Session().run(dx, { feeds: [[x, [1, 2, 3]]] });
    expect([...(got as Float32Array)]).toEqual([2, 8, 18]);
  });

  test("go through softmaxCrossEntropy, whose gradient is its own", async () => {
    const logits = [[1, 2, 3], [0, 1, 0]];
    const labels = [[0, 0, 1], [1, 0, 0]];
    const [x, dx] = buildGraph(() => {
      const x = placeholder("float32", { shape: [2, 3] });
      return [x, gradients([tf.losses.softmaxCrossEntropy(labels, x)], [x])[0] as tf.Tensor] as const;
    });
    const got = await new Session().run(dx, { feeds: [[x, logits]] });
    const eager = tf.grad((x) => tf.losses.softmaxCrossEntropy(labels, x))(tf.tensor(logits)).dataSync();
    expect([...(got as Float32Array)]).toEqual([...eager]);
  });

  test("tf.grads in a trace gives operations, and second derivatives are right", async () => {
    const [x, second] = buildGraph(() => {
      const x = placeholder("float32", { shape: [] });
      const first = tf.grad((x) => tf.tanh(x));
      return [x, gradients([first(x)], [x])[0] as tf.Tensor] as const;
    });
    const got = Number(await new Session().run(second, { feeds: [[x, 0.3]] }));
    const t = Math.tanh(0.3);
    expect(got).toBeCloseTo(-2 * t * (1 - t * t), 5);
  });

  test("are null where no path leads, and end at integers and truth values", () => {
    buildGraph(() => {
      const [x, z] = [placeholder("float32", { shape: [2] }), placeholder("float32", { shape: [2] })];
      const y = tf.where(tf.greater(x, 0), x, tf.zerosLike(x));
      const [dx, dz] = gradients([tf.sum(y)], [x, z]);
      expect(dx && tensorName(dx)).toMatch(/^gradients\//);
      expect(dz).toBeNull();
      expect(gradients([tf.cast(tf.greater(x, 0), "float32")], [x])[0]).toBeNull();
    });
  });
});

describe("random operations", () => {
  test("draw anew in each run, one draw a run for all who use it, the same from session to session with a seed", async () => {
    setRandomSeed(7);
    const [x, twice] = buildGraph(() => {
      const x = randomUniform([64]);
      return [x, tf.sub(x, x)] as const;
    });
    const [a, b] = [new Session(), new Session()];
    const first = await a.run([x, twice]);
    const second = await a.run([x]);
    expect(new Set(first[1] as Float32Array)).toEqual(new Set([0]));
    expect(second[0]).not.toEqual(first[0]);
    expect(await b.run([x])).toEqual([first[0]]);
    const resumed = new Session();
    setRandomState(resumed, randomState(b));
    expect(await resumed.run([x])).toEqual(second);
  });

  test("dropout's gradient is zero exactly where its mask is", async () => {
    const [y, dx] = buildGraph(() => {
      const x = getVariable("x", { initializer: new Array<number>(200).fill(1) });
      const y = dropout(x, { rate: 0.25, seed: 3 });
      return [y, gradients([tf.sum(y)], [x])[0] as tf.Tensor] as const;
    });
    const session = new Session();
    await session.run(globalVariablesInitializer());
    const [values, slopes] = (await session.run([y, dx])) as [Float32Array, Float32Array];
    expect([...values]).toEqual([...slopes]);
    const kept = values.filter((value) => value !== 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.75)]));
    expect(kept.length).toBeGreaterThan(120);
    expect(kept.length).toBeLessThan(180);
  });
});
