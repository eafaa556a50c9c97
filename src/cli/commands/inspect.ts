// trainscope inspect: what a file or folder holds.
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { UserError } from "#base/errors";
import type { CheckpointContent } from "#model/checkpoint";
import type { TensorExport } from "#model/checkpointLook";
import type { Experiment, Hyperparameters } from "#model/hyperparameters";
import type { TagInfo } from "#model/scalars";
import { readCheckpointState } from "#formats/checkpointState/checkpointState";
import { parseTfjsModel } from "#formats/tfjs/modelJson";
import { findRuns } from "#host/runs/runFolders";
import type { ReaderAsks, RunContent } from "#protocol/readerApi";
import { count, jsonWithList, outInPieces, printJson, size, table, value, visible, type Terminal } from "../output";
import { kindOfPath, latestOf, printedPath } from "../paths";
import { patiently } from "../patience";
import { readTensor, type TensorAnswer } from "../tensors";

/** Options of `trainscope inspect`. */
export interface InspectOptions {
  readonly verify?: boolean;
  readonly tensor?: string;
  /** File that takes the tensor in NumPy's form. */
  readonly npy?: string;
  /** File that takes the tensor as comma-separated values. */
  readonly csv?: string;
  /** File that takes all tensors. */
  readonly safetensors?: string;
  readonly json?: boolean;
}

interface Surroundings {
  readonly reader: ReaderAsks;
  readonly terminal: Terminal;
}

/** Prints what is at a path; answers 1 where verifying found damage. */
export async function inspect(word: string, options: InspectOptions, surroundings: Surroundings): Promise<number> {
  const { tensor, safetensors } = options;
  const found = await kindOfPath(word);
  const wantsCheckpoint = options.verify === true || (tensor ?? safetensors) !== undefined;
  if (found.kind === "checkpoint") return inspectCheckpoint(found.prefix, options, surroundings);
  if (found.kind === "logdir") {
    if (wantsCheckpoint) return inspectCheckpoint(await latestOf(found.path, word), options, surroundings);
    return inspectLogdir(found.path, options, surroundings);
  }
  if (wantsCheckpoint) throw new UserError(`${word} is no checkpoint.`, "--verify, --tensor and --safetensors look into checkpoints.");
  if (found.kind === "eventFile") return inspectEventFile(found.path, options, surroundings);
  if (found.kind === "stateFile") return inspectState(found.path, options, surroundings);
  if (found.kind === "jsonModel") return inspectJsonModel(found.path, options, surroundings);
  const summary = await surroundings.reader.graphSummary({ path: found.path, depth: 1 });
  const { nodes, edges, ops, functions, variables } = summary;
  if (options.json) surroundings.terminal.out(`${printJson({ kind: found.kind, ...summary })}\n`);
  else {
    surroundings.terminal.out(
      `${found.kind === "graph" ? "Graph" : "Saved model"}: ${count(nodes)} operations ` +
        `of ${count(Object.keys(ops).length)} types, ${count(edges.data)} data and ${count(edges.control)} control edges, ` +
        `${count(variables)} variables, ${count(functions)} functions\n`,
    );
  }
  return 0;
}

async function inspectLogdir(
  dir: string,
  { json }: InspectOptions,
  { reader, terminal }: Surroundings,
): Promise<number> {
  const runs: { readonly name: string; readonly content: RunContent }[] = [];
  for (const folder of await findRuns(dir, { hidden: true })) {
    if (folder.eventFiles.length > 0) runs.push({ name: folder.name, content: await readRun(folder.dir, reader) });
  }
  terminal.out(
    json
      ? `${printJson({ kind: "logdir", runs: runs.map(runJson) })}\n`
      : runs.map(printRun).join("\n") || "No event files.\n",
  );
  return 0;
}

async function inspectEventFile(
  path: string,
  { json }: InspectOptions,
  { reader, terminal }: Surroundings,
): Promise<number> {
  const run = { name: ".", content: await readRun(path, reader) };
  terminal.out(json ? `${printJson({ kind: "logdir", runs: [runJson(run)] })}\n` : printRun(run));
  return 0;
}

async function readRun(dir: string, reader: ReaderAsks): Promise<RunContent> {
  const content = await patiently("Reading", reader.open({ dir, follow: false }));
  await reader.close({ dir });
  return content;
}

async function inspectCheckpoint(
  prefix: string,
  options: InspectOptions,
  { reader, terminal }: Surroundings,
): Promise<number> {
  const { verify = false, tensor, json } = options;
  await writeExports(prefix, options, { reader, terminal });
  if (tensor !== undefined) {
    const answer = await readTensor(prefix, tensor);
    if (json) outInPieces(terminal, tensorDocument(answer));
    else terminal.out(printTensor(answer));
    return 0;
  }
  const content = await patiently(verify ? "Verifying" : "Reading", reader.inspectCheckpoint({ prefix, verify }));
  terminal.out(json ? `${printJson(content)}\n` : printCheckpoint(printedPath(process.cwd(), prefix), content));
  return verify && (content.verified === false || content.problems.length > 0) ? 1 : 0;
}

/** What is said of them goes to stderr: the answer on stdout stays one. */
async function writeExports(
  prefix: string,
  { tensor = "", npy, csv, safetensors }: InspectOptions,
  { reader, terminal }: Surroundings,
): Promise<void> {
  const wanted: readonly (readonly [string | undefined, TensorExport["what"]])[] = [
    [npy, { format: "npy", name: tensor }],
    [csv, { format: "csv", name: tensor }],
    [safetensors, { format: "safetensors" }],
  ];
  for (const [path, what] of wanted) {
    if (path === undefined) continue;
    const { notes, leftOut } = await patiently(
      `Writing ${path}`,
      reader.exportTensors({ prefix, path: resolve(path), what }),
    );
    for (const note of notes) terminal.err(`${note}\n`);
    for (const { name, why } of leftOut) terminal.err(`Left out ${visible(name)}: ${why}.\n`);
  }
}

async function inspectState(path: string, { json }: InspectOptions, { terminal }: Surroundings): Promise<number> {
  const state = readCheckpointState(new Uint8Array(await readFile(path)));
  if (!state) throw new UserError(`${basename(path)} in ${dirname(path)} is no state file that TensorFlow would read.`);
  const { modelCheckpointPath: latest, allModelCheckpointPaths: all, timestamps, lastPreservedTimestamp } = state;
  if (json) {
    const times = {
      ...(timestamps.length > 0 && { timestamps }),
      ...(lastPreservedTimestamp !== undefined && { lastPreservedTimestamp }),
    };
    terminal.out(`${printJson({ kind: "checkpointState", latest, all, ...times })}\n`);
  } else {
    terminal.out(`Latest: ${visible(latest)}\n${all.map((one) => `  ${visible(one)}\n`).join("")}`);
  }
  return 0;
}

/** A model of TensorFlow.js with its weights, or Keras' description of a model. */
async function inspectJsonModel(
  path: string,
  { json }: InspectOptions,
  { reader, terminal }: Surroundings,
): Promise<number> {
  const text = await readFile(path, "utf8");
  const model = text.includes('"modelTopology"') ? parseTfjsModel(text) : undefined;
  const summary = await reader.graphSummary({ path, depth: 1 });
  if (json) {
    const { format, generatedBy, weights, files } = model ?? {};
    const kind = model ? "tfjsModel" : "kerasModel";
    terminal.out(`${printJson({ kind, format, generatedBy, weights, files, ...summary })}\n`);
    return 0;
  }
  const what = model ? `TensorFlow.js model (${visible(model.format)})` : "Keras model";
  terminal.out(`${what}: ${count(summary.nodes)} ${model?.format === "graph-model" ? "operations" : "layers"}\n`);
  const rows = model?.weights.map((weight) => [weight.name, weight.dtype, `[${weight.shape.join(", ")}]`]) ?? [];
  if (rows.length > 0) terminal.out(table(["WEIGHT", "TYPE", "SHAPE"], rows));
  return 0;
}

function runJson({ name, content }: { readonly name: string; readonly content: RunContent }): object {
  const { files, records, bytes, tags, graphs, metaGraphs, runMetadata, sessionLogs, damage, hyperparameters, experiment } = content;
  const known = { name, files, records, bytes, tags: tags.map(tagJson), graphs, metaGraphs, runMetadata, sessionLogs, damage: damage.map(({ file, offset, reason }) => ({ file, offset, reason })) };
  return { ...known, ...(hyperparameters && { hyperparameters }), ...(experiment && { experiment }) };
}

function tagJson({ tag, plugin, kind, points, superseded, first, last, min, max, nonFinite, prCurve, mesh }: TagInfo): object {
  return {
    tag,
    plugin,
    kind,
    points,
    superseded,
    ...(kind === "scalar" && { first, last, min, max, nonFinite: nonFinite ?? 0 }),
    ...(prCurve && { prCurve }),
    ...(mesh && { mesh }),
  };
}

function printRun({ name, content }: { readonly name: string; readonly content: RunContent }): string {
  const { files, records, bytes, tags, graphs, damage } = content;
  const graph = graphs > 0 ? ", a graph" : "";
  const head = `${visible(name)}: ${count(files)} event files, ${count(records)} records, ${size(bytes)}${graph}\n`;
  const rows = tags.map(({ tag, kind, points, superseded, first, last, min, max }) => [
    tag,
    kind,
    count(points),
    superseded > 0 ? count(superseded) : "",
    value(first?.value),
    value(last?.value),
    value(min?.value),
    value(max?.value),
  ]);
  const tagTable =
    rows.length === 0 ? "" : table(["TAG", "KIND", "POINTS", "REPLACED", "FIRST", "LAST", "LEAST", "GREATEST"], rows);
  const facts = `${printExperiment(content.experiment)}${printHyperparameters(content.hyperparameters)}`;
  return `${head}${facts}${tagTable}${tags.map(printHeld).join("")}${damage.map(({ file, offset, reason }) => `! ${visible(file)}, byte ${count(offset)}: ${reason}\n`).join("")}`;
}

function printExperiment(told: Experiment | undefined): string {
  if (!told) return "";
  const shown = told.hyperparameters.map(({ name, type, values, interval }) => {
    const domain = interval ? `${value(interval.min)} to ${value(interval.max)}` : (values?.map((one) => printJson(one)).join(", ") ?? type ?? "");
    return `  ${visible(name)}: ${visible(domain)}\n`;
  });
  const metrics = told.metrics.map(({ tag, group }) => visible(group === undefined ? tag : `${group}/${tag}`));
  const title = told.name ?? told.description;
  return `Experiment${title === undefined ? "" : ` (${visible(title)})`}, compared by ${metrics.join(", ") || "nothing"}:\n${shown.join("")}`;
}

/** What there is to tell of the last value of a tag that is no scalar. */
function printHeld({ tag, prCurve, mesh }: TagInfo): string {
  if (mesh) {
    const config = mesh.config === undefined ? "" : `, settings ${visible(mesh.config)}`;
    return `${visible(tag)}: ${mesh.content} of the mesh ${visible(mesh.name)}, [${mesh.shape.join(", ")}]${config}\n`;
  }
  if (!prCurve) return "";
  const { step, thresholds, precision, recall, truePositives, falsePositives, trueNegatives, falseNegatives } = prCurve;
  const middle = thresholds.findLastIndex((threshold) => threshold <= 0.5);
  const at = (column: readonly number[]): string => value(column[middle]);
  return (
    `${visible(tag)}, step ${count(step)}: at threshold ${at(thresholds)} precision ${at(precision)}, recall ${at(recall)}, ` +
    `${at(truePositives)} true and ${at(falsePositives)} false positives, ${at(trueNegatives)} true and ${at(falseNegatives)} false negatives\n`
  );
}

function printHyperparameters(told: Hyperparameters | undefined): string {
  if (!told) return "";
  const { values = [], group, status } = told;
  const session = [group === undefined ? "" : `group ${visible(group)}`, status ?? ""].filter(Boolean).join(", ");
  const shown = values.map((one) => `  ${visible(one.name)} = ${visible(printJson(one.value))}\n`).join("");
  return `Hyperparameters${session && ` (${session})`}:\n${shown}`;
}

function printCheckpoint(
  name: string,
  { format, shards, bytes, variables, verified, problems, objects }: CheckpointContent,
): string {
  const checked = verified === undefined ? "" : verified ? ", every byte verified" : ", NOT sound";
  const data = `${count(shards)} data file${shards === 1 ? "" : "s"}, ${size(bytes)}`;
  const head = `${visible(name)}: ${format}, ${data}, ${count(variables.length)} variables${checked}\n`;
  const fullNames = new Map(objects?.tensors.map(({ key, fullName }) => [key, fullName]));
  const rows = variables.map((variable) => [
    variable.name,
    variable.dtype,
    `[${variable.shape.join(", ")}]`,
    size(variable.bytes),
    ...(objects ? [fullNames.get(variable.name) ?? ""] : []),
  ]);
  const headings = ["VARIABLE", "TYPE", "SHAPE", "SIZE", ...(objects ? ["IN THE PROGRAM"] : [])];
  const shown = rows.length === 0 ? "" : table(headings, rows);
  return `${head}${shown}${problems.map((problem) => `! ${visible(problem)}\n`).join("")}`;
}

const shownValues = 20;

function* tensorDocument({ values, ...head }: TensorAnswer): Generator<string> {
  const printed = function* (): Generator<string> {
    for (let at = 0; at < values.length; at++) yield printJson(values[at]);
  };
  yield* jsonWithList(head, ["values", printed()]);
  yield "\n";
}

function printTensor({ name, dtype, shape, values, stats }: TensorAnswer): string {
  const shown = Array.from({ length: Math.min(shownValues, values.length) }, (_, at) => printJson(values[at]));
  const more = values.length > shownValues ? ` … (${count(values.length)} values)` : "";
  const figures = stats
    ? `  least ${value(Number(stats.min))}, greatest ${value(Number(stats.max))}, mean ${value(stats.mean)}, deviation ${value(stats.std)}, ` +
      `${count(stats.nonFinite)} not finite, ${count(stats.zeros)} zero\n`
    : "";
  return `${visible(name)}: ${dtype} [${shape.join(", ")}]\n${figures}  ${shown.join(" ")}${more}\n`;
}
