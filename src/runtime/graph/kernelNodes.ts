// Kernels as TensorFlow's nodes: inputs in TensorFlow's order, attributes that TensorFlow takes as inputs as constants.
import type { AttrValue } from "#formats/graphDef/graphDef";
import { boolAttr, floatAttr, intAttr, listAttr, stringAttr, typeAttr } from "./attrs";
import type { OutputDtype } from "./dtypes";
import type { KernelAttrs } from "./engine";
import type { Operation, Output } from "./operation";

/** A constant that TensorFlow has as an input where tfjs has an attribute. */
export interface ConstInput {
  /** Last part of its name, below the operation's. */
  readonly name: string;
  readonly values: readonly number[];
  /** A scalar instead of a list. */
  readonly scalar?: boolean;
  readonly shape?: readonly number[];
  readonly dtype?: OutputDtype;
}

/** A node's inputs and attributes as TensorFlow has them. */
export interface KernelNode {
  readonly inputs: readonly (Output | ConstInput)[];
  readonly attrs: ReadonlyMap<string, AttrValue>;
}

type Describe = (input: (key: string) => Output, attrs: KernelAttrs, operation: Operation) => {
  inputs?: readonly (Output | ConstInput)[];
  attrs?: readonly (readonly [string, AttrValue])[];
};

/** How TensorFlow writes an operation that runs a kernel. */
export function kernelNode(operation: Operation): KernelNode {
  const { kernel } = operation;
  if (!kernel) return { inputs: operation.inputs, attrs: new Map() };
  const describe = descriptions[kernel.name];
  const input = (key: string): Output => {
    const found = operation.inputs[kernel.keys.indexOf(key)];
    if (!found) throw new Error(`${operation.name} (${kernel.name}) has no input called ${key}`);
    return found;
  };
  if (!describe) return { inputs: operation.inputs, attrs: new Map(plainAttrs(kernel.attrs)) };
  const { inputs = operation.inputs, attrs = [] } = describe(input, kernel.attrs, operation);
  return { inputs, attrs: new Map(attrs) };
}

const numbers = (value: unknown): readonly number[] =>
  Array.isArray(value) ? value.flat(3).map(Number) : [Number(value)];
const list = (name: string, value: unknown): ConstInput => ({ name, values: numbers(value) });
const scalar = (name: string, value: unknown, dtype: OutputDtype = "int32"): ConstInput => ({
  name,
  values: [Number(value)],
  scalar: true,
  dtype,
});
const pairs = (name: string, value: unknown): ConstInput => {
  const values = numbers(value);
  return { name, values, shape: [values.length / 2, 2] };
};

const channelsLast: [string, AttrValue] = ["data_format", stringAttr("NHWC")];

const reduction: Describe = (_input, attrs, operation) => {
  const [x, allAxes] = operation.inputs;
  const axis = attrs["axis"] ?? attrs["reductionIndices"] ?? x?.shape.map((_length, i) => i);
  return {
    inputs: allAxes ? operation.inputs : [...operation.inputs, list("reduction_indices", axis)],
    attrs: [["keep_dims", boolAttr(attrs["keepDims"] === true)], ["Tidx", typeAttr("int32")]],
  };
};

const argument: Describe = (input, { axis }) => ({
  inputs: [input("x"), scalar("dimension", axis)],
  attrs: [["output_type", typeAttr("int32")], ["Tidx", typeAttr("int32")]],
});

const resize: Describe = (input, attrs) => ({
  inputs: [input("images"), list("size", attrs["size"])],
  attrs: resizeAttrs(attrs),
});

const product: Describe = (_input, { transposeA, transposeB }, { type }) => {
  const [a, b] = type === "BatchMatMulV2" ? ["adj_x", "adj_y"] : ["transpose_a", "transpose_b"];
  return { attrs: [[a ?? "", boolAttr(transposeA === true)], [b ?? "", boolAttr(transposeB === true)]] };
};

const convolution: Describe = (_input, attrs) => ({ attrs: windowAttrs(attrs) });

const backpropInput: Describe = (input, attrs) => ({
  inputs: [list("input_sizes", attrs["inputShape"]), input("filter"), input("dy")],
  attrs: windowAttrs(attrs),
});

const backpropFilter: Describe = (input, attrs) => ({
  inputs: [input("x"), list("filter_sizes", attrs["filterShape"]), input("dy")],
  attrs: windowAttrs(attrs),
});

const pooling: Describe = (_input, attrs) => ({ attrs: poolAttrs(attrs) });

const descriptions: Readonly<Record<string, Describe>> = {
  Sum: reduction,
  Mean: reduction,
  Max: reduction,
  Min: reduction,
  Prod: reduction,
  All: reduction,
  Any: reduction,
  ArgMax: argument,
  ArgMin: argument,
  BatchMatMul: product,
  Conv2D: convolution,
  DepthwiseConv2dNative: convolution,
  Conv2DBackpropInput: backpropInput,
  Conv2DBackpropFilter: backpropFilter,
  DepthwiseConv2dNativeBackpropInput: backpropInput,
  DepthwiseConv2dNativeBackpropFilter: backpropFilter,
  MaxPool: pooling,
  AvgPool: pooling,
  MaxPoolGrad: (input, attrs) => ({ inputs: [input("input"), input("output"), input("dy")], attrs: poolAttrs(attrs) }),
  AvgPoolGrad: (input, attrs) => ({
    inputs: [list("orig_input_shape", input("input").shape), input("dy")],
    attrs: poolAttrs(attrs),
  }),
  ResizeBicubic: resize,
  ResizeBilinear: resize,
  ResizeNearestNeighbor: resize,
  ResizeBilinearGrad: (_input, attrs) => ({ attrs: resizeAttrs(attrs) }),
  ResizeNearestNeighborGrad: (input, attrs) => ({
    inputs: [input("dy"), list("size", input("images").shape.slice(1, 3))],
    attrs: resizeAttrs(attrs),
  }),
  Reshape: (input, _attrs, { outputs }) => ({
    inputs: [input("x"), list("shape", outputs[0]?.shape)],
    attrs: [["Tshape", typeAttr("int32")]],
  }),
  Transpose: (input, { perm }) => ({ inputs: [input("x"), list("perm", perm)], attrs: [["Tperm", typeAttr("int32")]] }),
  ExpandDims: (input, { dim }) => ({
    inputs: [input("input"), scalar("dim", dim)],
    attrs: [["Tdim", typeAttr("int32")]],
  }),
  PadV2: (input, { paddings, constantValue }, { type }) => ({
    inputs: [
      input("x"),
      pairs("paddings", paddings),
      ...(type === "PadV2" ? [scalar("constant_values", constantValue, input("x").dtype)] : []),
    ],
    attrs: [["Tpaddings", typeAttr("int32")]],
  }),
  MirrorPad: (input, { paddings, mode }) => ({
    inputs: [input("x"), pairs("paddings", paddings)],
    attrs: [["mode", stringAttr(String(mode).toUpperCase())], ["Tpaddings", typeAttr("int32")]],
  }),
  Slice: (input, { begin, size }) => ({
    inputs: [input("x"), list("begin", begin), list("size", size)],
    attrs: [["Index", typeAttr("int32")]],
  }),
  StridedSlice: (input, attrs) => ({
    inputs: [input("x"), list("begin", attrs["begin"]), list("end", attrs["end"]), list("strides", attrs["strides"])],
    attrs: ["begin", "end", "ellipsis", "newAxis", "shrinkAxis"].map((mask) => [
      `${mask.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`)}_mask`,
      intAttr(Number(attrs[`${mask}Mask`] ?? 0)),
    ]),
  }),
  Tile: (input, { reps }) => ({
    inputs: [input("x"), list("multiples", reps)],
    attrs: [["Tmultiples", typeAttr("int32")]],
  }),
  BroadcastTo: (input, { shape }) => ({
    inputs: [input("x"), list("shape", shape)],
    attrs: [["Tidx", typeAttr("int32")]],
  }),
  Concat: (_input, { axis }, { inputs }) => ({
    inputs: [...inputs, scalar("axis", axis)],
    attrs: [["N", intAttr(inputs.length)], ["Tidx", typeAttr("int32")]],
  }),
  Pack: (_input, { axis }, { inputs }) => ({ attrs: [["axis", intAttr(Number(axis))], ["N", intAttr(inputs.length)]] }),
  AddN: (_input, _attrs, { inputs }) => ({ attrs: [["N", intAttr(inputs.length)]] }),
  Unpack: (_input, { axis }, { outputs }) => ({
    attrs: [["axis", intAttr(Number(axis))], ["num", intAttr(outputs.length)]],
  }),
  SplitV: (input, { axis }, { outputs }) => ({
    inputs: [
      input("x"),
      list("size_splits", outputs.map(({ shape }) => shape.at(Number(axis)) ?? 0)),
      scalar("split_dim", axis),
    ],
    attrs: [["num_split", intAttr(outputs.length)], ["Tlen", typeAttr("int32")]],
  }),
  GatherV2: (input, { axis, batchDims }) => ({
    inputs: [input("x"), input("indices"), scalar("axis", axis)],
    attrs: [["Tparams", typeAttr(input("x").dtype)], ["Tindices", typeAttr("int32")], ["Taxis", typeAttr("int32")],
      ["batch_dims", intAttr(Number(batchDims ?? 0))]],
  }),
  OneHot: (input, { depth, onValue, offValue }, { outputs }) => ({
    inputs: [
      input("indices"),
      scalar("depth", depth),
      scalar("on_value", onValue, outputs[0]?.dtype),
      scalar("off_value", offValue, outputs[0]?.dtype),
    ],
    attrs: [["T", typeAttr(outputs[0]?.dtype ?? "int32")], ["TI", typeAttr("int32")], ["axis", intAttr(-1)]],
  }),
  ClipByValue: (input, { clipValueMin, clipValueMax }) => ({
    inputs: [
      input("x"),
      scalar("clip_value_min", clipValueMin, "float32"),
      scalar("clip_value_max", clipValueMax, "float32"),
    ],
  }),
  Fill: (_input, { shape, value }, { outputs }) => ({
    inputs: [list("shape_as_tensor", shape), scalar("Const", value, outputs[0]?.dtype)],
    attrs: [["index_type", typeAttr("int32")]],
  }),
  Range: (_input, { start, stop, step }, { outputs: [output] }) => ({
    inputs: [
      scalar("start", start, output?.dtype),
      scalar("limit", stop, output?.dtype),
      scalar("delta", step, output?.dtype),
    ],
    attrs: [["Tidx", typeAttr(output?.dtype ?? "float32")]],
  }),
  Cumsum: (input, { axis, exclusive, reverse }) => ({
    inputs: [input("x"), scalar("axis", axis)],
    attrs: [
      ["exclusive", boolAttr(exclusive === true)],
      ["reverse", boolAttr(reverse === true)],
      ["Tidx", typeAttr("int32")],
    ],
  }),
  TopK: (input, { k, sorted }) => ({
    inputs: [input("x"), scalar("k", k)],
    attrs: [["sorted", boolAttr(sorted !== false)]],
  }),
  UnsortedSegmentSum: (input, { numSegments }) => ({
    inputs: [input("x"), input("segmentIds"), scalar("num_segments", numSegments)],
    attrs: [["Tindices", typeAttr("int32")], ["Tnumsegments", typeAttr("int32")]],
  }),
  CropAndResize: (input, { cropSize, method, extrapolationValue }) => ({
    inputs: [input("image"), input("boxes"), input("boxInd"), list("crop_size", cropSize)],
    attrs: [["method", stringAttr(String(method))], ["extrapolation_value", floatAttr(Number(extrapolationValue))]],
  }),
  BiasAdd: () => ({ attrs: [channelsLast] }),
  BiasAddGrad: () => ({ attrs: [channelsLast] }),
  FusedBatchNormV3: (_input, { epsilon }) => ({ attrs: [...batchNormAttrs(epsilon), ["exponential_avg_factor", floatAttr(1)]] }),
  FusedBatchNormGradV3: (_input, { epsilon }) => ({ attrs: batchNormAttrs(epsilon) }),
  FusedBatchNorm: (_input, { varianceEpsilon }) => ({
    attrs: [
      ["epsilon", floatAttr(Number(varianceEpsilon))],
      ["is_training", boolAttr(false)],
      ["data_format", stringAttr("NHWC")],
    ],
  }),
  Cast: (input, { dtype }) => ({
    attrs: [["SrcT", typeAttr(input("x").dtype)], ["DstT", typeAttr(dtype as OutputDtype)]],
  }),
  Select: (input) => ({ attrs: [["T", typeAttr(input("t").dtype)]] }),
  SelectV2: (input) => ({ attrs: [["T", typeAttr(input("t").dtype)]] }),
  LeakyRelu: (_input, { alpha }) => ({ attrs: [["alpha", floatAttr(Number(alpha))]] }),
};

function batchNormAttrs(epsilon: unknown): [string, AttrValue][] {
  return [["U", typeAttr("float32")], ["epsilon", floatAttr(Number(epsilon))], ["is_training", boolAttr(true)], channelsLast];
}

function resizeAttrs({ alignCorners, halfPixelCenters }: KernelAttrs): [string, AttrValue][] {
  return [
    ["align_corners", boolAttr(alignCorners === true)],
    ["half_pixel_centers", boolAttr(halfPixelCenters === true)],
  ];
}

function windowAttrs(attrs: KernelAttrs): [string, AttrValue][] {
  const around = (value: unknown): AttrValue => {
    const [height = 1, width = height] = numbers(value ?? 1);
    return listAttr([1, height, width, 1].map(intAttr));
  };
  return [
    ["strides", around(attrs["strides"])],
    ["dilations", around(attrs["dilations"])],
    ["data_format", stringAttr("NHWC")],
    ...paddingAttrs(attrs["pad"]),
  ];
}

function poolAttrs(attrs: KernelAttrs): [string, AttrValue][] {
  const around = (value: unknown): AttrValue => {
    const [height = 1, width = height] = numbers(value);
    return listAttr([1, height, width, 1].map(intAttr));
  };
  return [
    ["ksize", around(attrs["filterSize"])],
    ["strides", around(attrs["strides"])],
    ["data_format", stringAttr("NHWC")],
    ...paddingAttrs(attrs["pad"]),
  ];
}

function paddingAttrs(pad: unknown): [string, AttrValue][] {
  if (typeof pad === "string") return [["padding", stringAttr(pad.toUpperCase())]];
  if (pad === 0) return [["padding", stringAttr("VALID")]];
  const sides = typeof pad === "number" ? [0, 0, pad, pad, pad, pad, 0, 0] : numbers(pad);
  return [["padding", stringAttr("EXPLICIT")], ["explicit_paddings", listAttr(sides.map(intAttr))]];
}

/** Attributes of kernels without a description, under their own names. */
function plainAttrs(attrs: KernelAttrs): [string, AttrValue][] {
  return Object.entries(attrs).flatMap(([key, value]): [string, AttrValue][] => {
    if (typeof value === "boolean") return [[key, boolAttr(value)]];
    if (typeof value === "string") return [[key, stringAttr(value)]];
    if (typeof value === "number") return [[key, Number.isInteger(value) ? intAttr(value) : floatAttr(value)]];
    if (Array.isArray(value)) return [[key, listAttr(numbers(value).map(intAttr))]];
    return [];
  });
}
