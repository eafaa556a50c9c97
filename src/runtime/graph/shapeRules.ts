// Output shapes and types of tfjs kernels, so that a graph is built without computing (tracing.md 1, rule 2).
import * as tf from "@tensorflow/tfjs-core";
import { convRules } from "./convShapes";
import type { OutputDtype } from "./dtypes";
import { runKernel, type KernelAttrs, type KernelInputs } from "./engine";
import type { Output, OutputSpec } from "./operation";
import { arrayRules } from "./arrayShapes";
import { ownKernels } from "./ownKernels";
import { untraced } from "./tracing";

/** Shapes and types of a kernel's inputs, by name and in order. */
export interface ShapedInputs {
  readonly byKey: Readonly<Record<string, OutputSpec>>;
  readonly all: readonly OutputSpec[];
}

/** One output, or a list where the kernel itself answers with a list. */
export type ShapeRule = (inputs: ShapedInputs, attrs: KernelAttrs) => OutputSpec | OutputSpec[];

/** What a kernel gives; `list` when its result is a list of tensors even if that has one element. */
export interface KernelOutputs {
  readonly outputs: readonly OutputSpec[];
  readonly list: boolean;
}

const sameAsFirst: ShapeRule = ({ all }) => plain(all[0]);
const sameAsFirstBool: ShapeRule = ({ all }) => ({ shape: plain(all[0]).shape, dtype: "bool" });

const broadcast: ShapeRule = ({ all: [a, b] }) => ({
  dtype: plain(a).dtype,
  shape: tf.backend_util.assertAndGetBroadcastShape([...plain(a).shape], [...plain(b).shape]),
});
const broadcastBool: ShapeRule = (inputs, attrs) => ({ shape: one(broadcast(inputs, attrs)).shape, dtype: "bool" });

const unary = [
  "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Cos", "Cosh", "Elu", "Erf", "Exp", "Expm1",
  "Floor",
  "LeakyRelu", "Log", "Log1p", "Neg", "Reciprocal", "Relu", "Relu6", "Round", "Rsqrt", "Selu", "Sigmoid", "Sign", "Sin",
  "Sinh", "Softplus", "Sqrt", "Square", "Step", "Tan", "Tanh", "ClipByValue", "Identity", "ZerosLike", "OnesLike",
  "Softmax", "LogSoftmax", "Reverse", "LRN", "LRNGrad", "Cumsum", "Cumprod", "FusedBatchNorm", "FlipLeftRight",
  "RotateWithOffset", "EluGrad", "AddN",
];
const binary = [
  "Add", "Sub", "Multiply", "RealDiv", "FloorDiv", "Maximum", "Minimum", "Mod", "Pow", "SquaredDifference", "Atan2",
  "Prelu", "BitwiseAnd",
];
const comparisons = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "LogicalAnd", "LogicalOr"];
const predicates = ["LogicalNot", "IsNan", "IsInf", "IsFinite"];

function reduced(axisKey: string, dtype: (input: OutputDtype) => OutputDtype): ShapeRule {
  return ({ all }, attrs) => {
    const input = plain(all[0]);
    const axes = tf.util.parseAxisParam((attrs[axisKey] ?? null) as number | number[], [...input.shape]);
    const keep = attrs["keepDims"] === true;
    const shape = input.shape.flatMap((length, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [length]));
    return { shape, dtype: dtype(input.dtype) };
  };
}

const summed = (dtype: OutputDtype): OutputDtype => (dtype === "bool" ? "int32" : dtype);
const unchanged = (dtype: OutputDtype): OutputDtype => dtype;

const reductions: Readonly<Record<string, ShapeRule>> = {
  Max: reduced("reductionIndices", unchanged),
  Min: reduced("axis", unchanged),
  Sum: reduced("axis", summed),
  Prod: reduced("axis", summed),
  Mean: reduced("axis", () => "float32"),
  All: reduced("axis", () => "bool"),
  Any: reduced("axis", () => "bool"),
  ArgMax: reduced("axis", () => "int32"),
  ArgMin: reduced("axis", () => "int32"),
};

const rules: Readonly<Record<string, ShapeRule>> = {
  ...named(unary, sameAsFirst),
  ...named(predicates, sameAsFirstBool),
  ...named(binary, broadcast),
  ...named(comparisons, broadcastBool),
  ...reductions,
  ...convRules,
  ...arrayRules,
};

/** Names of the kernels that have a rule. */
export const ruledKernels: readonly string[] = Object.keys(rules);

/** Output shapes and types of a kernel: by rule, else by running it once on zeros. */
export function outputsOfKernel(kernel: string, inputs: ShapedInputs, attrs: KernelAttrs): KernelOutputs {
  const own = ownKernels[kernel];
  const rule = own ? ({ byKey }: ShapedInputs) => own.outputs(byKey, attrs) : Object.hasOwn(rules, kernel) ? rules[kernel] : undefined;
  if (!rule) return tryOnZeros(kernel, inputs, attrs);
  const result = rule(inputs, attrs);
  return { outputs: Array.isArray(result) ? result : [result], list: Array.isArray(result) };
}

/** An input that is there. */
export function plain(input: OutputSpec | Output | undefined): OutputSpec {
  if (!input) throw new TypeError("a kernel lacks an input that its shape depends on");
  return { shape: input.shape, dtype: input.dtype };
}

function one(result: OutputSpec | OutputSpec[]): OutputSpec {
  return plain(Array.isArray(result) ? result[0] : result);
}

function named(kernels: readonly string[], rule: ShapeRule): Record<string, ShapeRule> {
  return Object.fromEntries(kernels.map((kernel) => [kernel, rule]));
}

function tryOnZeros(kernel: string, { byKey }: ShapedInputs, attrs: KernelAttrs): KernelOutputs {
  return untraced(() => {
    const keys = Object.keys(byKey);
    const zeros = Object.values(byKey).map(({ shape, dtype }) => tf.zeros([...shape], carrier(dtype)));
    const list = keys.length > 0 && keys.every((key, index) => key === String(index));
    const inputs: KernelInputs = list ? zeros : Object.fromEntries(keys.map((key, index) => [key, zeros[index]]));
    const results = runKernel(kernel, inputs, attrs);
    const outputs = results.map(({ shape, dtype }) => ({ shape: [...shape], dtype: dtype as OutputDtype }));
    for (const tensor of [...results, ...zeros]) tensor.dispose();
    return { outputs, list: outputs.length > 1 };
  });
}

function carrier(dtype: OutputDtype): tf.DataType {
  return dtype === "bool" || dtype === "int32" || dtype === "string" || dtype === "complex64" ? dtype : "float32";
}
