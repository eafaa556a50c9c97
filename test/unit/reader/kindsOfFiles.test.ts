// Checkpoints and graphs on disk in all the forms in which they come: told alike whatever the form.
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { FormatError, UserError } from "#base/errors";
import { metaGraphSchema } from "#formats/graphDef/metaGraphSchema";
import { printProto } from "#formats/protoText/printProto";
import { messageSchema } from "#formats/protoText/schema";
import { inspectCheckpoint } from "#host/reader/inspectCheckpoint";
import { createReader } from "#host/reader/readerService";
import { useTemporary } from "../../support/temporary";
import { golden, need } from "../formats/golden";

const temporary = useTemporary();
const reader = createReader({ seriesChanged: () => undefined, taskProgressed: () => undefined });
const bundles = golden("bundle");
const graphs = golden("graphs");

/** The files of a golden checkpoint on disk; answers its prefix. */
async function put(prefix: string): Promise<string> {
  for (const [path, bytes] of bundles) {
    if (path !== prefix && !path.startsWith(`${prefix}.`)) continue;
    await mkdir(dirname(join(temporary.root, path)), { recursive: true });
    await writeFile(join(temporary.root, path), bytes);
  }
  return join(temporary.root, prefix);
}

test("a V1 checkpoint is inspected like another, without checksums of its own", async () => {
  const content = await inspectCheckpoint({ prefix: await put("v1-format/old.ckpt"), verify: true });
  expect(content).toMatchObject({ format: "V1", shards: 1, verified: true, problems: [] });
  expect(content.variables.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual([
    ["b", "int32", [5]], ["d", "float64", []], ["p", "float32", [10]], ["s", "string", [2]], ["w", "float32", [5, 2]],
  ]);
  expect(content.variables.some(({ crc32c }) => crc32c !== undefined)).toBe(false);
  expect(content.variables.find(({ name }) => name === "p")?.slices?.length).toBe(2);
});

test("damage of a V1 checkpoint is told", async () => {
  const bytes = need(bundles.get("v1-format/old.ckpt"), "a V1 checkpoint").slice();
  bytes[Math.floor(bytes.length / 3)] = (bytes[Math.floor(bytes.length / 3)] ?? 0) ^ 1;
  await writeFile(join(temporary.root, "old"), bytes);
  const inspected = await inspectCheckpoint({ prefix: join(temporary.root, "old"), verify: true }).then((content) => content.verified, (error: unknown) => error instanceof FormatError ? false : error);
  expect(inspected).toBe(false);
});

test("an object-based checkpoint tells the names that its variables have in the program", async () => {
  const { objects, variables } = await inspectCheckpoint({ prefix: await put("object-based/ck/tf2-1"), verify: false });
  expect(objects?.count).toBeGreaterThan(10);
  expect(objects?.tensors.find(({ key }) => key.startsWith("optimizer/learning_rate"))?.fullName).toBe("Adam/learning_rate");
  const slot = objects?.tensors.find(({ slot: each }) => each?.name === "m");
  expect(variables.map(({ name }) => name)).toContain(slot?.slot?.variableKey);
});

test("what is no checkpoint is refused in one sentence", async () => {
  await writeFile(join(temporary.root, "notes"), "x".repeat(100));
  await writeFile(join(temporary.root, "empty"), "");
  for (const name of ["notes", "empty"]) await expect(inspectCheckpoint({ prefix: join(temporary.root, name), verify: false })).rejects.toThrow(/notes is no checkpoint|empty/);
  await expect(inspectCheckpoint({ prefix: join(temporary.root, "nothing"), verify: false })).rejects.toThrow(UserError);
});

const summaryOf = async (name: string, content: Uint8Array | string) => {
  await writeFile(join(temporary.root, name), content);
  return reader.graphSummary({ path: join(temporary.root, name), depth: 1 });
};

test("a meta graph is the same in bytes and in text, under any usual name", async () => {
  const bytes = need(graphs.get("keras-session/model.meta"), "a meta graph");
  const wanted = await summaryOf("model.meta", bytes);
  expect(wanted.nodes).toBeGreaterThan(0);
  const text = printProto(metaGraphSchema, bytes);
  for (const name of ["text.meta", "graph.pbtxt", "meta.txt"]) expect(await summaryOf(name, text)).toEqual(wanted);
  expect(await summaryOf("any.pb", bytes)).toEqual(wanted);
});

test("a SavedModel in text is read like one in bytes", async () => {
  const bytes = need(graphs.get("saved-model-v1/saved_model.pb"), "a SavedModel");
  const schema = messageSchema(() => ({ saved_model_schema_version: [1, "int64"], meta_graphs: [2, metaGraphSchema, "repeated"] }));
  const wanted = await summaryOf("saved_model.pb", bytes);
  expect(await summaryOf("saved_model.pbtxt", printProto(schema, bytes))).toEqual(wanted);
});

test("models in JSON are graphs of layers", async () => {
  const keras = readFileSync(new URL("../../fixtures/formats/keras/two_heads.json", import.meta.url), "utf8");
  const wanted = await summaryOf("keras.json", keras);
  expect(wanted).toMatchObject({ nodes: 8, edges: { data: 8, control: 0 }, ops: { LSTM: 1, Dense: 2 } });
  const tfjs = JSON.stringify({ format: "layers-model", modelTopology: { model_config: JSON.parse(keras) as unknown }, weightsManifest: [] });
  expect(await summaryOf("model.json", tfjs)).toEqual(wanted);
  await expect(summaryOf("package.json", '{"name":"x"}')).rejects.toThrow(FormatError);
});
