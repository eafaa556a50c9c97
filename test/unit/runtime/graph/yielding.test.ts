import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { beginTracing, endTracing, getVariable, globalVariablesInitializer, resetDefaultGraph, Session } from "#runtime/index";

beforeEach(() => {
  resetDefaultGraph();
  beginTracing();
});
afterEach(() => endTracing());

test("a loop of short runs lets timers and sockets have their turn", async () => {
  const count = getVariable("count", { initializer: 0 });
  const next = count.assignAdd(tf.scalar(1));
  const session = new Session();
  await session.run(globalVariablesInitializer());
  let rang = false;
  setTimeout(() => (rang = true), 1);
  const patience = performance.now() + 20_000;
  while (!rang && performance.now() < patience) await session.run(next);
  expect(rang).toBe(true);
});
