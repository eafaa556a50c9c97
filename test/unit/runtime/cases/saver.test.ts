// Cases of group A: what a Saver saves and restores, and what it refuses.
import { expect, test } from "vitest";
import { readdir } from "node:fs/promises";
import { openCheckpoint } from "#runtime/saving/openCheckpoint";
import { buildGraph, constant, getVariable, InvalidArgumentError, NotFoundError, resetDefaultGraph, Saver, Session, ValueError } from "#runtime/index";
import { initialised, savedProgram, useGraphCase } from "../../../support/graphCase";

useGraphCase();

const saveAt = async (prefix: string, given: Parameters<typeof savedProgram>[0]) => {
  const { saver, session } = await savedProgram(given);
  expect(await saver.save(session, prefix)).toBe(prefix);
};

test("A01: a restore needs no initialisation, and overwrites where there was one", async () => {
  await saveAt("p", { v0: 10, v1: 20 });
  const { saver, variables, session, values } = await savedProgram({ v0: -1, v1: -1 });
  const fresh = new Session();
  await saver.restore(fresh, "p");
  expect(await Promise.all(variables.map(async (each) => [...(await fresh.readVariable(each))]))).toEqual([[10], [20]]);
  session.assignVariable(variables[0] as (typeof variables)[0], [1000], []);
  await saver.restore(session, "p");
  expect(await values()).toEqual([10, 20]);
});

test("A02: what is no checkpoint cannot be restored", async () => {
  const { saver, session } = await savedProgram({ v0: 10 });
  const restoring = saver.restore(session, "invalid path");
  await expect(restoring).rejects.toThrow(ValueError);
  await expect(restoring).rejects.toThrow("not a valid checkpoint");
});

test("A03: a variable has one name in a checkpoint; two variables have two", async () => {
  const { variables: [v0, v1] } = await savedProgram({ v0: 10, v1: 20 });
  if (!v0 || !v1) throw new Error("two variables are wanted");
  expect(() => new Saver({ varList: { v0, v0too: v0 } })).toThrow("restored with two names");
  expect(new Saver({ varList: { v0, v0too: v1 } }).saveables.map(({ name }) => name)).toEqual(["v0", "v0too"]);
});

test("A11: a shape that differs is refused", async () => {
  const shaped = async (...shape: number[]) => {
    resetDefaultGraph();
    const saver = buildGraph(() => new Saver({ varList: [getVariable("v", { initializer: constant([1, 2, 3, 4, 5, 6], { shape }) })] }));
    return { saver, session: await initialised() };
  };
  const first = await shaped(2, 3);
  await first.saver.save(first.session, "p");
  const { saver, session } = await shaped(3, 2);
  const restoring = saver.restore(session, "p");
  await expect(restoring).rejects.toThrow(InvalidArgumentError);
  await expect(restoring).rejects.toThrow("requires shapes of both tensors to match");
});

test("A13: the step is a number or a tensor, padded on request", async () => {
  const { saver, session, variables } = await savedProgram({ v: 1 });
  const step = buildGraph(() => constant(5, { dtype: "int32" }));
  expect(await saver.save(session, "p", { globalStep: 5 })).toBe("p-5");
  expect(await saver.save(session, "p", { globalStep: step })).toBe("p-5");
  const padding = buildGraph(() => new Saver({ varList: variables, padStepNumber: true }));
  expect(await padding.save(session, "p", { globalStep: 5 })).toBe("p-00000005");
});

test("A16: a type that differs is refused", async () => {
  await saveAt("p", { v0: 10 });
  resetDefaultGraph();
  const saver = buildGraph(() => new Saver({ varList: [getVariable("v0", { shape: [], dtype: "int32" })] }));
  const restoring = saver.restore(new Session(), "p");
  await expect(restoring).rejects.toThrow(InvalidArgumentError);
  await expect(restoring).rejects.toThrow("original dtype");
});

test("A18: names in the checkpoint are those of the map, not the variables'", async () => {
  const first = await savedProgram({ v0: 10, v1: 20 }, ([v0, v1]) => ({ varList: { "save_prefix/v0": v0, "save_prefix/v1": v1 } as never }));
  await first.saver.save(first.session, "p");
  await expect(new Saver({ varList: first.variables }).restore(first.session, "p")).rejects.toThrow("not found in checkpoint");
});

test.each(["v", "restore_prefix/v"])("A19: a map restores into variables called %s0 and %s1, initialised or not", async (prefix) => {
  const first = await savedProgram({ v0: 10, v1: 20 }, ([v0, v1]) => ({ varList: { "save_prefix/v0": v0, "save_prefix/v1": v1 } as never }));
  await first.saver.save(first.session, "p");
  const { variables, saver } = await savedProgram({ [`${prefix}0`]: -1, [`${prefix}1`]: -1 }, ([v0, v1]) => ({ varList: { "save_prefix/v0": v0, "save_prefix/v1": v1 } as never }));
  const fresh = new Session();
  await saver.restore(fresh, "p");
  expect(await Promise.all(variables.map(async (each) => [...(await fresh.readVariable(each))]))).toEqual([[10], [20]]);
});

test("A20: a name that the checkpoint lacks is told", async () => {
  await saveAt("p", { a: 1 });
  const { saver, session } = await savedProgram({ b: 1 });
  const error: unknown = await saver.restore(session, "p").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NotFoundError);
  expect(String(error)).toContain("Key b not found in checkpoint");
  expect(String(error)).not.toMatch(/reader/i);
});

test("A21: a scalar does not fit where one number in a list is wanted", async () => {
  await saveAt("p", { a: 1 });
  const { saver, session } = await savedProgram({ a: [1] });
  const restoring = saver.restore(session, "p");
  await expect(restoring).rejects.toThrow(InvalidArgumentError);
  await expect(restoring).rejects.toThrow("a mismatch between the current graph and the graph");
});

test("A24: a checkpoint tells names, types and shapes, and what it does not hold", async () => {
  const saver = buildGraph(() => new Saver({ varList: [getVariable("v0", { shape: [2, 3] }), getVariable("v1", { shape: [3, 2, 1] })] }));
  await saver.save(await initialised(), "p");
  const { bundle, close } = await openCheckpoint("p");
  expect(["v0", "v1", "v3"].map((name) => bundle.entries.get(name))).toMatchObject([{ dtype: "float32", shape: [2, 3] }, { dtype: "float32", shape: [3, 2, 1] }, undefined]);
  await expect(bundle.read("v3")).rejects.toThrow("v3 not found in checkpoint");
  await close();
});

test("A27: an empty list is refused; what a checkpoint holds besides is left alone", async () => {
  await saveAt("p", { a: 1, b: 2, c: 3 });
  const { saver, session, values } = await savedProgram({ b: 0 });
  await saver.restore(session, "p");
  expect(await values()).toEqual([2]);
  for (const varList of [{}, []]) expect(() => new Saver({ varList })).toThrow("No variables to save");
  expect(await readdir(".")).toContain("checkpoint");
});
