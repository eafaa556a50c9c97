import { rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { BundleWriter } from "#formats/bundle/bundleWriter";
import { inspectCheckpoint } from "#host/reader/inspectCheckpoint";
import { temporaryFolder } from "./temporaryFolder";

async function save(): Promise<{ readonly prefix: string; readonly data: Uint8Array }> {
  const prefix = join(await temporaryFolder(), "model-1");
  const writer = new BundleWriter();
  const pieces = [
    writer.add({ name: "bias", dtype: "float32", shape: [2] }, new Uint8Array(Float32Array.of(1, 2).buffer)),
    writer.add({ name: "step", dtype: "int64", shape: [] }, new Uint8Array(BigInt64Array.of(7n).buffer)),
  ];
  const data = new Uint8Array(pieces.flatMap((piece) => [...piece]));
  await writeFile(`${prefix}.data-00000-of-00001`, data);
  await writeFile(`${prefix}.index`, writer.finish());
  return { prefix, data };
}

test("a sound checkpoint tells its variables, and is verified when asked", async () => {
  const { prefix } = await save();
  const content = await inspectCheckpoint({ prefix, verify: true });
  expect(content).toMatchObject({ kind: "checkpoint", format: "V2", shards: 1, bytes: 16, verified: true, problems: [] });
  expect(content.variables.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([["bias", "float32", [2]], ["step", "int64", []]]);
  expect("verified" in (await inspectCheckpoint({ prefix, verify: false }))).toBe(false);
});

test("a flipped bit is found by name, when asked", async () => {
  const { prefix, data } = await save();
  await writeFile(`${prefix}.data-00000-of-00001`, data.map((byte, at) => (at === 3 ? byte ^ 1 : byte)));
  const { verified, problems } = await inspectCheckpoint({ prefix, verify: true });
  expect(verified).toBe(false);
  expect(problems).toEqual([expect.stringContaining("bias")]);
});

test("a missing data file is a problem even unasked", async () => {
  const { prefix } = await save();
  await rm(`${prefix}.data-00000-of-00001`);
  const { problems, variables } = await inspectCheckpoint({ prefix, verify: true });
  expect(problems).toEqual([`The data file ${basename(prefix)}.data-00000-of-00001 is not there.`]);
  expect(variables).toHaveLength(2);
});

test("a prefix without an index is refused with a sentence", async () => {
  const prefix = join(await temporaryFolder(), "model-9");
  await expect(inspectCheckpoint({ prefix, verify: false })).rejects.toThrow(`There is no checkpoint at ${prefix}: its index file is not there.`);
});
