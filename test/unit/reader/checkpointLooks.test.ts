// Statistics, differences and change over time, on checkpoints that our writer wrote.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Dtype } from "#model/checkpoint";
import { BundleWriter } from "#formats/bundle/bundleWriter";
import { changeMapOf, differenceOf, statisticsOf } from "#host/reader/checkpointLooks";
import { Tasks, unwatched, type Look } from "#host/reader/tasks";
import { useTemporary } from "../../support/temporary";

const temporary = useTemporary();

interface Tensor {
  readonly dtype?: Dtype;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** Writes a checkpoint of float32 unless said otherwise; answers with its prefix. */
async function checkpoint(name: string, tensors: Readonly<Record<string, Tensor>>): Promise<string> {
  const prefix = join(temporary.root, name);
  const writer = new BundleWriter();
  const parts = Object.keys(tensors).sort().map((key) => {
    const { dtype = "float32", shape, values } = tensors[key] ?? { shape: [], values: [] };
    const typed = dtype === "float64" ? Float64Array.from(values) : dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
    return writer.add({ name: key, dtype, shape }, new Uint8Array(typed.buffer));
  });
  await writeFile(`${prefix}.data-00000-of-00001`, Buffer.concat(parts));
  await writeFile(`${prefix}.index`, writer.finish());
  return prefix;
}

const vector = (...values: number[]): Tensor => ({ shape: [values.length], values });

describe("statistics", () => {
  test("are over finite values, count the others, and draw them", async () => {
    const prefix = await checkpoint("m-1", { w: vector(1, 2, 3, NaN, Infinity, 0), empty: { shape: [0], values: [] } });
    const { variables, problems } = await statisticsOf({ prefix }, unwatched);
    expect(problems).toEqual([]);
    const w = variables.find(({ name }) => name === "w");
    expect(w).toMatchObject({ count: 6, min: 0, max: 3, mean: 1.5, nan: 1, infinite: 1, zeros: 1, norm: Math.sqrt(14) });
    expect(w?.std).toBeCloseTo(Math.sqrt(1.25), 12);
    expect(w?.histogram.counts.reduce((sum, each) => sum + each, 0)).toBe(4);
    expect(variables.find(({ name }) => name === "empty")).toMatchObject({ count: 0, min: NaN, histogram: { counts: [] } });
  });

  test("of values far from zero keep their deviation", async () => {
    const prefix = await checkpoint("m-1", { w: { dtype: "float64", shape: [2], values: [1e9, 1e9 + 1] } });
    expect((await statisticsOf({ prefix }, unwatched)).variables[0]?.std).toBeCloseTo(0.5, 9);
  });

  test("pair a variable with its moving average", async () => {
    const prefix = await checkpoint("m-1", { w: vector(3, 4), "w/ExponentialMovingAverage": vector(3, 4.5) });
    const { variables } = await statisticsOf({ prefix, names: ["w"] }, unwatched);
    expect(variables).toMatchObject([{ name: "w", shadow: { name: "w/ExponentialMovingAverage", distance: 0.1 } }]);
  });

  test("tell of damage and go on", async () => {
    const prefix = await checkpoint("m-1", { a: vector(1), b: vector(2) });
    await writeFile(`${prefix}.data-00000-of-00001`, new Uint8Array([0, 0, 0, 0, 0, 0, 0, 64]));
    const { variables, problems } = await statisticsOf({ prefix }, unwatched);
    expect(variables.map(({ name }) => name)).toEqual(["b"]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("a is damaged");
  });

  test("stop when they are cancelled, and keep what was done", async () => {
    const prefix = await checkpoint("m-1", { a: vector(1), b: vector(2), c: vector(3) });
    let passed = 0;
    const look: Look = { get cancelled() { return passed >= 8; }, expect: () => undefined, passed: (bytes) => (passed += bytes) };
    const { variables, cancelled } = await statisticsOf({ prefix }, look);
    expect([variables.map(({ name }) => name), cancelled]).toEqual([["a", "b"], true]);
  });
});

describe("a difference", () => {
  test("names what came, went and has another shape, and measures the rest by variable and scope", async () => {
    const from = await checkpoint("m-1", { "g/w": vector(3, 4), "g/b": vector(1, 0), "d/w": vector(2), gone: vector(1), shaped: vector(1) });
    const to = await checkpoint("m-2", { "g/w": vector(3, 4.5), "g/b": vector(1, 0), "d/w": vector(NaN), came: vector(1), shaped: vector(1, 1) });
    const found = await differenceOf({ from, to }, unwatched);
    expect(found).toMatchObject({
      equal: 1, added: ["came"], removed: ["gone"], problems: [],
      reshaped: [{ name: "shaped", from: { shape: [1] }, to: { shape: [2] } }],
      changed: [{ name: "d/w", relative: NaN, nonFinite: 1 }, { name: "g/w", relative: 0.1, nonFinite: 0 }],
    });
    expect(found.scopes).toEqual([
      { scope: "d", relative: NaN, changed: 1, variables: 1, nonFinite: 1 },
      { scope: "g", relative: Math.sqrt(0.25 / 26), changed: 1, variables: 2, nonFinite: 0 },
    ]);
  });

  test("of a checkpoint with itself is none", async () => {
    const from = await checkpoint("m-1", { w: vector(1, NaN) });
    expect(await differenceOf({ from, to: from }, unwatched)).toMatchObject({ equal: 1, changed: [] });
  });

  test("over time is a column from each to the next", async () => {
    const prefixes = [await checkpoint("m-1", { "g/w": vector(1) }), await checkpoint("m-2", { "g/w": vector(2), "h/w": vector(1) }), await checkpoint("m-3", { "g/w": vector(2), "h/w": vector(0) })];
    const { scopes, columns } = await changeMapOf({ prefixes }, unwatched);
    expect(scopes).toEqual(["g", "h"]);
    expect(columns.map(({ relative }) => relative)).toEqual([[1, undefined], [0, 1]]);
  });

  test("of two large files takes no more memory than small ones", async () => {
    // 24 MB each, in one variable: held whole, the pair would take twice that as bytes and again as values.
    const size = 6_000_000;
    const values = new Float32Array(size).fill(1);
    const from = await checkpoint("big-1", { w: { shape: [size], values } });
    values[7] = 9;
    const to = await checkpoint("big-2", { w: { shape: [size], values } });
    let most = 0;
    const before = process.memoryUsage.rss();
    const watching: Look = { cancelled: false, expect: () => undefined, passed: () => (most = Math.max(most, process.memoryUsage.rss() - before)) };
    const { changed } = await differenceOf({ from, to }, watching);
    expect(changed).toHaveLength(1);
    expect(most).toBeLessThan(64e6);
  }, 30_000);
});

test("a look with a name tells how far it has come, and can be cancelled by it", async () => {
  const told: unknown[] = [];
  const tasks = new Tasks((progress) => told.push(progress));
  const cancelled = await tasks.run("look", async (look) => {
    look.expect(10);
    tasks.cancel("look");
    return look.cancelled;
  });
  expect(cancelled).toBe(true);
  expect(told).toEqual([{ task: "look", doneBytes: 0, totalBytes: 10 }]);
  tasks.cancel("no such look");
});
