// Recording: what happens to a tf call while a graph is built.
import type * as tf from "@tensorflow/tfjs-core";
import { scopePrefix } from "#model/scopedName";
import { allAxes } from "./allAxes";
import { addCapturedConstant, addConstant, onlyOutput } from "./constants";
import type { HostConstant } from "./constantValues";
import { carrierOf, type OutputDtype } from "./dtypes";
import { shareTensor, type HostValues, type KernelAttrs, type KernelFuncParams, type KernelInputs } from "./engine";
import { insteadOf } from "./foreignKernels";
import { getDefaultGraph, type Graph } from "./graph";
import { findOutput, HostTensor } from "./graphTensor";
import { addKernel } from "./kernelOperation";
import type { Output } from "./operation";
import { graphVariable } from "./plainVariables";
import { operandName, opNaming } from "./opNames";
import { regionsOf } from "./regions";
import { printSource, sourceLine, type SourceLine } from "./source";
import { untraced } from "./tracing";
import { isVariable, joinComposite, type VariableMark } from "./variableMark";

/** Larger constants that are not uniform must be asked for, lest a whole data set slips into the graph. */
const silentConstantElements = 1024;

/** How names are given while gradients are made, and which line they carry. */
export interface GradientNaming {
  readonly source: SourceLine | undefined;
}

let gradientNaming: GradientNaming | undefined;

/** Runs `body` with kernels named as inside a gradient. */
export function namingGradients<T>(naming: GradientNaming, body: () => T): T {
  const before = gradientNaming;
  gradientNaming = naming;
  try {
    return body();
  } finally {
    gradientNaming = before;
  }
}

/** Records a kernel call and answers with tensors that stand for its outputs. */
export function recordKernel(kernel: string, inputs: KernelInputs, attrs: KernelAttrs = {}): tf.Tensor | tf.Tensor[] {
  if (kernel === "Multinomial") throw new Error(randomRefused("tf.multinomial", "randomUniform(…)"));
  const instead = insteadOf(kernel, inputs, attrs);
  if (instead) return instead;
  const graph = getDefaultGraph();
  const { name: base } = opNaming(kernel, { inGradient: gradientNaming !== undefined });
  const list = Array.isArray(inputs);
  const given = Object.entries(inputs as Record<string, tf.Tensor | tf.Tensor[] | null | undefined>);
  const pairs = given.filter((pair): pair is [string, tf.Tensor] => Boolean(pair[1]) && !Array.isArray(pair[1]));
  const further = gradientNaming ? [] : allAxes(graph, { kernel, attrs, rank: pairs[0]?.[1].shape.length ?? 0 });
  const request = { kernel, list, attrs, further, source: gradientNaming?.source };
  if (pairs.every(([, tensor]) => !needsScope(tensor))) {
    return tensorsOf(addKernel(graph, { ...request, name: base, inputs: outputsOf(graph, pairs) }));
  }
  const full = graph.uniqueName(base);
  const declared = declaredBeside(pairs.map(([, tensor]) => tensor));
  const named = pairs.map(([key, tensor]) => {
    return [key, operand(graph, tensor, { name: `${full}/${operandName(kernel, key)}`, declared })] as const;
  });
  return tensorsOf(addKernel(graph, { ...request, name: `${full}/`, inputs: named }));
}

/** A type that tfjs only carries, such as int64, among the operands: as in TensorFlow, plain constants beside it take it. */
function declaredBeside(operands: readonly tf.Tensor[]): OutputDtype | undefined {
  const dtypes = operands.map((operand) => (isVariable(operand) ? operand.declaredDtype : findOutput(operand)?.dtype));
  return dtypes.find((dtype) => dtype !== undefined && dtype !== carrierOf(dtype));
}

/** Whether an operand is made for its operation and named below it: a constant, or the read of a resource variable. */
function needsScope(tensor: tf.Tensor): boolean {
  return tensor instanceof HostTensor || (isVariable(tensor) && tensor.useResource);
}

/** Records a customGrad call: its kernels one by one, its gradient as that of one region. */
export function recordRegion({ forwardFunc, backwardsFunc, inputs }: KernelFuncParams): tf.Tensor | tf.Tensor[] {
  if (!forwardFunc) throw new Error("neither a kernel nor a customGrad region");
  const graph = getDefaultGraph();
  const first = graph.version;
  const saved: tf.Tensor[] = [];
  regionDepth += 1;
  let result: tf.Tensor | tf.Tensor[];
  try {
    result = forwardFunc(undefined, (tensors) => void saved.push(...tensors));
  } finally {
    regionDepth -= 1;
  }
  const results = (Array.isArray(result) ? result : [result]).map((tensor) => madeInside(graph, tensor, first));
  if (regionDepth === 0 && backwardsFunc) {
    regionsOf(graph).push({
      first,
      end: graph.version,
      inputs: Object.values(inputs as Record<string, tf.Tensor>).map((tensor) => outputFor(graph, tensor)),
      outputs: results.map((tensor) => outputFor(graph, tensor)),
      backward: (dy) => backwardsFunc(dy, saved),
    });
  }
  return Array.isArray(result) ? results : (results[0] as tf.Tensor);
}

let regionDepth = 0;

/** The output that a tensor stands for; a host value becomes a constant of that name, a variable is read. */
export function outputFor(graph: Graph, tensor: tf.Tensor, name = "Const"): Output {
  return operand(graph, tensor, { name });
}

function outputsOf(graph: Graph, pairs: readonly [string, tf.Tensor][]): (readonly [string, Output])[] {
  return pairs.map(([key, tensor]) => [key, outputFor(graph, tensor)] as const);
}

/** How an operand that has to be made is called, and the type that a constant beside it wants. */
interface OperandRequest {
  readonly name: string;
  readonly declared?: OutputDtype;
}

function operand(graph: Graph, tensor: tf.Tensor, request: OperandRequest): Output {
  const known = findOutput(tensor) ?? joinComposite(tensor);
  if (known) return known;
  const variable = graphVariable(tensor);
  if (variable) return readFor(graph, variable, request.name);
  if (tensor instanceof HostTensor && tensor.hostValues !== undefined) {
    return hostOperand(graph, { tensor, values: tensor.hostValues }, request);
  }
  return addCapturedConstant(graph, tensor, () => untraced(() => shareTensor(tensor)));
}

/** TensorFlow reads a resource variable inside the scope of the operation that needs it: `add/ReadVariableOp`. */
function readFor(graph: Graph, variable: VariableMark, name: string): Output {
  const scope = scopePrefix(name);
  return scope ? graph.withinNameScope(scope, () => variable.readOutput()) : variable.readOutput();
}

function hostOperand(
  graph: Graph,
  { tensor, values }: { readonly tensor: HostTensor; readonly values: HostValues },
  { name, declared }: OperandRequest,
): Output {
  if (tensor.randomBy) throw new Error(randomRefused(tensor.randomBy, replacementFor(tensor.randomBy)));
  const plain = tensor.dtype as OutputDtype;
  const dtype = declared !== undefined && carrierOf(declared) === plain ? declared : plain;
  const host: HostConstant = { values, shape: [...tensor.shape], dtype };
  const constantName = name.includes("/") ? absoluteName(graph, name) : name;
  if (tensor.size <= 1 || tensor.dtype === "string") return addConstant(graph, host, constantName);
  const uniform = uniformValue(values);
  if (uniform !== undefined) {
    const attrs = { shape: [...tensor.shape], value: uniform, dtype: tensor.dtype };
    const fillName = name === "Const" ? "Fill" : constantName;
    const fill = { kernel: "Fill", inputs: [], attrs, name: fillName, source: gradientNaming?.source };
    return onlyOutput(addKernel(graph, fill).operation);
  }
  if (tensor.size > silentConstantElements) {
    throw new Error(
      `A value of ${tensor.size} different numbers would become part of the graph${place()}. ` +
        "If that is meant, say so with constant(…); data that changes is fed or made by hostCall(…).",
    );
  }
  return addConstant(graph, host, constantName);
}

/** The name was made unique with its operation's; only the operand itself may still collide. */
function absoluteName(graph: Graph, full: string): string {
  return graph.withinNameScope("", () => `${graph.uniqueName(full)}/`);
}

function uniformValue(values: HostValues): number | undefined {
  const [first] = values;
  if (typeof first !== "number") return undefined;
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], first)) return undefined;
  return first;
}

function tensorsOf({ operation, list }: ReturnType<typeof addKernel>): tf.Tensor | tf.Tensor[] {
  const tensors = operation.outputs.map((output) => output.tensor);
  return list ? tensors : (tensors[0] as tf.Tensor);
}

function madeInside(graph: Graph, tensor: tf.Tensor, first: number): tf.Tensor {
  const output = outputFor(graph, tensor);
  return output.operation.id >= first ? output.tensor : (recordKernel("Identity", { x: tensor }) as tf.Tensor);
}

function randomRefused(what: string, instead: string): string {
  const why = "would draw its numbers once, while the graph is built, and repeat them in each run";
  return `${what} ${why}${place()}. Use ${instead}.`;
}

function replacementFor(op: string): string {
  if (op === "tf.dropout") return "dropout(x, { rate }) of trainscope";
  return op.includes("ormal") ? "randomNormal(…) of trainscope, or an initializer" : "randomUniform(…) of trainscope";
}

function place(): string {
  const source = sourceLine();
  return source ? ` (${printSource(source)})` : "";
}
