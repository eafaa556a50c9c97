// Convolutions and pooling in three dimensions, and dilation: kernels as TensorFlow's nodes, and back.
import type { AttrValue } from "#formats/graphDef/graphDef";
import { intAttr, listAttr, stringAttr } from "./attrs";
import type { KernelAttrs } from "./engine";
import type { FileNode } from "./fileNode";
import { numbersOf, type KernelForm, type KernelForms } from "./kernelForms";
import { convolutionForms, poolingForms } from "./windowForms";

type Attr = [string, AttrValue];

const convolution = convolutionForms({ write: writeWindow, read: readWindow });
const pooling = poolingForms({ write: writePool, read: readPool });

/** Forms by kernel. */
export const volumeForms: KernelForms = {
  Conv3D: convolution.forward,
  Conv3DBackpropInputV2: convolution.byInput,
  Conv3DBackpropFilterV2: convolution.byFilter,
  MaxPool3D: pooling.forward,
  AvgPool3D: pooling.forward,
  MaxPool3DGrad: pooling.ofGreatest,
  AvgPool3DGrad: pooling.ofMean,
  Dilation2D: {
    write: (_input, attrs) => ({ attrs: writeDilation(attrs) }),
    read: (node) => ({ keys: ["x", "filter"], attrs: readDilation(node) }),
  },
  Dilation2DBackpropInput: dilationGradient(),
  Dilation2DBackpropFilter: dilationGradient(),
};

function dilationGradient(): KernelForm {
  return {
    write: (input, attrs) => ({ inputs: [input("x"), input("filter"), input("dy")], attrs: writeDilation(attrs) }),
    read: (node) => ({ keys: ["x", "filter", "dy"], attrs: readDilation(node) }),
  };
}

const channelsLast: Attr = ["data_format", stringAttr("NDHWC")];

function writeWindow({ strides, dilations, pad }: KernelAttrs): Attr[] {
  return [["strides", around(strides, 3)], ["dilations", around(dilations, 3)], ["padding", padding(pad)], channelsLast];
}

function readWindow(node: FileNode): KernelAttrs {
  checkFormat(node);
  return { strides: inner(node, "strides"), dilations: inner(node, "dilations"), pad: node.text("padding").toLowerCase(), dataFormat: "NDHWC" };
}

function writePool({ filterSize, strides, pad }: KernelAttrs): Attr[] {
  return [["ksize", around(filterSize, 3)], ["strides", around(strides, 3)], ["padding", padding(pad)], channelsLast];
}

function readPool(node: FileNode): KernelAttrs {
  checkFormat(node);
  return { filterSize: inner(node, "ksize"), strides: inner(node, "strides"), pad: node.text("padding").toLowerCase(), dataFormat: "NDHWC" };
}

function writeDilation({ strides, dilations, pad }: KernelAttrs): Attr[] {
  return [["strides", around(strides, 2)], ["rates", around(dilations, 2)], ["padding", padding(pad)]];
}

function readDilation(node: FileNode): KernelAttrs {
  return { strides: inner(node, "strides"), dilations: inner(node, "rates"), pad: node.text("padding").toLowerCase() };
}

function checkFormat(node: FileNode): void {
  const format = node.text("data_format", "NDHWC");
  if (format !== "NDHWC") node.refuse(`has its axes in the order ${format}; only NDHWC is offered here`);
}

/** One number for all axes, or one for each, between those of the batch and of the channels. */
function around(value: unknown, axes: number): AttrValue {
  const [first = 1, ...rest] = numbersOf(value ?? 1);
  const inside = Array.from({ length: axes }, (_, axis) => (axis === 0 ? first : (rest[axis - 1] ?? first)));
  return listAttr([1, ...inside, 1].map(intAttr));
}

function inner(node: FileNode, name: string): number[] {
  return node.ints(name).slice(1, -1);
}

function padding(pad: unknown): AttrValue {
  return stringAttr(pad === 0 ? "VALID" : String(pad).toUpperCase());
}
