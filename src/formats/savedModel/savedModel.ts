// SavedModel: a list of meta graphs, each for its own use (formats 16).
import { FormatError } from "#base/errors";
import { WireReader } from "../bytes/wireReader";
import type { GraphDef } from "../graphDef/graphDef";
import { decodeMetaGraphDef, type MetaGraphDef } from "../graphDef/metaGraphDef";
import { metaGraphSchema } from "../graphDef/metaGraphSchema";
import { parseProto } from "../protoText/parseProto";
import { messageSchema } from "../protoText/schema";

/** The content of `saved_model.pb`. */
export interface SavedModel {
  readonly schemaVersion: number;
  readonly metaGraphs: readonly MetaGraphDef[];
}

const savedModelSchema = messageSchema(() => ({
  saved_model_schema_version: [1, "int64"], meta_graphs: [2, metaGraphSchema, "repeated"],
}));

/** Reads `saved_model.pb`. In models of TensorFlow 2 the computation is in the library's functions, not in the nodes. */
export function decodeSavedModel(bytes: Uint8Array): SavedModel {
  const reader = new WireReader(bytes);
  const metaGraphs: MetaGraphDef[] = [];
  let schemaVersion = 0;
  while (reader.next()) {
    if (reader.field === 1) schemaVersion = reader.safeInteger("a schema version");
    else if (reader.field === 2) metaGraphs.push(decodeMetaGraphDef(reader.bytes()));
    else reader.skip();
  }
  return { schemaVersion, metaGraphs };
}

/** Reads `saved_model.pbtxt`, but for what describes objects. Throws FormatError with the line. */
export function parseSavedModel(text: string): SavedModel {
  return decodeSavedModel(parseProto(savedModelSchema, text));
}

/** The graph of the first meta graph. */
export function graphDefOfSavedModel(model: Uint8Array | SavedModel): GraphDef {
  const [first] = (model instanceof Uint8Array ? decodeSavedModel(model) : model).metaGraphs;
  if (!first) throw new FormatError("malformed", "the SavedModel holds no graph");
  return first.graph;
}
