// Moving averages as TensorFlow recorded them: bits of every value, names of every variable (EM-1 to EM-16).
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  buildGraph,
  constant,
  endAllTracing,
  ExponentialMovingAverage,
  getDefaultGraph,
  getVariable,
  globalVariables,
  globalVariablesInitializer,
  GraphKeys,
  nameScope,
  placeholder,
  resetDefaultGraph,
  Session,
  trainableVariables,
  variableScope,
  zerosInitializer,
  type Variable,
} from "#runtime/index";

beforeEach(async () => {
  await tf.setBackend("cpu");
  resetDefaultGraph();
});
afterEach(endAllTracing);

interface Item {
  readonly kind: "variable" | "tensor";
  readonly name: string;
  readonly dtype: string;
  readonly initial: readonly number[];
}

interface Trace {
  readonly id: string;
  readonly decay: number;
  readonly num_updates: null | number | "count";
  readonly zero_debias: boolean;
  readonly items: readonly Item[];
  readonly averages: Readonly<Record<string, string>>;
  readonly debias_variables: readonly string[];
  readonly values: readonly Readonly<Record<string, readonly (number | string)[]>>[];
  readonly expect: readonly {
    readonly step: number;
    readonly averages: Readonly<Record<string, readonly string[]>>;
    readonly debias?: Readonly<Record<string, readonly string[]>>;
  }[];
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/ema/${file}`, import.meta.url), "utf8")) as T;
}

const traces = read<{ traces: Trace[] }>("traces.json").traces.filter(({ items }) => items.every(({ dtype }) => dtype === "float32"));

function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0).toString(16).padStart(8, "0");
}

function fromBits(text: string): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number.parseInt(text, 16));
  return view.getFloat32(0);
}

const smallestNormal = 2 ** -126;

/** Bit for bit, but for NaNs (any bits) and for denormals, which TensorFlow flushes to zero and tfjs keeps. */
function expectBits(got: readonly number[], wanted: readonly string[]): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, i) => {
    const expected = fromBits(wanted[i] ?? "");
    if (Number.isNaN(expected)) return expect(value).toBeNaN();
    if (Math.abs(value) < smallestNormal && Math.abs(expected) < smallestNormal) return undefined;
    return expect(bits(value)).toBe(wanted[i]);
  });
}

function build(trace: Trace) {
  return buildGraph(() => {
    const things = trace.items.map((item) => {
      if (item.kind === "variable") return getVariable(item.name, { initializer: [...item.initial] });
      const fed = placeholder("float32", { shape: [item.initial.length], name: `${item.name}_fed` });
      return nameScope("", () => tensorCalled(item.name, fed));
    });
    const count = trace.num_updates === "count" ? getVariable("count", { initializer: 0, trainable: false }) : undefined;
    const ema = new ExponentialMovingAverage({
      decay: trace.decay,
      zeroDebias: trace.zero_debias,
      ...(trace.num_updates !== null && { numUpdates: count ?? (trace.num_updates as number) }),
    });
    return { things, count, ema, update: ema.apply(things) };
  });
}

/** A tensor whose operation has exactly that name. */
function tensorCalled(name: string, from: tf.Tensor): tf.Tensor {
  const operation = getDefaultGraph().createOperation({
    type: "Identity",
    name,
    inputs: [from],
    outputs: [{ dtype: "float32", shape: [...from.shape] }],
    run: (inputs) => inputs,
  });
  return operation.outputs[0]?.tensor as tf.Tensor;
}

test.each(traces.map((trace) => [trace.id, trace] as const))("%s", async (_id, trace) => {
  const { things, count, ema, update } = build(trace);
  const session = new Session();
  await session.run(globalVariablesInitializer());
  const byName = new Map(globalVariables().map((variable) => [variable.op.name, variable]));
  const check = async (step: number): Promise<void> => {
    const expected = trace.expect.find((each) => each.step === step);
    if (!expected) return;
    for (const [item, wanted] of Object.entries(expected.averages)) {
      const shadow = byName.get(trace.averages[item] ?? "") as Variable;
      const got = [...(await session.readVariable(shadow))];
      const debiased = trace.zero_debias && trace.items.find(({ name }) => name === item)?.kind === "tensor";
      if (!debiased || step === 0) expectBits(got, wanted);
      else {
        const d = trace.num_updates === null ? trace.decay : 0.1;
        const tolerance = 2 ** -23 / (1 - d ** step) + 2 ** -22;
        got.forEach((value, i) => {
          const exact = fromBits(wanted[i] ?? "");
          if (Number.isNaN(exact)) return expect(value).toBeNaN();
          return expect(Math.abs(value - exact)).toBeLessThanOrEqual(tolerance * Math.abs(exact));
        });
      }
    }
    for (const [name, wanted] of Object.entries(expected.debias ?? {})) {
      expectBits([...(await session.readVariable(byName.get(name) as Variable))], wanted);
    }
  };
  await check(0);
  for (const [index, values] of trace.values.entries()) {
    const feeds: [tf.Tensor, number[]][] = [];
    trace.items.forEach(({ kind, name }, i) => {
      const numbers = (values[name] ?? []).map(Number);
      if (kind === "variable") session.assignVariable(things[i] as Variable, numbers, [numbers.length]);
      else feeds.push([getDefaultGraph().getTensorByName(`${name}_fed:0`), numbers]);
    });
    if (count) session.assignVariable(count, [index + 1], []);
    await session.run(update, { feeds });
    await check(index + 1);
  }
  expect(ema.average(things[0] as tf.Tensor)?.op.name).toBe(trace.averages[trace.items[0]?.name ?? ""]);
});

interface NameStep {
  readonly make?: "variable" | "fixed" | "tensor" | "int" | "resource" | "partitioned";
  readonly name?: string;
  readonly scope?: string;
  readonly name_scope?: string;
  readonly apply?: readonly string[];
  readonly average?: number;
}

interface NameCase {
  readonly averages: readonly { readonly name?: string; readonly zero_debias?: boolean }[];
  readonly steps: readonly NameStep[];
  readonly expect: readonly Readonly<Record<string, unknown>>[];
  readonly global_variables: readonly string[];
  readonly trainable_variables: readonly string[];
  readonly moving_average_variables: readonly string[];
}

const nameCases = read<{ cases: NameCase[] }>("names.json").cases.filter(({ steps }) => steps.every(({ make }) => make !== "partitioned"));

function make(step: NameStep): tf.Tensor {
  const { make: kind, name = "" } = step;
  const within = (body: () => tf.Tensor): tf.Tensor => (step.scope === undefined ? body() : variableScope(step.scope, body));
  return within(() => {
    if (kind === "tensor") return tensorCalled(name, constant(1));
    const dtype = kind === "int" ? "int32" : "float32";
    return getVariable(name, {
      shape: [],
      dtype,
      initializer: zerosInitializer(),
      trainable: kind !== "fixed",
      useResource: kind === "resource",
    });
  });
}

describe("names", () => {
  test.each(nameCases.map((each, index) => [`case ${index}`, each] as const))("%s", (_name, { averages, steps, ...wanted }) => {
    buildGraph(() => {
      const emas = averages.map(({ name, zero_debias }) => new ExponentialMovingAverage({ decay: 0.9, zeroDebias: zero_debias === true, ...(name && { name }) }));
      const made = new Map<string, tf.Tensor>();
      steps.forEach((step, index) => {
        const expected = wanted.expect[index] ?? {};
        if (step.make) {
          const thing = make(step);
          made.set(step.scope === undefined ? (step.name ?? "") : `${step.scope}/${step.name ?? ""}`, thing);
          const name = "op" in thing ? (thing as Variable).op.name : getDefaultGraph().operations.at(-1)?.name;
          return expect(name).toBe(expected["made"]);
        }
        const ema = emas[step.average ?? 0] as ExponentialMovingAverage;
        const items = (step.apply ?? []).map((name) => made.get(name) as tf.Tensor);
        const act = (): void => {
          if ("error" in expected) return void expect(() => ema.apply(items)).toThrow();
          const named = <T>(of: (item: tf.Tensor) => T): T[] | null => (step.apply ? items.map(of) : null);
          const before = named((item) => ema.averageName(item));
          const restoreBefore = [...ema.variablesToRestore().keys()].sort();
          const operation = ema.apply(step.apply ? items : undefined);
          expect({
            node: operation.name,
            names_before: before,
            names: named((item) => ema.averageName(item)),
            averages: named((item) => ema.average(item)?.op.name),
            restore_before: restoreBefore,
            restore: Object.fromEntries([...ema.variablesToRestore()].map(([name, { op }]) => [name, op.name])),
          }).toEqual(expected);
        };
        if (step.scope !== undefined) return variableScope(step.scope, act);
        return step.name_scope === undefined ? act() : nameScope(step.name_scope, act);
      });
    });
    expect(globalVariables().map(({ op }) => op.name)).toEqual(wanted.global_variables);
    expect(trainableVariables().map(({ op }) => op.name)).toEqual(wanted.trainable_variables);
    const averaged = getDefaultGraph().getCollection<Variable>(GraphKeys.MOVING_AVERAGE_VARIABLES);
    expect(averaged.map(({ op }) => op.name)).toEqual(wanted.moving_average_variables);
  });
});
