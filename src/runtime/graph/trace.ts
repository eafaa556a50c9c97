// The one seam into tfjs: taps on the engine while a graph is built, removed without a trace afterwards.
import * as tf from "@tensorflow/tfjs-core";
import { engineInside, originalEngine, type EngineInside } from "./engine";
import { getDefaultGraph } from "./graph";
import { findOutput, HostTensor, takeRefusedRead } from "./graphTensor";
import { gradients } from "./gradients";
import { getPlainVariables } from "./plainVariables";
import { recordKernel, recordRegion } from "./record";
import { countBuilding, isTracing, untraced } from "./tracing";

/** tf functions that draw random numbers on the host; each runs in an engine scope of its name. */
const randomFunctions = new Set([
  "dropout", "randomUniform", "randomNormal", "randomStandardNormal", "randomUniformInt", "randomGamma",
  "truncatedNormal", "rand",
]);

const taps = ["runKernel", "runKernelFunc", "makeTensor", "makeVariable", "gradients", "clone", "isTapeOn"] as const;

const ends: (() => void)[] = [];

/** TensorFlow.js's own `variable.assign`. */
const assignPlain = tf.Variable.prototype.assign;

/**
 * From now on tf calls are recorded into the default graph, until `endTracing` as often as this was called, or until
 * the default graph is finalised. Runs of a session compute for real in between.
 */
export function beginTracing(): void {
  if (ends.length === 0) install();
  ends.push(countBuilding());
}

/** Undoes one `beginTracing`; the last one leaves the engine as it was found. Does nothing when nothing was begun. */
export function endTracing(): void {
  const end = ends.pop();
  if (!end) return;
  end();
  if (ends.length === 0) uninstall();
}

/** Ends all tracing, however often it was begun: for whoever cleans up after a script. */
export function endAllTracing(): void {
  while (ends.length > 0) endTracing();
}

/** Records what `build` does, which must be done when it returns. An exception leaves the engine clean. */
export function buildGraph<T>(build: () => T): T {
  takeRefusedRead();
  beginTracing();
  let result: T;
  try {
    result = build();
  } finally {
    endTracing();
  }
  if (result instanceof Promise) result.catch(() => undefined);
  const refused = takeRefusedRead();
  if (refused) throw refused;
  if (result instanceof Promise) throw new TypeError("buildGraph takes a function that is not async.");
  return result;
}

/** Runs `build` with tracing on, whether or not it is on already: for functions that make operations with tf calls. */
export function buildingGraph<T>(build: () => T): T {
  if (isTracing()) return build();
  beginTracing();
  try {
    return build();
  } finally {
    endTracing();
  }
}

function recording(): boolean {
  return isTracing() && !getDefaultGraph().finalized;
}

function install(): void {
  const engine = engineInside();
  const original = originalEngine();
  const inside: EngineInside & { clone?(x: tf.Tensor): tf.Tensor } = engine;
  inside.runKernel = (name, inputs, attrs) =>
    recording() ? recordKernel(name, inputs, attrs) : original.runKernel.call(engine, name, inputs, attrs);
  inside.runKernelFunc = (params) =>
    params.kernelName === undefined && recording() ? recordRegion(params) : original.runKernelFunc.call(engine, params);
  inside.makeTensor = (...args) => (recording() ? hostTensor(...args) : original.makeTensor.apply(engine, args));
  inside.makeVariable = (...args) => (recording() ? plainVariable(...args) : original.makeVariable.apply(engine, args));
  inside.gradients = (...args) => (recording() ? symbolic(...args) : original.gradients.apply(engine, args));
  inside.clone = (x) => tf.clone(x);
  inside.isTapeOn = () => !recording() && original.isTapeOn.call(engine);
  tf.Variable.prototype.assign = function (this: tf.Variable, value: tf.Tensor): void {
    if (recording()) getPlainVariables().assign(this, value);
    else assignPlain.call(this, value);
  };
  tapGradientDepth(engine.state);
}

function uninstall(): void {
  const engine = engineInside() as unknown as Record<string, unknown>;
  for (const tap of taps) delete engine[tap];
  tf.Variable.prototype.assign = assignPlain;
  const { state } = engineInside();
  const depth = state.gradientDepth;
  Object.defineProperty(state, "gradientDepth", { value: depth, writable: true, enumerable: true, configurable: true });
}

/** A depth above zero keeps fused kernels from being used (tracing.md 3); real tapes must not notice. */
function tapGradientDepth(state: { gradientDepth: number }): void {
  let depth = state.gradientDepth;
  const extra = (): number => (recording() ? 1 : 0);
  Object.defineProperty(state, "gradientDepth", {
    configurable: true,
    enumerable: true,
    get: () => depth + extra(),
    set: (value: number) => (depth = value - extra()),
  });
}

function symbolic(...[f, xs, dy]: Parameters<EngineInside["gradients"]>): ReturnType<EngineInside["gradients"]> {
  const value = f();
  return { value, grads: gradients([value], xs, { gradYs: dy ? [dy] : undefined }) };
}

/** A plain variable made while a graph is built: real where its first value is known, as that of a layer's weight is. */
function plainVariable(...[initial, ...rest]: Parameters<EngineInside["makeVariable"]>): tf.Variable {
  const make = (value: tf.Tensor): tf.Variable => originalEngine().makeVariable.call(engineInside(), value, ...rest);
  const traced = findOutput(initial) !== undefined;
  const variable = untraced(() => {
    const value = traced ? tf.zeros([...initial.shape], initial.dtype) : initial;
    const made = make(value);
    if (traced || initial instanceof HostTensor) value.dispose();
    return made;
  });
  if (traced) getPlainVariables().made(variable, initial);
  return variable;
}

function hostTensor(...[values, shape, dtype = "float32"]: Parameters<EngineInside["makeTensor"]>): tf.Tensor {
  const bytes = dtype === "string" && typeof values[0] === "string";
  const held = bytes ? (values as string[]).map((text) => tf.util.encodeString(text)) : values;
  const tensor = new HostTensor(held, shape, dtype);
  const { scopeStack: scopes } = engineInside().state;
  const random = scopes.find(({ name }) => randomFunctions.has(name.replace(/__op$/, "")));
  if (random) tensor.randomBy = `tf.${random.name.replace(/__op$/, "")}`;
  return tensor;
}
