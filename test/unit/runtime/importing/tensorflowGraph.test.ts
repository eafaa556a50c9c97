// A training graph that TensorFlow wrote: imported, restored, and trained on to TensorFlow's own losses and values.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeMetaGraphDef } from "#formats/graphDef/metaGraphDef";
import { buildGraph, constant, endAllTracing, getDefaultGraph, globalVariables, importMetaGraph, resetDefaultGraph, Session } from "#runtime/index";

const folder = "test/fixtures/tensorflow/training";
const { labels, losses, values } = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8")) as {
  labels: number[]; losses: number[]; values: Record<string, number[]>;
};
const image = Float32Array.from({ length: 128 }, (_, at) => ((at * 37) % 101) / 50 - 1);

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

test("a graph of TensorFlow's, gradients and Adam and averages as it wrote them, trains here to its losses and values", async () => {
  const saver = importMetaGraph(decodeMetaGraphDef(gunzipSync(readFileSync(`${folder}/model.meta.gz`))));
  const session = new Session();
  await saver?.restore(session, `${folder}/model`);
  const seen: number[] = [];
  for (let step = 0; step < losses.length; step++) {
    const [loss] = await session.run(["loss:0", "train"] as const, { feeds: [["x:0", image], ["y:0", labels]] });
    seen.push(loss as unknown as number);
  }
  expect(seen).toEqual(losses.map((loss) => expect.closeTo(loss, 5) as number));
  const byName = new Map(globalVariables().map((variable) => [variable.op.name, variable]));
  for (const [name, wanted] of Object.entries(values)) {
    const variable = byName.get(name);
    if (!variable) throw new Error(`the graph has no variable ${name}`);
    const got = [...(await session.readVariable(variable))];
    expect(got, name).toEqual(wanted.map((value) => expect.closeTo(value, 4) as number));
  }
  session.close();
});

test.each([
  [[2, 3], [3], [], [0]],
  [[2, 1], [2, 3], [1], []],
  [[4, 1, 3], [5, 1], [1], [0, 2]],
])("gradients of shapes %j and %j, broadcast to each other, are summed over %j and %j", async (left, right, ...wanted) => {
  buildGraph(() => [constant(left, { dtype: "int32", name: "a" }), constant(right, { dtype: "int32", name: "b" })]);
  const graph = getDefaultGraph().asGraphDef();
  const args = { name: "args", op: "BroadcastGradientArgs", inputs: ["a", "b"], device: "", attrs: new Map() };
  resetDefaultGraph();
  importMetaGraph({ graph: { ...graph, nodes: [...graph.nodes, args] }, tags: [], tensorflowVersion: "1.15.0", collections: new Map() });
  const axes = await new Session().run(["args:0", "args:1"] as const);
  expect(axes.map((each) => [...(each as unknown as Int32Array)])).toEqual(wanted);
});
