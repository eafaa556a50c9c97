// Graphs as bytes and as text against what TensorFlow wrote.
import { describe, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { decodeGraphDef, encodeGraphDef, parseGraphDef, printGraphDef, type AttrValue, type GraphDef } from "#formats/graphDef/graphDef";
import { graphModelOf } from "#formats/graphDef/graphModel";
import { decodeMetaGraphDef, decodeVariableDef, encodeMetaGraphDef, encodeVariableDef } from "#formats/graphDef/metaGraphDef";
import { decodeSavedModel, graphDefOfSavedModel } from "#formats/savedModel/savedModel";
import { golden, jsonOf, need } from "../golden";

interface ExpectedVariable { variable_name: string; initializer_name: string; snapshot_name: string; initial_value_name: string; is_resource: boolean; trainable: boolean; slice?: unknown }
interface ExpectedMeta { tags: string[]; tensorflow_version: string; collections?: Record<string, { kind: string; value: unknown }>; saver_def?: Record<string, unknown> }
interface ExpectedGraph { node_count: number; producer: number; min_consumer: number; nodes: [string, string, string[], string, string[]][]; functions?: unknown[]; meta: ExpectedMeta }

const files = golden("graphs");
const { cases } = jsonOf<{ cases: Record<string, ExpectedGraph & { meta_graphs?: ExpectedMeta[]; schema_version?: number }> }>(files, "expected.json");
const text = (path: string): string => Buffer.from(need(files.get(path), path)).toString();
const bytes = (path: string): Uint8Array => need(files.get(path), path);
const graphs = Object.entries(cases).flatMap(([name, wanted]) => (files.has(`${name}/graph.pbtxt`) ? [{ name, wanted }] : []));

describe.each(graphs)("$name", ({ name, wanted }) => {
  const graph = decodeGraphDef(bytes(`${name}/graph.pb`));
  test("has the nodes, inputs, devices and attributes that TensorFlow finds", () => {
    expect(graph.nodes.length).toBe(wanted.node_count);
    expect(graph.nodes.map(({ name: node, op, inputs, device, attrs }) => [node, op, inputs, device, [...attrs.keys()].sort()])).toEqual(wanted.nodes);
    expect([graph.producer, graph.minConsumer ?? 0, graph.functions]).toEqual([wanted.producer, wanted.min_consumer, wanted.functions?.length ?? 0]);
  });
  test("the text is printed again letter by letter, from itself and from the bytes", () => {
    expect(printGraphDef(parseGraphDef(text(`${name}/graph.pbtxt`))) === text(`${name}/graph.pbtxt`)).toBe(true);
    expect(printGraphDef(graph) === text(`${name}/graph.pbtxt`)).toBe(true);
  });
  test("written again it is the same graph", () => {
    expect(decodeGraphDef(encodeGraphDef(graph))).toEqual(graph);
  });
  test("its meta graph has TensorFlow's collections and Saver, and is written again the same", () => {
    const meta = decodeMetaGraphDef(bytes(`${name}/model.meta`));
    compareMeta(meta, wanted.meta);
    const again = decodeMetaGraphDef(encodeMetaGraphDef(meta));
    expect(again).toEqual(meta);
  });
  test("its model keeps every node", () => {
    const model = graphModelOf(graph);
    expect(model.nodes.map(({ name: node }) => node)).toEqual(graph.nodes.map(({ name: node }) => node));
    expect(model.functions).toBe(graph.functions);
  });
});

function compareMeta(meta: ReturnType<typeof decodeMetaGraphDef>, wanted: ExpectedMeta): void {
  expect([meta.tags, meta.tensorflowVersion]).toEqual([wanted.tags, wanted.tensorflow_version]);
  expect([...meta.collections.keys()].sort()).toEqual(Object.keys(wanted.collections ?? {}).sort());
  for (const [key, { kind, value }] of Object.entries(wanted.collections ?? {})) {
    const found = need(meta.collections.get(key), key);
    if (kind === "node_list") expect(found).toEqual({ kind: "nodes", values: value });
    else if (typeof value === "number") expect(found.values.length).toBe(value);
    else if (found.kind === "bytes" && Array.isArray(value)) {
      const variables = found.values.map(decodeVariableDef).map(({ slice, ...variable }): ExpectedVariable => ({
        variable_name: variable.variableName, initializer_name: variable.initializerName, snapshot_name: variable.snapshotName,
        initial_value_name: variable.initialValueName, is_resource: variable.isResource, trainable: variable.trainable,
        ...(slice && { slice: [slice.fullName, slice.fullShape, slice.offset, slice.shape] }),
      }));
      expect(variables).toEqual(value);
    }
  }
  if (wanted.saver_def) {
    const { saver } = meta;
    expect(saver && {
      filename_tensor_name: saver.filenameTensorName, save_tensor_name: saver.saveTensorName, restore_op_name: saver.restoreOpName,
      max_to_keep: saver.maxToKeep, sharded: saver.sharded, keep_checkpoint_every_n_hours: saver.keepCheckpointEveryNHours, version: saver.version,
    }).toEqual(wanted.saver_def);
  }
}

describe.each(Object.entries(cases).filter(([, { meta_graphs }]) => meta_graphs))("%s", (name, wanted) => {
  test("a SavedModel's meta graphs are found, and the first one's graph", () => {
    const model = decodeSavedModel(bytes(`${name}/saved_model.pb`));
    expect(model.schemaVersion).toBe(wanted.schema_version);
    expect(model.metaGraphs.map(({ tags }) => tags)).toEqual(wanted.meta_graphs?.map(({ tags }) => tags));
    const graph = graphDefOfSavedModel(bytes(`${name}/saved_model.pb`));
    expect(graph.nodes.length).toBeGreaterThan(0);
    expect(decodeGraphDef(encodeGraphDef(graph))).toEqual(graph);
  });
});

test("a SavedModel without a graph is refused", () => {
  expect(() => graphDefOfSavedModel(Uint8Array.of(8, 1))).toThrow(FormatError);
});

const every: readonly [string, AttrValue][] = [
  ["a_type", { kind: "type", type: 101 }],
  ["b_shape", { kind: "shape", shape: [-1, 3] }],
  ["c_unknown", { kind: "shape", shape: undefined }],
  ["d_int", { kind: "int", value: -5 }],
  ["e_big", { kind: "int", value: 2n ** 62n }],
  ["f_float", { kind: "float", value: 0.25 }],
  ["g_bool", { kind: "bool", value: false }],
  ["h_text", { kind: "string", value: Uint8Array.of(104, 105) }],
  ["i_bytes", { kind: "string", value: Uint8Array.of(0, 255) }],
  ["j_list", { kind: "list", items: [{ kind: "int", value: 1 }, { kind: "int", value: 2 }] }],
  ["k_empty", { kind: "list", items: [] }],
  ["l_func", { kind: "func", name: "f", attrs: new Map([["T", { kind: "type", type: 1 }]]) }],
  ["m_placeholder", { kind: "placeholder", name: "T" }],
  ["n_tensor", { kind: "tensor", tensor: { dtype: 1, shape: [2], values: [1.5, 2.5] } }],
  ["o_shapes", { kind: "list", items: [{ kind: "shape", shape: [] }, { kind: "shape", shape: undefined }] }],
  ["p_strings", { kind: "list", items: [{ kind: "string", value: Uint8Array.of(97) }] }],
];
const odd: GraphDef = {
  nodes: [{ name: "n", op: "Odd", inputs: ["a", "b:1", "^c"], device: "/cpu:0", attrs: new Map(every) }], producer: 24, functions: 0,
};

test("every kind of attribute survives bytes and text", () => {
  expect(decodeGraphDef(encodeGraphDef(odd))).toEqual(odd);
  expect(parseGraphDef(printGraphDef(odd))).toEqual(odd);
});

test("attributes are shown in a few characters", () => {
  const [node] = graphModelOf(odd).nodes;
  expect(Object.fromEntries(node?.attrs ?? [])).toEqual({
    a_type: "float32_ref", b_shape: "?×3", c_unknown: "unknown", d_int: "-5", e_big: "4611686018427387904", f_float: "0.25", g_bool: "false",
    h_text: "hi", i_bytes: "2 bytes", j_list: "1, 2", k_empty: "", l_func: "f", m_placeholder: "T", n_tensor: "[1.5, 2.5] (float32 2)",
    o_shapes: "scalar, unknown", p_strings: "a",
  });
});

test("output shapes come from the shapes that were inferred, else from the attribute of that name", () => {
  const node = (attrs: [string, AttrValue][]) => graphModelOf({ ...odd, nodes: [{ ...need(odd.nodes[0], "a node"), attrs: new Map(attrs) }] }).nodes[0]?.shapes;
  const shape: AttrValue = { kind: "shape", shape: [4] };
  expect(node([["shape", shape]])).toEqual([[4]]);
  expect(node([["shape", shape], ["_output_shapes", { kind: "list", items: [{ kind: "shape", shape: [1, 2] }, { kind: "shape", shape: undefined }] }]])).toEqual([[1, 2], [-1]]);
  expect(node([])).toEqual([]);
});

test("a graph of more operations than fit into memory is refused in words before they are read", () => {
  const bytes = encodeGraphDef({ ...odd, nodes: Array.from({ length: 1001 }, (_, at) => ({ name: `n${at}`, op: "NoOp", inputs: [], device: "", attrs: new Map() })) });
  expect(decodeGraphDef(bytes).nodes).toHaveLength(1001);
  expect(() => decodeGraphDef(bytes, 1000)).toThrow("the graph has more operations than the 1,000 that are read");
});

test("text that TensorFlow would refuse is refused with its line", () => {
  expect(() => parseGraphDef('node {\n  name: "x"\n  nmae: "y"\n}')).toThrow(/line 3/);
  expect(() => parseGraphDef("node {")).toThrow(FormatError);
  expect(() => parseGraphDef("versions { producer: 99999999999 }")).toThrow(/out of range/);
  expect(() => parseGraphDef(`${"node { attr { value { list { func { attr { value { func { ".repeat(40)}`)).toThrow(FormatError);
});

test("brackets, angles and lists are other ways to write the same", () => {
  expect(parseGraphDef('node < name: "a" input: ["b", "c"] attr: [{ key: "T" value { type: 1 } }] >;')).toEqual(
    parseGraphDef('node { name: "a" input: "b" input: "c" attr { key: "T" value { type: DT_FLOAT } } }'),
  );
});

test("a variable's definition is written as TensorFlow's reader finds it", () => {
  const variable = { variableName: "v:0", initializerName: "v/Assign", snapshotName: "v/read:0", initialValueName: "v/init:0", trainable: true, isResource: false };
  const part = { ...variable, slice: { fullName: "w", fullShape: [4, 6], offset: [2, 0], shape: [2, 6] } };
  expect(decodeVariableDef(encodeVariableDef(variable))).toEqual(variable);
  expect(decodeVariableDef(encodeVariableDef(part))).toEqual(part);
});
