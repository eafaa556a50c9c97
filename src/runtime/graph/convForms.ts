// Products, convolutions, pooling, normalisation and pictures' sizes: kernels as TensorFlow's nodes, and back.
import type { AttrValue } from "#formats/graphDef/graphDef";
import { boolAttr, floatAttr, stringAttr, typeAttr } from "./attrs";
import type { KernelAttrs } from "./engine";
import type { FileNode } from "./fileNode";
import { channelsLast, checkFormat, listInput, readPool, readWindow, writePool, writeWindow, type KernelForm, type KernelForms } from "./kernelForms";
import { convolutionForms, poolingForms } from "./windowForms";

const product: KernelForm = {
  write: (_input, { transposeA, transposeB }, { type }) => {
    const [a, b] = productFlags(type);
    return { attrs: [[a, boolAttr(transposeA === true)], [b, boolAttr(transposeB === true)]] };
  },
  read: (node) => {
    const [a, b] = productFlags(node.type);
    return { keys: ["a", "b"], attrs: { transposeA: node.bool(a), transposeB: node.bool(b) } };
  },
};

function productFlags(type: string): [string, string] {
  return type.startsWith("BatchMatMul") ? ["adj_x", "adj_y"] : ["transpose_a", "transpose_b"];
}

const convolution = convolutionForms({ write: writeWindow, read: readWindow });
const pooling = poolingForms({ write: writePool, read: readPool });

const resize: KernelForm = {
  write: (input, attrs) => ({ inputs: [input("images"), listInput("size", attrs["size"])], attrs: writeResize(attrs) }),
  read: (node) => ({ keys: ["images", ""], attrs: { ...readResize(node), size: node.numbers(1) } }),
};

const batchNormInputs = ["x", "scale", "offset", "mean", "variance"];

/** Forms by kernel. */
export const convForms: KernelForms = {
  BatchMatMul: product,
  Conv2D: convolution.forward,
  DepthwiseConv2dNative: convolution.forward,
  Conv2DBackpropInput: convolution.byInput,
  Conv2DBackpropFilter: convolution.byFilter,
  DepthwiseConv2dNativeBackpropInput: convolution.byInput,
  DepthwiseConv2dNativeBackpropFilter: convolution.byFilter,
  MaxPool: pooling.forward,
  AvgPool: pooling.forward,
  MaxPoolGrad: pooling.ofGreatest,
  AvgPoolGrad: pooling.ofMean,
  ResizeBicubic: resize,
  ResizeBilinear: resize,
  ResizeNearestNeighbor: resize,
  ResizeBilinearGrad: {
    write: (input, attrs) => ({ inputs: [input("dy"), input("images")], attrs: writeResize(attrs) }),
    read: (node) => ({ keys: ["dy", "images"], attrs: readResize(node) }),
  },
  ResizeNearestNeighborGrad: {
    write: (input, attrs) => ({ inputs: [input("dy"), listInput("size", input("images").shape.slice(1, 3))], attrs: writeResize(attrs) }),
    read: (node) => {
      const [batch = 1, , , channels = 1] = node.input(0).shape;
      return { keys: ["dy", ""], attrs: readResize(node), standIns: { images: [batch, ...node.numbers(1), channels] } };
    },
  },
  CropAndResize: {
    write: (input, { cropSize, method, extrapolationValue }) => ({
      inputs: [input("image"), input("boxes"), input("boxInd"), listInput("crop_size", cropSize)],
      attrs: [["method", stringAttr(String(method))], ["extrapolation_value", floatAttr(Number(extrapolationValue))]],
    }),
    read: (node) => ({
      keys: ["image", "boxes", "boxInd", ""],
      attrs: { cropSize: node.numbers(3), method: node.text("method", "bilinear"), extrapolationValue: node.float("extrapolation_value") },
    }),
  },
  BiasAdd: {
    write: () => ({ attrs: [channelsLast] }),
    read: (node) => (checkFormat(node), { keys: ["value", "bias"] }),
  },
  BiasAddGrad: {
    write: () => ({ attrs: [channelsLast] }),
    read: (node) => (checkFormat(node), { keys: ["dy"] }),
  },
  FusedBatchNormV3: {
    write: (_input, { epsilon }) => ({ attrs: [...trainingNorm(epsilon), ["exponential_avg_factor", floatAttr(1)]] }),
    read: (node) => (checkFormat(node), { keys: batchNormInputs, attrs: { epsilon: node.float("epsilon", 0.0001) } }),
  },
  FusedBatchNormGradV3: {
    write: (_input, { epsilon }) => ({ attrs: trainingNorm(epsilon) }),
    read: (node) => (checkFormat(node), { keys: ["dy", "x", "scale", "mean", "variance", "reserved"], attrs: { epsilon: node.float("epsilon", 0.0001) } }),
  },
  FusedBatchNorm: {
    write: (_input, { varianceEpsilon }) => ({
      attrs: [["epsilon", floatAttr(Number(varianceEpsilon))], ["is_training", boolAttr(false)], channelsLast],
    }),
    read: (node) => (checkFormat(node), { keys: batchNormInputs, attrs: { varianceEpsilon: node.float("epsilon", 0.0001) } }),
  },
  LRN: {
    write: (_input, attrs) => ({ attrs: writeNormalization(attrs) }),
    read: (node) => ({ keys: ["x"], attrs: readNormalization(node) }),
  },
  LRNGrad: {
    write: (input, attrs) => ({ inputs: [input("dy"), input("x"), input("y")], attrs: writeNormalization(attrs) }),
    read: (node) => ({ keys: ["dy", "x", "y"], attrs: readNormalization(node) }),
  },
};

function trainingNorm(epsilon: unknown): [string, AttrValue][] {
  return [["U", typeAttr("float32")], ["epsilon", floatAttr(Number(epsilon))], ["is_training", boolAttr(true)], channelsLast];
}

function writeResize({ alignCorners, halfPixelCenters }: KernelAttrs): [string, AttrValue][] {
  return [["align_corners", boolAttr(alignCorners === true)], ["half_pixel_centers", boolAttr(halfPixelCenters === true)]];
}

function readResize(node: FileNode): KernelAttrs {
  return { alignCorners: node.bool("align_corners"), halfPixelCenters: node.bool("half_pixel_centers") };
}

const normalization = ["bias", "alpha", "beta"] as const;

function writeNormalization(attrs: KernelAttrs): [string, AttrValue][] {
  return [["depth_radius", { kind: "int", value: Number(attrs["depthRadius"]) }], ...normalization.map((key): [string, AttrValue] => [key, floatAttr(Number(attrs[key]))])];
}

function readNormalization(node: FileNode): KernelAttrs {
  return { depthRadius: node.int("depth_radius", 5), ...Object.fromEntries(normalization.map((key) => [key, node.float(key, key === "beta" ? 0.5 : 1)])) };
}
