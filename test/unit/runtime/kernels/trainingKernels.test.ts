// Our kernels against the cpu backend's own, over a grid of shapes.
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { installTrainingKernels } from "#runtime/kernels/installTrainingKernels";
import type { WasmBackend } from "#runtime/kernels/wasmMemory";
import { distance, groups, type Result } from "./agreement";
import { delegatedCases, type KernelCase } from "./kernelCases";

function resultsOf(run: KernelCase["run"]): Result[] {
  return tf.tidy(() => {
    const results = run();
    return [results]
      .flat()
      .map((tensor) => ({ shape: tensor.shape, values: tensor.dataSync() }) as unknown as tf.TensorContainer);
  }) as unknown as Result[];
}

let wanted: Map<string, Result[]>;

beforeAll(async () => {
  await tf.setBackend("cpu");
  const cases = [...groups.map(([, list]) => list), delegatedCases].flatMap((list) => [...list()]);
  wanted = new Map(cases.map(({ name, run }) => [name, resultsOf(run)]));
});

function check(cases: Iterable<KernelCase>): void {
  for (const { name, run } of cases) {
    const results = resultsOf(run);
    const reference = wanted.get(name) ?? [];
    expect(
      results.map(({ shape }) => shape),
      name,
    ).toEqual(reference.map(({ shape }) => shape));
    results.forEach((result, i) => expect(distance(result, reference[i] as Result), name).toBeLessThan(5e-6));
  }
}

describe("on the wasm backend with memory that starts as NaN", () => {
  let backend: WasmBackend;

  beforeAll(async () => {
    await tf.setBackend("wasm");
    installTrainingKernels();
    backend = tf.backend() as unknown as WasmBackend;
    const makeOutput = backend.makeOutput.bind(backend);
    backend.makeOutput = (shape, dtype, ...rest) => {
      const info = makeOutput(shape, dtype, ...rest);
      if (dtype === "float32" && rest.length === 0) backend.typedArrayFromHeap(info).fill(NaN);
      return info;
    };
  });

  test.each(groups)("%s agree with the cpu backend and leave no memory behind", (_, cases) => {
    const before = backend.numDataIds();
    check(cases());
    expect(backend.numDataIds()).toBe(before);
  });

  test("the kernels that the package gets wrong are the cpu backend's", () => {
    const before = backend.numDataIds();
    check(delegatedCases());
    expect(backend.numDataIds()).toBe(before);
  });

  test("channels first are refused in a sentence, forwards and backwards", () => {
    const convolve = (x: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, tf.ones([2, 2, 3, 2]) as tf.Tensor4D, 1, "same", "NCHW");
    expect(() => convolve(tf.ones([1, 3, 4, 4]))).toThrow(/channelsFirst/);
    const attrs = { strides: 1, pad: "same", dataFormat: "NCHW", filterShape: [2, 2, 3, 2] };
    expect(() => tf.engine().runKernel("Conv2DBackpropFilter", { x: tf.ones([1, 3, 4, 4]), dy: tf.ones([1, 2, 4, 4]) }, attrs as unknown as tf.NamedAttrMap)).toThrow(/NHWC only, not for NCHW/);
  });

  test("columns beyond the memory limit are made row by row with the same result", () => {
    const convolve = (filter: tf.Tensor) =>
      tf.conv2d(tf.ones([1, 200, 200, 8]) as tf.Tensor4D, filter as tf.Tensor4D, 1, "same");
    const run = () => tf.sum(tf.grad(convolve)(tf.zeros([8, 8, 8, 1])), [2, 3]);
    const [sums] = resultsOf(run);
    // Each weight sees every pixel that its tap reaches: (200 - rows cut off) * (200 - columns cut off), for 8 channels.
    const reach = (tap: number) => 200 - Math.abs(tap - 3);
    const expected = Array.from({ length: 64 }, (_, i) => 8 * reach(Math.floor(i / 8)) * reach(i % 8));
    expect(Array.from(sums?.values ?? [])).toEqual(expected);
  });
});

describe.each(["wasm", "cpu"])("ApplyAdam on the %s backend", (name) => {
  test("follows TensorFlow's formula in one pass", async () => {
    await tf.setBackend(name);
    installTrainingKernels();
    const scalar = (value: number) => tf.scalar(value);
    const inputs = {
      var: tf.tensor1d([1, -2]),
      m: tf.tensor1d([0.5, 0]),
      v: tf.tensor1d([0.25, 0]),
      grad: tf.tensor1d([0.1, 4]),
      power1: scalar(0.75),
      power2: scalar(0.75),
      rate: scalar(0.005),
      beta1: scalar(0.5),
      beta2: scalar(0.75),
      epsilon: scalar(1),
    };
    const [next, m, v] = tf.engine().runKernel("ApplyAdam", inputs) as unknown as tf.Tensor[];
    // m = 0.5 + (0.1 - 0.5) / 2 and 4 / 2; v = 0.25 + (0.01 - 0.25) / 4 and 16 / 4; rate 0.005 * sqrt(1/4) / (1/4) = 0.01; step = 0.01 m / (sqrt(v) + 1).
    expect(Array.from(m?.dataSync() ?? [])).toEqual([Math.fround(0.3), 2]);
    expect(Array.from(v?.dataSync() ?? [])).toEqual([Math.fround(0.19), 4]);
    expect(next?.dataSync()[0]).toBeCloseTo(1 - (0.01 * 0.3) / (Math.sqrt(0.19) + 1), 6);
    expect(next?.dataSync()[1]).toBeCloseTo(-2 - (0.01 * 2) / 3, 6);
    expect(inputs.var.dataSync()[0]).toBe(1);
  });
});

describe("on the cpu backend", () => {
  beforeAll(async () => {
    await tf.setBackend("cpu");
    installTrainingKernels();
  });

  test.each(groups)("%s agree with the package's own kernels and leave no memory behind", (_, cases) => {
    const before = tf.memory().numDataBuffers;
    check(cases());
    expect(tf.memory().numDataBuffers).toBe(before);
  });

  test("channels first give the same as channels last", () => {
    const [x, filter] = [tf.reshape(tf.range(0, 48), [1, 4, 4, 3]) as tf.Tensor4D, tf.reshape(tf.range(0, 24), [2, 2, 3, 2]) as tf.Tensor4D];
    const last = tf.grad((image: tf.Tensor) => tf.conv2d(image as tf.Tensor4D, filter, 2, "same"))(x);
    const convolveFirst = (image: tf.Tensor) => tf.conv2d(image as tf.Tensor4D, filter, 2, "same", "NCHW");
    const first = tf.grad(convolveFirst)(tf.transpose(x, [0, 3, 1, 2]));
    expect(tf.transpose(first, [0, 2, 3, 1]).dataSync()).toEqual(last.dataSync());
  });
});
