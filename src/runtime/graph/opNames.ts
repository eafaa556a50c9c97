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
  _FusedMatMul: "_FusedMatMul",
  FusedConv2D: "_FusedConv2D",
  FusedDepthwiseConv2D: "_FusedDepthwiseConv2dNative",
  TopK: "TopKV2",
  Concat: "ConcatV2",
  Select: "SelectV2",
  Atan2: "Atan2",
  Elu: "Elu",
  Transform: "ImageProjectiveTransformV3",
  Min: "Min",
  Reverse: "ReverseV2",
  NonMaxSuppressionV3: "NonMaxSuppressionV3",
  LRN: "LRN",
  Complex: "Complex",
  BitwiseAnd: "BitwiseAnd",
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
  LinSpace: "LinSpace",
  LeakyRelu: "LeakyRelu",
  Conv2DBackpropInput: "conv2d_transpose",
  DepthwiseConv2dNative: "depthwise",
  PadV2: "Pad",
  MirrorPad: "MirrorPad",
  MatMul: "MatMul",
  BatchMatMul: "MatMul",
  ClipByValue: "clip_by_value",
  ResizeBilinear: "ResizeBilinear",
  ResizeNearestNeighbor: "ResizeNearestNeighbor",
  Select: "Select",
  GatherV2: "GatherV2",
  FusedBatchNorm: "FusedBatchNorm",
  Cumsum: "Cumsum",
  Reverse: "ReverseV2",
  TopK: "TopKV2",
};

/** Inside a gradient there is no Python function between: names follow the type, and sums of partial gradients are AddN. */
const gradientNames: Readonly<Record<string, string>> = {
  Conv2DBackpropInput: "Conv2DBackpropInput",
  DepthwiseConv2dNative: "DepthwiseConv2dNative",
};

const binaryOperands: Readonly<Record<string, string>> = { a: "x", b: "y" };

const operands: Readonly<Record<string, string>> = {
  numOrSizeSplits: "split_dim",
};

/** TensorFlow's type and default name for a kernel, in a gradient or in user code. */
export function opNaming(kernel: string, { inGradient = false }: { readonly inGradient?: boolean } = {}): OpNaming {
  const type = types[kernel] ?? kernel;
  const gradientName = inGradient ? gradientNames[kernel] : undefined;
  return { type, name: gradientName ?? names[kernel] ?? type };
}

/** TensorFlow's name for a kernel's input, under which a constant operand is made: `add/y`. */
export function operandName(kernel: string, key: string): string {
  if (kernel === "BatchMatMul") return key;
  if (/^\d+$/.test(key)) return key === "0" ? "values_0" : key;
  return binaryOperands[key] ?? operands[key] ?? key;
}
