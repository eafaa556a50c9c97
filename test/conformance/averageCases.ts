// Moving averages: bits of every value after every step, and the names of what is made.
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import {
  assignMovingAverage, buildGraph, constant, fixedSizePartitioner, endAllTracing, ExponentialMovingAverage, getDefaultGraph, getVariable, globalVariables, globalVariablesInitializer,
  GraphKeys, nameScope, placeholder, resetDefaultGraph, Saver, Session, trainableVariables, variableScope, weightedMovingAverage, zerosInitializer, type Variable,
} from "#runtime/index";
import { decodeBfloat16, decodeFloat16, encodeBfloat16, encodeFloat16 } from "#formats/bytes/float16";
import { kindOf, readJson } from "./folders";
import { Mismatch, need, same, type Report } from "./report";

interface Trace {
  readonly id: string;
  readonly decay: number;
  readonly num_updates: null | number | "count";
  readonly zero_debias: boolean;
  readonly items: readonly { readonly kind: "variable" | "tensor"; readonly name: string; readonly dtype: string; readonly initial: readonly number[] }[];
  readonly averages: Readonly<Record<string, string>>;
  readonly values: readonly Readonly<Record<string, readonly (number | string)[]>>[];
  readonly expect: readonly { readonly step: number; readonly averages: Readonly<Record<string, readonly string[]>>; readonly debias?: Readonly<Record<string, readonly string[]>> }[];
}
interface NameStep {
  readonly make?: string;
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

interface DirectTrace {
  readonly id: string;
  readonly function: "assign_moving_average" | "weighted_moving_average";
  readonly decay: number;
  readonly zero_debias?: boolean;
  readonly dtype: string;
  readonly initial: readonly number[];
  readonly values: readonly (number | readonly number[])[];
  readonly weights?: readonly (number | readonly number[])[];
  readonly expect: readonly (readonly string[])[];
  readonly variables: readonly string[];
}

interface Restoring {
  readonly decay: number;
  readonly saved: Readonly<Record<string, readonly string[] | number>>;
  readonly map: Readonly<Record<string, string>>;
  readonly restored: Readonly<Record<string, readonly string[] | number>>;
}

/** tfjs computes in float32; from there the 16-bit floats are rounded, but nothing has more digits. */
const otherFloats = "float64 is computed in float32, the widest that tfjs has";

export async function checkAverages(folder: string, report: Report): Promise<void> {
  await tf.setBackend("cpu");
  const { traces } = await readJson<{ traces: Trace[] }>(join(folder, "traces.json"));
  for (const trace of traces) {
    if (trace.items.some(({ dtype }) => dtype === "float64")) report.skip(otherFloats);
    else await inNewGraph(report, `ema/${trace.id}`, () => replayTrace(trace));
  }
  for (const [at, each] of (await optional<{ cases: NameCase[] }>(join(folder, "names.json")))?.cases.entries() ?? []) {
    await inNewGraph(report, `ema/names ${at}`, () => replayNames(each));
  }
  for (const direct of (await optional<{ traces: DirectTrace[] }>(join(folder, "direct.json")))?.traces ?? []) {
    if (direct.dtype !== "float32") report.skip(otherFloats);
    else await inNewGraph(report, `ema/direct ${direct.id}`, () => replayDirect(direct));
  }
  const restoring = await optional<Restoring>(join(folder, "restore.json"));
  if (restoring) await inNewGraph(report, "ema/restore", () => restoreAverages(join(folder, "averaged"), restoring));
}

async function optional<T>(path: string): Promise<T | undefined> {
  return (await kindOf(path)) === "file" ? readJson<T>(path) : undefined;
}

/** The averages of a checkpoint as the plain variables of another graph. */
async function restoreAverages(prefix: string, { decay, map, restored }: Restoring): Promise<void> {
  const variables = Object.entries(restored).map(([name, values]) => {
    const whole = typeof values === "number";
    const options = { shape: whole ? [] : [values.length], dtype: whole ? "int64" : "float32", trainable: !whole } as const;
    return getVariable(name, { ...options, initializer: zerosInitializer() });
  });
  const ema = new ExponentialMovingAverage({ decay });
  const toRestore = ema.variablesToRestore();
  same("keys", Object.fromEntries([...toRestore].map(([key, { op }]) => [key, op.name])), map);
  const saver = new Saver({ varList: toRestore });
  const session = new Session();
  await saver.restore(session, prefix);
  for (const variable of variables) {
    const wanted = restored[variable.op.name];
    const got = await session.readVariable(variable);
    if (typeof wanted === "number") same(variable.op.name, got[0], wanted);
    else sameBits(variable.op.name, got, wanted ?? []);
  }
}

function listed(value: number | readonly number[]): number | number[] {
  return typeof value === "number" ? value : [...value];
}

async function replayDirect(direct: DirectTrace): Promise<void> {
  const { decay, zero_debias: zeroDebias = true, values, weights, expect } = direct;
  const shapeOf = (list: DirectTrace["values"] = []): number[] => (Array.isArray(list[0]) ? [list[0].length] : []);
  const made = buildGraph(() => {
    const value = placeholder("float32", { shape: shapeOf(values), name: "value" });
    const weight = placeholder("float32", { shape: shapeOf(weights), name: "weight" });
    if (weights) return { value, weight, average: weightedMovingAverage(value, weight, { decay }) };
    const variable = getVariable("v", { initializer: [...direct.initial] });
    return { value, weight, average: assignMovingAverage(variable, value, { decay, zeroDebias }) };
  });
  same("variables", globalVariables().map(({ op }) => op.name), direct.variables);
  const session = new Session();
  await session.run(globalVariablesInitializer());
  for (const [at, numbers] of values.entries()) {
    const feeds: [tf.Tensor, number | number[]][] = [[made.value, listed(numbers)]];
    if (weights) feeds.push([made.weight, listed(weights[at] ?? 0)]);
    const result = (await session.run(made.average, { feeds })) as unknown as number | ArrayLike<number>;
    const got = typeof result === "number" ? [result] : result;
    const tolerance = !weights && zeroDebias ? 2 ** -23 / (1 - decay ** (at + 1)) + 2 ** -22 : 0;
    sameBits(`after ${at + 1}`, got, expect[at] ?? [], { tolerance });
  }
}

async function inNewGraph(report: Report, name: string, work: () => void | Promise<void>): Promise<void> {
  resetDefaultGraph();
  await report.check(name, work);
  endAllTracing();
}

/** A float of the given type and its bits in hexadecimal: 8 digits for float32, 4 for the two halves. */
interface FloatType {
  readonly decode: (bits: number) => number;
  readonly encode: (value: number) => number;
  readonly digits: number;
  /** Distance of 1 to the next number. */
  readonly epsilon: number;
}

const float32: FloatType = {
  decode: (bits) => new Float32Array(Uint32Array.of(bits).buffer)[0] ?? NaN,
  encode: (value) => new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0,
  digits: 8, epsilon: 2 ** -23,
};

const floatTypes: Readonly<Record<string, FloatType>> = {
  float32,
  float16: { decode: decodeFloat16, encode: encodeFloat16, digits: 4, epsilon: 2 ** -10 },
  bfloat16: { decode: decodeBfloat16, encode: encodeBfloat16, digits: 4, epsilon: 2 ** -7 },
};

const smallestNormal = 2 ** -126;

/** Bit for bit, but for NaNs (any bits) and for denormals, which TensorFlow flushes to zero. `tolerance` is relative. */
function sameBits(what: string, got: ArrayLike<number>, wanted: readonly string[], { tolerance = 0, type = float32 }: { readonly tolerance?: number; readonly type?: FloatType } = {}): void {
  same(`${what} length`, got.length, wanted.length);
  Array.from(got).forEach((value, at) => {
    const exact = type.decode(Number.parseInt(wanted[at] ?? "", 16));
    if (Number.isNaN(exact) && Number.isNaN(value)) return;
    if (Math.abs(value) < smallestNormal && Math.abs(exact) < smallestNormal) return;
    if (tolerance > 0 && Math.abs(value - exact) <= tolerance * Math.abs(exact)) return;
    const bits = type.encode(value).toString(16).padStart(type.digits, "0");
    if (bits !== wanted[at]) throw new Mismatch(`${what}[${at}]`, wanted[at], bits);
  });
}

/** A tensor whose operation has exactly that name. */
function tensorCalled(name: string, from: tf.Tensor, dtype: "float32" | "float16" | "bfloat16" = "float32"): tf.Tensor {
  const operation = getDefaultGraph().createOperation({
    type: "Identity", name, inputs: [from], outputs: [{ dtype, shape: [...from.shape] }], run: (inputs) => inputs,
  });
  return need(operation.outputs[0], "an output").tensor;
}

function build(trace: Trace) {
  return buildGraph(() => {
    const things = trace.items.map((item) => {
      const dtype = item.dtype as "float32" | "float16" | "bfloat16";
      if (item.kind === "variable") return getVariable(item.name, { dtype, initializer: [...item.initial] });
      const fed = placeholder(dtype, { shape: [item.initial.length], name: `${item.name}_fed` });
      return nameScope("", () => tensorCalled(item.name, fed, dtype));
    });
    const count = trace.num_updates === "count" ? getVariable("count", { initializer: 0, trainable: false }) : undefined;
    const numUpdates = count ?? (typeof trace.num_updates === "number" ? trace.num_updates : undefined);
    const ema = new ExponentialMovingAverage({ decay: trace.decay, zeroDebias: trace.zero_debias, ...(numUpdates !== undefined && { numUpdates }) });
    return { things, count, update: ema.apply(things) };
  });
}

async function replayTrace(trace: Trace): Promise<void> {
  const { things, count, update } = build(trace);
  const session = new Session();
  await session.run(globalVariablesInitializer());
  const byName = new Map(globalVariables().map((variable) => [variable.op.name, variable]));
  const valuesOf = async (name: string | undefined): Promise<ArrayLike<number>> => session.readVariable(need(byName.get(name ?? ""), `variable ${name}`));
  const type = need(floatTypes[trace.items[0]?.dtype ?? "float32"], "a type of float");
  const check = async (step: number): Promise<void> => {
    const expected = trace.expect.find((each) => each.step === step);
    for (const [item, wanted] of Object.entries(expected?.averages ?? {})) {
      const debiased = trace.zero_debias && step > 0 && trace.items.find(({ name }) => name === item)?.kind === "tensor";
      // Debiasing depends on the last bit of a power; with a number of updates the decay is at least 0.1.
      const decay = trace.num_updates === null ? trace.decay : 0.1;
      sameBits(`average of ${item} after step ${step}`, await valuesOf(trace.averages[item]), wanted, { type, tolerance: debiased ? type.epsilon / (1 - decay ** step) + 2 * type.epsilon : 0 });
    }
    for (const [name, wanted] of Object.entries(expected?.debias ?? {})) sameBits(`${name} after step ${step}`, await valuesOf(name), wanted, { type });
  };
  await check(0);
  for (const [index, values] of trace.values.entries()) {
    const feeds: [tf.Tensor, number[]][] = [];
    trace.items.forEach(({ kind, name }, at) => {
      const numbers = (values[name] ?? []).map(Number);
      if (kind === "variable") session.assignVariable(things[at] as Variable, numbers, [numbers.length]);
      else feeds.push([getDefaultGraph().getTensorByName(`${name}_fed:0`), numbers]);
    });
    if (count) session.assignVariable(count, [index + 1], []);
    await session.run(update, { feeds });
    await check(index + 1);
  }
}

function make({ make: kind, name = "", scope }: NameStep): tf.Tensor {
  const within = (body: () => tf.Tensor): tf.Tensor => (scope === undefined ? body() : variableScope(scope, body));
  return within(() => {
    if (kind === "tensor") return tensorCalled(name, constant(1));
    if (kind === "partitioned") {
      return getVariable(name, { shape: [4], initializer: zerosInitializer(), partitioner: fixedSizePartitioner(2) });
    }
    const dtype = kind === "int" ? "int32" : "float32";
    return getVariable(name, { shape: [], dtype, initializer: zerosInitializer(), trainable: kind !== "fixed", useResource: kind === "resource" });
  });
}

function replayNames({ averages, steps, ...wanted }: NameCase): void {
  buildGraph(() => {
    const emas = averages.map(({ name, zero_debias }) => new ExponentialMovingAverage({ decay: 0.9, zeroDebias: zero_debias === true, ...(name && { name }) }));
    const made = new Map<string, tf.Tensor>();
    for (const [at, step] of steps.entries()) {
      const expected = wanted.expect[at] ?? {};
      if (step.make !== undefined) {
        const thing = make(step);
        made.set(step.scope === undefined ? (step.name ?? "") : `${step.scope}/${step.name ?? ""}`, thing);
        same(`made at ${at}`, "op" in thing ? (thing as Variable).op.name : "parts" in thing ? step.name : getDefaultGraph().operations.at(-1)?.name, expected["made"]);
        continue;
      }
      const ema = need(emas[step.average ?? 0], "an average");
      const act = (): void => applyAverage(ema, step.apply?.map((name) => need(made.get(name), name)), expected);
      if (step.scope !== undefined) variableScope(step.scope, act);
      else if (step.name_scope !== undefined) nameScope(step.name_scope, act);
      else act();
    }
  });
  same("global variables", globalVariables().map(({ op }) => op.name), wanted.global_variables);
  same("trainable variables", trainableVariables().map(({ op }) => op.name), wanted.trainable_variables);
  const averaged = getDefaultGraph().getCollection<Variable>(GraphKeys.MOVING_AVERAGE_VARIABLES);
  same("moving average variables", averaged.map(({ op }) => op.name), wanted.moving_average_variables);
}

function applyAverage(ema: ExponentialMovingAverage, items: tf.Tensor[] | undefined, expected: Readonly<Record<string, unknown>>): void {
  if ("error" in expected) {
    let thrown: unknown;
    try {
      ema.apply(items);
    } catch (error) {
      thrown = error;
    }
    if (!thrown) throw new Mismatch("apply", expected["error"], "no error");
    return;
  }
  const named = <T>(of: (item: tf.Tensor) => T): T[] | null => items?.map(of) ?? null;
  const before = named((item) => ema.averageName(item));
  const restoreBefore = [...ema.variablesToRestore().keys()].sort();
  const operation = ema.apply(items);
  same("names", {
    node: operation.name, names_before: before, names: named((item) => ema.averageName(item)), averages: named((item) => ema.average(item)?.op.name),
    restore_before: restoreBefore, restore: Object.fromEntries([...ema.variablesToRestore()].map(([name, { op }]) => [name, op.name])),
  }, expected);
}
