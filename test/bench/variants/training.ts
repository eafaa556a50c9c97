// One training step, eagerly or replayed as a graph, on a backend with or without our kernels: time, or peak bytes of the engine.
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { AdamOptimizer, buildGraph, fusedBatchNorm, getVariable, gradients, group, placeholder, Session, zerosInitializer, type Variable } from "#runtime/index";
import { chooseBackend } from "#trainer/backends/chooseBackend";
import { median, type Measured, type VariantArguments } from "../measured";
import { initialValue, losses, numbers, plainNorm, type Normalize } from "./smallPix2pix";

/** What is measured of which kind of step. */
export interface TrainingArguments {
  readonly backend: "cpu" | "wasm" | "node";
  /** Pixels of a side. */
  readonly side: number;
  readonly step: "eager" | "replay";
  /** The backend as its package has it; else with our kernels. */
  readonly bare?: boolean;
  /** Batch normalisation in one operation, which only a graph has. */
  readonly fused?: boolean;
  readonly what: "time" | "bytes";
  readonly steps: number;
}

/** A step: answers with both losses. */
type Step = () => Promise<number[]>;

const [rate, beta1, beta2, adamEpsilon] = [0.0002, 0.5, 0.999, 1e-8];
/** Losses that are compared: those of the first steps. */
const compared = 3;

/** Seconds of a step, or the most bytes that the engine held beyond what it held before; the result are the first losses. */
export async function trainingStep({ training }: VariantArguments): Promise<Measured> {
  if (!training) throw new Error("a training step wants its arguments");
  await useBackend(training);
  const step = training.step === "eager" ? eagerStep(training) : await replayedStep(training);
  const first: number[] = [];
  const times: number[] = [];
  const peak = watchBytes();
  for (let i = 0; i < training.steps; i++) {
    peak.begin();
    const began = performance.now();
    const values = await step();
    times.push((performance.now() - began) / 1000);
    if (i < compared) first.push(...values);
  }
  // The first steps compile, fill caches and allocate.
  const settled = times.slice(Math.min(2, times.length - 1));
  return { value: training.what === "time" ? median(settled) : peak.most(), result: JSON.stringify(first) };
}

async function useBackend({ backend, bare }: TrainingArguments): Promise<void> {
  if (bare && backend !== "node") await tf.setBackend(backend);
  else await chooseBackend(backend, { resolveFrom: join(process.cwd(), "package.json") });
}

function pairOf(side: number): { x: Float32Array; y: Float32Array; shape: [number, number, number, number] } {
  const count = side * side * 3;
  return { x: numbers(count, 1, 1), y: numbers(count, 2, 1), shape: [1, side, side, 3] };
}

function eagerStep({ side }: TrainingArguments): Step {
  const { x, y, shape } = pairOf(side);
  const made = new Map<string, tf.Variable>();
  const variables = (name: string, of: readonly number[]): tf.Tensor => {
    const variable = made.get(name) ?? tf.variable(tf.tensor(initialValue(name, of, made.size), [...of]), true, name);
    made.set(name, variable);
    return variable;
  };
  const [ofDiscriminator, ofGenerator] = [0, 1].map(() => tf.train.adam(rate, beta1, beta2, adamEpsilon));
  const own = (prefix: string) => [...made.values()].filter(({ name }) => name.startsWith(prefix));
  tf.tidy(() => void losses({ x: tf.tensor4d(x, shape), y: tf.tensor4d(y, shape) }, { variables, norm: plainNorm }));
  return async () => {
    const values = tf.tidy(() => {
      const pair = { x: tf.tensor4d(x, shape), y: tf.tensor4d(y, shape) };
      const loss = (which: "discriminator" | "generator") => () => losses(pair, { variables, norm: plainNorm })[which];
      const first = tf.variableGrads(loss("discriminator"), own("d/"));
      const second = tf.variableGrads(loss("generator"), own("g/"));
      ofDiscriminator?.applyGradients(listed(first.grads));
      ofGenerator?.applyGradients(listed(second.grads));
      return [first.value, second.value];
    });
    const read = await Promise.all(values.map((value) => value.data()));
    tf.dispose(values);
    return read.map((data) => data[0] ?? NaN);
  };
}

function listed(grads: tf.NamedTensorMap): { name: string; tensor: tf.Tensor }[] {
  return Object.entries(grads).map(([name, tensor]) => ({ name, tensor }));
}

async function replayedStep({ side, fused }: TrainingArguments): Promise<Step> {
  const { x, y, shape } = pairOf(side);
  const made = new Map<string, Variable>();
  const variables = (name: string, of: readonly number[]): tf.Tensor => {
    const variable = made.get(name) ?? getVariable(name, { shape: of, initializer: zerosInitializer() });
    made.set(name, variable);
    return variable;
  };
  const norm: Normalize = fused ? (input, scale, offset) => fusedBatchNorm(input, { scale, offset, epsilon: 1e-5 }).y : plainNorm;
  const graph = buildGraph(() => {
    const pair = { x: placeholder<tf.Rank.R4>("float32", { shape }), y: placeholder<tf.Rank.R4>("float32", { shape }) };
    const { discriminator, generator } = losses(pair, { variables, norm });
    const own = (prefix: string) => [...made.values()].filter(({ op }) => op.name.startsWith(prefix));
    // Both gradients come before both updates, as in the eager step.
    const parts = [[discriminator, own("d/")], [generator, own("g/")]] as const;
    const pairs = parts.map(([loss, list]) => gradients([loss], list).map((gradient, i) => [gradient, list[i]] as [tf.Tensor | null, Variable]));
    const train = group(pairs.map((list) => new AdamOptimizer(rate, beta1, { beta2, epsilon: adamEpsilon }).applyGradients(list)));
    return { pair, fetches: [discriminator, generator, train] as const };
  });
  const session = new Session();
  for (const operation of session.graph.operations.filter(({ type }) => type === "VariableV2")) initialize(session, operation.name, made);
  const feeds: [tf.Tensor, Float32Array][] = [[graph.pair.x, x], [graph.pair.y, y]];
  return async () => (await session.run(graph.fetches, { feeds })).slice(0, 2).map(Number);
}

/** Weights as the eager step's; what the optimizers keep as they start it. */
function initialize(session: Session, name: string, made: ReadonlyMap<string, Variable>): void {
  const op = session.graph.getOperationByName(name);
  const shape = op.outputs[0]?.shape ?? [];
  const at = [...made.keys()].indexOf(name);
  const count = shape.reduce((product, size) => product * size, 1);
  const power = /beta([12])_power/.exec(name)?.[1];
  const values = at >= 0 ? initialValue(name, shape, at) : new Float32Array(count).fill(power === "1" ? beta1 : power === "2" ? beta2 : 0);
  session.assignVariable({ op }, values, shape);
}

/** Bytes of all tensors as the engine counts them: the most of a step beyond what there was as it began. */
function watchBytes(): { begin(): void; most(): number } {
  const engine = tf.engine() as unknown as { trackTensor(...args: unknown[]): void; state: { numBytes: number } };
  const track = engine.trackTensor.bind(engine);
  let [before, most] = [0, 0];
  engine.trackTensor = (...args) => {
    track(...args);
    most = Math.max(most, engine.state.numBytes - before);
  };
  return {
    begin: () => {
      before = engine.state.numBytes;
      most = 0;
    },
    most: () => most,
  };
}
