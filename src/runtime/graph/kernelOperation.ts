// Makes an operation of a tfjs kernel: output shapes by rule, run as the kernel itself.
import * as tf from "@tensorflow/tfjs-core";
import { typeAttr } from "./attrs";
import { carrierOf } from "./dtypes";
import { backendName, runKernel, type KernelAttrs, type KernelInputs } from "./engine";
import type { Graph } from "./graph";
import { roundedTo, rounderOf } from "./halves";
import type { KernelOfNode } from "./kernelForms";
import type { KernelCall, Operation, OperationBehaviour, Output, OutputSpec, Value } from "./operation";
import { opNaming } from "./opNames";
import { ownKernels } from "./ownKernels";
import { outputsOfKernel, type ShapedInputs } from "./shapeRules";
import type { SourceLine } from "./source";
import { onValues } from "./variableValues";

/** A kernel to be recorded, its inputs already outputs of the graph. */
export interface KernelRequest {
  readonly kernel: string;
  /** Pairs of the kernel's own input names and outputs, in the kernel's order. */
  readonly inputs: readonly (readonly [key: string, output: Output])[];
  readonly list?: boolean;
  readonly attrs?: KernelAttrs;
  /** Inputs that only TensorFlow's operation has: behind the kernel's own, which runs without them. */
  readonly further?: readonly Output[];
  /** Default: what TensorFlow would call it. */
  readonly name?: string;
  readonly source?: SourceLine;
}

/** The operation of a kernel; `list` when the kernel answers with a list of tensors. */
export interface AddedKernel {
  readonly operation: Operation;
  readonly list: boolean;
}

/** Adds the operation of a kernel; nothing is computed, unless the kernel has no shape rule. */
export function addKernel(graph: Graph, request: KernelRequest): AddedKernel {
  const { kernel, inputs, list = false, attrs = {} } = request;
  const keys = inputs.map(([key]) => key);
  const outputs = inputs.map(([, output]) => output);
  const naming = opNaming(kernel, { attrs, rank: outputs[0]?.shape.length ?? 0 });
  const { behaviour, list: answersList } = kernelBehaviour(kernel, outputs, { keys, list, attrs });
  const dtype = outputs[0]?.dtype ?? behaviour.outputs[0]?.dtype ?? "float32";
  const operation = graph.createOperation({
    type: naming.type,
    name: request.name ?? naming.name,
    inputs: [...outputs, ...(request.further ?? [])],
    attrs: new Map([["T", typeAttr(dtype)]]),
    source: request.source,
    ...behaviour,
  });
  return { operation, list: answersList };
}

/** What an operation of a kernel does; `list` where the kernel answers with a list of tensors. */
export function kernelBehaviour(
  kernel: string,
  inputs: readonly Output[],
  { keys, list = false, attrs = {}, standIns = {} }: KernelOfNode,
): { readonly behaviour: OperationBehaviour & { readonly kernel: KernelCall }; readonly list: boolean } {
  const own = inputs.flatMap((output, index) => (keys[index] ? [[keys[index], output] as const] : []));
  const absent = Object.entries(standIns).map(([key, shape]) => [key, { shape, dtype: "float32" }] as const);
  const shaped: ShapedInputs = { byKey: Object.fromEntries([...own, ...absent]), all: own.map(([, output]) => output) };
  const result = outputsOfKernel(kernel, shaped, attrs);
  const run = (values: readonly Value[]) => computeKernel(kernel, kernelInputs(keys, list, values as tf.Tensor[]), attrs);
  const withStandIns = (values: readonly Value[]) => tf.tidy(() => {
    const zeros = Object.fromEntries(absent.map(([key, { shape }]) => [key, tf.zeros([...shape])]));
    return computeKernel(kernel, { ...kernelInputs(keys, list, values as tf.Tensor[]), ...zeros }, attrs);
  });
  const declared = result.outputs.map((output) => declaredLike(shaped.all as readonly Output[], output, kernel));
  const compute = absent.length > 0 ? withStandIns : run;
  const rounds = declared.some((output) => rounderOf(output.dtype));
  const behaviour = {
    outputs: declared,
    execute: onValues(rounds ? (values) => compute(values).map((value, index) => roundedTo(declared[index]?.dtype ?? "float32", value)) : compute),
    kernel: { name: kernel, keys, list, attrs },
  };
  return { behaviour, list: result.list };
}

/** The backend's kernel, or for one of the runtime's own that the backend lacks what it is made of. */
function computeKernel(kernel: string, inputs: KernelInputs, attrs: KernelAttrs): tf.Tensor[] {
  const own = ownKernels[kernel];
  if (!own || tf.getKernel(kernel, backendName())) return runKernel(kernel, inputs, attrs);
  return tf.tidy(() => [own.compute(inputs as Record<string, tf.Tensor>, attrs)].flat());
}

/** Operands of one declared type give results of it, where tfjs carries both in one type; Cast says its own. */
function declaredLike(inputs: readonly Output[], output: OutputSpec, kernel: string): OutputSpec {
  const [first] = inputs;
  const agreed = first !== undefined && inputs.every(({ dtype }) => dtype === first.dtype);
  return agreed && kernel !== "Cast" && carrierOf(first.dtype) === output.dtype ? { ...output, dtype: first.dtype } : output;
}

function kernelInputs(keys: readonly string[], list: boolean, values: readonly tf.Tensor[]): KernelInputs {
  if (list) return values.slice(0, keys.filter((key) => key !== "").length);
  const inputs: Record<string, tf.Tensor> = {};
  keys.forEach((key, index) => {
    const value = values[index];
    if (value && key) inputs[key] = value;
  });
  return inputs;
}
