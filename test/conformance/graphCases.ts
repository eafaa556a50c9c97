// Graphs: nodes, text letter by letter, meta graphs, SavedModels, and Keras' descriptions of models.
import { join } from "node:path";
import { decodeGraphDef, encodeGraphDef, parseGraphDef, printGraphDef, type GraphDef } from "#formats/graphDef/graphDef";
import { graphModelOf } from "#formats/graphDef/graphModel";
import { decodeMetaGraphDef, decodeVariableDef, encodeMetaGraphDef, type MetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { parseKerasModel } from "#formats/keras/kerasModel";
import { decodeSavedModel } from "#formats/savedModel/savedModel";
import { kindOf, namesIn, readBytes, readJson, sha256 } from "./folders";
import { need, same, type Report } from "./report";

interface ExpectedMeta {
  readonly tags: readonly string[];
  readonly tensorflow_version: string;
  readonly collections?: Readonly<Record<string, { readonly kind: string; readonly value: unknown }>>;
  readonly saver_def?: Readonly<Record<string, unknown>>;
  readonly node_count?: number;
  readonly functions?: number;
}
interface ExpectedGraph {
  readonly node_count?: number;
  readonly producer?: number;
  readonly min_consumer?: number;
  readonly nodes?: readonly unknown[];
  readonly functions?: readonly unknown[];
  readonly meta?: ExpectedMeta;
  readonly meta_graphs?: readonly ExpectedMeta[];
  readonly schema_version?: number;
}
interface ExpectedKeras { readonly layers: readonly { readonly name: string; readonly class: string; readonly inputs: readonly string[] }[] }

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export async function checkGraphs(folder: string, report: Report): Promise<void> {
  const { cases } = await readJson<{ cases: Record<string, ExpectedGraph & Record<string, ExpectedKeras>> }>(join(folder, "expected.json"));
  for (const [name, wanted] of Object.entries(cases)) {
    const place = { name: `graphs/${name}`, dir: join(folder, name) };
    if (wanted.meta_graphs) await checkSavedModel(place, wanted, report);
    else if (wanted.nodes) await checkGraph(place, wanted, report);
    else await checkKeras(place, wanted, report);
  }
}

interface Place { readonly name: string; readonly dir: string }

async function checkGraph({ name, dir }: Place, wanted: ExpectedGraph, report: Report): Promise<void> {
  const bytes = await readBytes(join(dir, "graph.pb"));
  await report.check(`${name} nodes`, () => checkNodes(decodeGraphDef(bytes), wanted));
  await report.check(`${name} written again`, () => {
    const graph = decodeGraphDef(bytes);
    same("graph", decodeGraphDef(encodeGraphDef(graph)), graph);
  });
  const printed = text(await readBytes(join(dir, "graph.pbtxt")));
  await report.check(`${name} text printed from the bytes`, () => sameText(printGraphDef(decodeGraphDef(bytes)), printed));
  await report.check(`${name} text printed again`, () => sameText(printGraphDef(parseGraphDef(printed)), printed));
  await report.check(`${name} text nodes`, () => checkNodes(parseGraphDef(printed), wanted));
  const { meta } = wanted;
  if (!meta) return;
  const metaBytes = await readBytes(join(dir, "model.meta"));
  await report.check(`${name} meta graph`, () => checkMeta(decodeMetaGraphDef(metaBytes), meta));
  await report.check(`${name} meta graph written again`, () => {
    const found = decodeMetaGraphDef(metaBytes);
    same("meta graph", decodeMetaGraphDef(encodeMetaGraphDef(found)), found);
  });
}

function sameText(got: string, wanted: string): void {
  if (got === wanted) return;
  const lines = wanted.split("\n");
  const at = got.split("\n").findIndex((line, index) => line !== lines[index]);
  same(`line ${at + 1}`, got.split("\n")[at], lines[at]);
  same("sha256", sha256(got), sha256(wanted));
}

function checkNodes(graph: GraphDef, wanted: ExpectedGraph): void {
  same("nodes", graph.nodes.map(({ name, op, inputs, device, attrs }) => [name, op, inputs, device, [...attrs.keys()].sort()]), wanted.nodes);
  same("versions", [graph.producer, graph.minConsumer ?? 0], [wanted.producer, wanted.min_consumer]);
  same("functions", graph.functions, wanted.functions?.length ?? 0);
  const model = graphModelOf(graph);
  same("model", [model.nodes.length, model.functions], [wanted.node_count, graph.functions]);
}

function checkMeta(meta: MetaGraphDef, wanted: ExpectedMeta): void {
  same("tags and version", [meta.tags, meta.tensorflowVersion], [wanted.tags, wanted.tensorflow_version]);
  if (wanted.node_count !== undefined) same("nodes and functions", [meta.graph.nodes.length, meta.graph.functions], [wanted.node_count, wanted.functions ?? 0]);
  same("collections", [...meta.collections.keys()].sort(), Object.keys(wanted.collections ?? {}).sort());
  for (const [key, { kind, value }] of Object.entries(wanted.collections ?? {})) checkCollection(meta, key, { kind, value });
  const { saver } = meta;
  if (!wanted.saver_def) return;
  same("Saver", saver && {
    filename_tensor_name: saver.filenameTensorName, save_tensor_name: saver.saveTensorName, restore_op_name: saver.restoreOpName,
    max_to_keep: saver.maxToKeep, sharded: saver.sharded, keep_checkpoint_every_n_hours: saver.keepCheckpointEveryNHours, version: saver.version,
  }, wanted.saver_def);
}

function checkCollection(meta: MetaGraphDef, key: string, { kind, value }: { readonly kind: string; readonly value: unknown }): void {
  const found = need(meta.collections.get(key), key);
  const kinds = { nodes: "node_list", bytes: "bytes_list", ints: "int64_list", floats: "float_list", any: "any_list" };
  same(`kind of ${key}`, kinds[found.kind], kind);
  if (typeof value === "number") return same(`number in ${key}`, found.values.length, value);
  if (found.kind === "nodes") return same(key, found.values, value);
  if (found.kind === "ints" || found.kind === "floats") return same(key, found.values.map(Number), (value as unknown[]).map(Number));
  const items = value as readonly Readonly<Record<string, unknown>>[];
  if (typeof items[0] !== "object") return same(`number in ${key}`, found.values.length, items.length);
  const variables = found.values.map(decodeVariableDef).map(({ slice, ...variable }) => ({
    variable_name: variable.variableName, initializer_name: variable.initializerName, snapshot_name: variable.snapshotName,
    initial_value_name: variable.initialValueName, is_resource: variable.isResource, trainable: variable.trainable,
    ...(slice && { slice: [slice.fullName, slice.fullShape, slice.offset, slice.shape] }),
  }));
  same(key, variables, items);
}

async function checkSavedModel({ name, dir }: Place, wanted: ExpectedGraph, report: Report): Promise<void> {
  const model = decodeSavedModel(await readBytes(join(dir, "saved_model.pb")));
  await report.check(`${name} schema`, () => same("version and graphs", [model.schemaVersion, model.metaGraphs.length], [wanted.schema_version, wanted.meta_graphs?.length]));
  for (const [at, meta] of (wanted.meta_graphs ?? []).entries()) {
    await report.check(`${name} meta graph ${at}`, () => checkMeta(need(model.metaGraphs[at], "a meta graph"), meta));
  }
}

async function checkKeras({ name, dir }: Place, wanted: Readonly<Record<string, ExpectedKeras>>, report: Report): Promise<void> {
  for (const file of (await namesIn(dir)).filter((each) => each.endsWith(".json"))) {
    const expected = wanted[file.slice(0, -".json".length)];
    if (!expected || (await kindOf(join(dir, file))) !== "file") continue;
    await report.check(`${name}/${file}`, async () => {
      const { layers } = parseKerasModel(text(await readBytes(join(dir, file))));
      const names = new Set(expected.layers.map((layer) => layer.name));
      // What Keras lists of a Sequential model leaves its input layer out.
      const listed = layers.filter((layer) => names.has(layer.name));
      same("layers", listed.map((layer) => [layer.name, layer.className]), expected.layers.map((layer) => [layer.name, layer.class]));
      for (const layer of expected.layers) {
        // Inputs are tensors of Keras' own graph: a layer's name and what lies in it. Others are inputs of nested models.
        const sources = layer.inputs.map((input) => input.split(/[/:]/)[0] ?? "").filter((input) => input !== layer.name && layers.some((each) => each.name === input));
        if (sources.length > 0) same(`inputs of ${layer.name}`, [...(layers.find((each) => each.name === layer.name)?.inputs ?? [])].sort(), [...new Set(sources)].sort());
      }
    });
  }
}
