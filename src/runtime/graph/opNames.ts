// How tfjs kernels are called in TensorFlow: operation type, default name, names of constant operands (tracing.md 8).

/** TensorFlow's names for a kernel. */
export interface OpNaming {
  readonly type: string;
  /** What the Python function names its operation when the caller does not. */
  readonly name: string;
}

/** Kernels whose TensorFlow type has another name. Every other kernel is called as TensorFlow calls it. */
const types: Readonly<Record<string, string>> = {
  Add: "AddV2",
  Multiply: "Mul",
  BatchMatMul: "MatMul",
  TopK: "TopKV2",
  Concat: "ConcatV2",
  Select: "SelectV2",
  Reverse: "ReverseV2",
  Mod: "FloorMod",
  Transform: "ImageProjectiveTransformV3",
};

/** Default names that differ from the type, as TensorFlow's Python functions give them. */
const names: Readonly<Record<string, string>> = {
  Add: "add",
  Sub: "sub",
  Multiply: "mul",
  RealDiv: "truediv",
  FloorDiv: "floordiv",
  Mod: "mod",
  Concat: "concat",
  SplitV: "split",
  Pack: "stack",
  Unpack: "unstack",
  Transpose: "transpose",
  ZerosLike: "zeros_like",
  OnesLike: "ones_like",
  OneHot: "one_hot",
  Range: "range",
  Conv2DBackpropInput: "conv2d_transpose",
  DepthwiseConv2dNative: "depthwise",
  ClipByValue: "clip_by_value",
  PadV2: "Pad",
};

/** Inside a gradient no Python function stands between: names follow the type. */
const gradientNames: Readonly<Record<string, string>> = {
  Conv2DBackpropInput: "Conv2DBackpropInput",
  DepthwiseConv2dNative: "DepthwiseConv2dNative",
};

const binaryOperands: Readonly<Record<string, string>> = { a: "x", b: "y" };

const operands: Readonly<Record<string, string>> = {
  numOrSizeSplits: "split_dim",
};

/** What may decide between two types of one kernel. */
export interface KernelShape {
  readonly attrs?: Readonly<Record<string, unknown>>;
  /** Rank of the first input. */
  readonly rank?: number;
  readonly inGradient?: boolean;
}

/** TensorFlow's type and default name for a kernel, in a gradient or in user code. */
export function opNaming(kernel: string, { attrs = {}, rank = 0, inGradient = false }: KernelShape = {}): OpNaming {
  const name = (inGradient ? gradientNames[kernel] : undefined) ?? names[kernel];
  const type = typeOf(kernel, attrs, rank);
  return { type, name: name ?? (kernel === "Select" ? kernel : (types[kernel] ?? kernel)) };
}

function typeOf(kernel: string, attrs: Readonly<Record<string, unknown>>, rank: number): string {
  if (kernel === "PadV2" && attrs["constantValue"] === 0) return "Pad";
  if (kernel === "BatchMatMul" && rank > 2) return "BatchMatMulV2";
  if (kernel === "SearchSorted") return attrs["side"] === "right" ? "UpperBound" : "LowerBound";
  return types[kernel] ?? kernel;
}

/** Types that older graphs, or other functions of TensorFlow, use for the same kernels. */
const otherTypes: Readonly<Record<string, readonly string[]>> = {
  Add: ["Add"],
  BatchMatMul: ["BatchMatMulV2", "BatchMatMul"],
  PadV2: ["Pad", "PadV2"],
  Select: ["Select", "SelectV2"],
  FusedBatchNorm: ["FusedBatchNormV2", "FusedBatchNormV3"],
  SearchSorted: ["LowerBound", "UpperBound"],
};

/** Kernels that TensorFlow calls so, the likeliest first. */
export function kernelsOfType(type: string): readonly string[] {
  const renamed = [...Object.entries(types), ...Object.entries(otherTypes).flatMap(([kernel, all]) => all.map((each) => [kernel, each] as const))];
  const found = renamed.filter(([, each]) => each === type).map(([kernel]) => kernel);
  const own = types[type] === undefined || type === "SelectV2" ? [type] : [];
  return [...new Set([...found, ...own])];
}

/** TensorFlow's name for a kernel's input, under which a constant operand is made: `add/y`. */
export function operandName(kernel: string, key: string): string {
  if (kernel === "BatchMatMul") return key;
  if (/^\d+$/.test(key)) return key === "0" ? "values_0" : key;
  return binaryOperands[key] ?? operands[key] ?? key;
}
