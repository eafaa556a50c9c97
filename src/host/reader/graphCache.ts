// Graphs out of whatever holds one, decoded once and kept while the file stays as it is.
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { compareGraphs, type ComparedGraph } from "#analysis/graph/comparedGraph";
import { wholeScopeTree, type ScopeTree } from "#analysis/graph/scopeTree";
import { FormatError, UserError } from "#base/errors";
import { decodeEvent } from "#formats/events/decodeEvent";
import { decodeGraphDef, mostNodes, parseGraphDef, type GraphDef } from "#formats/graphDef/graphDef";
import { graphModelOf } from "#formats/graphDef/graphModel";
import { decodeMetaGraphDef, parseMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { graphOfKerasModel, parseKerasModel } from "#formats/keras/kerasModel";
import { graphDefOfSavedModel, parseSavedModel } from "#formats/savedModel/savedModel";
import { parseTfjsModel } from "#formats/tfjs/modelJson";
import type { GraphModel } from "#model/graph";
import { isEventFileName } from "#node/eventFiles";
import { isNotFound, openFileSource } from "#node/files";
import type { EventPlace } from "./runEvents";
import { RunReader } from "./runReader";

/** So many graphs stay decoded. */
const mostGraphs = 4;
/** A graph larger than this is refused: it would not fit into memory several times over. */
const mostBytes = 1_000_000_000;
/** Text is parsed as one string, of which the engine makes none longer than 512 MiB. */
const mostTextBytes = 500_000_000;
/** As TensorFlow prints a field `node`; those of functions are `node_def`. */
const operationBegins = "node {";
const subGraphAction = "Cut out the part that you want to see, with tf.compat.v1.graph_util.extract_sub_graph.";
/** Length and checksum of a record before its payload. */
const recordHeaderBytes = 12;

interface Cached {
  readonly stamp: string;
  /** While it is read, all who ask wait for the same tree. */
  readonly tree: Promise<ScopeTree>;
}

/** Where a graph's bytes are, and what they are. */
interface Source {
  /** Changes when the graph may have changed. */
  readonly stamp: string;
  read(): Promise<GraphModel>;
}

/** Keeps the trees of the graphs last looked at. */
export class GraphCache {
  readonly #cached = new Map<string, Cached>();
  #compared: { readonly before: ScopeTree; readonly after: ScopeTree; readonly graph: ComparedGraph } | undefined;

  /**
   * The graph at `path`: a run's folder (newest graph of its event files, else meta graph, else `graph.pbtxt`, else the newest
   * `.meta`), an event file, a GraphDef or MetaGraphDef, binary or text, a SavedModel, or a JSON model of Keras or TensorFlow.js. `run` is the run's reader if it is open.
   * Throws UserError where there is none.
   */
  async tree(path: string, run?: RunReader): Promise<ScopeTree> {
    const source = await sourceOf(path, run);
    const known = this.#cached.get(path);
    const tree = known?.stamp === source.stamp ? known.tree : source.read().then(wholeScopeTree);
    this.#cached.delete(path);
    this.#cached.set(path, { stamp: source.stamp, tree });
    const [oldest] = this.#cached.keys();
    if (this.#cached.size > mostGraphs && oldest !== undefined) this.#cached.delete(oldest);
    try {
      return await tree;
    } catch (error) {
      if (this.#cached.get(path)?.tree === tree) this.#cached.delete(path);
      throw error;
    }
  }

  /** Two graphs joined: what the one at `before` became at `path`. The last such pair is kept. */
  async compared({ path, before }: { readonly path: string; readonly before: string }, open: (path: string) => RunReader | undefined): Promise<ComparedGraph> {
    const [early, late] = [await this.tree(before, open(before)), await this.tree(path, open(path))];
    if (this.#compared?.before !== early || this.#compared.after !== late) this.#compared = { before: early, after: late, graph: compareGraphs(early, late) };
    return this.#compared.graph;
  }
}

async function sourceOf(path: string, run: RunReader | undefined): Promise<Source> {
  const there = await stat(path).catch((error: unknown) => {
    throw isNotFound(error) ? new UserError(`There is nothing at ${path}.`) : error;
  });
  if (there.isFile()) return isEventFileName(basename(path)) ? inEventsOrElse(path, run, noGraph) : fileSource(path);
  const names = await readdir(path);
  const saved = ["saved_model.pb", "saved_model.pbtxt"].find((name) => names.includes(name));
  if (saved !== undefined) return fileSource(join(path, saved));
  const beside = async (): Promise<Source> => {
    if (names.includes("graph.pbtxt")) return fileSource(join(path, "graph.pbtxt"));
    const meta = await newest(path, names.filter((name) => name.endsWith(".meta")));
    return meta === undefined ? noGraph(path) : fileSource(meta);
  };
  return names.some(isEventFileName) ? inEventsOrElse(path, run, beside) : beside();
}

function noGraph(path: string): never {
  throw new UserError(`There is no graph in ${path}.`);
}

async function inEventsOrElse(path: string, run: RunReader | undefined, otherwise: (path: string) => Source | Promise<Source>): Promise<Source> {
  const reader = run ?? new RunReader(path, () => undefined);
  try {
    if (!run?.followed) await reader.refresh();
    const { graph, metaGraph } = reader.events;
    if (graph) return eventSource(graph);
    return metaGraph ? eventSource(metaGraph) : await otherwise(path);
  } finally {
    if (!run) reader.dispose();
  }
}

function eventSource({ path, offset, length }: EventPlace): Source {
  return {
    stamp: `${path}@${offset}+${length}`,
    read: async () => {
      const source = await openFileSource(path);
      try {
        const { what } = decodeEvent(await source.read(offset + recordHeaderBytes, length));
        if (what.kind === "graph") return graphModelOf(decodeGraphDef(what.bytes));
        if (what.kind === "metaGraph") return graphModelOf(decodeMetaGraphDef(what.bytes).graph);
        throw new FormatError("malformed", "the graph's record changed while it was read", { file: path, offset });
      } finally {
        await source.close();
      }
    },
  };
}

async function fileSource(path: string): Promise<Source> {
  const { size, mtimeMs } = await stat(path);
  if (isTextName(path)) refuseLongText(path, size);
  if (size > mostBytes) throw new UserError(`The graph in ${path} is too large: ${megabytes(size)}, and at most ${megabytes(mostBytes)} are read.`, subGraphAction);
  return { stamp: `${path} ${size} ${mtimeMs}`, read: async () => decodeFile(path, plain(await readFile(path))) };
}

function isTextName(path: string): boolean {
  return /\.(pbtxt|txt|json)$/.test(path);
}

function refuseLongText(path: string, size: number): void {
  if (size <= mostTextBytes) return;
  throw new UserError(`The graph in ${path} is too large a text: ${megabytes(size)}, and at most ${megabytes(mostTextBytes)} are read.`, `Save it as a binary GraphDef (.pb), of which ${megabytes(mostBytes)} are read.`);
}

function megabytes(size: number): string {
  return `${Math.round(size / 1e6).toLocaleString("en")} MB`;
}

/** The text of a graph, unless it has far too many operations: counting them takes a moment, parsing them minutes. */
function graphText(path: string, bytes: Uint8Array): string {
  refuseLongText(path, bytes.byteLength);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = text.indexOf(operationBegins); at >= 0; at = text.indexOf(operationBegins, at + operationBegins.length)) count += 1;
  if (count > mostNodes) throw new UserError(`The graph in ${path} has ${count.toLocaleString("en")} operations, and at most ${mostNodes.toLocaleString("en")} are read.`, subGraphAction);
  return new TextDecoder().decode(bytes);
}

/** A Buffer slices without copying, unlike the arrays that decoders count on. */
function plain({ buffer, byteOffset, length }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length);
}

/** By the name where that says it; a `.pb` may be a SavedModel, a GraphDef, or a MetaGraphDef under any name. */
function decodeFile(path: string, bytes: Uint8Array): GraphModel {
  const name = basename(path);
  if (name.endsWith(".json")) return parseJsonModel(new TextDecoder().decode(bytes));
  if (name === "saved_model.pb") return graphModelOf(graphDefOfSavedModel(bytes));
  if (name === "saved_model.pbtxt") return graphModelOf(graphDefOfSavedModel(parseSavedModel(graphText(path, bytes))));
  if (name.endsWith(".pbtxt") || name.endsWith(".txt")) return graphModelOf(parseAny(graphText(path, bytes)));
  if (name.endsWith(".meta")) return graphModelOf(isText(bytes) ? parseAny(graphText(path, bytes)) : decodeMetaGraphDef(bytes).graph);
  return graphModelOf(decodeAny(path, bytes));
}

/** A model of TensorFlow.js, or Keras' description of one. */
function parseJsonModel(text: string): GraphModel {
  return text.includes('"modelTopology"') ? parseTfjsModel(text).graph : graphOfKerasModel(parseKerasModel(text));
}

/** Text of a GraphDef, a MetaGraphDef or a SavedModel: told by the field that it begins with. */
function parseAny(text: string): GraphDef {
  const [first] = /^[a-z_]+/m.exec(text) ?? [""];
  if (/^(meta_info_def|graph_def|saver_def|collection_def|signature_def)$/.test(first)) return parseMetaGraphDef(text).graph;
  if (/^(saved_model_schema_version|meta_graphs)$/.test(first)) return graphDefOfSavedModel(parseSavedModel(text));
  return parseGraphDef(text);
}

/** Meta graphs can be exported as text under the same name; serialized ones begin with a tag below the printable. */
function isText(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0) >= 0x20 && (bytes[1] ?? 0) >= 0x20;
}

/** The first reading that finds operations. */
function decodeAny(path: string, bytes: Uint8Array): GraphDef {
  const readings = [(all: Uint8Array) => decodeGraphDef(all), (all: Uint8Array) => decodeMetaGraphDef(all).graph, graphDefOfSavedModel];
  for (const read of readings) {
    try {
      const graph = read(bytes);
      if (graph.nodes.length > 0 || graph.functions > 0) return graph;
    } catch (error) {
      // What is too large for one reading is so for all.
      if ((!(error instanceof FormatError) || error.reason === "tooMany") && !(error instanceof UserError)) throw error;
    }
  }
  throw new UserError(`There is no graph in ${path}.`);
}

async function newest(dir: string, names: readonly string[]): Promise<string | undefined> {
  const dated = await Promise.all(names.map(async (name) => ({ path: join(dir, name), at: (await stat(join(dir, name))).mtimeMs })));
  return dated.sort((one, other) => other.at - one.at)[0]?.path;
}
