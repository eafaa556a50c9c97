// Symbolic gradients: walks the recorded operations backwards with tfjs's own gradient functions (tracing.md 3 and 6).
import * as tf from "@tensorflow/tfjs-core";
import { tuple } from "./controlDependencies";
import { isFloating } from "./dtypes";
import { gradientOf } from "./gradientOf";
import { getDefaultGraph, type Graph } from "./graph";
import { outputOf } from "./graphTensor";
import type { Operation, Output } from "./operation";
import { graphVariable } from "./plainVariables";
import { namingGradients, outputFor } from "./record";
import { regionsOf, type Region } from "./regions";
import { printSource, sourceLine } from "./source";
import { isTracing } from "./tracing";

/** Options of `gradients`. */
export interface GradientOptions {
  /** Gradients of the `ys`, ones where absent. */
  readonly gradYs?: readonly (tf.Tensor | undefined)[];
  /** Name scope, made unique. */
  readonly name?: string;
  /**
   * The gradients of an operation's inputs are handed on together (TF's `gate_gradients`): nothing changes a variable that one of
   * them has yet to read, also where TensorFlow runs the graph, many operations at a time.
   */
  readonly gate?: boolean;
}

/** One thing to differentiate: an operation of a kernel, or a customGrad region as a whole. */
interface Step {
  readonly name: string;
  readonly inputs: readonly Output[];
  readonly outputs: readonly Output[];
  partials(dys: readonly tf.Tensor[]): Record<string, () => tf.Tensor>;
  keyOf(input: number): string;
}

/** Sums of gradients by output. */
type Sums = Map<Output, tf.Tensor>;

/**
 * The sum of the gradients of `ys` with respect to each of `xs` (variables or tensors); null where no path of
 * floating-point values leads (TF1: None). Adds operations to the graph and computes nothing.
 */
export function gradients(
  ys: readonly tf.Tensor[],
  xs: readonly tf.Tensor[],
  { gradYs = [], name = "gradients", gate = false }: GradientOptions = {},
): (tf.Tensor | null)[] {
  if (!isTracing()) throw new Error("Gradients are operations of a graph: make them while it is built (buildGraph).");
  const graph = getDefaultGraph();
  const source = sourceLine();
  return graph.withinNameScope(name, (scope) =>
    namingGradients({ source }, () => {
      const targets = ys.map((y) => outputFor(graph, y));
      const sources = xs.map((x) => graphVariable(x)?.reads ?? [outputOf(x)]);
      const steps = stepsBetween(graph, sources.flat(), targets);
      const sums: Sums = new Map();
      targets.forEach((y, i) => {
        const seed = gradYs[i] ?? graph.withinNameScope(`${scope}grad_ys_${i}`, () => tf.ones([...y.shape]));
        addTo({ sums, scope, graph }, y, seed);
      });
      const reached = reachableFrom(graph, sources.flat());
      for (const step of steps) differentiate(step, { graph, scope, sums, reached, gate });
      return sources.map((reads) => sumOf(reads.map((read) => sums.get(read))));
    }),
  );
}

interface Walk {
  readonly graph: Graph;
  readonly scope: string;
  readonly sums: Sums;
  readonly reached: ReadonlySet<Output>;
  readonly gate: boolean;
}

function differentiate(step: Step, walk: Walk): void {
  const { graph, scope, sums, reached } = walk;
  if (!step.outputs.some((output) => sums.has(output))) return;
  graph.withinNameScope(`${scope}${step.name}_grad/`, () => {
    const dys = step.outputs.map((output) => sums.get(output) ?? tf.zeros([...output.shape]));
    const partials = step.partials(dys);
    const found = step.inputs.flatMap((input, index) => {
      if (!reached.has(input)) return [];
      const partial = partials[step.keyOf(index)];
      if (!partial) throw new Error(`The gradient of ${step.name} says nothing about its input ${step.keyOf(index)}.`);
      return [{ input, slope: partial() }];
    });
    const slopes = found.map(({ slope }) => slope);
    const together = walk.gate && slopes.length > 1 ? tuple(slopes) : slopes;
    found.forEach(({ input, slope }, index) => addTo(walk, input, together[index] ?? slope));
  });
}

/** Adds in the order of tfjs's engine, current + new, so that sums have equal bits. */
function addTo({ sums, scope, graph }: Pick<Walk, "sums" | "scope" | "graph">, output: Output, dx: tf.Tensor): void {
  const sum = sums.get(output);
  sums.set(output, sum ? graph.withinNameScope(scope, () => tf.add(sum, dx)) : dx);
}

function sumOf(parts: readonly (tf.Tensor | undefined)[]): tf.Tensor | null {
  const found = parts.filter((part) => part !== undefined);
  const [first, ...rest] = found;
  return first ? rest.reduce((sum, part) => tf.add(sum, part), first) : null;
}

/** What lies on a path of floating-point values from `sources` to `targets`, last first. */
function stepsBetween(graph: Graph, sources: readonly Output[], targets: readonly Output[]): Step[] {
  const reached = reachableFrom(graph, sources);
  const leading = new Set<Output>(targets);
  const found: Step[] = [];
  for (const step of stepsBackwards(graph, Math.max(-1, ...targets.map((y) => y.operation.id)))) {
    if (!step.outputs.some((output) => leading.has(output) && reached.has(output))) continue;
    if (!step.inputs.some((input) => reached.has(input))) continue;
    found.push(step);
    for (const input of step.inputs) if (isFloating(input.dtype)) leading.add(input);
  }
  return found;
}

/** All floating-point outputs that depend on `sources` through kernels; the sources themselves included. */
function reachableFrom(graph: Graph, sources: readonly Output[]): Set<Output> {
  const reached = new Set<Output>(sources);
  const first = Math.min(...sources.map((source) => source.operation.id));
  for (let id = Math.max(0, first); id < graph.operations.length; id++) {
    const operation = graph.operations[id];
    if (!operation || !passesGradients(operation) || !operation.inputs.some((input) => reached.has(input))) continue;
    for (const output of operation.outputs) if (isFloating(output.dtype)) reached.add(output);
  }
  return reached;
}

/** Reads of variables end a path; operations that are no kernels (summaries, updates) cut it (TF1: None). */
function passesGradients(operation: Operation): boolean {
  return operation.kernel !== undefined;
}

function* stepsBackwards(graph: Graph, last: number): Generator<Step> {
  const regions = [...regionsOf(graph)];
  let id = last;
  while (id >= 0) {
    while ((regions.at(-1)?.first ?? -1) > id) regions.pop();
    const region = regions.at(-1);
    if (region && id < region.end && region.outputs.some((output) => output.operation.id <= id)) {
      yield regionStep(region);
      id = region.first - 1;
      continue;
    }
    const operation = graph.operations[id];
    if (operation && passesGradients(operation)) yield operationStep(operation);
    id -= 1;
  }
}

function regionStep({ inputs, outputs, backward }: Region): Step {
  return {
    name: outputs[0]?.operation.name ?? "customGrad",
    inputs,
    outputs,
    partials: ([dy]) => backward(dy as tf.Tensor),
    keyOf: (index) => String(index),
  };
}

function operationStep(operation: Operation): Step {
  return {
    name: operation.name,
    inputs: operation.inputs,
    outputs: operation.outputs,
    partials: (dys) => kernelPartials(operation, dys),
    keyOf: (index) => operation.kernel?.keys[index] ?? String(index),
  };
}

function kernelPartials(operation: Operation, dys: readonly tf.Tensor[]): Record<string, () => tf.Tensor> {
  const kernel = operation.kernel;
  const config = kernel && gradientOf(kernel.name);
  if (!kernel || !config) {
    const place = operation.source ? ` (${printSource(operation.source)})` : "";
    const name = kernel?.name ?? operation.type;
    throw new Error(`TensorFlow.js has no gradient for ${name}, which ${operation.name} is${place}.`);
  }
  const inputs = operation.inputs.filter((_input, index) => kernel.keys[index] !== "").map((input) => input.tensor);
  const byKey = (key: string): tf.Tensor | undefined => operation.inputs[kernel.keys.indexOf(key)]?.tensor;
  const wanted = config.saveAllInputs ? inputs : (config.inputsToSave ?? []).map(byKey);
  const outputs = operation.outputs.filter((_output, i) => config.outputsToSave?.[i]).map((output) => output.tensor);
  const saved = [...wanted, ...outputs] as tf.Tensor[];
  const dy = dys.length > 1 ? [...dys] : dys[0];
  return config.gradFunc(dy as tf.Tensor, saved, kernel.attrs as Parameters<typeof config.gradFunc>[2]);
}
