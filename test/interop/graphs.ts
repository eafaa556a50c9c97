// A graph with every kind of attribute, as bytes and as text, and a meta graph around it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeUtf8 } from "#formats/bytes/utf8";
import { encodeGraphDef, printGraphDef, type AttrValue, type GraphDef, type NodeDef } from "#formats/graphDef/graphDef";
import { encodeMetaGraphDef, type MetaGraphDef } from "#formats/graphDef/metaGraphDef";
import type { TensorProto } from "#formats/tensor/tensorProto";
import { hex } from "./values";

const tensors: readonly TensorProto[] = [
  { dtype: 1, shape: [], values: [0.1] },
  { dtype: 2, shape: [3], values: [1e300, -1e-300, 1 / 3] },
  { dtype: 3, shape: [2, 2], content: Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 128) },
  { dtype: 7, shape: [3], values: [encodeUtf8("plain"), encodeUtf8("quotes \" ' and \\ \n"), Uint8Array.of(0, 127, 128, 255)] },
  { dtype: 8, shape: [1], values: [1.5, -2.5] },
  { dtype: 9, shape: [2], values: [-(2n ** 63n), 2n ** 63n - 1n] },
  { dtype: 10, shape: [2], values: [1, 0] },
  { dtype: 14, shape: [1], values: [0x3f80] },
  { dtype: 22, shape: [1], values: [7] },
  { dtype: 1, shape: [0, 4] },
];

const attrs = new Map<string, AttrValue>([
  ["T", { kind: "type", type: 1 }],
  ["ref", { kind: "type", type: 101 }],
  ["shape", { kind: "shape", shape: [-1, 0, 3] }],
  ["scalar", { kind: "shape", shape: [] }],
  ["unknown", { kind: "shape", shape: undefined }],
  ["int", { kind: "int", value: -5 }],
  ["big", { kind: "int", value: 2n ** 62n + 1n }],
  ["zero", { kind: "int", value: 0 }],
  ["float", { kind: "float", value: Math.fround(0.1) }],
  ["infinite", { kind: "float", value: -Infinity }],
  ["yes", { kind: "bool", value: true }],
  ["no", { kind: "bool", value: false }],
  ["bytes", { kind: "string", value: Uint8Array.from({ length: 256 }, (_, byte) => byte) }],
  ["utf8", { kind: "string", value: encodeUtf8("größe 模型") }],
  ["empty", { kind: "string", value: new Uint8Array() }],
  ["placeholder", { kind: "placeholder", name: "T" }],
  ["func", { kind: "func", name: "f", attrs: new Map([["T", { kind: "type", type: 3 }]]) }],
  ["none", { kind: "list", items: [] }],
  ["ints", { kind: "list", items: [1, -1, 2 ** 40].map((value) => ({ kind: "int", value })) }],
  ["floats", { kind: "list", items: [0.5, 1e30].map((value) => ({ kind: "float", value: Math.fround(value) })) }],
  ["bools", { kind: "list", items: [true, false].map((value) => ({ kind: "bool", value })) }],
  ["types", { kind: "list", items: [1, 3, 7].map((type) => ({ kind: "type", type })) }],
  ["strings", { kind: "list", items: ["a", "", "loc:@x"].map((text) => ({ kind: "string", value: encodeUtf8(text) })) }],
  ["_output_shapes", { kind: "list", items: [{ kind: "shape", shape: [2, -1] }, { kind: "shape", shape: undefined }] }],
  ...tensors.map((tensor, at): [string, AttrValue] => [`tensor_${at}`, { kind: "tensor", tensor }]),
]);

/** The graph that also stands in the event file. */
export const madeGraph: GraphDef = {
  nodes: [
    { name: "a", op: "Const", inputs: [], device: "", attrs },
    { name: "b/c", op: "Identity", inputs: ["a"], device: "/device:CPU:0", attrs: new Map() },
    { name: "b/d", op: "NoOp", inputs: ["a", "b/c:1", "^b/c"], device: "", attrs: new Map<string, AttrValue>([["_class", { kind: "list", items: [{ kind: "string", value: encodeUtf8("loc:@a") }] }]]) },
  ] satisfies NodeDef[],
  producer: 134, minConsumer: 12, functions: 0,
};

/** Its meta graph, with a collection of each kind. */
export const madeMetaGraph: MetaGraphDef = {
  graph: madeGraph, tags: ["train"], tensorflowVersion: "1.15.0",
  saver: {
    filenameTensorName: "save/Const:0", saveTensorName: "save/control_dependency:0", restoreOpName: "save/restore_all",
    maxToKeep: 5, sharded: false, keepCheckpointEveryNHours: 10000, version: 2,
  },
  collections: new Map([
    ["bytes", { kind: "bytes", values: [Uint8Array.of(1, 2, 255)] }],
    ["floats", { kind: "floats", values: [0.5, 2] }],
    ["ints", { kind: "ints", values: [-1n, 2n ** 40n] }],
    ["train_op", { kind: "nodes", values: ["b/d"] }],
  ]),
};

export async function writeGraphs(dir: string): Promise<{ readonly nodes: number; readonly attrs: number; readonly bytesAttr: string }> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "made.pb"), encodeGraphDef(madeGraph));
  await writeFile(join(dir, "made.pbtxt"), printGraphDef(madeGraph));
  await writeFile(join(dir, "made.meta"), encodeMetaGraphDef(madeMetaGraph));
  return { nodes: madeGraph.nodes.length, attrs: attrs.size, bytesAttr: hex(Uint8Array.from({ length: 256 }, (_, byte) => byte)) };
}
