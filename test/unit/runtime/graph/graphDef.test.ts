// The graph's file: TensorFlow's types, inputs in TensorFlow's order, constants for what TensorFlow takes as inputs.
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dtypeName } from "#formats/tensor/dtypes";
import { decodeGraphDef, encodeGraphDef, type NodeDef } from "#formats/graphDef/graphDef";
import {
  buildGraph,
  constant,
  controlDependencies,
  endAllTracing,
  getDefaultGraph,
  getVariable,
  graphDefOf,
  hostCall,
  nameScope,
  noOp,
  placeholder,
  resetDefaultGraph,
  zerosInitializer,
} from "#runtime/index";

beforeEach(resetDefaultGraph);
afterEach(endAllTracing);

function nodesOf(build: () => void): Map<string, NodeDef> {
  buildGraph(build);
  const graph = decodeGraphDef(encodeGraphDef(graphDefOf(getDefaultGraph())));
  return new Map(graph.nodes.map((node) => [node.name, node]));
}

test("a convolution with constant operands reads as TensorFlow writes it", () => {
  const nodes = nodesOf(() => {
    const x = placeholder("float32", { shape: [1, 8, 8, 3], name: "x" });
    const kernel = getVariable("kernel", { shape: [4, 4, 3, 2], initializer: zerosInitializer() });
    nameScope("conv", () => {
      const padded = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]);
      const y = tf.conv2d(padded as tf.Tensor4D, kernel as unknown as tf.Tensor4D, 2, "valid");
      tf.mean(tf.add(y, 0.5), [1, 2]);
    });
  });
  expect(nodes.get("conv/Pad")).toMatchObject({ op: "Pad", inputs: ["x", "conv/Pad/paddings"] });
  expect(nodes.get("conv/Conv2D")).toMatchObject({ op: "Conv2D", inputs: ["conv/Pad", "kernel/read"] });
  const attrs = nodes.get("conv/Conv2D")?.attrs;
  expect(attrs?.get("strides")).toEqual({ kind: "list", items: [1, 2, 2, 1].map((value) => ({ kind: "int", value })) });
  expect(attrs?.get("padding")).toEqual({ kind: "string", value: new TextEncoder().encode("VALID") });
  expect(nodes.get("conv/add")).toMatchObject({ op: "AddV2", inputs: ["conv/Conv2D", "conv/add/y"] });
  expect(nodes.get("conv/Mean")).toMatchObject({ op: "Mean", inputs: ["conv/add", "conv/Mean/reduction_indices"] });
  expect(nodes.get("kernel/Assign")).toMatchObject({ op: "Assign", inputs: ["kernel", "kernel/Initializer/zeros"] });
  const shape = nodes.get("conv/Mean")?.attrs.get("_output_shapes");
  expect(shape).toEqual({ kind: "list", items: [{ kind: "shape", shape: [1, 2] }] });
});

test("each node tells the script's line, control inputs stand last", () => {
  const nodes = nodesOf(() => {
    const first = noOp({ name: "first" });
    controlDependencies([first], () => constant(1, { name: "late" }));
  });
  expect(nodes.get("late")?.inputs).toEqual(["^first"]);
  const source = nodes.get("late")?.attrs.get("_trainscope_source");
  const text = source?.kind === "string" ? new TextDecoder().decode(source.value) : "";
  expect(text).toMatch(/graphDef\.test\.ts:\d+$/);
});

test("constants hold their values, uniform ones a single number", () => {
  const nodes = nodesOf(() => {
    constant([1, 2, 3], { name: "list" });
    constant(7, { name: "same", shape: [2, 2] });
    constant(5, { name: "long", dtype: "int64" });
    constant(["a", "b"], { name: "text" });
  });
  const tensor = (name: string) => {
    const value = nodes.get(name)?.attrs.get("value");
    return value?.kind === "tensor" ? value.tensor : undefined;
  };
  expect([...new Float32Array(Uint8Array.from(tensor("list")?.content ?? []).buffer)]).toEqual([1, 2, 3]);
  expect(tensor("same")).toMatchObject({ shape: [2, 2] });
  expect([...(tensor("same")?.values ?? [])]).toEqual([7]);
  expect([...(tensor("long")?.values ?? [])]).toEqual([5n]);
  expect((tensor("text")?.values as Uint8Array[]).map((bytes) => new TextDecoder().decode(bytes))).toEqual(["a", "b"]);
});

test("attributes are those that TensorFlow's operations have: no T where there is none, the values' type where inputs differ", () => {
  const nodes = nodesOf(() => {
    const x = placeholder("float32", { shape: [3], name: "x" });
    const positive = tf.greater(x, 0);
    tf.where(tf.logicalNot(positive), x, tf.zerosLike(x));
    tf.oneHot(tf.cast(x, "int32"), 4, 1, 0, "float32");
    tf.gather(x, tf.tensor1d([0, 2], "int32"));
    hostCall({ name: "host", inputs: [x], outputs: [{ dtype: "string", shape: [] }], call: () => "done" });
  });
  const type = (name: string, attr: string) => {
    const value = nodes.get(name)?.attrs.get(attr);
    return value?.kind === "type" ? dtypeName(value.type) : value;
  };
  expect(type("Select", "T")).toBe("float32");
  expect(type("one_hot", "T")).toBe("float32");
  expect([type("Cast", "T"), type("Cast", "SrcT"), type("Cast", "DstT")]).toEqual([undefined, "float32", "int32"]);
  expect([type("LogicalNot", "T"), type("GatherV2", "T"), type("GatherV2", "Tparams")]).toEqual([undefined, undefined, "float32"]);
  expect(type("host", "Tout")).toEqual({ kind: "list", items: [{ kind: "type", type: 7 }] });
  expect(nodes.get("one_hot")?.inputs).toEqual(["Cast", "one_hot/depth", "one_hot/on_value", "one_hot/off_value"]);
});
