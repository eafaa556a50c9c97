// model.json as TensorFlow.js writes it, and the form of its graph models.
import * as tf from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { FormatError } from "#base/errors";
import { parseTfjsModel } from "#formats/tfjs/modelJson";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** What TensorFlow.js gives its savers, as they write it. */
async function written(model: tf.LayersModel): Promise<string> {
  let text = "";
  await model.save(tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, format, generatedBy }) => {
    text = JSON.stringify({ format, generatedBy, convertedBy: null, modelTopology, weightsManifest: [{ paths: ["./weights.bin"], weights: weightSpecs }] });
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  }));
  return text;
}

test("a model of layers tells its layers and weights", async () => {
  const model = tf.sequential({ name: "net", layers: [tf.layers.dense({ units: 3, inputShape: [4], name: "a" }), tf.layers.dense({ units: 1, name: "b" })] });
  const found = parseTfjsModel(await written(model));
  expect(found).toMatchObject({ format: "layers-model", files: ["./weights.bin"] });
  expect(found.weights).toEqual([
    { name: "a/kernel", dtype: "float32", shape: [4, 3] }, { name: "a/bias", dtype: "float32", shape: [3] },
    { name: "b/kernel", dtype: "float32", shape: [3, 1] }, { name: "b/bias", dtype: "float32", shape: [1] },
  ]);
  expect(found.graph.nodes.map(({ name, op, inputs }) => [name, op, inputs])).toEqual([["net/a", "Dense", []], ["net/b", "Dense", ["net/a"]]]);
});

test("a functional model keeps its branches", async () => {
  const x = tf.input({ shape: [4], name: "x" });
  const joined = tf.layers.add({ name: "sum" }).apply([tf.layers.dense({ units: 4, name: "d" }).apply(x) as tf.SymbolicTensor, x]);
  const { graph } = parseTfjsModel(await written(tf.model({ inputs: x, outputs: joined as tf.SymbolicTensor, name: "m" })));
  expect(graph.nodes.map(({ name, inputs }) => [name, inputs])).toEqual([["m/x", []], ["m/d", ["m/x"]], ["m/sum", ["m/d", "m/x"]]]);
});

test("a graph model tells operations, attributes and stored types", () => {
  const node = [
    { name: "x", op: "Placeholder", attr: { dtype: { type: "DT_FLOAT" }, shape: { shape: { dim: [{ size: "-1" }, { size: "3" }] } } } },
    { name: "y", op: "MatMul", input: ["x", "w", "^x"], attr: { transpose_a: { b: false }, T: { type: "DT_FLOAT" } } },
  ];
  const found = parseTfjsModel(JSON.stringify({
    modelTopology: { node, library: { function: [{}] } },
    weightsManifest: [{ paths: ["a.bin", "b.bin"], weights: [{ name: "w", shape: [3, 2], dtype: "float32", quantization: { dtype: "uint8", min: 0, scale: 1 } }] }],
  }));
  expect(found).toMatchObject({ format: "graph-model", files: ["a.bin", "b.bin"], weights: [{ name: "w", storedAs: "uint8" }], graph: { functions: 1 } });
  expect(found.graph.nodes[0]).toMatchObject({ shapes: [[-1, 3]] });
  expect([...(found.graph.nodes[1]?.attrs ?? [])]).toEqual([["transpose_a", "false"], ["T", "float32"]]);
});

test.each(["", "{}", '{"modelTopology":3}', '{"modelTopology":{}}', '{"modelTopology":{"model_config":[]}}'])("%j is refused", (bad) => {
  expect(() => parseTfjsModel(bad)).toThrow(FormatError);
});
