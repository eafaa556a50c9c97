// Examples as operations.
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginTracing, endTracing, fromGenerator, resetDefaultGraph, Session } from "#runtime/index";

beforeEach(async () => {
  await tf.setBackend("cpu");
  beginTracing();
  resetDefaultGraph();
});
afterEach(() => endTracing());

function* pairs() {
  const numbers = new Float32Array(2);
  for (let i = 1; i <= 2; i++) {
    numbers.fill(i);
    yield { numbers, names: [`example ${i}`] };
  }
}

const outputs = {
  numbers: { dtype: "float32", shape: [2] },
  names: { dtype: "string", shape: [1] },
} as const;

test("each run takes the next example, however many of its outputs are used", async () => {
  const { numbers, names } = fromGenerator(pairs, { outputs });
  const doubled = tf.add(numbers, numbers);
  const session = new Session();
  const first = await session.run({ numbers, doubled, names });
  expect(Array.from(first.numbers as Float32Array)).toEqual([1, 1]);
  expect(Array.from(first.doubled as Float32Array)).toEqual([2, 2]);
  expect((first.names as Uint8Array[]).map((name) => Buffer.from(name).toString())).toEqual(["example 1"]);
  expect(Array.from((await session.run(numbers)) as Float32Array)).toEqual([2, 2]);
  session.close();
});

test("after the last example a run fails as TensorFlow's iterators do", async () => {
  const { numbers } = fromGenerator(pairs, { outputs });
  const session = new Session();
  await session.run(numbers);
  await session.run(numbers);
  await expect(session.run(numbers)).rejects.toThrow("End of sequence");
  session.close();
});

test("each session has its own iterator", async () => {
  const { numbers } = fromGenerator(pairs, { outputs });
  for (const session of [new Session(), new Session()]) {
    expect(Array.from((await session.run(numbers)) as Float32Array)).toEqual([1, 1]);
    session.close();
  }
});

test("an example of the wrong size is refused with the operation's name", async () => {
  const wrong = function* () {
    yield { numbers: new Float32Array(3), names: ["a"] };
  };
  const { numbers } = fromGenerator(wrong, { outputs });
  const session = new Session();
  await expect(session.run(numbers)).rejects.toThrow("IteratorGetNext returned float32 (3,) where float32 (2,) is declared");
  session.close();
});
