import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BundleWriter } from "#formats/bundle/bundleWriter";
import { differenceOf } from "#host/reader/checkpointLooks";
import { pairFiguresOf } from "#host/reader/pairFigures";
import { unwatched } from "#host/reader/tasks";
import { temporaryFolder } from "./temporaryFolder";

async function save(name: string, values: Readonly<Record<string, readonly number[]>>): Promise<string> {
  const prefix = join(await temporaryFolder(), name);
  const writer = new BundleWriter();
  const data = Buffer.concat(Object.entries(values).sort().map(([variable, numbers]) => writer.add({ name: variable, dtype: "float32", shape: [numbers.length] }, new Uint8Array(Float32Array.from(numbers).buffer))));
  await writeFile(`${prefix}.data-00000-of-00001`, data);
  await writeFile(`${prefix}.index`, writer.finish());
  return prefix;
}

const average = "w/ExponentialMovingAverage";

test("both histograms count in the same bars, over the range of both", async () => {
  const [from, to] = [await save("a", { w: [0, 1, NaN] }), await save("b", { w: [2, 4, 4] })];
  const [pair] = await pairFiguresOf({ from, to, names: ["w", "not there"] }, unwatched);
  expect(pair?.from).toMatchObject({ mean: 0.5, nan: 1, histogram: { least: 0, greatest: 4 } });
  expect(pair?.to).toMatchObject({ min: 2, max: 4, histogram: { least: 0, greatest: 4 } });
  expect([pair?.from, pair?.to].map((one) => one?.histogram.counts.map((count, at) => (count > 0 ? [at, count] : [])).filter(({ length }) => length > 0))).toEqual([[[0, 1], [10, 1]], [[20, 1], [39, 2]]]);
});

test("weights are the variables as trained, or their averages under the variables' names", async () => {
  const [from, to] = [await save("a", { w: [1, 1], [average]: [10, 10], step: [1] }), await save("b", { w: [2, 2], [average]: [10, 11], step: [2] })];
  const changes = async (weights?: "raw" | "ema") => (await differenceOf({ from, to, ...(weights && { weights }) }, unwatched)).changed.map(({ name, relative }) => [name, relative]);
  expect(await changes()).toEqual([["step", 1], ["w", 1], [average, 1 / Math.sqrt(200)]]);
  expect(await changes("raw")).toEqual([["step", 1], ["w", 1]]);
  expect(await changes("ema")).toEqual([["w", 1 / Math.sqrt(200)]]);
  expect((await pairFiguresOf({ from, to, names: ["w"], weights: "ema" }, unwatched))[0]).toMatchObject({ name: "w", from: { mean: 10 }, to: { mean: 10.5 } });
});
