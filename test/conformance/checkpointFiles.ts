// The checkpoints and models in a logdir: each kind through the reader that belongs to it.
import { basename, dirname, join } from "node:path";
import { readCheckpointState } from "#formats/checkpointState/checkpointState";
import { decodeTensor, type Bundle } from "#formats/bundle/openBundle";
import { decodeMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { parseGraphDef } from "#formats/graphDef/graphDef";
import { decodeSavedModel } from "#formats/savedModel/savedModel";
import { inspectCheckpoint } from "#host/reader/inspectCheckpoint";
import { withCheckpoint } from "#host/reader/openCheckpoint";
import { jsonNumber, kindOf, readBytes, sha256 } from "./folders";
import { near, need, same, type Report } from "./report";

interface ExpectedVariable {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly min?: number | string | null;
  readonly max?: number | string | null;
  readonly mean?: number | string | null;
  readonly sha?: string;
  readonly values?: readonly unknown[];
  readonly bytes?: number;
}
export interface ExpectedCheckpoint {
  readonly kind: string;
  readonly prefix?: string;
  readonly shards?: readonly string[];
  readonly variables?: Readonly<Record<string, ExpectedVariable>>;
  readonly all?: readonly string[];
  readonly timestamps?: readonly (number | string)[];
  readonly raw_model_checkpoint_path?: string;
  readonly last_preserved?: number;
  readonly exists_here?: readonly boolean[];
  readonly nodes?: number;
  readonly functions?: number;
  readonly ops?: Readonly<Record<string, number>>;
  readonly collections?: readonly string[];
  readonly saver_version?: number;
  readonly max_to_keep?: number;
  readonly keep_every_n_hours?: number;
  readonly meta_graphs?: readonly { readonly tags: readonly string[]; readonly nodes: number; readonly functions: number; readonly tf: string }[];
}
interface FileCase { readonly name: string; readonly path: string; readonly wanted: ExpectedCheckpoint }

export async function checkFileOfCase({ name, path, wanted }: FileCase, report: Report): Promise<void> {
  switch (wanted.kind) {
    case "tf_bundle": return checkVariables({ name, path: path.replace(/\.index$/, ""), wanted }, report);
    case "tf_v1_checkpoint": return checkVariables({ name, path, wanted }, report);
    case "checkpoint_state": return report.check(name, () => checkState(path, wanted));
    case "meta_graph": return report.check(name, () => checkMeta(path, wanted));
    case "saved_model": return report.check(name, () => checkSavedModel(path, wanted));
    case "graph_text": return report.check(name, () => checkText(path, wanted));
    default: return report.skip(`files of the kind ${wanted.kind} are not TensorFlow's and not read`);
  }
}

async function checkVariables({ name, path, wanted }: FileCase, report: Report): Promise<void> {
  const variables = wanted.variables ?? {};
  await report.check(`${name} list`, async () => {
    const content = await inspectCheckpoint({ prefix: path, verify: true });
    same("problems", content.problems, []);
    same("variables", content.variables.map((variable) => variable.name).sort(), Object.keys(variables).sort());
    if (wanted.shards) same("data files", content.shards, wanted.shards.length);
  });
  await withCheckpoint(path, async (bundle) => {
    for (const [variable, each] of Object.entries(variables)) await report.check(`${name} ${variable}`, () => checkVariable(bundle, variable, each));
  }).catch((error: unknown) => report.check(name, () => Promise.reject(error)));
}

async function checkVariable(bundle: Bundle, name: string, wanted: ExpectedVariable): Promise<void> {
  const entry = need(bundle.entries.get(name), name);
  same("shape", entry.shape, wanted.shape);
  same("type", entry.dtype, wanted.dtype);
  const bytes = await bundle.read(name);
  const values = decodeTensor(entry.dtype, bytes);
  if (entry.dtype === "string") {
    const strings = Array.from<unknown>(values).filter((value) => value instanceof Uint8Array);
    if (wanted.bytes !== undefined) same("bytes", strings.reduce((sum, { length }) => sum + length, 0), wanted.bytes);
    if (wanted.values) same("values", strings.map((text) => new TextDecoder().decode(text)), wanted.values);
    return;
  }
  if (wanted.sha !== undefined) same("sha256", sha256(bytes).slice(0, 16), wanted.sha);
  if (entry.dtype.startsWith("complex") || wanted.min === undefined || wanted.min === null) return;
  const numbers = Array.from<unknown>(values).map(Number);
  const finite = numbers.filter(Number.isFinite);
  if (finite.length < numbers.length || typeof wanted.min === "string") return;
  same("least", jsonNumber(Math.min(...numbers)), wanted.min);
  same("greatest", jsonNumber(Math.max(...numbers)), wanted.max);
  if (typeof wanted.mean === "number") near("mean", numbers.reduce((sum, value) => sum + value, 0) / numbers.length, wanted.mean);
}

async function checkState(path: string, wanted: ExpectedCheckpoint): Promise<void> {
  const state = need(readCheckpointState(await readBytes(path)), "a state");
  same("newest", `"${state.modelCheckpointPath}"`, wanted.raw_model_checkpoint_path);
  same("all", state.allModelCheckpointPaths.map((each) => basename(each)), wanted.all);
  same("times", state.timestamps.map(jsonNumber), wanted.timestamps);
  same("last preserved", state.lastPreservedTimestamp ?? 0, wanted.last_preserved ?? 0);
  const there = await Promise.all(state.allModelCheckpointPaths.map(async (each) => {
    const beside = join(dirname(path), basename(each));
    return (await kindOf(`${beside}.index`)) === "file" || (await kindOf(beside)) === "file";
  }));
  same("exists here", there, wanted.exists_here);
}

async function checkMeta(path: string, wanted: ExpectedCheckpoint): Promise<void> {
  const { graph, collections, saver } = decodeMetaGraphDef(await readBytes(path));
  same("nodes", graph.nodes.length, wanted.nodes);
  same("collections", [...collections.keys()].sort(), wanted.collections);
  same("Saver", [saver?.version, saver?.maxToKeep, saver?.keepCheckpointEveryNHours], [wanted.saver_version, wanted.max_to_keep, wanted.keep_every_n_hours]);
}

async function checkSavedModel(path: string, wanted: ExpectedCheckpoint): Promise<void> {
  const { metaGraphs } = decodeSavedModel(await readBytes(path));
  const found = metaGraphs.map(({ tags, graph, tensorflowVersion }) => ({ tags, nodes: graph.nodes.length, functions: graph.functions, tf: tensorflowVersion }));
  same("meta graphs", found, wanted.meta_graphs?.map(({ tags, nodes, functions, tf }) => ({ tags, nodes, functions, tf })));
}

async function checkText(path: string, wanted: ExpectedCheckpoint): Promise<void> {
  const { nodes, functions } = parseGraphDef(new TextDecoder().decode(await readBytes(path)));
  same("nodes and functions", [nodes.length, functions], [wanted.nodes, wanted.functions]);
  const ops: Record<string, number> = {};
  for (const { op } of nodes) ops[op] = (ops[op] ?? 0) + 1;
  for (const [op, times] of Object.entries(wanted.ops ?? {})) same(`operations ${op}`, ops[op], times);
}
