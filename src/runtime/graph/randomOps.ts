// Random operations: numbers drawn anew in each run, seeded as TensorFlow 1 does; the session keeps the counters.
import * as tf from "@tensorflow/tfjs-core";
import { intAttr, typeAttr } from "./attrs";
import { addConstant, hostConstant, onlyOutput } from "./constants";
import { sizeOf } from "./dtypes";
import { getDefaultGraph, type Graph } from "./graph";
import type { FileNode, NodeReaders } from "./fileNode";
import type { Operation, OperationBehaviour, Output } from "./operation";
import { addKernel } from "./kernelOperation";
import { outputFor, recordKernel } from "./record";
import { fillNormal, fillTruncatedNormal, fillUniform, reservedPerOutput, type SeedPair } from "./philox";
import type { Session } from "./session";
import { buildingGraph } from "./trace";

/** Options that all random operations have. */
export interface RandomOptions {
  /** The operation's own seed; without one and without a graph seed the numbers differ from process to process. */
  readonly seed?: number;
  /** Name of the operation; made unique. */
  readonly name?: string;
}

/** TensorFlow's graph seed where only the operation has one. */
const defaultGraphSeed = 87654321;
const largestSeed = 2147483647;

type Fill = (values: Float32Array, seeds: SeedPair, counter: number) => void;

/** The graph-level seed of the default graph: operations made from now on without a seed of their own derive theirs. */
export function setRandomSeed(seed: number | undefined): void {
  getDefaultGraph().seed = seed;
}

/** Uniform numbers in [minval, maxval), new ones in each run. */
export function randomUniform<R extends tf.Rank = tf.Rank>(
  shape: readonly number[],
  { minval = 0, maxval = 1, ...options }: RandomOptions & { readonly minval?: number; readonly maxval?: number } = {},
): tf.Tensor<R> {
  return inRandomScope(options.name ?? "random_uniform", (graph, scope) => {
    const shapeConst = shapeConstant(graph, shape);
    const low = addConstant(graph, hostConstant(minval), "min");
    const high = addConstant(graph, hostConstant(maxval), "max");
    const drawn = addRandom(graph, "RandomUniform", { shape, shapeConst, options });
    const width = binary("Sub", [high, low], "sub");
    const scaled = binary("Multiply", [drawn, width], "mul");
    return binary("Add", [scaled, low], scope);
  }) as tf.Tensor<R>;
}

/** Normal numbers, new ones in each run. */
export function randomNormal<R extends tf.Rank = tf.Rank>(
  shape: readonly number[],
  options: RandomOptions & { readonly mean?: number; readonly stddev?: number } = {},
): tf.Tensor<R> {
  return normalLike("random_normal", "RandomStandardNormal", { shape, options }) as tf.Tensor<R>;
}

/** Normal numbers of which those beyond two standard deviations were drawn again. */
export function truncatedNormal<R extends tf.Rank = tf.Rank>(
  shape: readonly number[],
  options: RandomOptions & { readonly mean?: number; readonly stddev?: number } = {},
): tf.Tensor<R> {
  return normalLike("truncated_normal", "TruncatedNormal", { shape, options }) as tf.Tensor<R>;
}

/** Options of `dropout`; exactly one of `rate` and `keepProb`. */
export interface DropoutOptions extends RandomOptions {
  /** Share of values that become zero. */
  readonly rate?: number;
  /** Share of values that stay. */
  readonly keepProb?: number;
}

/** Zeroes a random share of `x` and scales the rest up, so that the sum stays as expected; a new mask in each run. */
export function dropout<T extends tf.Tensor>(x: T, { rate, keepProb, seed, name }: DropoutOptions): T {
  const keep = keepProb ?? 1 - (rate ?? 0.5);
  if (!(keep > 0 && keep <= 1)) throw new RangeError(`dropout keeps a share in (0, 1], not ${keep}`);
  if (keep === 1) return x;
  return buildingGraph(() =>
    getDefaultGraph().withinNameScope(name ?? "dropout", () => {
      const graph = getDefaultGraph();
      const factor = addConstant(graph, hostConstant(1 / keep), "Const");
      const scaled = onlyOutput(addKernel(graph, { kernel: "Multiply", name: "Mul", inputs: [["a", outputFor(graph, x)], ["b", factor]] }).operation);
      const shapeConst = shapeConstant(graph, x.shape, "Shape");
      const drawn = graph.withinNameScope("random_uniform", () =>
        addRandom(graph, "RandomUniform", { shape: x.shape, shapeConst, options: { seed } }));
      const kept = tf.greaterEqual(drawn.tensor, 1 - keep);
      const zero = addConstant(graph, hostConstant(0), "Const");
      return recordKernel("SelectV2", { condition: kept, t: scaled.tensor, e: zero.tensor }) as T;
    }),
  );
}

/** Counters of all random operations that have drawn in a session: what exact resumption must restore. */
export function randomState(session: Session): Record<string, number> {
  const drawn = session.graph.operations.flatMap((operation) => {
    const counter = isRandom.has(operation) ? session.stateOf<number>(operation, () => 0) : 0;
    return counter > 0 ? [[operation.name, counter] as const] : [];
  });
  return Object.fromEntries(drawn);
}

/** Sets the counters of random operations; names that the graph lacks are ignored. */
export function setRandomState(session: Session, state: Readonly<Record<string, number>>): void {
  for (const [name, counter] of Object.entries(state)) {
    const operation = session.graph.findOperation(name);
    if (operation && isRandom.has(operation)) session.setState(operation, counter);
  }
}

const isRandom = new WeakSet<Operation>();

interface Draw {
  readonly shape: readonly number[];
  readonly options: RandomOptions;
}

function normalLike(
  scopeName: string,
  type: RandomType,
  draw: Draw & { readonly options: { readonly mean?: number; readonly stddev?: number } },
): tf.Tensor {
  const { mean = 0, stddev = 1, name } = draw.options;
  return inRandomScope(name ?? scopeName, (graph, scope) => {
    const shapeConst = shapeConstant(graph, draw.shape);
    const center = addConstant(graph, hostConstant(mean), "mean");
    const width = addConstant(graph, hostConstant(stddev), "stddev");
    const drawn = addRandom(graph, type, { ...draw, shapeConst });
    const scaled = binary("Multiply", [drawn, width], "mul");
    return binary("Add", [scaled, center], scope);
  });
}

function inRandomScope(name: string, make: (graph: Graph, scope: string) => Output): tf.Tensor {
  const graph = getDefaultGraph();
  return graph.withinNameScope(name, (scope) => make(graph, scope)).tensor;
}

function shapeConstant(graph: Graph, shape: readonly number[], name = "shape"): Output {
  return addConstant(graph, { values: Int32Array.from(shape), shape: [shape.length], dtype: "int32" }, name);
}

type RandomType = "RandomUniform" | "RandomStandardNormal" | "TruncatedNormal";

const fills: Readonly<Record<RandomType, Fill>> = {
  RandomUniform: fillUniform,
  RandomStandardNormal: fillNormal,
  TruncatedNormal: fillTruncatedNormal,
};

/** Random operations in a file, which draw what those would that were written. */
export const randomReaders: NodeReaders = Object.fromEntries(Object.entries(fills).map(([type, fill]) => [type, (node: FileNode) => {
  if (node.dtype("dtype") !== "float32") node.refuse(`draws ${node.dtype("dtype")}; only float32 is drawn here`);
  const [seed, seed2] = [node.int("seed"), node.int("seed2")];
  const seeds = seed === 0 && seed2 === 0 ? undefined : { seed, seed2 };
  return { ...drawing(fill, node.numbers(0), seeds), made: (operation: Operation) => void isRandom.add(operation) };
}]));

function addRandom(graph: Graph, type: RandomType, draw: Draw & { readonly shapeConst: Output }): Output {
  const { shape, shapeConst, options } = draw;
  const seeds = seedsOf(graph, options.seed);
  const operation = graph.createOperation({
    type,
    inputs: [shapeConst],
    attrs: new Map([
      ["dtype", typeAttr("float32")],
      ["T", typeAttr("int32")],
      ["seed", intAttr(seeds?.seed ?? 0)],
      ["seed2", intAttr(seeds?.seed2 ?? 0)],
    ]),
    ...drawing(fills[type], shape, seeds),
  });
  isRandom.add(operation);
  return onlyOutput(operation);
}

function drawing(fill: Fill, shape: readonly number[], seeds: SeedPair | undefined): OperationBehaviour {
  const count = sizeOf(shape);
  return {
    outputs: [{ dtype: "float32", shape: [...shape] }],
    execute: (_inputs, { session }, self) => {
      const counter = session.stateOf<number>(self, () => 0);
      session.setState(self, counter + count * reservedPerOutput);
      const values = new Float32Array(count);
      fill(values, seeds ?? unseeded(self), counter);
      return [tf.tensor(values, [...shape], "float32")];
    },
  };
}

/** TF1's rule: graph seed and operation seed, the latter by default the number of operations made so far. */
function seedsOf(graph: Graph, opSeed: number | undefined): SeedPair | undefined {
  if (graph.seed === undefined && opSeed === undefined) return undefined;
  const seed = (graph.seed ?? defaultGraphSeed) % 2 ** 31;
  const seed2 = (opSeed ?? graph.version) % 2 ** 31;
  return seed === 0 && seed2 === 0 ? { seed: 0, seed2: largestSeed } : { seed, seed2 };
}

const drawnSeeds = new WeakMap<Operation, SeedPair>();

function unseeded(operation: Operation): SeedPair {
  const seeds = drawnSeeds.get(operation) ?? { seed: randomWord(), seed2: randomWord() };
  drawnSeeds.set(operation, seeds);
  return seeds;
}

function randomWord(): number {
  return Math.floor(Math.random() * largestSeed);
}

function binary(kernel: string, [a, b]: readonly [Output, Output], name: string): Output {
  const { graph } = a.operation;
  return onlyOutput(addKernel(graph, { kernel, name, inputs: [["a", a], ["b", b]] }).operation);
}
