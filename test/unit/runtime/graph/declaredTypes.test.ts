import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { beginTracing, cast, endTracing, getVariable, globalVariablesInitializer, graphDefOf, gradients, opOf, placeholder, resetDefaultGraph, getDefaultGraph, Session } from "#runtime/index";

beforeEach(() => {
  resetDefaultGraph();
  beginTracing();
});
afterEach(() => endTracing());

function nodeTypes(name: string): Record<string, unknown> {
  const node = graphDefOf(getDefaultGraph()).nodes.find((each) => each.name === name);
  return Object.fromEntries([...(node?.attrs ?? [])].filter(([, attr]) => attr.kind === "type").map(([key, attr]) => [key, attr.kind === "type" && attr.type]));
}

function numbers(fetched: unknown): number[] {
  return Array.from(fetched as ArrayLike<number>);
}

describe("types that tfjs only carries", () => {
  test("a plain number beside an int64 variable is int64, and so is their sum", async () => {
    const step = getVariable("step", { shape: [], dtype: "int64" });
    const next = tf.add(step, tf.scalar(1, "int32"));
    expect(opOf(next).outputs[0]?.dtype).toBe("int64");
    expect(nodeTypes("add/y")).toEqual({ dtype: 9 });
    expect(nodeTypes("add")).toEqual({ T: 9 });
    const session = new Session();
    await session.run(globalVariablesInitializer());
    expect(await session.run(next)).toBe(1);
  });
  test("a cast to uint8 cuts fractions off and says its types", async () => {
    const x = placeholder("float32", { shape: [3], name: "x" });
    const bytes = cast(x, "uint8");
    expect(nodeTypes("Cast")).toEqual({ SrcT: 1, DstT: 4 });
    expect(numbers(await new Session().run(bytes, { feeds: [[x, [0, 1.9, 255]]] }))).toEqual([0, 1, 255]);
  });
});

test("the slope of |x| and of relu at 0 is 0, as in TensorFlow", async () => {
  const x = placeholder("float32", { shape: [3], name: "x" });
  const [slope, positive] = [...gradients([tf.abs(x)], [x]), ...gradients([tf.relu(x)], [x])];
  const result = await new Session().run([slope, positive], { feeds: [[x, [-2, 0, 3]]] });
  expect(result.map(numbers)).toEqual([[-1, 0, 1], [0, 0, 1]]);
});
