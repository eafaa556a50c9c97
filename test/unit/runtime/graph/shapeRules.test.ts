// Check mode: every shape rule against the real kernel on the cpu backend.
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { outputsOfKernel, ruledKernels } from "#runtime/graph/shapeRules";
import { runKernel } from "#runtime/graph/engine";
import type { OutputDtype } from "#runtime/graph/dtypes";
import { cases, parts, type Input } from "./kernelExamples";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const runnable = (kernel: string): boolean => tf.getKernel(kernel, "cpu") !== undefined;

test.each(cases.map((each) => [`${each[0]} ${JSON.stringify(each[1])} ${JSON.stringify(each[2] ?? {})}`, each] as const))(
  "%s",
  (_name, [kernel, inputs, attrs = {}]) => {
    if (!runnable(kernel)) return expect(["BroadcastTo", "LogSoftmax"]).toContain(kernel);
    const list = Array.isArray(inputs);
    const specs = Object.entries(inputs as Record<string, Input>).map(([key, input]) => [key, parts(input)] as const);
    const byKey = Object.fromEntries(specs.map(([key, { shape, dtype }]) => [key, { shape, dtype: dtype as OutputDtype }]));
    const ruled = outputsOfKernel(kernel, { byKey, all: Object.values(byKey) }, attrs);
    const tensors = specs.map(([key, { shape, dtype }]) => [key, tf.ones(shape, dtype as "float32")] as const);
    const real = tf.engine().runKernel(kernel, (list ? tensors.map(([, t]) => t) : Object.fromEntries(tensors)) as never, attrs as never);
    const results = (Array.isArray(real) ? real : [real]) as tf.Tensor[];
    expect(ruled.outputs).toEqual(results.map(({ shape, dtype }) => ({ shape, dtype })));
    expect(ruled.list).toBe(Array.isArray(real));
    expect(runKernel("Identity", { x: results[0] as tf.Tensor })[0]?.shape).toEqual(results[0]?.shape);
  },
);

test("every rule is checked", () => {
  const checked = new Set(cases.map(([kernel]) => kernel));
  expect(ruledKernels.filter((kernel) => !checked.has(kernel))).toEqual([]);
});

test("a kernel without a rule is tried once on zeros", () => {
  const { outputs } = outputsOfKernel("Diag", { byKey: { x: { shape: [3], dtype: "float32" } }, all: [{ shape: [3], dtype: "float32" }] }, {});
  expect(outputs).toEqual([{ shape: [3, 3], dtype: "float32" }]);
});
