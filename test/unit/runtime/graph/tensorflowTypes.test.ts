// Every kernel that a script may call becomes operations that TensorFlow has, with its inputs, types and attributes.
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KernelAttrs } from "#runtime/graph/engine";
import { buildGraph, constant, endAllTracing, getDefaultGraph, gradients, placeholder, resetDefaultGraph, Session, tensorName } from "#runtime/index";
import { importGraphDef } from "#runtime/importing/importGraphDef";
import { refusalsOf } from "../../../support/tensorflowOperations";
import { cases, parts, type Case, type Input } from "./kernelExamples";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

const ints = (shape: readonly number[]): Input => ({ shape, dtype: "int32" });
const dilated = { strides: [1, 1], pad: "same", dilations: [2, 2] };

/** Kernels without a shape rule. */
const rare: readonly Case[] = [
  ["SpaceToBatchND", { x: [1, 4, 4, 2] }, { blockShape: [2, 2], paddings: [[0, 0], [2, 0]] }],
  ["BatchToSpaceND", { x: [4, 2, 2, 2] }, { blockShape: [2, 2], crops: [[0, 0], [1, 0]] }],
  ["Bincount", { x: ints([4]), weights: [4] }, { size: 3 }],
  ["DenseBincount", { x: ints([2, 4]), weights: [2, 4] }, { size: 3, binaryOutput: false }],
  ["Einsum", [[2, 3], [3, 4]], { equation: "ab,bc->ac" }],
  ["SearchSorted", { sortedSequence: [1, 4], values: [1, 3] }, { side: "left" }],
  ["SearchSorted", { sortedSequence: [1, 4], values: [1, 3] }, { side: "right" }],
  ["TensorScatterUpdate", { tensor: [4, 2], indices: ints([2, 1]), updates: [2, 2] }],
  ["SparseToDense", { sparseIndices: ints([3, 1]), sparseValues: [3], defaultValue: [] }, { outputShape: [5] }],
  ["Transform", { image: [1, 4, 4, 2], transforms: [1, 8] }, { interpolation: "bilinear", fillMode: "reflect", fillValue: 0, outputShape: [2, 3] }],
  ["Dilation2D", { x: [1, 4, 4, 2], filter: [2, 2, 2] }, dilated],
  ["Dilation2DBackpropInput", { x: [1, 4, 4, 2], filter: [2, 2, 2], dy: [1, 4, 4, 2] }, dilated],
  ["Dilation2DBackpropFilter", { x: [1, 4, 4, 2], filter: [2, 2, 2], dy: [1, 4, 4, 2] }, dilated],
  ["Diag", { x: [3] }],
];

/** Placeholders of the inputs, and the kernel called with them; answers with the names of what it gave. */
function record([kernel, inputs, attrs = {}]: Case): string[] {
  return buildGraph(() => {
    const made = Object.entries(inputs as Record<string, Input>).map(([key, input]) => {
      const { shape, dtype } = parts(input);
      return [key, placeholder(dtype as "float32", { shape, name: `input_${key}` })] as const;
    });
    const given = Array.isArray(inputs) ? made.map(([, tensor]) => tensor) : Object.fromEntries(made);
    return [tf.engine().runKernel(kernel, given as never, attrs as never)].flat().map((tensor) => tensorName(tensor as tf.Tensor));
  });
}

/** What a graph that `record` made computes. */
async function computed([, inputs]: Case, fetches: readonly string[]): Promise<unknown> {
  const feeds = Object.entries(inputs as Record<string, Input>).map(([key, input]): [string, Float32Array | Int32Array | Uint8Array] => {
    const { shape, dtype } = parts(input);
    const value = (at: number): number => (dtype === "float32" ? Math.sin(at) / 2 : at % 2);
    const values = Array.from({ length: tf.util.sizeFromShape(shape) }, (_, at) => value(at));
    return [`input_${key}:0`, dtype === "float32" ? Float32Array.from(values) : dtype === "bool" ? Uint8Array.from(values) : Int32Array.from(values)];
  });
  const session = new Session();
  const values = await session.run([...fetches], { feeds });
  session.close();
  return values;
}

/** tfjs's own functions never sum truth values as such, and never call these two. */
const uncalled = (each: Case): boolean => ["BroadcastTo", "LogSoftmax"].includes(each[0]) || JSON.stringify(each).startsWith('["Sum",{"x":{"shape":[2,3],"dtype":"bool"}}');

test.each([...cases, ...rare].filter((each) => !uncalled(each)).map((each) => [`${each[0]} ${JSON.stringify(each[2] ?? {})}`, each] as const))(
  "%s: TensorFlow has it, and out of a file it computes the same",
  async (_name, each) => {
    const fetches = record(each);
    const wanted = await computed(each, fetches);
    const file = getDefaultGraph().asGraphDef();
    expect(refusalsOf(file)).toEqual([]);
    resetDefaultGraph();
    importGraphDef(getDefaultGraph(), file, { scope: "" });
    expect(getDefaultGraph().asGraphDef()).toEqual(file);
    expect(await computed(each, fetches)).toEqual(wanted);
  },
);

describe("what TensorFlow lacks is made of what it has, with the values and gradients of tfjs", () => {
  const row = Float32Array.of(-2, -0.5, 0, 1, 3, NaN, Infinity, -Infinity);
  const picture = Float32Array.from({ length: 5 * 4 * 3 }, (_, at) => Math.sin(at));
  const programs: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
    "tf.step": (x) => tf.step(x),
    "tf.step with a slope": (x) => tf.step(x, 0.1),
    "tf.prelu": (x) => tf.prelu(x, tf.scalar(0.25)),
    "tf.image.flipLeftRight": (x) => tf.image.flipLeftRight(x as tf.Tensor4D),
    "tf.image.rotateWithOffset": (x) => tf.image.rotateWithOffset(x as tf.Tensor4D, 0.7, 0.5, [0.4, 0.6]),
    "tf.image.rotateWithOffset with a colour": (x) => tf.image.rotateWithOffset(x as tf.Tensor4D, -2, [0.1, 0.2, 0.3]),
    "tf.lowerBound": (x) => tf.lowerBound(tf.tensor1d([-1, 0, 1, 3]), x),
    "tf.upperBound": (x) => tf.upperBound(tf.tensor1d([-1, 0, 1, 3]), x),
  };

  test.each(Object.entries(programs))("%s", async (name, program) => {
    const [values, shape] = name.startsWith("tf.image") ? [picture, [2, 5, 2, 3]] : [row, [row.length]];
    const wanted = Array.from(await program(tf.tensor(values, shape)).data());
    const result = buildGraph(() => program(constant(values, { shape })));
    const session = new Session();
    expect(Array.from((await session.run(result)) as Float32Array)).toEqual(wanted);
    session.close();
    expect(refusalsOf(getDefaultGraph().asGraphDef())).toEqual([]);
  });

  test("the slopes of a parametric ReLU, shared along the batch", async () => {
    const x = tf.tensor2d([[-2, 1], [3, -4]]);
    const alpha = tf.tensor1d([0.5, 0.25]);
    const wanted = tf.grads((a, b) => tf.sum(tf.square(tf.prelu(a, b))))([x, alpha]);
    const slopes = buildGraph(() => {
      const inputs = [constant(x.dataSync(), { shape: [2, 2] }), constant(alpha.dataSync(), { shape: [2] })] as const;
      return gradients([tf.sum(tf.square(tf.prelu(...inputs)))], inputs) as tf.Tensor[];
    });
    const session = new Session();
    const got = (await session.run(slopes)) as Float32Array[];
    session.close();
    expect(got.map((each) => [...each])).toEqual(wanted.map((each) => [...each.dataSync()]));
  });
});

test("the check itself finds what TensorFlow would refuse", () => {
  const attrs: KernelAttrs = { axis: 0 };
  record(["Concat", [[2], [3]], attrs]);
  const graph = getDefaultGraph().asGraphDef();
  const [concat] = graph.nodes.slice(-1);
  const broken = (change: object) => refusalsOf({ ...graph, nodes: graph.nodes.map((node) => (node === concat ? { ...node, ...change } : node)) });
  expect(broken({})).toEqual([]);
  expect(broken({ op: "Concatenation" })).toEqual(["concat (Concatenation) is no operation of TensorFlow"]);
  expect(broken({ inputs: concat?.inputs.slice(1) })).toEqual(["concat (ConcatV2) has 2 inputs, not 3"]);
  expect(broken({ inputs: ["concat/axis", ...(concat?.inputs.slice(1) ?? [])] })).toEqual(["concat (ConcatV2) takes float32 as its input 0, and concat/axis is int32"]);
  expect(broken({ attrs: new Map([...(concat?.attrs ?? [])].filter(([name]) => name !== "N")) })).toEqual(["concat (ConcatV2) lacks the attribute N"]);
  expect(broken({ attrs: new Map([...(concat?.attrs ?? []), ["size", { kind: "int", value: 1 }]]) })).toEqual(["concat (ConcatV2) has an attribute size"]);
});
