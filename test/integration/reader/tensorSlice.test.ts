import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BundleWriter } from "#formats/bundle/bundleWriter";
import { encodeStrings } from "#formats/bundle/stringTensor";
import { unwatched, type Look } from "#host/reader/tasks";
import { sliceOf } from "#host/reader/tensorSlice";
import { temporaryFolder } from "./temporaryFolder";

async function save(): Promise<string> {
  const prefix = join(await temporaryFolder(), "model-1");
  const writer = new BundleWriter();
  const table = Float32Array.from({ length: 3 * 200 * 100 }, (_, at) => (at === 20_005 ? NaN : at));
  const data = Buffer.concat([
    writer.add({ name: "table", dtype: "float32", shape: [3, 200, 100] }, new Uint8Array(table.buffer)),
    writer.add({ name: "words", dtype: "string", shape: [1] }, encodeStrings([new Uint8Array(1)])),
  ]);
  await writeFile(`${prefix}.data-00000-of-00001`, data);
  await writeFile(`${prefix}.index`, writer.finish());
  return prefix;
}

test("only the bytes of the slice are read", async () => {
  const prefix = await save();
  let [expected, passed] = [0, 0];
  const look: Look = { cancelled: false, expect: (bytes) => (expected = bytes), passed: (bytes) => (passed += bytes) };
  const { mean, marks, rows, nan, range } = await sliceOf({ prefix, name: "table", at: [1, 0, 0], rows: { axis: 1, from: 0, count: 10 } }, look);
  expect([expected, passed]).toEqual([4000, 4000]);
  expect([mean[0], mean[5], marks[5], rows.cells, nan, range]).toEqual([20_000, NaN, 1, 10, 1, { least: 20_000, greatest: 20_999 }]);
});

test("a cancelled slice has the cells that were read", async () => {
  const { cancelled, marks } = await sliceOf({ prefix: await save(), name: "table" }, { ...unwatched, cancelled: true });
  expect([cancelled, marks.every((mark) => mark === 4)]).toEqual([true, true]);
});

test("strings, unknown names and windows outside are refused with a sentence", async () => {
  const prefix = await save();
  await expect(sliceOf({ prefix, name: "words" }, unwatched)).rejects.toThrow("Values of type string have no place in a heat map.");
  await expect(sliceOf({ prefix, name: "none" }, unwatched)).rejects.toThrow("There is no tensor none");
  await expect(sliceOf({ prefix, name: "table", at: [3, 0, 0] }, unwatched)).rejects.toThrow("outside the shape 3 × 200 × 100");
});
