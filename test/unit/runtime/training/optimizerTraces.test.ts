// Optimizers against TensorFlow's own: names of all they keep, and its values after each of some steps.
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AdagradOptimizer,
  AdamOptimizer,
  createGlobalStep,
  endAllTracing,
  getDefaultGraph,
  getVariable,
  globalVariables,
  globalVariablesInitializer,
  constant,
  GradientDescentOptimizer,
  MomentumOptimizer,
  type Optimizer,
  placeholder,
  resetDefaultGraph,
  RMSPropOptimizer,
  Session,
  variableScope,
} from "#runtime/index";

interface Recorded {
  readonly kind: string;
  readonly args: Readonly<Record<string, number | string | boolean>>;
  readonly resource: boolean;
  readonly variables: readonly string[];
  readonly slotNames: readonly string[];
  readonly own: readonly string[];
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly trainOp: string;
  readonly types: Readonly<Record<string, string>>;
  /** Bits of float32 values, and the global step, by variable. */
  readonly steps: readonly Readonly<Record<string, readonly number[]>>[];
}

const recorded = JSON.parse(readFileSync("test/fixtures/tensorflow/optimizers.json", "utf8")) as { cases: Recorded[] };

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

type Args = Readonly<Record<"learning_rate" | "momentum" | "beta1" | "initial_accumulator_value", number>>;

const makers: Readonly<Record<string, (args: Args, rest: object) => Optimizer>> = {
  GradientDescentOptimizer: ({ learning_rate }) => new GradientDescentOptimizer(learning_rate),
  MomentumOptimizer: ({ learning_rate, momentum }, rest) => new MomentumOptimizer(learning_rate, momentum, rest),
  AdamOptimizer: ({ learning_rate, beta1 }, rest) => new AdamOptimizer(learning_rate, beta1, rest),
  RMSPropOptimizer: ({ learning_rate }, rest) => new RMSPropOptimizer(learning_rate, rest),
  AdagradOptimizer: ({ learning_rate }, rest) => new AdagradOptimizer(learning_rate, rest),
};

/** Python's names of the arguments that are options here. */
const optionNames: Readonly<Record<string, string>> = { use_nesterov: "useNesterov", initial_accumulator_value: "initialAccumulatorValue" };

function optimizerOf({ kind, args }: Recorded): Optimizer {
  const options = Object.fromEntries(Object.entries(args).map(([key, value]) => [optionNames[key] ?? key, value]));
  const make = makers[kind];
  if (!make) throw new Error(`no ${kind} here`);
  return make(args as Args, options);
}

/** As test/interop/record.py makes them. */
function slopes(size: number, phase: number): Float32Array {
  return Float32Array.from({ length: size }, (_, at) => Math.sin(1.7 * at + phase) * 10 ** ((at % 3) - 1));
}

function build(recording: Recorded) {
  const { resource } = recording;
  const step = createGlobalStep();
  const [w, b] = variableScope("net", { useResource: resource }, () => [
    getVariable("w", { initializer: constant(slopes(6, 0.3), { shape: [2, 3] }) }),
    getVariable("b", { initializer: constant([0.5, -0.25]) }),
  ] as const);
  const fed = [placeholder("float32", { shape: [2, 3] }), placeholder("float32", { shape: [2] })] as const;
  const optimizer = optimizerOf(recording);
  const train = optimizer.applyGradients([[fed[0], w], [fed[1], b]], { globalStep: step });
  return { optimizer, train, fed, of: [w, b] as const };
}

/** The furthest that a value lies from TensorFlow's, in last places of the largest number of its array: kernels of a backend may round less often. */
function furthestOff(got: tf.TypedArray, wanted: readonly number[]): number {
  const theirs = got instanceof Float32Array ? new Float32Array(Uint32Array.from(wanted).buffer) : wanted;
  const lastPlace = 2 ** (Math.floor(Math.log2(Math.max(...Array.from(theirs, Math.abs)))) - 23);
  return Math.max(...Array.from(got, (value, index) => Math.abs(value - (theirs[index] ?? NaN)) / lastPlace));
}

describe("an optimizer does what TensorFlow's did", () => {
  test.each(recorded.cases.map((each) => [`${each.kind} ${JSON.stringify(each.args)}${each.resource ? ", resource variables" : ""}`, each] as const))("%s", async (_name, wanted) => {
    const { optimizer, train, fed, of } = build(wanted);
    const variables = globalVariables();
    expect(variables.map(({ op }) => op.name)).toEqual(wanted.variables);
    expect(optimizer.getSlotNames()).toEqual(wanted.slotNames);
    expect(optimizer.variables().map(({ op }) => op.name).sort()).toEqual(wanted.own);
    for (const [name, slots] of Object.entries(wanted.slots)) expect(of.map((variable) => optimizer.getSlot(variable, name)?.op.name)).toEqual(slots);
    expect(train.name).toBe(wanted.trainOp);
    const updates = getDefaultGraph().operations.filter(({ type }) => type.includes("Apply"));
    expect(Object.fromEntries(updates.map(({ name, type }) => [name, type]))).toEqual(wanted.types);

    const session = new Session();
    await session.run(globalVariablesInitializer());
    let furthest = 0;
    for (const [at, values] of wanted.steps.entries()) {
      await session.run(train, { feeds: [[fed[0], slopes(6, at)], [fed[1], slopes(2, at + 0.5)]] });
      for (const variable of variables) {
        furthest = Math.max(furthest, furthestOff(await session.readVariable(variable), values[variable.op.name] ?? []));
      }
    }
    session.close();
    expect(furthest).toBeLessThanOrEqual(8);
  });
});
