// A session: the values of one graph's variables, and runs of planned parts of the graph on the current backend.
import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import { Lifetime } from "#base/lifetime";
import { serveBetweenRuns } from "./betweenRuns";
import { isUntaken } from "./controlFlow";
import { carrierOf, sizeOf } from "./dtypes";
import { backendName, shareTensor } from "./engine";
import { DeadlineExceededError, InvalidArgumentError, OpError } from "./errors";
import { feedValue, type Feeds } from "./feeds";
import { assembleFetches, feedTarget, listFetches, readFetched, type Fetched, type FetchList } from "./fetches";
import { getDefaultGraph, type Graph } from "./graph";
import { untaken, type Output, type Held, type Operation, type RunContext, type Value } from "./operation";
import { makePlan, type Plan, type PlanEntry } from "./plan";
import type { ProbedOperation, RunProbe } from "./probe";
import { TraceLevel, type RunMetadata, type RunOptions } from "./runOptions";
import { printSource } from "./source";
import { suspendTracing, untraced } from "./tracing";
import { Box, releaseHeld, valueOf, VariableReference, VariableValues, type KeptVariables } from "./variableValues";

/** Stop, restore and the door must be answered during long runs: yield to the event loop this often. */
const yieldEveryMs = 40;

/** Something with a variable's own operation. */
export interface VariableLike {
  readonly op: Operation;
}

/** What a run was asked for. */
export interface FetchRequest {
  readonly fetches: unknown;
  readonly feeds: Feeds;
}

/** What a run is given besides its fetches. */
export interface RunRequest {
  /** Values in place of tensors: a Map, or a list of pairs. */
  readonly feeds?: Feeds;
  /** A time limit, or a trace into `runMetadata`. */
  readonly options?: RunOptions;
  /** Filled where `options.traceLevel` asks for a trace. */
  readonly runMetadata?: RunMetadata | undefined;
  /** Looks at every operation as it runs. */
  readonly probe?: RunProbe | undefined;
}

/** A plan with how often it ran and what it was last asked for. */
interface Planned {
  readonly plan: Plan;
  runs: number;
  request: FetchRequest;
}

/** Runs operations of one graph. Runs of one process never overlap: they wait for each other. */
export class Session {
  /** The graph whose operations it runs. */
  readonly graph: Graph;
  readonly #variables = new VariableValues();
  readonly #constants = new Map<Operation, Box>();
  readonly #states = new Map<Operation, unknown>();
  readonly #plans = new Map<string, Planned>();
  readonly #context: RunContext = { session: this };
  readonly #life = new Lifetime();
  #closed = false;

  /** A session without values: run the initializers first, or restore a checkpoint. Nothing is computed yet. */
  constructor({ graph = getDefaultGraph() }: { readonly graph?: Graph } = {}) {
    this.graph = graph;
  }

  /**
   * Computes what is fetched and everything it needs, each operation at most once, in the order of creation. Fetches
   * are a tensor, variable, operation or name, or lists and objects of them; the answer has the same shape.
   * Between two runs other programs' requests are carried out.
   */
  async run<T>(fetches: T, request: RunRequest = {}): Promise<Fetched<T>> {
    if (insideRun.getStore()) throw new Error("An operation that is being run must not call session.run.");
    await serveBetweenRuns();
    return exclusively(async () => {
      if (this.#closed) throw new Error("The session has been closed.");
      const list = listFetches(this.graph, fetches);
      const feeds = request.feeds ?? [];
      const pairs = [...feeds].map(([key, value]) => [feedTarget(this.graph, key), value] as const);
      const planned = this.#plan(list, pairs.map(([output]) => output));
      planned.runs += 1;
      planned.request = { fetches, feeds };
      const resume = suspendTracing();
      try {
        const fed = pairs.map(([output, value]) => feedValue(output, value));
        const watch = watchOf(request);
        const values = await insideRun.run(true, () => this.#execute(planned.plan, fed, { watch, probe: request.probe }));
        return assembleFetches(this.graph, fetches, values);
      } finally {
        resume();
      }
    });
  }

  /** What was run most often, of equals the latest, as it was last asked for: in a training, its step. Undefined before the first run. */
  get usualRun(): FetchRequest | undefined {
    let usual: Planned | undefined;
    for (const planned of this.#plans.values()) if (!usual || planned.runs >= usual.runs) usual = planned;
    return usual?.request;
  }

  /** The variables' present values; nothing is copied, and later updates do not change them. The caller disposes of it. */
  keepVariables(): KeptVariables {
    return untraced(() => this.#variables.keep());
  }

  /** Gives the variables the values that were kept, which stay the caller's. Others lose theirs. */
  putVariables(kept: KeptVariables): void {
    untraced(() => this.#variables.putAll(kept));
  }

  /** Whether the variable has a value in this session. */
  isInitialized(variable: VariableLike): boolean {
    return this.#variables.has(variable.op);
  }

  /** A copy of a variable's present value, in the type that carries it. */
  async readVariable(variable: VariableLike): Promise<tf.TypedArray> {
    const { value } = this.#variables.box(variable.op);
    if (!(value instanceof tf.Tensor)) throw new TypeError(`Variable ${variable.op.name} holds no numbers.`);
    return (await (value.data() as Promise<tf.TypedArray>)).slice();
  }

  /** Gives a variable a value, as its assign would. 64-bit values must fit the type that carries them. */
  assignVariable(variable: VariableLike, values: ArrayLike<number> | BigInt64Array, shape: readonly number[]): void {
    const [output] = variable.op.outputs;
    if (!output) throw new TypeError(`${variable.op.name} is no variable.`);
    if (sizeOf(shape) !== values.length) {
      const { name } = variable.op;
      throw new InvalidArgumentError(`${values.length} values do not fill the shape of ${name}`, name);
    }
    const dtype = carrierOf(output.dtype);
    const tensor = untraced(() => tf.tensor(typedValues(values, dtype), [...shape], dtype));
    try {
      this.#variables.put(variable.op, tensor);
    } catch (error) {
      tensor.dispose();
      throw error;
    }
  }

  /** What an operation keeps from run to run in this session, such as a random operation's counter. */
  stateOf<T>(operation: Operation, make: () => T): T {
    if (!this.#states.has(operation)) this.#states.set(operation, make());
    return this.#states.get(operation) as T;
  }

  /** As `stateOf`, to be set: exact resumption of a run restores counters. */
  setState(operation: Operation, state: unknown): void {
    this.#states.set(operation, state);
  }

  /** A reference to a variable of this session, for the variable's own operation. */
  reference(variable: Operation): VariableReference {
    return new VariableReference(this.#variables, variable);
  }

  /** A constant's value, made once in this session; the caller holds it as well. */
  constant(operation: Operation, make: () => Value): Box {
    const box = this.#constants.get(operation) ?? new Box(make());
    this.#constants.set(operation, box);
    return box.hold();
  }

  /** `end` is called as the session closes. */
  onClose(end: () => void): void {
    this.#life.onEnd(end);
  }

  /** Frees the variables and constants. No run may follow. */
  close(): void {
    this.#closed = true;
    this.#life.dispose();
    this.#plans.clear();
    this.#variables.dispose();
    for (const box of this.#constants.values()) box.release();
    this.#constants.clear();
    this.#states.clear();
  }

  #plan(list: FetchList, fed: readonly Output[]): Planned {
    const ids = list.outputs.map(key).join();
    const planKey = `${ids}|${list.operations.map((operation) => operation.id).join()}|${fed.map(key).join()}`;
    let planned = this.#plans.get(planKey);
    if (!planned) {
      planned = { plan: makePlan(list, fed), runs: 0, request: { fetches: undefined, feeds: [] } };
      this.#plans.set(planKey, planned);
    }
    return planned;
  }

  async #execute(
    plan: Plan,
    fed: readonly Value[],
    { watch, probe }: { readonly watch: RunWatch | undefined; readonly probe: RunProbe | undefined },
  ): Promise<Awaited<ReturnType<typeof readFetched>>[]> {
    const slots: (Held | undefined)[] = new Array<Held | undefined>(plan.slots).fill(undefined);
    fed.forEach((value, index) => (slots[index] = value));
    const skipped = plan.branches ? new Set<Operation>() : undefined;
    try {
      for (const entry of plan.entries) {
        watch?.begin(entry.operation);
        const began = probe ? performance.now() : 0;
        const results = skipped && skips(entry, slots, skipped) ? entry.outputs.map((): Held => untaken) : this.#runOperation(entry, slots);
        keepResults(entry, slots, results instanceof Promise ? await results : results);
        watch?.end(entry, slots);
        if (probe) await probe.ran(probed(entry, slots, performance.now() - began));
        free(slots, entry.frees);
        if (performance.now() - lastYield > yieldEveryMs) {
          await setImmediate();
          lastYield = performance.now();
        }
      }
      return await Promise.all(plan.fetched.map((slot) => readFetched(valueOf(present(slots[slot])))));
    } finally {
      free(slots, slots.keys());
    }
  }

  #runOperation(
    { operation, inputs }: PlanEntry,
    slots: readonly (Held | undefined)[],
  ): ReturnType<Operation["execute"]> {
    const held = inputs.map((slot) => present(slots[slot]));
    try {
      return operation.execute(held, this.#context, operation);
    } catch (error) {
      throw operation.kernel ? kernelFailure(operation, error) : error;
    }
  }
}

/** Whether an operation is on a branch that was not taken, which its control inputs may tell as well; `skipped` learns of it. */
function skips({ operation, inputs }: PlanEntry, slots: readonly (Held | undefined)[], skipped: Set<Operation>): boolean {
  const skip = operation.controlInputs.some((control) => skipped.has(control)) || isUntaken(operation, inputs.map((slot) => slots[slot]));
  if (skip) skipped.add(operation);
  return skip;
}

/** Looks at a run operation by operation: how long each takes, and whether the run may go on. */
interface RunWatch {
  begin(operation: Operation): void;
  end(entry: PlanEntry, slots: readonly (Held | undefined)[]): void;
}

/** A run without options is not watched: it costs nothing. */
function watchOf({ options, runMetadata }: RunRequest): RunWatch | undefined {
  const limitMs = options?.timeoutInMs ?? 0;
  const traced = (options?.traceLevel ?? TraceLevel.NO_TRACE) > TraceLevel.NO_TRACE ? runMetadata : undefined;
  if (limitMs <= 0 && !traced) return undefined;
  const began = performance.now();
  let startMicros = 0;
  if (traced) traced.device = backendName();
  return {
    begin: (operation) => {
      if (limitMs > 0 && performance.now() - began > limitMs) {
        throw new DeadlineExceededError(`The run took longer than ${limitMs} ms; it ended before ${operation.name}`, operation.name);
      }
      startMicros = microsNow();
    },
    end: ({ operation, outputs }, slots) => {
      const inputs = operation.inputs.map(({ operation: { name } }) => name);
      const { name, type } = operation;
      traced?.operations.push({ name, type, inputs, startMicros, endMicros: microsNow(), outputBytes: bytesOf(outputs, slots) });
    },
  };
}

function microsNow(): number {
  return (performance.timeOrigin + performance.now()) * 1000;
}

function bytesOf(outputs: readonly number[], slots: readonly (Held | undefined)[]): number {
  return outputs.reduce((sum, slot) => {
    const held = slots[slot];
    const value = held === undefined ? undefined : currentValue(held);
    return sum + (value instanceof tf.Tensor ? value.size * tf.util.bytesPerElement(value.dtype) : 0);
  }, 0);
}

/** Of all runs together: a loop of short runs would otherwise never let the event loop turn. */
let lastYield = performance.now();

const insideRun = new AsyncLocalStorage<true>();
let lastRun: Promise<unknown> = Promise.resolve();

/** One run after the other: kernels of two runs between each other's would see half-made updates. */
function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const result = lastRun.then(work);
  lastRun = result.catch(() => undefined);
  return result;
}

function keepResults(entry: PlanEntry, slots: (Held | undefined)[], results: readonly Held[] | void): void {
  const { operation, outputs } = entry;
  const given = results ?? [];
  const passedOn = new Set(entry.inputs.map((slot) => slots[slot]));
  const own = given.map((result) => ownResult(result, passedOn));
  own.forEach((result, index) => {
    const slot = outputs[index] ?? -1;
    if (slot >= 0) slots[slot] = result;
    else releaseHeld(result);
  });
  if (given.length < outputs.length) {
    throw new OpError(`${operation.type} returned ${given.length} of ${outputs.length} outputs`, operation.name);
  }
}

/** A result that is an input itself gets a second owner, so that both slots can be freed. */
function ownResult(result: Held, inputs: ReadonlySet<Held | undefined>): Held {
  if (result instanceof Box) return inputs.has(result) ? result.hold() : result;
  if (!(result instanceof tf.Tensor)) return result;
  const isIt = (input: Held | undefined): boolean => input !== undefined && currentValue(input) === result;
  return [...inputs].some(isIt) ? shareTensor(result) : result;
}

function probed({ operation, inputs, outputs }: PlanEntry, slots: readonly (Held | undefined)[], milliseconds: number): ProbedOperation {
  const value = (slot: number): Value | undefined => {
    const held = slots[slot];
    return held === undefined ? undefined : currentValue(held);
  };
  return { operation, milliseconds, input: (index) => value(inputs[index] ?? -1), output: (index) => value(outputs[index] ?? -1) };
}

function currentValue(held: Held): Value | undefined {
  const none = held === untaken || (held instanceof VariableReference && !held.initialized);
  return none ? undefined : valueOf(held);
}

function free(slots: (Held | undefined)[], which: Iterable<number>): void {
  for (const slot of which) {
    const held = slots[slot];
    slots[slot] = undefined;
    if (held !== undefined) releaseHeld(held);
  }
}

function present(held: Held | undefined): Held {
  if (held === undefined) throw new Error("a plan used a value before it was made");
  return held;
}

function kernelFailure(operation: Operation, error: unknown): Error {
  if (error instanceof OpError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const place = operation.source ? `, ${printSource(operation.source)}` : "";
  return new OpError(`${text} (node ${operation.name}, ${operation.type}${place})`, operation.name, { cause: error });
}

function key(output: Output): string {
  return `${output.operation.id}:${output.index}`;
}

function typedValues(values: ArrayLike<number> | BigInt64Array, dtype: tf.DataType): tf.TypedArray {
  const numbers = values instanceof BigInt64Array ? Float64Array.from(values, Number) : values;
  if (dtype === "int32") return Int32Array.from(numbers);
  return dtype === "bool" ? Uint8Array.from(numbers) : Float32Array.from(numbers);
}
