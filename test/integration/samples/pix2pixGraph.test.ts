// The graph of the sample at full size against that of the original program, node by node.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  beginTracing, endTracing, getDefaultGraph, globalVariables, resetDefaultGraph, setRandomSeed, Supervisor, trainableVariables, type Operation,
} from "trainscope";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { metaGraphOf } from "#runtime/saving/metaGraph";
import { parseOptions } from "../../../samples/pix2pix/options";
import { createProgram, type Program } from "../../../samples/pix2pix/program";
import { makeDigits } from "../../../scripts/digits.mjs";
import { refusalsOf } from "../../support/tensorflowOperations";

type Node = readonly [name: string, op: string, inputs: string];

interface Original {
  /** Without gradients, input queues, and the loops that write PNG files. */
  readonly nodes: readonly Node[];
  /** In the order of the Saver: name, type, shape at ngf and ndf 4. */
  readonly variables: readonly (readonly [name: string, type: number, shape: readonly number[]])[];
  /** Names, or how many where TensorFlow keeps definitions. */
  readonly collections: Readonly<Record<string, readonly string[] | number>>;
}

const original = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, "../../fixtures/pix2pix/graph.json.gz"))).toString("utf8"),
) as Original;

let program: Program;

/** The graph as `--ngf N --ndf N` at 256 pixels builds it; nothing is computed. */
function build(width: number): void {
  resetDefaultGraph();
  beginTracing();
  try {
    setRandomSeed(1);
    const args = `--size 256 --ngf ${width} --ndf ${width} --lr 0.0002`.split(" ");
    program = createProgram(parseOptions(args, "unused"));
    new Supervisor({ saver: null, saveSummariesSecs: 0 });
  } finally {
    endTracing();
  }
}

beforeAll(async () => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  await makeDigits();
});

afterAll(() => vi.restoreAllMocks());

describe("at the original's default size", () => {
  beforeAll(() => build(64));

  test("there are 57,190,084 parameters", () => {
    expect(trainableVariables().reduce((sum, { size }) => sum + size, 0)).toBe(57_190_084);
  });

  test("the Saver keeps the original's 270 variables in its order, with shapes that only the width changes", () => {
    const widened = (name: string, shape: readonly number[]) => {
      const outer = /encoder_1\/conv2d\/kernel/.test(name) ? [2] : /decoder_1\/conv2d_transpose\/kernel/.test(name) ? [2] : /discriminator\/layer_1\/conv2d\/kernel/.test(name) ? [2] : [];
      const single = /decoder_1\/conv2d_transpose\/bias|layer_5\/conv2d\/bias/.test(name);
      const last = /layer_5\/conv2d\/kernel/.test(name) ? [3] : [];
      return shape.map((length, axis) => (single || [...outer, ...last].includes(axis) || (shape.length === 4 && axis < 2) ? length : length * 16));
    };
    expect(program.saver.saveables.map(({ name, shape }) => [name, shape])).toEqual(
      original.variables.map(([name, , shape]) => [name, widened(name, shape)]),
    );
  });
});

describe("at the width of the recorded run", () => {
  let nodes: Map<string, Node>;

  beforeAll(() => {
    build(4);
    nodes = new Map(metaGraphOf(getDefaultGraph()).graph.nodes.map(({ name, op, inputs }) => [name, [name, op, inputs.join(" ")]]));
  });

  test("names, types and shapes of all variables in the Saver are the original's", () => {
    const codes: Readonly<Record<string, number>> = { float32: 1, int64: 9 };
    expect(program.saver.saveables.map(({ name, dtype, shape }) => [name, codes[dtype], shape])).toEqual(original.variables);
    expect(globalVariables()).toHaveLength(270);
  });

  test("every node outside of queues, gradients and shape arithmetic has the original's name, type and inputs", () => {
    const wanted = original.nodes.filter((node) => !onlyTheirs.test(node[0])).map(comparable);
    const got = wanted.map(([name]) => comparable(nodes.get(name) ?? [name, "", "absent"]));
    expect(got).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(2400);
  });

  test("TensorFlow has every operation of it, but for the input, with these inputs and attributes", () => {
    expect(refusalsOf(metaGraphOf(getDefaultGraph()).graph, ["IteratorGetNext"])).toEqual([]);
  });

  test("what is ours alone is the input, the writing of PNG files, and a merge of the losses", () => {
    const theirs = new Set(original.nodes.map(([name]) => name));
    const ours = [...nodes.keys()].filter((name) => !theirs.has(name) && !/^(load_images|input_images|target_images|batch)\/|_train\/gradients\//.test(name));
    expect(ours.filter((name) => !onlyOurs.test(name))).toEqual([]);
  });

  test("summaries are the original's but for those of its two queues, in its order", () => {
    const queues = /fraction_of_32_full/;
    const wanted = (original.collections["summaries"] as string[]).filter((name) => !queues.test(name));
    expect(metaGraphOf(getDefaultGraph()).collections.get("summaries")?.values).toEqual(wanted);
  });

  test("the step, the updates that are never run and the training operations are in the original's collections", () => {
    const { collections } = metaGraphOf(getDefaultGraph());
    for (const key of ["update_ops", "train_op", "summary_op", "init_op", "ready_op", "local_init_op"]) {
      const values = collections.get(key)?.values;
      expect(values, key).toEqual(original.collections[key]);
    }
    expect(collections.get("variables")?.values).toHaveLength(270);
    expect(collections.get("trainable_variables")?.values).toHaveLength(76);
  });

  test("all of the generator's training runs behind the discriminator's update, and nothing else does", () => {
    const graph = getDefaultGraph();
    const update = graph.getOperationByName("discriminator_train/Adam");
    const behind = new Set<Operation>([update]);
    for (const operation of graph.operations) {
      const before = [...operation.controlInputs, ...operation.inputs.map((input) => input.operation)];
      if (before.some((each) => behind.has(each))) behind.add(operation);
    }
    const inGenerator = graph.operations.filter(({ name, type }) => name.startsWith("generator_train/") && (/\/gradients\//.test(name) || type === "ApplyAdam"));
    expect(inGenerator.filter((operation) => !behind.has(operation)).map(({ name }) => name)).toEqual([]);
    const others = [...behind].map(({ name }) => name).filter((name) => !/^generator_train\/|^discriminator_train\/Adam$|^generator\/.*\/gradients$|^Merge\/|^group_deps$/.test(name));
    expect(others).toEqual([]);
  });
});

/**
 * Nodes of the original that have no counterpart: how TensorFlow's layer works out the size of a transposed convolution,
 * borders and sums whose constants have other names, and the initialisation of tables that do not exist.
 */
const onlyTheirs = new RegExp(
  [
    "conv2d_transpose/(Shape|strided_slice|stack)", "convert_image/Const", "parameter_count/(range|Rank|Sum/input|Const_76)", "init_all_tables",
  ].join("|"),
);

const onlyOurs = new RegExp(
  [
    "conv2d_transpose/conv2d_transpose/input_sizes$", "^encode_images/(input|target|output)_pngs$", "^scalars/", "convert_image/clamp/", "parameter_count/(stack|Const_76)$",
    "^report_uninitialized_variables",
  ].join("|"),
);

/** Ends of edges that lie in what differs: the queue, gradients, sizes, constants. */
function comparable([name, op, inputs]: Node): Node {
  let list = inputs.split(" ").filter(Boolean).map((input) => ({ batch: "load_images/IteratorGetNext", "batch:1": "batch/Reshape", "batch:2": "batch/Reshape_1" })[input] ?? input);
  if (op === "Conv2DBackpropInput") list = list.slice(1);
  if (op === "ClipByValue") list = list.slice(0, 1);
  if (name === "parameter_count/Sum") list = [];
  if (name === "Merge/MergeSummary") list = list.filter((input) => !/fraction_of_32_full/.test(input));
  list = list.filter((input) => input !== "^init_all_tables").map((input) => input.replace(/^((?:generator|discriminator)_train\/gradients)\/.*/, "$1"));
  return [name, op, list.join(" ")];
}
