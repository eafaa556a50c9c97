// A check behind every operation of a run: which was the first to make NaN or ∞ out of finite numbers.
import * as tf from "@tensorflow/tfjs-core";
import type { NonFiniteFinding, ValueRange } from "#model/diagnosis";
import type { Step } from "#model/run";
import type { Output, Value } from "../graph/operation";
import type { ProbedOperation, RunProbe } from "../graph/probe";

/** Names of operations reached that are kept; the rest is counted. */
const maxReached = 2000;
/** So many of them are kept with what they held. */
const maxSpread = 50;

/** Their output is the variable itself and not its value. */
const variableTypes = new Set(["VariableV2", "VarHandleOp"]);

/** Watches one run after the other until it has found something. */
export class FiniteProbe implements RunProbe {
  #first: Omit<NonFiniteFinding, "reached" | "spread" | "moreReached"> | undefined;
  readonly #reached: string[] = [];
  readonly #spread: (ValueRange & { readonly name: string })[] = [];
  #more = 0;

  /** The global step as the next run begins. */
  step: Step | undefined;

  /** What was found, once the run in which it happened has ended. */
  get finding(): NonFiniteFinding | undefined {
    return this.#first && { ...this.#first, reached: this.#reached, spread: this.#spread, moreReached: this.#more };
  }

  async ran(probed: ProbedOperation): Promise<void> {
    const { operation } = probed;
    const made = [...operation.outputs.map(({ index }) => probed.output(index)), ...writable(probed)];
    const broken = await firstBroken(made);
    if (!broken) return;
    if (this.#first) {
      if (this.#spread.length < maxSpread) this.#spread.push({ name: operation.name, ...broken });
      if (this.#reached.length < maxReached) this.#reached.push(operation.name);
      else this.#more += 1;
      return;
    }
    // A constant that is infinite was meant so.
    if (operation.type === "Const") return;
    const inputs = await inputRanges(probed);
    if (inputs.some(isBroken)) return;
    const { name: node, type: op, source } = operation;
    const at = this.step === undefined ? {} : { step: this.step };
    this.#first = { ...at, node, op, ...(source && { source }), value: broken, inputs };
  }
}

/** Whether all values of a session's variables are finite. */
export async function allFinite(values: Iterable<Value>): Promise<boolean> {
  return (await firstBroken([...values])) === undefined;
}

async function firstBroken(values: readonly (Value | undefined)[]): Promise<ValueRange | undefined> {
  for (const value of values) {
    const range = await rangeOf(value);
    if (range && isBroken(range)) return range;
  }
  return undefined;
}

/** Variables that the operation was given themselves: it may have written them, as Adam writes its slots. */
function writable({ operation, input }: ProbedOperation): (Value | undefined)[] {
  return operation.inputs.flatMap((output, index) => (isReference(output) ? [input(index)] : []));
}

async function inputRanges({ operation, input }: ProbedOperation): Promise<NonFiniteFinding["inputs"]> {
  const ranges = await Promise.all(
    operation.inputs.map(async (output, index) => {
      const range = isReference(output) ? undefined : await rangeOf(input(index));
      return range && { name: output.name, ...range };
    }),
  );
  return ranges.filter((range) => range !== undefined);
}

function isReference({ operation }: Output): boolean {
  return variableTypes.has(operation.type);
}

function isBroken({ nan, infinite }: ValueRange): boolean {
  return nan > 0 || infinite > 0;
}

/** Undefined for what holds no floating-point numbers. */
async function rangeOf(value: Value | undefined): Promise<ValueRange | undefined> {
  if (!(value instanceof tf.Tensor) || value.dtype !== "float32") return undefined;
  const numbers = (await value.data()) as Float32Array;
  let nan = 0;
  let infinite = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number;
    if (Number.isFinite(number)) {
      if (number < min) min = number;
      if (number > max) max = number;
    } else if (Number.isNaN(number)) nan++;
    else infinite++;
  }
  return { shape: [...value.shape], elements: numbers.length, nan, infinite, ...(min <= max && { min, max }) };
}
