// Logdirs of other libraries: runs, files, tags and points against what TensorBoard's reader gives, and the checkpoints in them.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { RunReader } from "#host/reader/runReader";
import { startInProcessReader } from "#host/reader/inProcessReader";
import { findRuns } from "#host/runs/runFolders";
import { decodeMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { graphOfKerasModel, parseKerasModel } from "#formats/keras/kerasModel";
import { checkFileOfCase, type ExpectedCheckpoint } from "./checkpointFiles";
import { jsonNumber, kindOf, readJson } from "./folders";
import { need, same, type Report } from "./report";
import { keptByTensorBoard, readRunFile, type KeptValue, type RunFile } from "./runFile";

interface ExpectedFile {
  readonly bytes: number;
  readonly records: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly values_per_tag: Readonly<Record<string, number>>;
  /** All of them where a file tells it again. */
  readonly file_version?: string | readonly string[];
  readonly writer?: string;
  readonly session_log?: readonly object[];
  readonly tagged_run_metadata?: readonly object[];
  readonly incomplete_tail_bytes?: number;
}
interface ExpectedTag {
  readonly plugin: string;
  readonly n: number;
  readonly first?: unknown;
  readonly last?: unknown;
  readonly min?: number | string | null;
  readonly max?: number | string | null;
  readonly nan?: number;
  readonly pinf?: number;
  readonly ninf?: number;
  readonly steps?: readonly number[];
  readonly points?: readonly (readonly [number, number | string])[];
  readonly sha_f64?: string;
  readonly sha_steps_i64?: string;
  readonly not_decoded?: string;
  /** Only of Keras' descriptions of models. */
  readonly class_name?: string;
  readonly name?: string;
  readonly layers?: readonly string[];
}
interface ExpectedRun {
  readonly files: Readonly<Record<string, ExpectedFile>>;
  readonly tags: Readonly<Record<string, ExpectedTag>>;
  readonly graph?: { readonly nodes: number; readonly functions: number; readonly ops: Readonly<Record<string, number>> };
  readonly meta_graph?: { readonly graph_nodes: number; readonly collections: readonly string[]; readonly tf: string };
}
interface ExpectedCase {
  readonly runs: Readonly<Record<string, ExpectedRun>>;
  readonly checkpoints?: Readonly<Record<string, ExpectedCheckpoint>>;
}

/** A folder with `expected.json` and the log folder, plain or packed. */
export async function checkLogdir(folder: string, report: Report): Promise<void> {
  const name = basename(folder);
  const expected = await readJson<ExpectedCase>(join(folder, "expected.json"));
  const packed = join(folder, "logs.tar.gz");
  if ((await kindOf(packed)) !== "file") return checkLogs({ name, logs: join(folder, "logs"), expected }, report);
  const unpacked = await mkdtemp(join(tmpdir(), "conformance-"));
  try {
    execFileSync("tar", ["-xzf", packed, "-C", unpacked]);
    await checkLogs({ name, logs: join(unpacked, "logs"), expected }, report);
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

interface LogdirCase { readonly name: string; readonly logs: string; readonly expected: ExpectedCase }

async function checkLogs({ name, logs, expected }: LogdirCase, report: Report): Promise<void> {
  const found = await findRuns(logs, { hidden: true });
  const runs = found.filter(({ eventFiles }) => eventFiles.length > 0);
  await report.check(`${name} runs`, () => same("runs", runs.map((run) => run.name).sort(), Object.keys(expected.runs).sort()));
  for (const [run, wanted] of Object.entries(expected.runs)) {
    const dir = join(logs, run);
    const files: RunFile[] = [];
    for (const file of Object.keys(wanted.files).sort()) {
      const read = await readRunFile(join(dir, file));
      files.push(read);
      await report.check(`${name}/${run}/${file}`, async () => sameFile(read, need(wanted.files[file], file), (await stat(join(dir, file))).size));
    }
    const reader = new RunReader(dir, () => undefined);
    await reader.refresh();
    await report.check(`${name}/${run} run`, () => sameRun(reader, files));
    const kept = keptByTensorBoard(files);
    for (const [tag, each] of Object.entries(wanted.tags)) {
      if (each.plugin === "graphs" || each.plugin === "graph_tagged_run_metadata") continue;
      await report.check(`${name}/${run} ${tag}`, () => sameTag(reader, { tag, wanted: each, kept: kept.get(tag) ?? [] }));
    }
    reader.dispose();
    await checkGraphs(`${name}/${run}`, { dir, files, wanted }, report);
  }
  for (const [file, wanted] of Object.entries(expected.checkpoints ?? {})) await checkFileOfCase({ name: `${name}/${file}`, path: join(logs, file), wanted }, report);
}

function sameFile(file: RunFile, wanted: ExpectedFile, bytes: number): void {
  const { records, kinds, values_per_tag, file_version, writer, session_log, tagged_run_metadata, incomplete_tail_bytes } = wanted;
  same("bytes", bytes, wanted.bytes);
  same("damage", file.damage, []);
  same("records", file.events.length, records);
  same("kinds", file.kinds, kinds);
  same("values per tag", file.valuesPerTag, values_per_tag);
  same("file version", file.versions, file_version === undefined ? [] : [file_version].flat());
  if (writer !== undefined) same("writer", file.writer, writer);
  if (session_log) same("session log", file.sessions.map(({ step, status, path }) => ({ step, status, ...(path && { path }) })), session_log.map((each) => plainSession(each)));
  if (tagged_run_metadata) same("run metadata", file.runMetadata, tagged_run_metadata);
  if (incomplete_tail_bytes !== undefined) same("incomplete tail", file.tailBytes, incomplete_tail_bytes);
}

function plainSession(each: object): object {
  const { step, status, checkpoint_path: path } = each as { step: number; status: number; checkpoint_path?: string };
  return { step, status, ...(path && { path }) };
}

/** What the reader tells of the run as a whole is the sum of its files. */
function sameRun(reader: RunReader, files: readonly RunFile[]): void {
  const content = reader.content();
  const sum = (kind: string): number => files.reduce((all, { kinds }) => all + (kinds[kind] ?? 0), 0);
  same("damage", content.damage, []);
  same("files and records", [content.files, content.records], [files.length, files.reduce((all, { events }) => all + events.length, 0)]);
  same("graphs", [content.graphs, content.metaGraphs, content.runMetadata], [sum("graph_def"), sum("meta_graph_def"), sum("tagged_run_metadata")]);
  same("session logs", content.sessionLogs, sum("session_log"));
  const values = new Map<string, number>();
  for (const { valuesPerTag } of files) for (const [tag, count] of Object.entries(valuesPerTag)) values.set(tag, (values.get(tag) ?? 0) + count);
  for (const { tag, points, superseded } of content.tags) same(`points of ${tag}`, points + superseded, values.get(tag));
  same("tags", content.tags.map(({ tag }) => tag).sort(), [...values.keys()].sort());
}

interface TagCase { readonly tag: string; readonly wanted: ExpectedTag; readonly kept: readonly KeptValue[] }

function sameTag(reader: RunReader, { tag, wanted, kept }: TagCase): void {
  const series = need(reader.events.tag(tag), `tag ${tag}`);
  if (wanted.plugin !== "") same("plugin", series.plugin, wanted.plugin);
  same("points", kept.length, wanted.n);
  if (wanted.steps) same("steps", kept.map(({ step }) => step), wanted.steps);
  if (wanted.plugin === "graph_keras_model" && wanted.layers) sameKerasModel(need(kept[0]?.text, "a model"), wanted);
  if (wanted.plugin !== "scalars" || wanted.not_decoded !== undefined) return;
  same("kind", series.kind, "scalar");
  const values = kept.map(({ value }) => value ?? NaN);
  if (wanted.points) same("points", kept.map(({ step, value }) => [step, jsonNumber(value ?? NaN)]), wanted.points);
  if (wanted.sha_f64 !== undefined) same("values", short(new Uint8Array(Float64Array.from(values).buffer)), wanted.sha_f64);
  if (wanted.sha_steps_i64 !== undefined) same("steps", short(new Uint8Array(BigInt64Array.from(kept, ({ step }) => BigInt(step)).buffer)), wanted.sha_steps_i64);
  const finite = values.filter(Number.isFinite);
  same("least and greatest", finite.length === 0 ? [null, null] : [Math.min(...finite), Math.max(...finite)], [wanted.min, wanted.max]);
  const counts = [Number.isNaN, (value: number) => value === Infinity, (value: number) => value === -Infinity].map((is) => values.filter(is).length);
  same("not finite", counts, [wanted.nan, wanted.pinf, wanted.ninf]);
  sameSeries(reader, tag, values);
}

/** Layers as Keras tells them, and as the graph draws them: those of models within are in scopes of their own. */
function sameKerasModel(text: Uint8Array, { class_name, name, layers = [], ...told }: ExpectedTag): void {
  const model = parseKerasModel(new TextDecoder().decode(text));
  same("model", [model.className, model.name, model.layers.map((layer) => layer.name)], [class_name, name, layers]);
  const { nodes } = graphOfKerasModel(model);
  for (const [key, value] of Object.entries(told)) {
    if (!key.startsWith("conceptual_graph")) continue;
    const wanted = (value as unknown as { nodes: [string, string, string[]][] }).nodes;
    same("nodes", nodes.map((node) => node.name).sort(), wanted.map(([node]) => node).sort());
    // TensorBoard draws functional models of Keras 2 without edges.
    if (wanted.some(([, , inputs]) => inputs.length > 0)) same("inputs", nodes.map((node) => [node.name, [...node.inputs].sort()]), wanted.map(([node, , inputs]) => [node, [...inputs].sort()]));
  }
}

/** The reader's own columns hold these values too, unless TensorBoard dropped some at a START. */
function sameSeries(reader: RunReader, tag: string, values: readonly number[]): void {
  const { series } = need(reader.events.tag(tag), tag);
  if (series.length === values.length) same("values", series.values, values);
}

function short(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

interface GraphCase { readonly dir: string; readonly files: readonly RunFile[]; readonly wanted: ExpectedRun }

async function checkGraphs(name: string, { dir, files, wanted: { graph, meta_graph } }: GraphCase, report: Report): Promise<void> {
  if (graph) {
    await report.check(`${name} graph`, async () => {
      const reader = startInProcessReader();
      const { nodes, functions, ops } = await reader.graphSummary({ path: dir, depth: 1 });
      reader.dispose();
      same("graph", { nodes, functions, ops: sorted(ops) }, { nodes: graph.nodes, functions: graph.functions, ops: sorted(graph.ops) });
    });
  }
  if (meta_graph) {
    await report.check(`${name} meta graph`, () => {
      const meta = decodeMetaGraphDef(need(files.flatMap((file) => file.metaGraphs).at(-1), "a meta graph"));
      same("meta graph", { graph_nodes: meta.graph.nodes.length, collections: [...meta.collections.keys()].sort(), tf: meta.tensorflowVersion }, meta_graph);
    });
  }
}

function sorted(ops: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(ops).sort(([one], [other]) => (one < other ? -1 : 1));
}
