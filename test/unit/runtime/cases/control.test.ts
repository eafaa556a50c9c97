// Cases of group L: control dependencies, nested, cleared, repeated.
import * as tf from "@tensorflow/tfjs";
import { beforeEach, expect, test } from "vitest";
import { beginTracing, constant, controlDependencies, getVariable, identity, initScope, opOf, Session, type Dependency } from "#runtime/index";
import { useGraphCase } from "../../../support/graphCase";

useGraphCase();
beforeEach(() => beginTracing());

const waitsFor = (tensor: tf.Tensor): string[] => opOf(tensor).controlInputs.map(({ name }) => name);
const named = (...names: string[]): tf.Tensor[] => names.map((name) => constant(1, { name }));

test("L01: what is made inside waits, unless it is made outside of what is inside", () => {
  const [a, b] = named("a", "b") as [tf.Tensor, tf.Tensor];
  const [c, d] = controlDependencies([a], () => [constant(1, { name: "c" }), identity(b)]) as [tf.Tensor, tf.Tensor];
  const e = identity(c);
  expect([c, d, e].map(waitsFor)).toEqual([["a"], ["a"], []]);
});

test("L02: one block of four is four blocks of one", () => {
  const all = named("a1", "a2", "a3", "a4");
  const one = controlDependencies(all, () => constant(1, { name: "one" }));
  const four = all.reduceRight((body: () => tf.Tensor, each) => () => controlDependencies([each], body), () => constant(1, { name: "four" }))();
  expect([...waitsFor(four)].sort()).toEqual([...waitsFor(one)].sort());
  expect(waitsFor(one)).toHaveLength(4);
});

/** [a1], [a2], cleared, [a3], [a4] nested; what an operation waits for at each depth, on the way out. */
function clearedBy(clear: (body: () => void) => void): string[][] {
  const [a1, a2, a3, a4] = named("a1", "a2", "a3", "a4") as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const seen: string[][] = [];
  const look = () => void seen.push([...waitsFor(constant(1))].sort());
  const within = (each: Dependency, body: () => void) => controlDependencies([each], () => {
    body();
    look();
  });
  within(a1, () => within(a2, () => clear(() => {
    within(a3, () => within(a4, () => undefined));
    look();
  })));
  return seen;
}
const wanted = [["a3", "a4"], ["a3"], [], ["a1", "a2"], ["a1"]];

test("L03: null clears what is outside of it, and only inside", () => {
  expect(clearedBy((body) => controlDependencies(null, body))).toEqual(wanted);
});

test("L09: so does initScope", () => {
  expect(clearedBy((body) => initScope(body))).toEqual(wanted);
});

test("L05: an operation is waited for once, and not at all where its value is taken", () => {
  const [x] = named("x") as [tf.Tensor];
  const [first, second] = tf.split(tf.stack([x, x]), 2) as [tf.Tensor, tf.Tensor];
  expect(opOf(first)).toBe(opOf(second));
  const inner = controlDependencies([first], () => controlDependencies([second], () => constant(1)));
  expect(waitsFor(inner)).toEqual([opOf(first).name]);
  expect(waitsFor(controlDependencies([x], () => identity(x)))).toEqual([]);
});

test("L06: a variable is waited for by its operation; a number is nothing to wait for", () => {
  const v = getVariable("v", { initializer: 1 });
  expect(waitsFor(controlDependencies([v], () => constant(1)))).toHaveLength(1);
  expect(() => controlDependencies([1 as never], () => constant(1))).toThrow(TypeError);
});

test("L07: a variable made under a dependency is initialised and read without it", async () => {
  const v0 = getVariable("v0", { initializer: 0 });
  const [v1, sum] = controlDependencies([v0.value()], () => {
    const v1 = getVariable("v1", { initializer: 1 });
    return [v1, tf.add(v1, v0)] as const;
  });
  const session = new Session();
  await session.run(v1.initializer);
  expect(await session.run(v1)).toBe(1);
  await expect(session.run(sum)).rejects.toThrow("uninitialized value v0");
  await session.run(v0.initializer);
  expect(await session.run(sum)).toBe(1);
});
