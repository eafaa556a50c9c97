// Meta graphs and SavedModels in text: the same content as their bytes, with what nobody asks for passed over.
import { expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { decodeMetaGraphDef, parseMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { metaGraphSchema } from "#formats/graphDef/metaGraphSchema";
import { printProto } from "#formats/protoText/printProto";
import { messageSchema } from "#formats/protoText/schema";
import { decodeSavedModel, graphDefOfSavedModel, parseSavedModel } from "#formats/savedModel/savedModel";
import { golden, need } from "../golden";

const files = golden("graphs");
const metas = [...files.keys()].filter((path) => path.endsWith(".meta"));
const saved = [...files.keys()].filter((path) => path.endsWith("saved_model.pb"));
const savedModelSchema = messageSchema(() => ({ saved_model_schema_version: [1, "int64"], meta_graphs: [2, metaGraphSchema, "repeated"] }));

test.each(metas)("%s printed as text is read as its bytes are", (path) => {
  const bytes = need(files.get(path), path);
  const { graph, tags, tensorflowVersion, saver, collections } = decodeMetaGraphDef(bytes);
  const found = parseMetaGraphDef(printProto(metaGraphSchema, bytes));
  expect({ tags: found.tags, tensorflowVersion: found.tensorflowVersion, saver: found.saver }).toEqual({ tags, tensorflowVersion, saver });
  expect(found.graph.nodes).toEqual(graph.nodes);
  expect([...found.collections.keys()].sort()).toEqual([...collections.keys()].sort());
  for (const [key, collection] of collections) if (collection.kind !== "any") expect(found.collections.get(key)).toEqual(collection);
});

test.each(saved)("%s printed as text is read as its bytes are", (path) => {
  const bytes = need(files.get(path), path);
  const found = parseSavedModel(printProto(savedModelSchema, bytes));
  expect(found.schemaVersion).toBe(1);
  expect(found.metaGraphs.map(({ tags }) => tags)).toEqual(decodeSavedModel(bytes).metaGraphs.map(({ tags }) => tags));
  expect(graphDefOfSavedModel(found).nodes).toEqual(graphDefOfSavedModel(bytes).nodes);
});

const head = 'saved_model_schema_version: 1\nmeta_graphs {\n  meta_info_def { tags: "serve" any_info { [type.googleapis.com/a.B] { x: 1 } } }\n';

test("objects, types and other messages that are not described are passed over", () => {
  const objects = '  object_graph_def {\n    nodes { children { node_id: 1 local_name: "}{" } user_object < identifier: \'a\' "b" metadata: "\\"" > }\n    list: [1, 2]\n  }\n';
  const model = parseSavedModel(`${head}${objects}  graph_def { node { name: "n" op: "NoOp" } }\n}\n`);
  expect(model.metaGraphs[0]?.tags).toEqual(["serve"]);
  expect(model.metaGraphs[0]?.graph.nodes.map(({ name }) => name)).toEqual(["n"]);
});

test("what is passed over must still end", () => {
  expect(() => parseSavedModel(`${head}  object_graph_def { nodes {`)).toThrow(FormatError);
  expect(() => parseSavedModel(`${head}  object_graph_def ${"{ a ".repeat(500)}`)).toThrow(FormatError);
  expect(() => parseSavedModel(`${head}  object_graph_def`)).toThrow(FormatError);
});
