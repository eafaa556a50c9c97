// 16-bit floats: values are those of TensorFlow, which rounds after each operation.
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { assignAdd, buildGraph, cast, constant, getVariable, globalVariablesInitializer, placeholder, resetDefaultGraph, Saver, Session } from "#runtime/index";
import { useTemporary } from "../../../support/temporary";
import { checkAverages } from "../../../conformance/averageCases";
import { Report } from "../../../conformance/report";

const temporary = useTemporary();
beforeAll(() => tf.setBackend("cpu"));
beforeEach(() => resetDefaultGraph());

test("constants, feeds, casts, sums and updates in place are rounded to the type", async () => {
  const graph = buildGraph(() => {
    const fed = placeholder("float16", { shape: [] });
    const [one, v] = [constant(1, { dtype: "float16" }), getVariable("v", { dtype: "float16", initializer: 2048 })];
    const third = constant(1 / 3, { dtype: "bfloat16" });
    return { fed, third, sum: tf.add(fed, one), cast: cast(tf.add(third, 0), "float16"), added: assignAdd(v, tf.mul(one, 1)), v };
  });
  const session = new Session();
  await session.run(globalVariablesInitializer());
  const { third, sum, cast: narrowed } = await session.run({ third: graph.third, sum: graph.sum, cast: graph.cast }, { feeds: [[graph.fed, 2049.3]] });
  // bfloat16 has 8 digits, float16 11: 2049.3 is fed as 2050, and 2051 lies between 2050 and 2052, which is the even one.
  expect([third, sum, narrowed]).toEqual([0.333984375, 2052, 0.333984375]);
  await session.run(graph.added);
  expect(await session.run(graph.v)).toBe(2048);
});

test("variables of both types are saved in 16 bits and restored", async () => {
  const made = buildGraph(() => [
    getVariable("half", { dtype: "float16", initializer: [0.1, -65504] }),
    getVariable("brain", { dtype: "bfloat16", initializer: [0.1, 3e38] }),
  ]);
  const saver = new Saver();
  const session = new Session();
  await session.run(globalVariablesInitializer());
  const before = await Promise.all(made.map((variable) => session.readVariable(variable)));
  const prefix = await saver.save(session, join(temporary.root, "model"));
  for (const variable of made) session.assignVariable(variable, [0, 0], [2]);
  await saver.restore(session, prefix ?? "");
  expect(await Promise.all(made.map((variable) => session.readVariable(variable)))).toEqual(before);
  expect(Array.from(before[0] ?? [])).toEqual([0.0999755859375, -65504]);
});

test("averages of both types have TensorFlow's bits after every step", async () => {
  const lines: string[] = [];
  const report = new Report((line) => lines.push(line));
  await checkAverages(join(import.meta.dirname, "../../../fixtures/ema"), report);
  expect(lines.filter((line) => line.startsWith("FAIL"))).toEqual([]);
  expect(report.passed).toBeGreaterThan(50);
});
