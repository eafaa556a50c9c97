// A call of each kernel, or some: inputs by shape, attributes as tfjs passes them.
import type * as tf from "@tensorflow/tfjs";
import type { KernelAttrs } from "#runtime/graph/engine";

/** A shape, of float32 unless it says otherwise. */
export type Input = readonly number[] | { readonly shape: readonly number[]; readonly dtype: tf.DataType };
/** A kernel, its inputs by name or as a list, its attributes. */
export type Case = readonly [kernel: string, inputs: Record<string, Input> | readonly Input[], attrs?: KernelAttrs];

const image = [2, 6, 6, 3];
const window = { strides: 2, pad: "same", dilations: 1, dataFormat: "NHWC" };
const pooling = { filterSize: 2, strides: 2, pad: "valid" };
const ints = (shape: readonly number[]): Input => ({ shape, dtype: "int32" });
const bools = (shape: readonly number[]): Input => ({ shape, dtype: "bool" });

const elementwise = [
  "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Ceil", "Cos", "Cosh", "Elu", "Erf", "Exp", "Expm1", "Floor", "Log",
  "Log1p", "Neg", "Reciprocal", "Relu", "Relu6", "Round", "Rsqrt", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Sqrt",
  "Square", "Tan", "Tanh", "Identity", "ZerosLike", "OnesLike", "IsNan", "IsInf", "IsFinite",
].map((kernel): Case => [kernel, { x: [2, 3] }]);
const pairwise = [
  "Add", "Sub", "Multiply", "RealDiv", "Maximum", "Minimum", "Mod", "Pow", "SquaredDifference", "Atan2", "Equal", "NotEqual",
  "Greater", "GreaterEqual", "Less", "LessEqual",
].flatMap((kernel): Case[] => [[kernel, { a: [2, 3], b: [2, 3] }], [kernel, { a: [4, 1, 3], b: [2, 1] }], [kernel, { a: [], b: [5] }]]);
const reductions = ["Sum", "Mean", "Prod", "Min"].flatMap((kernel): Case[] => [
  [kernel, { x: [2, 3, 4] }, { axis: [1], keepDims: false }],
  [kernel, { x: [2, 3, 4] }, { axis: [0, 2], keepDims: true }],
  [kernel, { x: [2, 3, 4] }, { axis: null, keepDims: false }],
]);

/** Every kernel that has a shape rule. */
export const cases: readonly Case[] = [
  ...elementwise,
  ...pairwise,
  ...reductions,
  ["Max", { x: [2, 3] }, { reductionIndices: [1], keepDims: true }],
  ["Sum", { x: ints([2, 3]) }, { axis: 0, keepDims: false }],
  ["Sum", { x: bools([2, 3]) }, { axis: 0, keepDims: false }],
  ["All", { x: bools([2, 3]) }, { axis: [0], keepDims: false }],
  ["Any", { x: bools([2, 3]) }, { axis: null, keepDims: false }],
  ["ArgMax", { x: [2, 3, 4] }, { axis: 1 }],
  ["ArgMin", { x: [2, 3, 4] }, { axis: -1 }],
  ["LogicalAnd", { a: bools([2, 1]), b: bools([3]) }],
  ["LogicalOr", { a: bools([2]), b: bools([2]) }],
  ["LogicalNot", { x: bools([2]) }],
  ["BitwiseAnd", { a: ints([2]), b: ints([2]) }],
  ["FloorDiv", { a: ints([2, 2]), b: ints([2]) }],
  ["LeakyRelu", { x: [3] }, { alpha: 0.2 }],
  ["Step", { x: [3] }, { alpha: 0 }],
  ["ClipByValue", { x: [3] }, { clipValueMin: 0, clipValueMax: 1 }],
  ["EluGrad", { dy: [3], y: [3] }],
  ["Prelu", { x: [2, 3], alpha: [3] }],
  ["Softmax", { logits: [2, 3] }, { dim: 1 }],
  ["LogSoftmax", { logits: [2, 3] }, { axis: 1 }],
  ["Reverse", { x: [2, 3] }, { dims: [1] }],
  ["LRN", { x: image }, { depthRadius: 1, bias: 1, alpha: 1, beta: 0.5 }],
  ["LRNGrad", { x: image, y: image, dy: image }, { depthRadius: 1, bias: 1, alpha: 1, beta: 0.5 }],
  ["Cumsum", { x: [2, 3] }, { axis: 1, exclusive: false, reverse: false }],
  ["Cumprod", { x: [2, 3] }, { axis: 1, exclusive: false, reverse: false }],
  ["AddN", [[2, 3], [2, 3], [2, 3]]],
  ["FusedBatchNorm", { x: image, scale: [3], offset: [3], mean: [3], variance: [3] }, { varianceEpsilon: 1e-5 }],
  ["FlipLeftRight", { image }],
  ["RotateWithOffset", { image }, { radians: 1, fillValue: 0, center: 0.5 }],
  ["BatchMatMul", { a: [2, 3], b: [3, 4] }, { transposeA: false, transposeB: false }],
  ["BatchMatMul", { a: [5, 3, 2], b: [1, 4, 3] }, { transposeA: true, transposeB: true }],
  ["Conv2D", { x: image, filter: [3, 3, 3, 4] }, window],
  ["Conv2D", { x: image, filter: [3, 3, 3, 4] }, { ...window, strides: 1, pad: "valid" }],
  ["Conv2DBackpropInput", { dy: [2, 3, 3, 4], filter: [3, 3, 3, 4] }, { ...window, inputShape: image }],
  ["Conv2DBackpropFilter", { x: image, dy: [2, 3, 3, 4] }, { ...window, filterShape: [3, 3, 3, 4] }],
  ["DepthwiseConv2dNative", { x: image, filter: [3, 3, 3, 2] }, { ...window, strides: 1 }],
  ["DepthwiseConv2dNativeBackpropInput", { dy: [2, 6, 6, 6], filter: [3, 3, 3, 2] }, { ...window, strides: 1, inputShape: image }],
  ["DepthwiseConv2dNativeBackpropFilter", { x: image, dy: [2, 6, 6, 6] }, { ...window, strides: 1, filterShape: [3, 3, 3, 2] }],
  ["Conv3D", { x: [1, 4, 4, 4, 2], filter: [2, 2, 2, 2, 3] }, { strides: 1, pad: "valid", dilations: 1 }],
  ["Conv3DBackpropInputV2", { dy: [1, 3, 3, 3, 3], filter: [2, 2, 2, 2, 3] }, { strides: 1, pad: "valid", inputShape: [1, 4, 4, 4, 2] }],
  ["Conv3DBackpropFilterV2", { x: [1, 4, 4, 4, 2], dy: [1, 3, 3, 3, 3] }, { strides: 1, pad: "valid", filterShape: [2, 2, 2, 2, 3] }],
  ["MaxPool", { x: image }, pooling],
  ["AvgPool", { x: image }, pooling],
  ["MaxPoolGrad", { dy: [2, 3, 3, 3], input: image, output: [2, 3, 3, 3] }, pooling],
  ["AvgPoolGrad", { dy: [2, 3, 3, 3], input: image }, pooling],
  ["MaxPool3D", { x: [1, 4, 4, 4, 2] }, { ...pooling, dataFormat: "NDHWC" }],
  ["AvgPool3D", { x: [1, 4, 4, 4, 2] }, { ...pooling, dataFormat: "NDHWC" }],
  ["MaxPool3DGrad", { dy: [1, 2, 2, 2, 2], input: [1, 4, 4, 4, 2], output: [1, 2, 2, 2, 2] }, pooling],
  ["AvgPool3DGrad", { dy: [1, 2, 2, 2, 2], input: [1, 4, 4, 4, 2] }, pooling],
  ["Concat", [[2, 3], [2, 1]], { axis: 1 }],
  ["SplitV", { x: [2, 6] }, { numOrSizeSplits: [1, 2, 3], axis: 1 }],
  ["SplitV", { x: [2, 6] }, { numOrSizeSplits: 3, axis: 1 }],
  ["Pack", [[2, 3], [2, 3]], { axis: 1 }],
  ["Unpack", { value: [2, 3] }, { axis: 1 }],
  ["Reshape", { x: [2, 3] }, { shape: [3, -1] }],
  ["ExpandDims", { input: [2, 3] }, { dim: -1 }],
  ["Slice", { x: [4, 5] }, { begin: [1, 2], size: [2, -1] }],
  ["Slice", { x: [4, 5] }, { begin: 1, size: 2 }],
  ["Slice", { x: [4, 5] }, { begin: [1, 2] }],
  ["StridedSlice", { x: [4, 6] }, { begin: [0, 1], end: [4, 6], strides: [2, 2], beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 }],
  ["Transpose", { x: [2, 3, 4] }, { perm: [2, 0, 1] }],
  ["Tile", { x: [2, 3] }, { reps: [2, 1] }],
  ["PadV2", { x: [2, 3] }, { paddings: [[1, 1], [0, 2]], constantValue: 0 }],
  ["MirrorPad", { x: [3, 3] }, { paddings: [[1, 1], [0, 2]], mode: "reflect" }],
  ["GatherV2", { x: [4, 5], indices: ints([3]) }, { axis: 1, batchDims: 0 }],
  ["GatherNd", { params: [4, 5], indices: ints([3, 1]) }],
  ["ScatterNd", { indices: ints([2, 1]), updates: [2, 3] }, { shape: [4, 3] }],
  ["Select", { condition: bools([2, 3]), t: [2, 3], e: [2, 3] }],
  ["ResizeBilinear", { images: image }, { size: [4, 5], alignCorners: false, halfPixelCenters: true }],
  ["ResizeNearestNeighbor", { images: image }, { size: [12, 12], alignCorners: false, halfPixelCenters: false }],
  ["ResizeBilinearGrad", { images: image, dy: [2, 4, 5, 3] }, { alignCorners: false }],
  ["ResizeNearestNeighborGrad", { images: image, dy: [2, 12, 12, 3] }, { alignCorners: false }],
  ["DepthToSpace", { x: [1, 2, 3, 8] }, { blockSize: 2, dataFormat: "NHWC" }],
  ["TopK", { x: [2, 5] }, { k: 2, sorted: true }],
  ["UnsortedSegmentSum", { x: [4, 3], segmentIds: ints([4]) }, { numSegments: 2 }],
  ["CropAndResize", { image, boxes: [4, 4], boxInd: ints([4]) }, { cropSize: [2, 3], method: "bilinear", extrapolationValue: 0 }],
  ["OneHot", { indices: ints([3]) }, { dtype: "float32", depth: 4, onValue: 1, offValue: 0 }],
  ["Cast", { x: [2, 3] }, { dtype: "int32" }],
  ["Cast", { x: ints([2, 3]) }, { dtype: "bool" }],
  ["Fill", {}, { shape: [2, 3], value: 1, dtype: "int32" }],
  ["Fill", {}, { shape: [2, 3], value: 0.5 }],
  ["Range", {}, { start: 0, stop: 5, step: 2, dtype: "int32" }],
  ["LinSpace", {}, { start: 0, stop: 1, num: 5 }],
  ["BroadcastTo", { x: [2, 1] }, { shape: [2, 3], inputShape: [2, 1] }],
];

/** Shape and type of an input. */
export function parts(input: Input): { shape: number[]; dtype: tf.DataType } {
  return "dtype" in input ? { shape: [...input.shape], dtype: input.dtype } : { shape: [...input], dtype: "float32" };
}
